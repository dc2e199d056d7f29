//! Values that a write stores, and journals.

use serde_json::{Value, json};
use sysparm_instance::Reply;

use super::RequestFix;
use super::requests::*;
use crate::begin;
use crate::client::{Client, text};
use crate::record_fixes::{grant, property};
use crate::steps::*;

fn post(client: &mut Client, body: &Value) -> Reply {
    client.write("POST", INCIDENTS, body)
}

fn notes(client: &mut Client, shown: &str) -> Reply {
    let fields = ("sysparm_fields", "number,work_notes");
    client.get(INCIDENTS, &[("sysparm_query", "number=INC0000007"), fields, ("sysparm_display_value", shown)])
}

pub(super) const FIXES: &[RequestFix] = &[
    (
        "journal.raw",
        |client| {
            patch(client, &json!({"work_notes": "Looked at it"}));
        },
        |client| notes(client, "false"),
        |client| notes(client, "true"),
    ),
    ("journal.no-entries", nothing, |client| notes(client, "false"), |client| notes(client, "all")),
    (
        "write.field-protected",
        nothing,
        |client| post(client, &json!({"priority": "1"})),
        |client| post(client, &json!({"impact": "1", "urgency": "1"})),
    ),
    (
        "write.field-misspelt",
        nothing,
        |client| post(client, &json!({"short_descripton": "x"})),
        |client| post(client, &json!({"short_description": "x"})),
    ),
    (
        "catalog.ordered-by-table",
        nothing,
        |client| client.write("POST", "/api/now/table/sc_req_item", &json!({"quantity": "1"})),
        |client| {
            let item = text(&client.record("sc_cat_item", "name", "Standard Laptop"), "sys_id");
            let order = format!("/api/sn_sc/servicecatalog/items/{item}/order_now");
            client.write("POST", &order, &json!({"sysparm_quantity": "1"}))
        },
    ),
    (
        "write.list-sent",
        nothing,
        |client| post(client, &json!([{"short_description": "x"}, {"short_description": "y"}])),
        |client| post(client, &json!({"short_description": "y"})),
    ),
    (
        "write.label-for-value",
        nothing,
        |client| post(client, &json!({"state": "Resolved"})),
        |client| {
            let target = format!("{INCIDENTS}?sysparm_input_display_value=true");
            let reply = client.write("POST", &target, &json!({"state": "In Progress"}));
            assert_eq!(text(&reply.as_json()["result"], "state"), "2");
            reply
        },
    ),
    (
        "field.encrypted",
        |client| begin(client, "encrypted-field"),
        |client| client.write("POST", "/api/now/table/sys_user", &json!({"user_name": "a.b", "user_password": "hush"})),
        |client| {
            let target = "/api/now/table/sys_user?sysparm_input_display_value=true";
            client.write("POST", target, &json!({"user_name": "a.c", "user_password": "hush"}))
        },
    ),
    // Files.
    (
        "attachment.type",
        |client| begin(client, "file-type-refused"),
        |client| attach(client, "report.txt", "text/plain"),
        |client| {
            property(client, "glide.attachment.extensions", "");
            attach(client, "report.txt", "text/plain")
        },
    ),
    (
        "attachment.size",
        |client| property(client, "com.glide.attachment.max_size", ""),
        |client| attach(client, "report.txt", "text/plain"),
        |client| {
            property(client, "com.glide.attachment.max_size", "10");
            attach(client, "report.txt", "text/plain")
        },
    ),
    (
        "attachment.role",
        |client| property(client, "glide.attachment.role", "attacher"),
        |client| attach(client, "report.txt", "text/plain"),
        |client| {
            grant(client, "practice.integration", "attacher");
            attach(client, "report.txt", "text/plain")
        },
    ),
    (
        "attachment.record-not-writable",
        |client| begin(client, "update-refused"),
        |client| attach(client, "report.txt", "text/plain"),
        |client| {
            grant(client, "practice.integration", "sn_incident_admin");
            attach(client, "report.txt", "text/plain")
        },
    ),
    // What keeps a caller from a record.
    (
        "record.other-domain",
        |client| begin(client, "record-of-other-domain"),
        |client| {
            let target = elsewhere(client);
            get(client, &target)
        },
        |client| {
            let target = elsewhere(client);
            grant(client, "practice.integration", "query_no_domain_table_api");
            get(client, &format!("{target}?sysparm_query_no_domain=true"))
        },
    ),
    (
        "script.cross-scope-access",
        |client| begin(client, "cross-scope-refused"),
        |client| post(client, &json!({"short_description": "x"})),
        |client| {
            let privilege =
                json!({"source_scope": "x_practice_follow", "target_name": "incident", "status": "allowed"});
            client.add("sys_scope_privilege", &privilege);
            post(client, &json!({"short_description": "x"}))
        },
    ),
    (
        "session.roles-lost",
        |client| begin(client, "session-roles-lost"),
        |client| {
            let cookie = cookie(client);
            client.send(sysparm_instance::Request::new("GET", ONE).with_header("Cookie", &cookie))
        },
        |client| get(client, ONE),
    ),
];
