//! Finds the range of an index that a query's conditions leave, so that no more rows are read than by a database.

use std::cmp::Ordering;
use std::ops::Range;

use crate::store::{RowId, SYS_ID, Store, TableId, compare};

use super::check::{Check, Test};
use super::plan::Plan;

/// The rows to read, and the order in which they are delivered.
pub(super) struct Source {
    pub(super) index: Option<usize>,
    pub(super) range: Range<usize>,
    /// The conditions (of the only group) that the range already satisfies.
    pub(super) settled: Vec<usize>,
    pub(super) give: Traversal,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Traversal {
    Forward,
    Backward,
    /// From the last value to the first, with the rows of each value by ascending `sys_id`.
    BackwardByRuns(usize),
    Unordered,
    Sorted,
}

/// The columns that the query's only group compares with one value.
pub(super) fn equality_columns(plan: &Plan) -> Vec<usize> {
    let [all] = plan.any.as_slice() else {
        return Vec::new();
    };
    let column = |either: &Vec<Test>| match either.as_slice() {
        [Test { path, check: Check::Is(_), .. }] => path.direct(),
        _ => None,
    };
    all.iter().filter_map(column).collect()
}

/// The range of a column's index that the conditions leave. With several `^NQ` groups it covers the range of each group.
pub(super) fn index_range(store: &mut Store, table: TableId, plan: &Plan, column: usize, give: Traversal) -> Source {
    store.ordered(table, column);
    let store = &*store;
    let index = store.index(table, column);
    let mut span: Option<Range<usize>> = None;
    let mut settled = Vec::new();
    for all in &plan.any {
        let mut range = 0..index.len();
        for (number, either) in all.iter().enumerate() {
            if let [test] = either.as_slice()
                && test.path.direct() == Some(column)
                && let Some(bound) = bound(store, index, column, test)
            {
                range = range.start.max(bound.start)..range.end.min(bound.end);
                if plan.any.len() == 1 {
                    settled.push(number);
                }
            }
        }
        for (number, either) in all.iter().enumerate() {
            if let Some(kept) = beyond(store, index, column, either, &range) {
                range = kept;
                if plan.any.len() == 1 {
                    settled.push(number);
                }
            }
        }
        range.end = range.end.max(range.start);
        span = Some(match span {
            None => range,
            Some(span) => span.start.min(range.start)..span.end.max(range.end),
        });
    }
    Source { index: Some(column), range: span.unwrap_or(0..index.len()), settled, give }
}

/// The range of an index that satisfies a condition on its column.
fn bound(store: &Store, index: &[RowId], column: usize, test: &Test) -> Option<Range<usize>> {
    let place = |operand: &str, or_equal: bool| {
        index.partition_point(|row| match compare(test.kind, store.text(*row, column), operand) {
            Ordering::Less => true,
            Ordering::Equal => or_equal,
            Ordering::Greater => false,
        })
    };
    // Empty values come first and satisfy no comparison.
    let filled = || place("", true);
    Some(match &test.check {
        Check::Is(operand) => place(operand, false)..place(operand, true),
        Check::Less(operand) => filled()..place(operand, false),
        Check::AtMost(operand) => filled()..place(operand, true),
        Check::Greater(operand) => place(operand, true).max(filled())..index.len(),
        Check::AtLeast(operand) => place(operand, false).max(filled())..index.len(),
        Check::Between(low, high) => place(low, false).max(filled())..place(high, true),
        Check::Empty => 0..filled(),
        Check::NotEmpty => filled()..index.len(),
        _ => return None,
    })
}

/// The rest of a range after a row of keyset pagination. `sys_updated_on>T^ORsys_id>I` alone does not bound an index. In a range
/// that begins no earlier than `T` it leaves all rows after that row, because ties are sorted by `sys_id`. The same holds for
/// `<` towards the beginning.
fn beyond(
    store: &Store,
    index: &[RowId],
    column: usize,
    either: &[Test],
    range: &Range<usize>,
) -> Option<Range<usize>> {
    let [first, second] = either else { return None };
    if first.path.direct() != Some(column) || second.path.direct() != Some(SYS_ID) || column == SYS_ID {
        return None;
    }
    let place = |value: &str, id: Option<(&str, bool)>| {
        index.partition_point(|row| {
            let order = compare(first.kind, store.text(*row, column), value);
            let tie = |(id, or_equal)| match store.text(*row, SYS_ID).cmp(id) {
                Ordering::Equal => or_equal,
                order => order.is_lt(),
            };
            order.is_lt() || order.is_eq() && id.is_some_and(tie)
        })
    };
    match (&first.check, &second.check) {
        (Check::Greater(value), Check::Greater(id)) if range.start >= place(value, None) => {
            Some(range.start.max(place(value, Some((id, true))))..range.end)
        }
        (Check::Less(value), Check::Less(id)) => {
            let ties_end = index.partition_point(|row| compare(first.kind, store.text(*row, column), value).is_le());
            // Empty values satisfy no comparison but may have a smaller `sys_id`. The test of rows handles them.
            let filled = index.partition_point(|row| store.text(*row, column).is_empty());
            let known = range.end <= ties_end && range.start >= filled;
            known.then(|| range.start..range.end.min(place(value, Some((id, false)))))
        }
        _ => None,
    }
}
