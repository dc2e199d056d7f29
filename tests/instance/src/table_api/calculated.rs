//! Columns that the platform calculates from other columns of the same record.

use crate::records;
use crate::store::{Access, RowId, Store, TableId};

/// The calculated values of a row that is written with these fields. `row` is the row before the write.
pub(super) fn calculated(
    store: &Store,
    table: TableId,
    row: Option<RowId>,
    fields: &[(usize, String)],
) -> Vec<(usize, String)> {
    let definition = store.table(table).definition;
    let value = |name: &str| -> String {
        let Some(column) = definition.column(name) else { return String::new() };
        let given = fields.iter().find(|(given, _)| *given == column).map(|(_, text)| text.as_str());
        given.or_else(|| row.map(|row| store.text(row, column))).unwrap_or_default().to_owned()
    };
    let columns = definition.columns.iter().enumerate().filter(|(_, column)| column.access == Access::Calculated);
    let values = columns.map(|(place, column)| {
        let text = match column.name {
            "incident_state" | "problem_state" => value("state"),
            "task_effective_number" => value("number"),
            "name" => joined(["first_name", "middle_name", "last_name"].map(&value), " "),
            "full_name" => {
                let parent = records::by_id(store, definition.name, &value("parent"));
                let above = parent.map_or_else(String::new, |parent| parent.text("full_name").to_owned());
                joined([above, value("name")], "/")
            }
            "display_name" => {
                let model = records::by_id(store, "cmdb_model", &value("model"));
                let model = model.map_or_else(String::new, |model| model.text("display_name").to_owned());
                joined([value("asset_tag"), model], " - ")
            }
            _ => String::new(),
        };
        (place, text)
    });
    values.filter(|(_, text)| !text.is_empty()).collect()
}

fn joined<const N: usize>(parts: [String; N], between: &str) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}
