//! Prepares a query tree for one table: handles unknown fields, resolves conditions, decides the order.

use std::collections::HashSet;

use sysparm::query::{Order, Query};

use crate::store::{Kind, Store, TableId};
use crate::switches::InvalidFields;

use super::caller::Caller;
use super::check::{Check, Test};
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
        let known = |field: &str| path_of(store, table, field).is_some();
        let (query, dropped) = Query::parse_leniently(text, &known);
        Self::of_tree(store, table, &query, !dropped.is_empty(), caller, regime)
    }

    /// Like [`Plan::of`], for a parsed query. `invalid` means that part of its text was dropped.
    pub(crate) fn of_tree(
        store: &Store,
        table: TableId,
        query: &Query,
        mut invalid: bool,
        caller: &Caller<'_>,
        regime: InvalidFields,
    ) -> Result<Self, UnknownField> {
        let mut any = Vec::new();
        for group in &query.any {
            let mut all = Vec::new();
            for alternatives in &group.all {
                let mut either = Vec::new();
                for condition in &alternatives.either {
                    match Test::of(store, table, condition, caller) {
                        Some(test) => either.push(test),
                        None => invalid = true,
                    }
                }
                if !either.is_empty() {
                    all.push(either);
                }
            }
            any.push(all);
        }
        let mut order = Vec::new();
        for Order { field, descending } in &query.order_by {
            match path_of(store, table, field) {
                Some(path) => order.push(Key { kind: path.kind(store), path, descending: *descending }),
                None => invalid = true,
            }
        }
        if invalid && regime == InvalidFields::Forbid {
            return Err(UnknownField);
        }
        Ok(Self { any, order, nothing: invalid && regime == InvalidFields::NoRows })
    }

    /// Keeps only rows whose column holds one of these values. Does nothing for a table without the column.
    pub(crate) fn narrow(&mut self, store: &Store, table: TableId, column: &str, values: &HashSet<String>) {
        let Some(path) = path_of(store, table, column) else { return };
        if self.any.is_empty() {
            self.any.push(Vec::new());
        }
        for all in &mut self.any {
            all.push(vec![Test { path: path.clone(), kind: path.kind(store), check: Check::Among(values.clone()) }]);
        }
    }
}
