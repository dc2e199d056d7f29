//! Rows are looked up a handful ahead of being tested: an index jumps about in memory, and a processor fetches many places at once
//! only when none waits for what another's test says.

use crate::store::RowId;

/// So many rows at a time: more than a processor fetches at once, fewer than its nearest memory holds.
const HANDFUL: usize = 64;

/// The same rows in the same order, each fetched before it is given.
pub(super) struct Ahead<'a> {
    rows: &'a mut dyn Iterator<Item = RowId>,
    fetch: &'a dyn Fn(&[RowId]),
    handful: Vec<RowId>,
    given: usize,
}

impl<'a> Ahead<'a> {
    pub(super) fn of(rows: &'a mut dyn Iterator<Item = RowId>, fetch: &'a dyn Fn(&[RowId])) -> Self {
        Self { rows, fetch, handful: Vec::with_capacity(HANDFUL), given: 0 }
    }
}

impl Iterator for Ahead<'_> {
    type Item = RowId;

    fn next(&mut self) -> Option<RowId> {
        if self.given == self.handful.len() {
            self.handful.clear();
            self.handful.extend(self.rows.take(HANDFUL));
            self.given = 0;
            (self.fetch)(&self.handful);
        }
        let row = self.handful.get(self.given).copied();
        self.given += usize::from(row.is_some());
        row
    }
}
