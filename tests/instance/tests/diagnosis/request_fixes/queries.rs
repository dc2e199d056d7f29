//! Queries, fields, pages and values, and the request itself.

use serde_json::json;
use sysparm_instance::Request;

use super::RequestFix;
use super::requests::*;
use crate::begin;
use crate::client::{Client, target, text};
use crate::record_fixes::{grant, property};
use crate::steps::*;

fn long(length: usize) -> String {
    target(INCIDENTS, &[("sysparm_limit", "1"), ("sysparm_query", &format!("number!={}", "x".repeat(length)))])
}

pub(super) const FIXES: &[RequestFix] = &[
    // Queries, fields, pages and values.
    (
        "acl.query",
        |client| begin(client, "query-field-not-readable"),
        |client| query(client, "close_notesISNOTEMPTY"),
        |client| query(client, "active=true"),
    ),
    (
        "query.unknown-field",
        |client| set(client, |switches| switches.invalid_field_regime = sysparm_instance::InvalidFields::Forbid),
        |client| query(client, "prioritty=1"),
        |client| query(client, "priority=3"),
    ),
    ("query.field-misspelt", nothing, |client| query(client, "prioritty=1"), |client| query(client, "priority=3")),
    (
        "query.typo-returns-no-rows",
        |client| begin(client, "unknown-field-no-rows"),
        |client| {
            client.get(INCIDENTS, &[("sysparm_limit", "5")]);
            query(client, "prioritty=1")
        },
        |client| query(client, "priority=3"),
    ),
    (
        "query.label-for-value",
        nothing,
        |client| query(client, "priority=3 - Moderate"),
        |client| query(client, "priority=3"),
    ),
    (
        "query.nothing-matches",
        nothing,
        |client| query(client, "number=INC9999999"),
        |client| query(client, "numberSTARTSWITHINC"),
    ),
    (
        "query.too-long",
        |client| set(client, |switches| switches.longest_url = 2000),
        |client| query(client, &format!("short_descriptionLIKE{}", "x".repeat(2000))),
        |client| query(client, "active=true"),
    ),
    ("request.parameter-wrong", nothing, |client| uploaded(client, ""), |client| uploaded(client, "&file_name=a.txt")),
    (
        "fields.misspelt",
        nothing,
        |client| client.get(INCIDENTS, &[("sysparm_fields", "number,no_such_field"), ("sysparm_limit", "2")]),
        |client| client.get(INCIDENTS, &[("sysparm_fields", "number,state"), ("sysparm_limit", "2")]),
    ),
    (
        "values.time-zone",
        |client| begin(client, "time-zone-differs"),
        |client| client.get(INCIDENTS, &[("sysparm_display_value", "all"), ("sysparm_limit", "1")]),
        |client| client.get(INCIDENTS, &[("sysparm_display_value", "false"), ("sysparm_limit", "1")]),
    ),
    (
        "pages.no-order",
        |client| begin(client, "pages-unstable"),
        |client| {
            let page = |client: &mut Client, offset: &str| {
                client.get(INCIDENTS, &[("sysparm_limit", "20"), ("sysparm_offset", offset)])
            };
            page(client, "0");
            page(client, "20");
            page(client, "40")
        },
        |client| {
            let page = |client: &mut Client, offset: &str| {
                client.get(
                    INCIDENTS,
                    &[("sysparm_query", "ORDERBYsys_id"), ("sysparm_limit", "20"), ("sysparm_offset", offset)],
                )
            };
            page(client, "0");
            page(client, "20");
            page(client, "40")
        },
    ),
    (
        "pages.moving-set",
        nothing,
        |client| {
            two_pages(client, "ORDERBYDESCsys_created_on^ORDERBYDESCnumber", |_| {
                ("ORDERBYDESCsys_created_on^ORDERBYDESCnumber".into(), "20")
            })
        },
        |client| {
            two_pages(client, "ORDERBYsys_id", |last| (format!("sys_id>{}^ORDERBYsys_id", text(last, "sys_id")), "0"))
        },
    ),
    (
        "acl.row-hidden",
        |client| set(client, |switches| switches.hidden = 0.3),
        |client| client.get(INCIDENTS, &[("sysparm_limit", "60")]),
        |client| client.send_as("practice.admin", Request::new("GET", &format!("{INCIDENTS}?sysparm_limit=60"))),
    ),
    (
        "record.hidden",
        |client| set(client, |switches| switches.hidden = 1.0),
        |client| {
            let target = format!("{INCIDENTS}/{}", any_incident(client));
            get(client, &target)
        },
        |client| {
            let target = format!("{INCIDENTS}/{}", any_incident(client));
            client.send_as("practice.admin", Request::new("GET", &target))
        },
    ),
    (
        "record.absent",
        nothing,
        |client| get(client, &format!("{INCIDENTS}/{}", "0".repeat(32))),
        |client| {
            let target = format!("{INCIDENTS}/{}", any_incident(client));
            get(client, &target)
        },
    ),
    (
        "record.data-policy",
        |client| begin(client, "data-policy-refuses"),
        |client| patch(client, &json!({"state": "6", "close_code": "", "close_notes": ""})),
        |client| patch(client, &json!({"state": "6", "close_code": "Solution provided", "close_notes": "done"})),
    ),
    (
        "acl.roles-gone",
        |client| {
            property(client, "glide.security.acl_with_invalid_roles_strict_deny", "true");
            let rule = json!({"name": "cmn_department", "type": "record", "operation": "read", "active": "true"});
            let rule = client.add("sys_security_acl", &rule);
            client.add("sys_security_acl_role", &json!({"sys_security_acl": rule, "sys_user_role": "0".repeat(32)}));
        },
        |client| get(client, "/api/now/table/cmn_department?sysparm_limit=1"),
        |client| {
            let rule = text(&client.record("sys_security_acl", "name", "cmn_department"), "sys_id");
            let role = text(&client.record("sys_user_role", "name", "itil"), "sys_id");
            client.add("sys_security_acl_role", &json!({"sys_security_acl": rule, "sys_user_role": role}));
            grant(client, "practice.integration", "itil");
            get(client, "/api/now/table/cmn_department?sysparm_limit=1")
        },
    ),
    (
        "record.not-a-choice",
        |client| begin(client, "choice-unknown"),
        |client| patch(client, &json!({"state": "6", "close_code": "Solved (Permanently)"})),
        |client| patch(client, &json!({"state": "6", "close_code": "Solution provided"})),
    ),
    (
        "list.version-1",
        nothing,
        |client| get(client, "/api/now/v1/table/incident?sysparm_query=number%3Dnone"),
        |client| get(client, "/api/now/v1/table/incident?sysparm_limit=1"),
    ),
    (
        "request.headers-too-long",
        nothing,
        |client| {
            client.send(Request::new("GET", &long(4000)).with_header("Cookie", &format!("a={}", "x".repeat(4200))))
        },
        |client| get(client, &long(4000)),
    ),
    // The request itself.
    ("table.misspelt", nothing, |client| get(client, "/api/now/table/incidnt"), |client| get(client, ONE)),
    ("path.wrong", nothing, |client| get(client, "/api/now/tabel/incident"), |client| get(client, ONE)),
    (
        "request.body-limit",
        |client| set(client, |switches| switches.largest_body = 1000),
        |client| client.write("POST", INCIDENTS, &json!({"description": "x".repeat(2000)})),
        |client| client.write("POST", INCIDENTS, &json!({"description": "x"})),
    ),
    (
        "request.malformed",
        nothing,
        |client| client.send(Request::new("POST", INCIDENTS).with_body("application/json", "{\"state\":")),
        |client| client.write("POST", INCIDENTS, &json!({"state": "1"})),
    ),
    (
        "request.method-not-served",
        nothing,
        |client| client.send(Request::new("PUT", STATS).with_body("application/json", "{}")),
        |client| get(client, STATS),
    ),
    (
        "request.accept",
        nothing,
        |client| client.send(Request::new("GET", ONE).with_header("Accept", "text/csv")),
        |client| client.send(Request::new("GET", ONE).with_header("Accept", "application/json")),
    ),
    (
        "request.content-type",
        nothing,
        |client| client.send(Request::new("POST", INCIDENTS).with_body("text/plain", "x")),
        |client| client.write("POST", INCIDENTS, &json!({})),
    ),
    (
        "batch.limit",
        |client| begin(client, "batch-limited"),
        batch,
        |client| {
            let item = json!({"id": "3", "method": "GET", "url": ONE, "headers": [{"name": "Accept", "value": "application/json"}]});
            client.write("POST", "/api/now/v1/batch", &json!({"batch_request_id": 8, "rest_requests": [item]}))
        },
    ),
    (
        "import.nothing-to-change",
        |client| {
            client.write(
                "POST",
                "/api/now/import/imp_user",
                &json!({"user_name": "new.person", "email": "a@example.com"}),
            );
        },
        |client| {
            client.write(
                "POST",
                "/api/now/import/imp_user",
                &json!({"user_name": "new.person", "email": "a@example.com"}),
            )
        },
        |client| {
            client.write(
                "POST",
                "/api/now/import/imp_user",
                &json!({"user_name": "new.person", "email": "b@example.com"}),
            )
        },
    ),
];
