//! Prepares a query tree for one table: handles unknown fields, resolves conditions, decides the order.

use sysparm::query::{Condition, Either, Order, Query};

use crate::store::{Kind, RowId, Store, TableId};
use crate::switches::InvalidFields;

use super::caller::Caller;
use super::check::Test;
use super::joins::Joins;
use super::path::{Path, path_of};

/// The conditions and the order of a search.
pub(crate) struct Plan {
    /// `any` of `all` of `either`. Without a group every row matches.
    pub(crate) any: Vec<Vec<Vec<Test>>>,
    pub(crate) order: Vec<Key>,
    /// Whether no row can match, because invalid queries return no rows.
    pub(crate) nothing: bool,
}

/// One term of the order.
pub(crate) struct Key {
    pub(crate) path: Path,
    pub(crate) kind: Kind,
    pub(crate) descending: bool,
}

/// The query names an unknown field, and the instance is configured to refuse that.
pub(crate) struct UnknownField;

impl Plan {
    /// Resolves a query. Depending on the instance's configuration, an invalid condition is dropped, empties the result or is
    /// refused (`glide.invalid_query.returns_no_rows`; tables with strict access rules refuse).
    pub(crate) fn of(
        store: &Store,
        table: TableId,
        text: &str,
        caller: &Caller<'_>,
        regime: InvalidFields,
    ) -> Result<Self, UnknownField> {
        Self::within(store, table, text, (caller, regime, 0))
    }

    /// Like [`Plan::of`], for a query within as many others as `depth` says.
    pub(super) fn within(
        store: &Store,
        table: TableId,
        text: &str,
        (caller, regime, depth): (&Caller<'_>, InvalidFields, usize),
    ) -> Result<Self, UnknownField> {
        let joins = Joins::of(store, table, text, (caller, regime, depth))?;
        let known = |field: &str| path_of(store, table, field).is_some() || joins.test(field).is_some();
        let (query, dropped) = Query::parse_leniently(&joins.text, &known);
        Self::with_joins(store, table, (&query, joins, !dropped.is_empty()), caller, regime)
    }

    /// Whether a row matches.
    pub(super) fn holds(&self, store: &Store, row: RowId) -> bool {
        let all = |all: &Vec<Vec<Test>>| all.iter().all(|either| either.iter().any(|test| test.holds(store, row)));
        !self.nothing && (self.any.is_empty() || self.any.iter().any(all))
    }

    /// Like [`Plan::of`], for a parsed query.
    #[cfg(test)]
    pub(super) fn of_tree(
        store: &Store,
        table: TableId,
        query: &Query,
        caller: &Caller<'_>,
        regime: InvalidFields,
    ) -> Result<Self, UnknownField> {
        Self::with_joins(store, table, (query, Joins::none(), false), caller, regime)
    }

    /// `invalid` means that part of the query's text was dropped.
    fn with_joins(
        store: &Store,
        table: TableId,
        (query, joins, mut invalid): (&Query, Joins, bool),
        caller: &Caller<'_>,
        regime: InvalidFields,
    ) -> Result<Self, UnknownField> {
        let mut any = Vec::new();
        for group in &query.any {
            let test = |condition: &Condition| {
                joins.test(&condition.field).unwrap_or_else(|| Test::of(store, table, condition, caller))
            };
            let (all, dropped) = tests_of(&group.all, test);
            invalid |= dropped;
            any.push(all);
        }
        joins.narrow(&mut any);
        // Rows of other domains are invisible, not an error, and are not counted either.
        if let Some(test) = caller.domain.and_then(|domain| domain.test(store, table)) {
            if any.is_empty() {
                any.push(Vec::new());
            }
            any.iter_mut().for_each(|all| all.push(vec![test.clone()]));
        }
        let mut order = Vec::new();
        for Order { field, descending } in &query.order_by {
            match path_of(store, table, field) {
                // The order of encrypted values says nothing about the passwords.
                Some(path) if path.kind(store) == Kind::Secret => {}
                Some(path) => order.push(Key { kind: path.kind(store), path, descending: *descending }),
                None => invalid = true,
            }
        }
        if invalid && regime == InvalidFields::Forbid {
            return Err(UnknownField);
        }
        Ok(Self { any, order, nothing: invalid && regime == InvalidFields::NoRows })
    }
}

/// The tests of conditions, without those that are invalid, and whether any condition or part of one is.
pub(super) fn tests_of(all: &[Either], test: impl Fn(&Condition) -> Option<Test>) -> (Vec<Vec<Test>>, bool) {
    let (mut tests, mut invalid) = (Vec::new(), false);
    for Either { either } in all {
        let resolved: Vec<Test> = either.iter().filter_map(&test).collect();
        invalid |= resolved.len() < either.len() || resolved.iter().any(Test::is_partly_invalid);
        if !resolved.is_empty() {
            tests.push(resolved);
        }
    }
    (tests, invalid)
}
