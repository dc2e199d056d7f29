//! Symptoms of sign-in and access.

use serde_json::json;
use sysparm_instance::Request;

use crate::client::{FORM, GRANT, text};
use crate::steps::*;

pub(crate) const SEEN: [Seen; 25] = [
    ("client-credentials-off", |client| client.grant(GRANT), 401, NONE, REFUSED),
    (
        "scope-refused",
        |client| {
            assert_eq!(client.grant(GRANT).status, 200);
            client.grant(&format!("{GRANT}&scope=incidents"))
        },
        401,
        NONE,
        REFUSED,
    ),
    (
        "token-refused-from-app",
        |client| {
            plain(
                client,
                Request::new("POST", "/oauth_token.do").with_body(FORM, GRANT).with_header("Cookie", "JSESSIONID=1"),
            )
        },
        401,
        NONE,
        REFUSED,
    ),
    ("refresh-token-expired", refreshed_late, 401, NONE, REFUSED),
    ("code-expired", exchanged_late, 401, NONE, REFUSED),
    (
        "state-missing",
        |client| plain(client, Request::new("GET", ASK)),
        400,
        ("Content-Type", "text/html"),
        "Missing State parameter in request",
    ),
    ("redirect-not-registered", code_exchange, 302, ("Location", "http://localhost:9999/registered?code="), ""),
    (
        "jwt-key-unknown",
        |client| {
            client.grant("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&client_id=practice-client&client_secret=practice-secret&assertion=eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.e30.AA")
        },
        401,
        NONE,
        REFUSED,
    ),
    (
        "token-of-guest",
        |client| {
            assert_eq!(client.grant(GRANT).status, 200);
            list(client)
        },
        401,
        NONE,
        "User Not Authenticated",
    ),
    (
        "token-expired",
        |client| {
            assert_eq!(list(client).status, 200);
            client.now += 60_000;
            list(client)
        },
        401,
        NONE,
        NOBODY,
    ),
    (
        "oauth-not-in-policy",
        |client| {
            assert_eq!(client.send_as("practice.agent", Request::new("GET", INCIDENTS)).status, 200);
            list(client)
        },
        401,
        ("WWW-Authenticate", "BASIC realm=\"Service-now\""),
        NOBODY,
    ),
    (
        "basic-restricted",
        |client| client.send_as("practice.agent", Request::new("GET", INCIDENTS)),
        401,
        ("X-MFA_TOKEN", ""),
        NOBODY,
    ),
    (
        "mfa-required",
        |client| client.send_as("practice.agent", Request::new("GET", INCIDENTS)),
        401,
        ("X-MFA_TOKEN", "invalid"),
        NOBODY,
    ),
    (
        "user-token-missing",
        |client| {
            let cookie = cookie(client);
            let refused = plain(client, Request::new("GET", INCIDENTS).with_header("Cookie", &cookie));
            let token = refused.header("X-UserToken-Response").unwrap_or_default().to_owned();
            let again =
                Request::new("GET", INCIDENTS).with_header("Cookie", &cookie).with_header("X-UserToken", &token);
            assert_eq!((refused.header("X-Is-Logged-In"), plain(client, again).status), (Some("true"), 200));
            refused
        },
        401,
        ("X-UserToken-Response", "0"),
        NOBODY,
    ),
    (
        "api-key-without-policy",
        |client| {
            let keyed = |target: &str| Request::new("GET", target).with_header("x-sn-apikey", "practice-api-key");
            assert_eq!(plain(client, keyed("/api/now/stats/incident?sysparm_count=true")).status, 200);
            assert_eq!(
                plain(client, Request::new("GET", "/api/now/stats/incident?x-sn-apikey=practice-api-key")).status,
                401
            );
            plain(client, keyed(INCIDENTS))
        },
        401,
        NONE,
        NOBODY,
    ),
    (
        "api-scope-missing",
        |client| {
            assert_eq!(client.send_as("practice.agent", Request::new("GET", INCIDENTS)).status, 200);
            list(client)
        },
        403,
        NONE,
        "Missing required api access scope",
    ),
    ("rest-api-role-missing", list, 403, NONE, "Failed API level ACL Validation"),
    (
        "query-field-not-readable",
        |client| {
            assert_eq!(list(client).status, 200);
            client.get(INCIDENTS, &[("sysparm_query", "close_notesISNOTEMPTY")])
        },
        403,
        NONE,
        "Field(s) present in the query do not have permission to be read",
    ),
    (
        "counts-refused",
        |client| {
            assert_eq!(list(client).status, 200);
            get(client, "/api/now/stats/incident?sysparm_count=true")
        },
        403,
        NONE,
        "No permission to read table 'incident'",
    ),
    (
        "update-refused",
        |client| patch(client, &json!({"short_description": "x"})),
        403,
        NONE,
        "ACL Exception Update Failed due to security constraints",
    ),
    (
        "business-rule-aborts",
        |client| client.write("POST", INCIDENTS, &json!({})),
        403,
        NONE,
        "was aborted by Business Rule 'Change freeze^",
    ),
    (
        "data-policy-refuses",
        |client| patch(client, &json!({"state": "6", "close_code": "", "close_notes": ""})),
        403,
        NONE,
        "Data Policy Exception: The following fields are mandatory: Close code, Close notes",
    ),
    (
        "created-and-refused",
        |client| {
            let refused = client.write("POST", INCIDENTS, &json!({"correlation_id": "written-anyway"}));
            assert_eq!(text(&client.record("incident", "correlation_id", "written-anyway"), "state"), "1");
            refused
        },
        403,
        NONE,
        "ACL Exception",
    ),
    (
        "address-refused",
        |client| plain(client, Request::new("GET", "/")),
        403,
        ("Content-Type", "text/html"),
        "not allowed",
    ),
    (
        "closed-to-web-services",
        |client| {
            assert_eq!(list(client).status, 200);
            client.send_as("practice.admin", Request::new("GET", "/api/now/table/problem"))
        },
        403,
        NONE,
        "web service",
    ),
];
