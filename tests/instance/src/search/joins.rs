//! `JOIN` and `SUBQUERY`: conditions on records of other tables that share a value with a record. The product documentation does not
//! describe them; "Querying Related Tables" (J. McGaha, 2025) does, with the SQL of each.
//!
//! * `JOINsys_user.sys_id=sys_user_grmember.user!group=x^^role=y` keeps the records that have a counterpart. `^^` separates the
//!   conditions on the other table. The table at the left is the one that is searched, or one that is joined already.
//! * `SUBQUERYsys_id,manager,sys_user_group^active=true^ENDSUBQUERY` is the same for one field of each table. It can be nested.

use std::collections::HashSet;

use crate::store::{Kind, Store, TableId};
use crate::switches::InvalidFields;

use super::caller::Caller;
use super::check::{Check, Test};
use super::path::{Path, path_of};
use super::plan::{Plan, UnknownField};
use super::query_terms::{self, Joined};

/// A condition that stands for a join has this field, and the number of the join behind it.
pub(super) const PLACE: &str = "JOIN.";

/// Subqueries within subqueries; deeper ones are invalid.
const MAX_DEPTH: usize = 5;

/// The joins of a query, each with the test that stands for it. `None`: the join is invalid.
pub(super) struct Joins {
    /// The query with a place for each join.
    pub(super) text: String,
    tests: Vec<Option<Test>>,
    /// What every row must satisfy, whatever group its join stands in.
    always: Vec<Test>,
}

impl Joins {
    pub(super) fn of(
        store: &Store,
        table: TableId,
        text: &str,
        (caller, regime, depth): (&Caller<'_>, InvalidFields, usize),
    ) -> Result<Self, UnknownField> {
        let (text, joined) = query_terms::joins(text);
        let mut joins = Self { text, tests: Vec::new(), always: Vec::new() };
        if depth == MAX_DEPTH {
            joins.tests.resize_with(joined.len(), || None);
            return Ok(joins);
        }
        let own = store.table(table).definition;
        // The values of the joined records, from the last join to the first: a join may start from one before it.
        let mut values: Vec<Option<HashSet<String>>> = Vec::new();
        values.resize_with(joined.len(), || None);
        let mut roots = Vec::new();
        for (number, join) in joined.iter().enumerate().rev() {
            let root = join.left_table.as_deref().is_none_or(|name| own.is_or_extends(name));
            let from =
                joined.iter().take(number).position(|other| Some(&other.right_table) == join.left_table.as_ref());
            if !root && from.is_none() {
                continue;
            }
            let further: Vec<(&str, &HashSet<String>)> = (joined.iter().zip(&values).skip(number + 1))
                .filter(|(next, _)| {
                    next.left_table.as_ref() == Some(&join.right_table) && !own.is_or_extends(&join.right_table)
                })
                .filter_map(|(next, values)| Some((next.left_field.as_str(), values.as_ref()?)))
                .collect();
            let found = matching(store, join, &join.conditions, &further, (caller, regime, depth))?;
            let unconditional = match root && join.spans && !join.conditions.is_empty() {
                true => matching(store, join, "", &further, (caller, regime, depth))?,
                false => None,
            };
            if let Some(slot) = values.get_mut(number) {
                *slot = found;
            }
            roots.push((number, root, unconditional));
        }
        joins.tests.resize_with(joined.len(), || None);
        for (number, root, unconditional) in roots {
            let (Some(join), Some(Some(found))) = (joined.get(number), values.get(number)) else { continue };
            let among = |values: HashSet<String>| {
                let path = field(store, table, &join.left_field)?;
                Some(Test { kind: path.kind(store), path, check: Check::Among(values) })
            };
            let test = match root {
                true => among(found.clone()),
                // The join that it starts from holds its condition.
                false => {
                    path_of(store, table, "sys_id").map(|path| Test { path, kind: Kind::Id, check: Check::Anything })
                }
            };
            joins.always.extend(unconditional.and_then(among));
            if let Some(slot) = joins.tests.get_mut(number) {
                *slot = test;
            }
        }
        Ok(joins)
    }

    /// No joins: a query as it stands.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self { text: String::new(), tests: Vec::new(), always: Vec::new() }
    }

    /// The test of the join that a condition's field stands for; `None` of any other field.
    pub(super) fn test(&self, field: &str) -> Option<Option<Test>> {
        let number: usize = field.strip_prefix(PLACE)?.parse().ok()?;
        Some(self.tests.get(number)?.clone())
    }

    /// Keeps only rows that have their counterparts: "the joins always occur", also those that stand behind `^OR` and `^NQ`.
    pub(super) fn narrow(self, any: &mut [Vec<Vec<Test>>]) {
        for all in any {
            all.extend(self.always.iter().map(|test| vec![test.clone()]));
        }
    }
}

/// The values by which records of the other table meet the conditions and have counterparts of their own. `None` if the table or a
/// field does not exist.
fn matching(
    store: &Store,
    join: &Joined,
    conditions: &str,
    further: &[(&str, &HashSet<String>)],
    (caller, regime, depth): (&Caller<'_>, InvalidFields, usize),
) -> Result<Option<HashSet<String>>, UnknownField> {
    let mut found = HashSet::new();
    let Some(named) = store.find(&join.right_table) else { return Ok(None) };
    let Some(value) = field(store, named, &join.right_field) else { return Ok(None) };
    let plan = Plan::within(store, named, conditions, (caller, regime, depth + 1))?;
    let next: Option<Vec<(Path, &HashSet<String>)>> =
        further.iter().map(|(name, values)| Some((field(store, named, name)?, *values))).collect();
    let Some(next) = next else { return Ok(Some(found)) };
    for row in store.rows(named) {
        let value = value.value(store, row);
        if !value.is_empty()
            && plan.holds(store, row)
            && next.iter().all(|(path, values)| values.contains(path.value(store, row)))
        {
            found.insert(value.to_owned());
        }
    }
    Ok(Some(found))
}

/// A field of the table itself: tables are not joined through references, nor by passwords.
fn field(store: &Store, table: TableId, name: &str) -> Option<Path> {
    path_of(store, table, name).filter(|path| path.direct().is_some() && path.kind(store) != Kind::Secret)
}
