//! Related-list blocks: counts the records of another table that refer to each record.

use std::collections::HashMap;

use sysparm::query::Related;

use crate::store::Store;

use super::caller::Caller;
use super::check::Test;
use super::path::path_of;

/// The number of matching records of a table, by the value of `table.column`. None if the table or column does not exist, or a
/// condition is invalid.
pub(super) fn counts(store: &Store, field: &str, asked: &Related, caller: &Caller<'_>) -> Option<HashMap<String, u32>> {
    let (table, column) = field.split_once('.')?;
    let table = store.find(table)?;
    let column = path_of(store, table, column)?;
    let mut all = Vec::new();
    for alternatives in &asked.conditions {
        let either: Option<Vec<Test>> =
            alternatives.either.iter().map(|condition| Test::of(store, table, condition, caller)).collect();
        all.push(either?);
    }
    let mut counts = HashMap::new();
    for row in store.rows(table) {
        let target = column.value(store, row);
        if !target.is_empty() && all.iter().all(|either| either.iter().any(|test| test.holds(store, row))) {
            *counts.entry(target.to_owned()).or_insert(0) += 1;
        }
    }
    Some(counts)
}
