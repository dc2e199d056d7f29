//! The rows of a table in the order of one column, ties by `sys_id`: a total order, so that every place is well defined.

use std::cmp::Ordering;

use super::compare::compare;
use super::schema::Kind;
use super::table::RowId;
use super::texts::{Text, Texts};

/// What an order is made of.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    pub(super) texts: &'a Texts,
    pub(super) kind: Kind,
    pub(super) cells: &'a [Text],
    pub(super) ids: &'a [Text],
}

impl Keys<'_> {
    fn cell(cells: &[Text], row: RowId) -> Text {
        cells.get(row as usize).copied().unwrap_or_default()
    }

    fn order(&self, left: RowId, right: RowId) -> Ordering {
        let (a, b) = (Self::cell(self.cells, left), Self::cell(self.cells, right));
        let by_value = if a == b { Ordering::Equal } else { compare(self.kind, self.texts.of(a), self.texts.of(b)) };
        by_value.then_with(|| {
            let (a, b) = (Self::cell(self.ids, left), Self::cell(self.ids, right));
            self.texts.of(a).cmp(self.texts.of(b))
        })
    }
}

/// The rows in order.
#[derive(Default)]
pub(super) struct Index {
    pub(super) rows: Vec<RowId>,
}

impl Index {
    pub(super) fn of(mut rows: Vec<RowId>, keys: Keys<'_>) -> Self {
        rows.sort_unstable_by(|left, right| keys.order(*left, *right));
        Self { rows }
    }

    pub(super) fn put(&mut self, row: RowId, keys: Keys<'_>) {
        let at = self.rows.partition_point(|other| keys.order(*other, row).is_lt());
        self.rows.insert(at, row);
    }

    /// Takes a row out; its cells must still hold what it was put in with.
    pub(super) fn take(&mut self, row: RowId, keys: Keys<'_>) {
        let at = self.rows.partition_point(|other| keys.order(*other, row).is_lt());
        if self.rows.get(at) == Some(&row) {
            self.rows.remove(at);
        }
    }
}
