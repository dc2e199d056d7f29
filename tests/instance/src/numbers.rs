//! The numbers of records. A row of `sys_number` is the format of a table: prefix, base and digits; the row of `sys_number_counter` holds
//! the number that was given last ("Add auto-numbering records in a table"; the statements of an instance in CreatorCon lab "Debugging",
//! exercise 3.3). A table without a format has that of the table it extends.

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::records;
use crate::store::{Definition, Full, Store, TableId};

const FORMATS: &str = "sys_number";
const COUNTERS: &str = "sys_number_counter";

/// The default of "Number of digits".
const DIGITS: usize = 7;
/// Further digits are not added.
const MOST_DIGITS: usize = 40;

/// Adds the formats and counters of the tables that number their rows, after these are filled.
pub(crate) fn put_formats(store: &mut Store, created: u64) -> Result<(), Full> {
    for id in store.ids() {
        let table = store.table(id);
        let (definition, last) = (table.definition, table.last_number);
        if definition.prefix.is_empty() || definition.column("number").is_none() {
            continue;
        }
        let format = sys_id_of(FORMATS, definition.name);
        let base = if last >= BASE { BASE } else { 1 };
        let fields = [
            ("category", definition.name),
            ("prefix", definition.prefix),
            ("number", &base.to_string()),
            ("maximum_digits", &DIGITS.to_string()),
        ];
        put(store, FORMATS, &format, &stamp(created), &fields)?;
        if let Some(row) = records::one(store, "sys_db_object", "name", definition.name).map(|table| table.row) {
            records::set(store, "sys_db_object", row, &[("number_ref", &format)], created);
        }
        count(store, id, last, created)?;
    }
    Ok(())
}

/// The base of tables whose generated rows leave the first numbers out.
const BASE: u64 = 10_000;

/// The next number of a table; `None` if neither it nor a table that it extends has a format.
pub(crate) fn next(store: &mut Store, definition: &Definition, now: u64) -> Option<String> {
    let format = definition.ancestry().find_map(|table| records::one(store, FORMATS, "category", table.name))?;
    let prefix = format.text("prefix").to_owned();
    let base = format.number("number").unwrap_or_default();
    let digits = format.number("maximum_digits").and_then(|digits| digits.try_into().ok()).unwrap_or(DIGITS);
    let table = store.find(format.text("category"))?;
    let counter = records::one(store, COUNTERS, "table", format.text("category"));
    let last = counter.and_then(|counter| counter.number("number")).unwrap_or_else(|| store.table(table).last_number);
    // "If you set the base number to a value higher than the current counter, the next record number uses the new base number."
    let number = last.saturating_add(1).max(base);
    // A store that is full numbers the row all the same.
    let _ = count(store, table, number, now);
    Some(format!("{prefix}{number:0width$}", width = digits.min(MOST_DIGITS)))
}

/// Notes that a row with this number came from elsewhere, so that no other gets it.
pub(crate) fn reached(store: &mut Store, table: TableId, number: u64, now: u64) {
    if store.table(table).last_number >= number {
        return;
    }
    store.table_mut(table).last_number = number;
    let name = store.table(table).definition.name;
    if let Some(row) = records::one(store, COUNTERS, "table", name).map(|counter| counter.row) {
        records::set(store, COUNTERS, row, &[("number", &number.to_string())], now);
    }
}

fn count(store: &mut Store, table: TableId, number: u64, now: u64) -> Result<(), Full> {
    let name = store.table(table).definition.name;
    store.table_mut(table).last_number = number;
    let number = number.to_string();
    match records::one(store, COUNTERS, "table", name).map(|counter| counter.row) {
        Some(row) => {
            records::set(store, COUNTERS, row, &[("number", &number)], now);
            Ok(())
        }
        None => {
            let fields = [("table", name), ("number", &number)];
            put(store, COUNTERS, &sys_id_of(COUNTERS, name), &stamp(now), &fields)
        }
    }
}
