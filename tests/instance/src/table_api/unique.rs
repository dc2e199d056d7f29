//! Unique columns: the database refuses a second row with the same value.

use crate::refusal::Refusal;
use crate::store::{RowId, Store, TableId};

/// Checks the fields of a write. `row` is the row that is updated.
pub(super) fn check(
    store: &mut Store,
    table: TableId,
    row: Option<RowId>,
    fields: &[(usize, String)],
) -> Result<(), Refusal> {
    let definition = store.table(table).definition;
    for (place, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let Some(column) = definition.columns.get(*place).filter(|column| column.unique) else { continue };
        // Every table that extends the declaring one shares its key.
        let declaring = store.find(definition.declaring(column.name).name).unwrap_or(table);
        if store.equal(declaring, *place, value).iter().any(|other| Some(*other) != row) {
            return Err(violation(value, column.name));
        }
    }
    Ok(())
}

/// The refusal of a value that a row of this key already has.
pub(super) fn violation(value: &str, key: &str) -> Refusal {
    let detail = format!("Unique Key violation detected by database (Duplicate entry '{value}' for key '{key}')");
    Refusal::new(403, "Operation Failed", Some(&detail))
}
