//! Rows read and written by the names of tables and columns: the instance reads its own records, as the platform does.

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::store::{RowId, SYS_ID, Store, UPDATED_ON};

/// One row, with all columns of its own class.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    store: &'a Store,
    pub(crate) row: RowId,
}

impl<'a> Record<'a> {
    /// The value of a column; empty when the table has no such column.
    pub(crate) fn text(&self, column: &str) -> &'a str {
        let column = self.store.class(self.row).column(column);
        column.map_or("", |column| self.store.text(self.row, column))
    }

    pub(crate) fn id(&self) -> &'a str {
        self.store.text(self.row, SYS_ID)
    }

    pub(crate) fn is(&self, column: &str) -> bool {
        self.text(column) == "true"
    }

    pub(crate) fn number(&self, column: &str) -> Option<u64> {
        self.text(column).parse().ok()
    }
}

/// Every row of a table.
pub(crate) fn all<'a>(store: &'a Store, table: &str) -> impl Iterator<Item = Record<'a>> {
    let table = store.find(table);
    table.into_iter().flat_map(move |table| store.rows(table).map(move |row| Record { store, row }))
}

/// The rows of a table that hold this value in this column, exactly.
pub(crate) fn with<'a>(store: &'a Store, table: &str, column: &str, value: &str) -> impl Iterator<Item = Record<'a>> {
    let wanted = store.texts.find(value);
    let place = store.find(table).and_then(|table| store.table(table).definition.column(column));
    let holds = move |record: &Record<'_>| match (wanted, place) {
        (Some(wanted), Some(place)) => store.cell(record.row, place) == wanted,
        _ => false,
    };
    all(store, table).filter(holds)
}

/// The first row of a table that holds this value in this column.
pub(crate) fn one<'a>(store: &'a Store, table: &str, column: &str, value: &str) -> Option<Record<'a>> {
    with(store, table, column, value).next()
}

/// The row with this `sys_id`.
pub(crate) fn by_id<'a>(store: &'a Store, table: &str, sys_id: &str) -> Option<Record<'a>> {
    let table = store.find(table)?;
    let row = store.row(table, sys_id)?;
    Some(Record { store, row })
}

/// The value of a system property; `None` when there is no such row.
pub(crate) fn property<'a>(store: &'a Store, name: &str) -> Option<&'a str> {
    one(store, "sys_properties", "name", name).map(|record| record.text("value"))
}

/// Whether a system property is there and `true`.
pub(crate) fn is_set(store: &Store, name: &str) -> bool {
    property(store, name) == Some("true")
}

/// Sets columns of a row. A full store leaves the row unchanged.
pub(crate) fn set(store: &mut Store, table: &str, row: RowId, fields: &[(&str, &str)], now: u64) {
    let Some(table) = store.find(table) else {
        return;
    };
    let mut cells = Vec::new();
    let stamped = stamp(now);
    for (name, value) in fields.iter().chain(&[("sys_updated_on", stamped.as_str())]) {
        let column = match *name {
            "sys_updated_on" => Some(UPDATED_ON),
            name => store.table(table).definition.column(name),
        };
        if let (Some(column), Ok(text)) = (column, store.intern(value)) {
            cells.push((column, text));
        }
    }
    store.update(row, &cells);
}

/// Adds a row with this name, or sets the columns of the existing one. Its `sys_id` follows from its name.
pub(crate) fn ensure(store: &mut Store, table: &str, name: &str, fields: &[(&str, &str)], now: u64) -> String {
    let sys_id = sys_id_of(table, name);
    match by_id(store, table, &sys_id).map(|record| record.row) {
        Some(row) => set(store, table, row, fields, now),
        // A full store omits the row.
        None => {
            let _ = put(store, table, &sys_id, &stamp(now), fields);
        }
    }
    sys_id
}

/// Sets a system property, creating it if missing.
pub(crate) fn set_property(store: &mut Store, name: &str, value: &str, now: u64) {
    ensure(store, "sys_properties", name, &[("name", name), ("value", value)], now);
}

/// Deletes a row.
pub(crate) fn remove(store: &mut Store, table: &str, sys_id: &str) {
    if let Some(id) = store.find(table)
        && let Some(row) = store.row(id, sys_id)
    {
        store.delete(row);
    }
}

/// The number of rows that the instance's log keeps.
const MAX_LOGGED: usize = 1000;

/// Writes into `syslog`, the only place that records the true cause of a refused grant (KB0725643).
pub(crate) fn log(store: &mut Store, source: &str, message: &str, unique: u64, now: u64) {
    let Some(table) = store.find("syslog") else {
        return;
    };
    if store.len(table) >= MAX_LOGGED
        && let Some(oldest) = store.ordered(table, UPDATED_ON).first().copied()
    {
        store.delete(oldest);
    }
    let sys_id = sys_id_of("syslog", &format!("{unique}.{now}.{message}"));
    let fields = [("source", source), ("message", message), ("level", "2")];
    let _ = put(store, "syslog", &sys_id, &stamp(now), &fields);
}
