//! Symptoms of writes.

use serde_json::json;

use crate::client::{rows, text};
use crate::steps::*;

pub(crate) const SEEN: &[Seen] = &[
    (
        "journal-raw-empty",
        |client| {
            assert_eq!(patch(client, &json!({"work_notes": "Looked at it"})).status, 200);
            let query = ("sysparm_query", "number=INC0000007");
            let fields = ("sysparm_fields", "number,work_notes");
            let shown = client.get(INCIDENTS, &[query, fields, ("sysparm_display_value", "true")]);
            assert!(text(&rows(&shown)[0], "work_notes").contains("Looked at it"));
            client.get(INCIDENTS, &[query, fields])
        },
        200,
        NONE,
        r#""work_notes":"""#,
    ),
    (
        "field-not-kept",
        |client| client.write("POST", INCIDENTS, &json!({"priority": "1"})),
        201,
        NONE,
        r#""priority":"5""#,
    ),
    (
        "list-sent",
        |client| {
            let both = json!([{"correlation_id": "first"}, {"correlation_id": "second"}]);
            let reply = client.write("POST", INCIDENTS, &both);
            assert_eq!(client.numbers("correlation_idINfirst,second").len(), 1);
            reply
        },
        201,
        NONE,
        r#""correlation_id":"first""#,
    ),
    (
        "choice-unknown",
        |client| patch(client, &json!({"state": "6", "close_code": "Solved (Permanently)", "close_notes": "done"})),
        403,
        NONE,
        "Data Policy Exception: The following fields are mandatory: Close code",
    ),
    (
        "label-sent",
        |client| client.write("POST", INCIDENTS, &json!({"state": "Resolved"})),
        201,
        NONE,
        r#""state":"1""#,
    ),
    (
        "encrypted-field",
        |client| {
            let body = json!({"user_name": "new.person", "user_password": "new-password"});
            client.write("POST", "/api/now/table/sys_user", &body)
        },
        201,
        NONE,
        r#""user_password":"""#,
    ),
    (
        "item-made-by-table",
        |client| client.write("POST", "/api/now/table/sc_req_item", &json!({"short_description": "Laptop"})),
        201,
        NONE,
        r#""stage":"""#,
    ),
    (
        "file-type-refused",
        |client| {
            assert_eq!(attach(client, "report.pdf", "application/pdf").status, 201);
            attach(client, "report.txt", "text/plain")
        },
        403,
        NONE,
        "File type is not allowed",
    ),
];
