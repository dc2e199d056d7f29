//! Symptoms of writes.

use crate::scenario::Change::Row;
use crate::scenario::Scenario;

pub(super) static SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "journal-raw-empty",
        number: 55,
        symptom: "Comments and work notes come back empty",
        see: "incidents with sysparm_fields=number,work_notes",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        name: "field-not-kept",
        number: 57,
        symptom: "A field is sent, the reply is a success, and the value is not stored",
        see: "POST of an incident with a priority: it is calculated",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        name: "list-sent",
        number: 58,
        symptom: "A list of records is sent and one record is made",
        see: "POST of a list of two incidents",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        name: "choice-unknown",
        number: 60,
        symptom: "403 Data Policy Exception for a mandatory field that was sent",
        see: "PATCH of an incident to state 6 with a close_code that is none of its choices",
        switches: "{}",
        changes: &[
            Row(
                "sys_data_policy2",
                "resolve",
                &[
                    ("short_description", "Resolution"),
                    ("model_table", "incident"),
                    ("conditions", "stateIN6,7"),
                    ("active", "true"),
                ],
            ),
            Row(
                "sys_data_policy_rule",
                "close_code",
                &[("sys_data_policy", "@sys_data_policy2/resolve"), ("field", "close_code"), ("mandatory", "true")],
            ),
        ],
    },
    Scenario {
        name: "label-sent",
        number: 61,
        symptom: "A label is sent and the field holds something else",
        see: "POST of an incident with state Resolved",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        name: "encrypted-field",
        number: 62,
        symptom: "A password field is written and stays empty",
        see: "POST of a sys_user with user_password",
        switches: r#"{"secrets_by_display_value":true}"#,
        changes: &[],
    },
    Scenario {
        name: "item-made-by-table",
        number: 72,
        symptom: "A requested item has no variables and starts no flow",
        see: "POST of an sc_req_item",
        switches: "{}",
        changes: &[],
    },
    Scenario {
        name: "file-type-refused",
        number: 73,
        symptom: "A file is refused, and others are taken",
        see: "POST of a .txt file to /api/now/attachment/file",
        switches: "{}",
        changes: &[Row(
            "sys_properties",
            "glide.attachment.extensions",
            &[("name", "glide.attachment.extensions"), ("value", "pdf,png")],
        )],
    },
];
