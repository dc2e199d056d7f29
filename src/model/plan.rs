//! The plan of one table: what TypeScript needs to convert its rows, as JSON.

use serde::Serialize;

/// How rows of one table become objects of the model, and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The version of the model.
    pub version: u32,
    /// The table.
    pub table: String,
    /// The kind of the objects.
    pub kind: &'static str,
    /// What to request: columns, those behind a dot included, each once.
    pub fields: Vec<String>,
    /// One for each field.
    pub lines: Vec<Line>,
    /// Fields of the kind that have no column here.
    pub absent: Vec<&'static str>,
    /// Columns that hold no value: writing one adds an entry to a journal.
    pub journals: &'static [&'static str],
}

/// How one column becomes one field, and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The field.
    pub field: String,
    /// The column.
    pub column: String,
    /// The name of a `Shape`.
    pub shape: &'static str,
    /// Whether the customer's map adds the field.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub extra: bool,
    /// Whether it cannot be written.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub read_only: bool,
    /// Where a reference leads, if it always leads to one table.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Raw value and value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, String)>,
    /// Value and the raw value that is written for it. A value of the list that is missing here is refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<(String, String)>,
}
