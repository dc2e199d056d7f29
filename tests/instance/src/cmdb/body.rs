//! The body of a write: attributes, relations, and the source of the data.

use serde_json::{Value, json};

use super::identification::{PayloadError, known_source, outcome};
use crate::exchange::Reply;
use crate::refusal::Refusal;
use crate::store::{MOD_COUNT, Store};
use crate::table_api::Call;

/// A parsed body.
pub(super) struct Body {
    pub(super) content: Value,
}

impl Body {
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        if !call.request.is_of_type("application/json") {
            return Err(Refusal::new(415, "Unsupported media type", Some("Content-Type must be application/json")));
        }
        let content =
            serde_json::from_slice(&call.request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
        Ok(Self { content })
    }

    /// The source of the data.
    pub(super) fn source(&self) -> Result<&str, PayloadError> {
        known_source(self.content.get("source").and_then(Value::as_str))
    }

    /// The answer to a write whose source is missing or no choice: that of identification, with status 400 (recorded, 4 September 2026).
    pub(super) fn unidentified(class: &str, error: &PayloadError) -> Reply {
        let mut item = outcome(class, "INSERT_AS_INCOMPLETE", "Unknown", None, std::slice::from_ref(error));
        if let Some(item) = item.as_object_mut() {
            item.insert("inputIndices".to_owned(), json!([0]));
        }
        Reply::json(400, json!({ "result": { "items": [item], "relations": [] } }).to_string())
    }

    /// The columns that the attributes set, and the source. System fields and unknown names are ignored.
    pub(super) fn fields(&self, store: &Store, call: &Call<'_>, source: &str) -> Result<Vec<(usize, String)>, Refusal> {
        let definition = store.table(call.table).definition;
        let mut fields = Vec::new();
        for (name, value) in self.content.get("attributes").and_then(Value::as_object).into_iter().flatten() {
            let text = text(value)?;
            let column = definition.column(name).filter(|column| *column > MOD_COUNT && !name.starts_with("sys_"));
            fields.extend(column.map(|column| (column, text)));
        }
        fields.extend(definition.column("discovery_source").map(|column| (column, source.to_owned())));
        Ok(fields)
    }
}

/// The text of an attribute. Any other value ends in the script's own exception (recorded, 4 September 2026).
fn text(value: &Value) -> Result<String, Refusal> {
    let class = match value {
        Value::String(text) => return Ok(text.clone()),
        Value::Null => return Ok(String::new()),
        Value::Number(_) => "java.lang.Double",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Array(_) => "java.util.ArrayList",
        Value::Object(_) => "java.util.HashMap",
    };
    Err(Refusal::failed("", &format!("class {class} cannot be cast to class java.lang.String")))
}
