//! The values of a sent record by column: names or labels as keys, and any JSON value as text.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::records;
use crate::store::{Definition, Store};

/// How the keys of sent records name the columns of a staging table.
pub(super) enum Keys {
    Names,
    /// Column names by label ("Import Set API", column mapping).
    Labels(HashMap<String, String>),
}

impl Keys {
    /// The labels that the dictionary has for a staging table.
    pub(super) fn labels(store: &Store, staging: &str) -> Self {
        let columns = records::with(store, "sys_dictionary", "name", staging);
        let named = columns.map(|column| (column.text("column_label").to_owned(), column.text("element").to_owned()));
        Self::Labels(named.collect())
    }

    /// The columns and values of a record. The platform fills in the columns of its own. Unknown keys are ignored.
    pub(super) fn fields(&self, staging: &Definition, given: &Map<String, Value>) -> Vec<(usize, String)> {
        let name = |key: &str| match self {
            Self::Names => Some(key.to_owned()),
            Self::Labels(labels) => labels.get(key).cloned(),
        };
        let named = given.iter().filter_map(|(key, value)| Some((name(key)?, value)));
        let own = named.filter(|(name, _)| !name.starts_with("sys_"));
        own.filter_map(|(name, value)| Some((staging.column(&name)?, text_of(value)))).collect()
    }
}

/// A value other than a text is stored as Java prints it: `{"a":1}` as `{a=1}` ("Import Set API", supported request parameters).
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => format!("[{}]", items.iter().map(text_of).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members: Vec<String> = members.iter().map(|(key, value)| format!("{key}={}", text_of(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::text_of;

    #[test]
    fn value_other_than_text_is_written_as_java_prints_it() {
        let cases = [
            (json!("a"), "a"),
            (json!(1.5), "1.5"),
            (json!(true), "true"),
            (json!(null), ""),
            (json!({"a": 1, "b": {"c": "d"}}), "{a=1, b={c=d}}"),
            (json!(["x", 2]), "[x, 2]"),
        ];
        for (value, text) in cases {
            assert_eq!(text_of(&value), text);
        }
    }
}
