//! The description of exports, which are addresses of pages and not of an API.

use serde_json::{Value, json};

use super::parameters;

/// The path that every export is described by.
pub(super) const PATH: &str = "/{table_name}.do";

/// The parameters that choose what is exported.
const CHOOSING: [&str; 7] = [
    "sysparm_query",
    "sysparm_orderby",
    "sysparm_fields",
    "sysparm_view",
    "sysparm_record_count",
    "sysparm_sys_id",
    "displayvalue",
];

/// The formats, each named by a parameter without a value.
const FORMATS: [&str; 4] = ["CSV", "XML", "JSON", "JSONv2"];

/// The path item of exports. `refusal` describes a status.
pub(super) fn path(tables: &[&str], refusal: impl Fn(u16) -> Value) -> Value {
    let table = json!({ "name": "table_name", "in": "path", "required": true, "schema": { "enum": tables }, "example": "incident" });
    let formats = FORMATS.iter().map(|name| {
        json!({
            "name": name,
            "in": "query",
            "required": false,
            "allowEmptyValue": true,
            "description": "The format, by a parameter without a value. Without any the page is not found.",
            "schema": { "const": "" },
        })
    });
    let chosen = CHOOSING.iter().map(|name| parameters::in_query(name));
    let text = json!({ "schema": { "type": "string" } });
    let records =
        json!({ "type": "object", "required": ["records"], "properties": { "records": { "type": "array" } } });
    let mut replies = json!({
        "200": {
            "description": "The records, in the first format that is named.",
            "content": { "text/csv": text, "text/xml": {}, "application/json": { "schema": records } },
        },
        "404": { "description": "No such table or no format.", "content": { "text/html": text } },
    });
    for status in super::describe::ALWAYS {
        if let Some(replies) = replies.as_object_mut() {
            replies.insert(status.to_string(), refusal(status));
        }
    }
    json!({ "get": {
        "operationId": "Export-GET",
        "summary": "Exports a list as a file",
        "tags": ["Other"],
        "parameters": std::iter::once(table).chain(formats).chain(chosen).collect::<Vec<_>>(),
        "responses": replies,
    } })
}
