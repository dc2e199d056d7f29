//! What a record keeps of a write, and journals.

use serde_json::{Value, json};
use sysparm_instance::Reply;

use super::Change;
use super::acts::*;
use crate::begin;
use crate::client::{Client, text};
use crate::steps::*;

fn post(client: &mut Client, body: &Value) -> Reply {
    client.write("POST", INCIDENTS, body)
}

fn notes(client: &mut Client, shown: &str) -> Reply {
    let fields = ("sysparm_fields", "number,work_notes");
    client.get(INCIDENTS, &[("sysparm_query", "number=INC0000007"), fields, ("sysparm_display_value", shown)])
}

pub(super) const CHANGES: &[Change] = &[
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
        |client| begin(client, 62),
        |client| client.write("POST", "/api/now/table/sys_user", &json!({"user_name": "a.b", "user_password": "hush"})),
        |client| {
            let target = "/api/now/table/sys_user?sysparm_input_display_value=true";
            client.write("POST", target, &json!({"user_name": "a.c", "user_password": "hush"}))
        },
    ),
];
