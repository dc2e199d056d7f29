//! Related-list blocks: counts the records of another table that refer to each record.

use std::collections::HashMap;

use sysparm::query::{Operator, Related};

use crate::store::Store;

use super::caller::Caller;
use super::check::Test;
use super::path::path_of;
use super::plan::tests_of;

/// The matching records of a related list, counted by the record that they refer to, and the numbers that satisfy the condition.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    counts: HashMap<String, u32>,
    is: Operator,
    count: u32,
    /// Whether a condition on the related records is invalid. The counts ignore it.
    pub(super) invalid: bool,
}

impl Counts {
    /// Counts by the value of `table.column`. None if the table or column does not exist.
    pub(super) fn of(store: &Store, field: &str, asked: &Related, caller: &Caller<'_>) -> Option<Self> {
        let (table, column) = field.split_once('.')?;
        let table = store.find(table)?;
        let column = path_of(store, table, column)?;
        let (all, invalid) = tests_of(&asked.conditions, |condition| Test::of(store, table, condition, caller));
        let mut counts = HashMap::new();
        for row in store.rows(table) {
            let target = column.value(store, row);
            if !target.is_empty()
                && caller.sees(store, row)
                && all.iter().all(|either| either.iter().any(|test| test.holds(store, row)))
            {
                *counts.entry(target.to_owned()).or_insert(0) += 1;
            }
        }
        Some(Self { counts, is: asked.is, count: asked.count, invalid })
    }

    pub(super) fn holds(&self, sys_id: &str) -> bool {
        let order = self.counts.get(sys_id).copied().unwrap_or(0).cmp(&self.count);
        match self.is {
            Operator::Is => order.is_eq(),
            Operator::IsNot => order.is_ne(),
            Operator::Less => order.is_lt(),
            Operator::AtMost => order.is_le(),
            Operator::Greater => order.is_gt(),
            _ => order.is_ge(),
        }
    }
}
