//! Loads a few rows into the processor's cache before they are tested. The rows of an index are scattered in memory, and a processor
//! loads many places at once only if no load depends on the test of another row.

use crate::store::RowId;

/// Rows per batch: more than a processor loads at once, fewer than its first-level cache holds.
const PREFETCH_ROWS: usize = 64;

/// The same rows in the same order, each loaded before it is returned.
pub(super) struct Prefetch<'a> {
    rows: &'a mut dyn Iterator<Item = RowId>,
    fetch: &'a dyn Fn(&[RowId]),
    handful: Vec<RowId>,
    given: usize,
}

impl<'a> Prefetch<'a> {
    pub(super) fn of(rows: &'a mut dyn Iterator<Item = RowId>, fetch: &'a dyn Fn(&[RowId])) -> Self {
        Self { rows, fetch, handful: Vec::with_capacity(PREFETCH_ROWS), given: 0 }
    }
}

impl Iterator for Prefetch<'_> {
    type Item = RowId;

    fn next(&mut self) -> Option<RowId> {
        if self.given == self.handful.len() {
            self.handful.clear();
            self.handful.extend(self.rows.take(PREFETCH_ROWS));
            self.given = 0;
            (self.fetch)(&self.handful);
        }
        let row = self.handful.get(self.given).copied();
        self.given += usize::from(row.is_some());
        row
    }
}
