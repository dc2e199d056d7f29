//! The schemas of the Service Catalog API's bodies.

use serde_json::{Value, json};

/// Every schema with its name.
pub(super) fn all() -> [(&'static str, Value); 8] {
    let result = |of: Value| json!({ "type": "object", "required": ["result"], "properties": { "result": of } });
    let answers =
        json!({ "type": "object", "description": "Answers by the names of variables. Unknown names are passed over." });
    let quantity = json!({ "type": ["string", "integer"], "description": "Digits; +12 counts as 12." });
    let order = json!({
        "type": "object",
        "required": ["sysparm_quantity"],
        "properties": {
            "sysparm_quantity": quantity,
            "variables": answers,
            "sysparm_requested_for": { "type": "string", "description": "The sys_id of the user whom it is for." },
            "sysparm_also_request_for": { "type": "string", "description": "The sys_ids of up to 50 more users, by commas." },
            "sysparm_no_validation": { "type": "string", "description": "true: mandatory variables may be missing." },
        },
    });
    [
        ("CatalogObject", result(json!({ "type": "object" }))),
        ("CatalogObjects", result(json!({ "type": "array", "items": { "type": "object", "required": ["sys_id"] } }))),
        ("CatalogText", result(json!({ "type": "string" }))),
        (
            "CatalogChosen",
            json!({ "type": "object", "required": ["items"], "properties": { "items": { "type": "array", "items": {
                "type": "object",
                "required": ["sys_id"],
                "properties": { "sys_id": { "type": "string" }, "sysparm_quantity": quantity, "variables": answers },
            } } } }),
        ),
        ("CatalogOrder", order),
        ("CatalogAnswers", json!({ "type": "object", "properties": { "variables": answers } })),
        (
            "CatalogDelegates",
            json!({ "type": "object", "properties": { "sysparm_also_request_for": { "type": "string" } } }),
        ),
        ("CatalogValue", json!({ "type": "object", "properties": { "sysparm_value": { "type": "string" } } })),
    ]
}
