//! Journals: what is written into such a field becomes an entry of `sys_journal_field`, and the field shows its entries, newest
//! first ("Journal field type").

use crate::clock::stamp;
use crate::data::{label, put};
use crate::identity::sys_id_of;
use crate::records;
use crate::store::{Definition, Full, Kind, RowId, SYS_ID, Store, TableId};

use super::write::Author;

/// Whether a column is a journal.
pub(super) fn is_journal(definition: &Definition, column: usize) -> bool {
    definition.columns.get(column).is_some_and(|column| column.kind == Kind::Journal)
}

/// Stores the journal entries of a write; returns their number.
pub(super) fn keep(
    store: &mut Store,
    table: TableId,
    sys_id: &str,
    fields: &[(usize, String)],
    author: &Author<'_>,
) -> Result<usize, Full> {
    let definition = store.table(table).definition;
    let mut kept = 0;
    for (column, text) in fields {
        let Some(column) = definition.columns.get(*column).filter(|_| is_journal(definition, *column)) else {
            continue;
        };
        if text.is_empty() {
            continue;
        }
        let entries = store.find("sys_journal_field").map_or(0, |entries| store.len(entries));
        let unique = sys_id_of("sys_journal_field", &format!("{sys_id}.{}.{}.{entries}", column.name, author.now));
        let fields = [
            ("name", definition.name),
            ("element", column.name),
            ("element_id", sys_id),
            ("value", text),
            ("sys_created_by", author.user_name),
        ];
        put(store, "sys_journal_field", &unique, &stamp(author.now), &fields)?;
        kept += 1;
    }
    Ok(kept)
}

/// The entries of a field: time, name and label of the field, then the text and an empty line.
pub(super) fn shown(
    store: &Store,
    table: TableId,
    row: RowId,
    column: usize,
    time: &dyn Fn(&str) -> Option<String>,
) -> String {
    let name = store.table(table).definition.columns.get(column).map_or("", |column| column.name);
    let of_row = records::with(store, "sys_journal_field", "element_id", store.text(row, SYS_ID));
    let mut entries: Vec<_> = of_row.filter(|entry| shows(name, entry.text("element"))).collect();
    // A later row of the same second was entered later.
    entries.sort_by_key(|entry| (entry.text("sys_created_on"), entry.row));
    let mut shown = String::new();
    for entry in entries.iter().rev() {
        let user = records::one(store, "sys_user", "user_name", entry.text("sys_created_by"));
        let author = user.map_or_else(|| entry.text("sys_created_by"), |user| user.text("name"));
        let label = match entry.text("element") {
            "comments" => "Additional comments".to_owned(),
            element => label(element),
        };
        let at = time(entry.text("sys_created_on")).unwrap_or_default();
        shown.push_str(&format!("{at} - {author} ({label})\n{}\n\n", entry.text("value")));
    }
    shown
}

/// Whether a field shows the entries of an element: its own, or those of both journals.
fn shows(field: &str, element: &str) -> bool {
    field == element || field == "comments_and_work_notes" && matches!(element, "comments" | "work_notes")
}
