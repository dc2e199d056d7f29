//! How `insertMultiple` reads and transforms the rows of a staging table: its row in `sys_rest_insert_multiple` ("Import Set API").

use serde_json::{Map, Value};

use crate::records;
use crate::refusal::Refusal;
use crate::store::Store;

use super::values::Keys;

pub(super) struct Settings {
    /// Whether the rows are transformed before the reply.
    pub(super) at_once: bool,
    pub(super) keys: Keys,
    /// The path of the rows in the body, where it has the form of the data source's file.
    rows_at: Option<String>,
}

impl Settings {
    /// Without a row the transform is asynchronous and keys are labels.
    pub(super) fn of(store: &Store, staging: &str) -> Self {
        let row = records::one(store, "sys_rest_insert_multiple", "source_table", staging);
        let is = |column: &str, value: &str| row.as_ref().is_some_and(|row| row.text(column) == value);
        let source = || {
            let source = records::one(store, "sys_data_source", "import_set_table_name", staging)?;
            Some(source.text("jpath_root_node").to_owned())
        };
        Self {
            at_once: is("transform", "synchronous"),
            keys: match is("column_mapping", "column_name") {
                true => Keys::Names,
                false => Keys::labels(store, staging),
            },
            rows_at: if is("use_data_source_format", "true") { source() } else { None },
        }
    }

    /// The records of a body.
    pub(super) fn records<'a>(&self, body: &'a Value) -> Result<Vec<&'a Map<String, Value>>, Refusal> {
        let path = self.rows_at.as_deref().unwrap_or("records");
        let mut found = body;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            found = found.get(name).ok_or_else(|| Refusal::unreadable_body(&format!("{path} is missing")))?;
        }
        let list = found.as_array().ok_or_else(|| Refusal::unreadable_body(&format!("{path} is no list")))?;
        let records: Option<Vec<_>> = list.iter().map(Value::as_object).collect();
        records.ok_or_else(|| Refusal::unreadable_body("each record is a JSON object"))
    }
}
