//! Symptoms in replies.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sysparm_instance::{Journey, Request};

use crate::client::{FORM, GRANT, rows, text};
use crate::steps::*;

pub(crate) const SEEN: [Seen; 29] = [
    (
        "record-hidden",
        |client| {
            let target = format!("{INCIDENTS}/{}", any_incident(client));
            get(client, &target)
        },
        404,
        NONE,
        "Record doesn't exist or ACL restricts the record retrieval",
    ),
    (
        "table-unknown",
        |client| get(client, "/api/now/table/u_not_installed"),
        400,
        NONE,
        "Invalid table u_not_installed",
    ),
    (
        "api-disabled",
        |client| get(client, "/api/now/stats/incident"),
        400,
        NONE,
        "Requested URI does not represent any resource",
    ),
    (
        "body-too-large",
        |client| client.write("POST", INCIDENTS, &json!({"description": "x".repeat(2000)})),
        400,
        NONE,
        "Max allowed: 1000 bytes.",
    ),
    (
        "media-type-refused",
        |client| {
            let unsupported = Request::new("POST", INCIDENTS).with_body("text/plain", "x");
            assert_eq!(client.send(unsupported).status, 415);
            client.send(Request::new("GET", INCIDENTS).with_header("Accept", "text/csv"))
        },
        406,
        NONE,
        "application/json",
    ),
    (
        "query-too-long",
        |client| client.get(INCIDENTS, &[("sysparm_query", &"x".repeat(2000))]),
        400,
        ("Content-Type", "text/html"),
        "Bad Request",
    ),
    ("all-rows-hidden", list, 200, ("X-Total-Count", "60"), r#"{"result":[]}"#),
    (
        "some-rows-hidden",
        |client| {
            let reply = client.get(INCIDENTS, &[]);
            assert!((20..60).contains(&rows(&reply).len()), "{}", rows(&reply).len());
            reply
        },
        200,
        ("X-Total-Count", "60"),
        "",
    ),
    (
        "unknown-field-ignored",
        |client| client.get(INCIDENTS, &[("sysparm_query", "no_such_field=1"), ("sysparm_limit", "1")]),
        200,
        ("X-Total-Count", "60"),
        "",
    ),
    (
        "unknown-field-no-rows",
        |client| client.get(INCIDENTS, &[("sysparm_query", "no_such_field=1")]),
        200,
        ("X-Total-Count", "0"),
        r#"{"result":[]}"#,
    ),
    (
        "pages-unstable",
        |client| {
            let mut numbers: Vec<String> = Vec::new();
            for offset in ["0", "20", "40"] {
                let page = client.get(INCIDENTS, &[("sysparm_limit", "20"), ("sysparm_offset", offset)]);
                numbers.extend(rows(&page).iter().map(|row| text(row, "number")));
            }
            numbers.sort();
            numbers.dedup();
            assert!(numbers.len() < 60, "some come twice, so some not at all");
            list(client)
        },
        200,
        ("X-Total-Count", "60"),
        "",
    ),
    (
        "field-hidden",
        |client| {
            let reply = list(client);
            assert!(rows(&reply).iter().all(|row| row.get("close_notes").is_none() && row.get("number").is_some()));
            reply
        },
        200,
        NONE,
        "short_description",
    ),
    (
        "time-zone-differs",
        |client| {
            let reply = client.get(INCIDENTS, &[("sysparm_display_value", "all"), ("sysparm_limit", "1")]);
            let opened = rows(&reply)[0]["opened_at"].clone();
            assert_ne!(opened["value"], opened["display_value"]);
            reply
        },
        200,
        NONE,
        "display_value",
    ),
    (
        "json-cut-by-quota",
        |client| {
            let reply = list(client);
            assert_eq!(reply.as_json(), Value::Null, "it does not parse");
            reply
        },
        200,
        ("Content-Type", "application/json"),
        "Transaction cancelled: maximum execution time exceeded",
    ),
    (
        "query-cancelled",
        |client| nth(client, 2, list),
        500,
        NONE,
        "Transaction cancelled: maximum execution time exceeded",
    ),
    (
        "rate-limited",
        |client| nth(client, 6, list),
        429,
        ("Retry-After", "3600"),
        "Rate limit of 5 requests per hour for Table API exceeded",
    ),
    ("queue-full", |client| nth(client, 3, list), 429, ("X-RateLimit-Limit", ""), ""),
    ("session-queue-full", |client| together(client, 13), 202, ("X-Total-Count", ""), ""),
    (
        "session-one-at-a-time",
        |client| {
            let reply = together(client, 2);
            assert_eq!(reply.delay_ms, 1000);
            reply
        },
        200,
        NONE,
        "result",
    ),
    (
        "instance-restarting",
        |client| {
            let reply = list(client);
            nth(client, 2, list);
            client.sign_in();
            assert_eq!(list(client).status, 200, "it passes");
            reply
        },
        503,
        ("Content-Type", "text/html"),
        "This instance is unavailable",
    ),
    (
        "cut-at-five-minutes",
        |client| {
            let reply = list(client);
            assert_eq!((reply.delay_ms, reply.journey), (300_000, Journey::Dropped));
            reply
        },
        200,
        NONE,
        "",
    ),
    ("instance-hibernating", list, 200, ("Content-Type", "text/html"), "Instance Hibernating"),
    (
        "logged-out",
        |client| {
            assert_eq!(plain(client, Request::new("GET", "/logout_success.do")).status, 200);
            list(client)
        },
        302,
        ("Location", "/logout_success.do"),
        "",
    ),
    (
        "cors-api",
        |client| client.send(Request::new("GET", INCIDENTS).with_header("Origin", "http://localhost:5173")),
        200,
        ("Access-Control-Allow-Origin", ""),
        "result",
    ),
    (
        "cors-token-endpoint",
        |client| {
            plain(
                client,
                Request::new("POST", "/oauth_token.do")
                    .with_body(FORM, GRANT)
                    .with_header("Origin", "http://localhost:5173"),
            )
        },
        200,
        ("Access-Control-Allow-Origin", ""),
        "access_token",
    ),
    (
        "batch-limited",
        |client| {
            let reply = batch(client);
            let first = &reply.as_json()["serviced_requests"][0];
            let body = STANDARD.decode(text(first, "body")).unwrap_or_default();
            assert!(String::from_utf8_lossy(&body).contains("INC0000001") && first["status_code"] == 200);
            reply
        },
        200,
        NONE,
        r#""unserviced_requests":["3"]"#,
    ),
    (
        "import-not-applied",
        |client| client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "new.person"})),
        201,
        NONE,
        "",
    ),
    (
        "role-missing",
        |client| {
            assert_eq!(client.send_as("practice.admin", Request::new("GET", INCIDENTS)).status, 200);
            list(client)
        },
        403,
        NONE,
        "Operation against file 'incident' was denied due to table security.",
    ),
    (
        "token-revoked",
        |client| {
            let token = text(&client.grant(GRANT).as_json(), "access_token");
            assert_eq!(
                (token.clone(), list(client).status),
                (text(&client.grant(GRANT).as_json(), "access_token"), 200)
            );
            plain(client, Request::new("POST", "/oauth_revoke_token.do").with_body(FORM, format!("token={token}")));
            list(client)
        },
        401,
        NONE,
        NOBODY,
    ),
];
