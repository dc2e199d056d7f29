//! A query tree made ready for one table: unknown fields settled, conditions resolved, the order decided.

use std::collections::HashSet;

use sysparm::query::{Order, Query};

use crate::store::{Kind, Store, TableId};
use crate::switches::InvalidFields;

use super::caller::Caller;
use super::check::{Check, Test};
use super::path::{Path, path_of};

/// The conditions and the order of a search.
pub(crate) struct Plan {
    /// `any` of `all` of `either`; none at all means every row.
    pub(crate) any: Vec<Vec<Vec<Test>>>,
    pub(crate) order: Vec<Key>,
    /// Whether no row can match, because an invalid query is to return none.
    pub(crate) nothing: bool,
}

/// One term of the order.
pub(crate) struct Key {
    pub(crate) path: Path,
    pub(crate) kind: Kind,
    pub(crate) descending: bool,
}

/// The query names a field that does not exist, and the instance is set to refuse that.
pub(crate) struct UnknownField;

impl Plan {
    /// Resolves a query. What cannot be understood is dropped, empties the result or is refused, as the instance is set
    /// (`glide.invalid_query.returns_no_rows`; the refusal is what tables with tight access rules give).
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

    /// As [`Plan::of`], of a query that is read already; `invalid` when part of its text was dropped.
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

    /// Leaves only the rows whose column holds one of these values; a table without the column stays as it is.
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
