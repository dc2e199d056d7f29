//! Auditing: each change of a field of an audited table becomes a row of `sys_audit` and a line of the record's history ("Exploring
//! Auditing", "Viewing Sys Audit and Audit Relationship Change tables"). A table is audited if `audit` is set in the entry that
//! `sys_dictionary` has for the table itself; tables that extend it have entries of their own.

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::records::{self, is_set};
use crate::store::{Definition, Full, Kind, MOD_COUNT, RowId, SYS_ID, Store, Text};

use super::history;
use super::journal::is_journal;
use super::write::Author;

/// A field's values before and after a write.
pub(super) struct Change {
    pub(super) column: usize,
    pub(super) old: String,
    pub(super) new: String,
}

/// The rows of `sys_audit` that are kept; the oldest makes space for the next.
const MOST: u64 = 20_000;

/// The old value of a journal, whose new value is the entry.
const ENTRY: &str = "JOURNAL FIELD ADDITION";

/// The audited changes of an update, before it is made.
pub(super) fn of_update(
    store: &Store,
    row: RowId,
    cells: &[(usize, Text)],
    fields: &[(usize, String)],
    author: &Author<'_>,
) -> Vec<Change> {
    let definition = store.class(row);
    let Some(excluded) = excluded(store, definition, author) else { return Vec::new() };
    let value = |(column, new): &(usize, Text)| Change {
        column: *column,
        old: store.text(row, *column).to_owned(),
        new: store.texts.of(*new).to_owned(),
    };
    let changes = cells.iter().map(value).chain(entries(definition, fields));
    changes.filter(|change| is_audited(definition, change.column, &excluded)).collect()
}

/// Records the changes of an update after it is made. A store that is full keeps the update without them.
pub(super) fn updated(store: &mut Store, row: RowId, changes: &[Change], author: &Author<'_>) {
    if !changes.is_empty() {
        let _ = recorded(store, row, changes, author).and_then(|()| history::add(store, row, changes, author));
    }
}

/// Records a new row. `sys_audit` gets its values only where `glide.sys.audit_inserts` is set; its history begins with them ("Differences
/// Between Audit and History Sets").
pub(super) fn inserted(store: &mut Store, row: RowId, fields: &[(usize, String)], author: &Author<'_>) {
    let definition = store.class(row);
    let Some(excluded) = excluded(store, definition, author) else { return };
    let value = |column| Change { column, old: String::new(), new: store.text(row, column).to_owned() };
    let values = (0..definition.columns.len()).map(value).filter(|change| !change.new.is_empty());
    let changes = values.chain(entries(definition, fields));
    let changes: Vec<Change> = changes.filter(|change| is_audited(definition, change.column, &excluded)).collect();
    if is_set(store, "glide.sys.audit_inserts") {
        let _ = recorded(store, row, &changes, author);
    }
    let _ = history::begin(store, row, &changes, author);
}

/// Records that a row is deleted, whether or not its table is audited: "by default, the audit deletes are enabled", but not for system
/// tables other than those of users, groups and roles (`glide.ui.audit_deleted_tables`).
pub(super) fn deleted(store: &mut Store, row: RowId, author: &Author<'_>) {
    let name = store.class(row).name;
    if name.starts_with("sys_") && !DELETIONS.contains(&name) {
        return;
    }
    let (sys_id, count) = (store.text(row, SYS_ID).to_owned(), store.text(row, MOD_COUNT).to_owned());
    let _ = added(store, (name, &sys_id, &count), ["DELETED"; 3], author);
}

const DELETIONS: [&str; 6] =
    ["sys_user", "sys_user_group", "sys_user_role", "sys_user_has_role", "sys_user_grmember", "sys_group_has_role"];

/// The elements that are excluded from auditing (`no_audit` among the attributes of their dictionary entry). `None` if the table is
/// not audited, or the write is that of an import, which never is.
fn excluded(store: &Store, definition: &Definition, author: &Author<'_>) -> Option<Vec<String>> {
    let own =
        records::with(store, "sys_dictionary", "name", definition.name).find(|entry| entry.text("element").is_empty());
    if author.imports || !own?.is("audit") {
        return None;
    }
    let has_attribute = |text: &str| text.split(',').any(|one| matches!(one.trim(), "no_audit" | "no_audit=true"));
    let excluded = definition.ancestry().flat_map(|table| records::with(store, "sys_dictionary", "name", table.name));
    let excluded = excluded.filter(|entry| has_attribute(entry.text("attributes")));
    Some(excluded.map(|entry| entry.text("element").to_owned()).collect())
}

/// System fields are not audited, except for class and domain. No password is.
fn is_audited(definition: &Definition, column: usize, excluded: &[String]) -> bool {
    definition.columns.get(column).is_some_and(|column| {
        let system = column.name.starts_with("sys_") && !matches!(column.name, "sys_class_name" | "sys_domain");
        !system && column.kind != Kind::Secret && !excluded.iter().any(|name| name == column.name)
    })
}

/// The journal entries of a write.
fn entries(definition: &Definition, fields: &[(usize, String)]) -> impl Iterator<Item = Change> {
    let written = fields.iter().filter(|(column, text)| is_journal(definition, *column) && !text.is_empty());
    written.map(|(column, text)| Change { column: *column, old: ENTRY.to_owned(), new: text.clone() })
}

fn recorded(store: &mut Store, row: RowId, changes: &[Change], author: &Author<'_>) -> Result<(), Full> {
    let definition = store.class(row);
    let (sys_id, count) = (store.text(row, SYS_ID).to_owned(), store.text(row, MOD_COUNT).to_owned());
    for Change { column, old, new } in changes {
        let field = definition.columns.get(*column).map_or("", |column| column.name);
        added(store, (definition.name, &sys_id, &count), [field, old, new], author)?;
    }
    Ok(())
}

fn added(
    store: &mut Store,
    (table, sys_id, count): (&str, &str, &str),
    [field, old, new]: [&str; 3],
    author: &Author<'_>,
) -> Result<(), Full> {
    let fields = [
        ("tablename", table),
        ("fieldname", field),
        ("documentkey", sys_id),
        ("oldvalue", old),
        ("newvalue", new),
        ("user", author.user_name),
        ("record_checkpoint", count),
        ("sys_created_by", author.user_name),
    ];
    kept(store, "sys_audit", MOST, author.now, &fields).map(|_| ())
}

/// Adds a row to a table that keeps a fixed number of rows, in place of the oldest. Its `sys_id` is that of its place: a store that
/// never forgets a text sees the same few again.
pub(super) fn kept(
    store: &mut Store,
    table: &str,
    most: u64,
    now: u64,
    fields: &[(&str, &str)],
) -> Result<String, Full> {
    let Some(id) = store.find(table) else { return Ok(String::new()) };
    let number = &mut store.table_mut(id).last_number;
    *number += 1;
    let sys_id = sys_id_of(table, &(*number % most).to_string());
    records::remove(store, table, &sys_id);
    put(store, table, &sys_id, &stamp(now), fields)?;
    Ok(sys_id)
}

#[cfg(test)]
mod tests {
    use crate::records;
    use crate::store::Store;

    use super::kept;

    #[test]
    fn newest_rows_are_kept() {
        let mut store = Store::new();
        for number in 0..10 {
            let value = number.to_string();
            assert!(kept(&mut store, "sys_audit", 3, 0, &[("newvalue", &value)]).is_ok());
        }
        let mut values: Vec<&str> = records::all(&store, "sys_audit").map(|row| row.text("newvalue")).collect();
        values.sort_unstable();
        assert_eq!(values, ["7", "8", "9"]);
    }
}
