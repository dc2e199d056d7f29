//! The rows of a table in the order of one column, ties by `sys_id`: a total order, so that every place is well defined.

use std::cmp::Ordering;

use hashbrown::HashMap;

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
    /// The order of these rows; those of equal value stay as they stand. Distinct texts are sorted, not rows: most columns
    /// have few of them.
    #[allow(
        clippy::indexing_slicing,
        reason = "a rank is below the number of ranks, and as many rows are put as counted"
    )]
    pub(super) fn of(rows: Vec<RowId>, keys: Keys<'_>) -> Self {
        let mut rank: HashMap<Text, u32> = HashMap::new();
        for row in &rows {
            rank.insert(Keys::cell(keys.cells, *row), 0);
        }
        let mut distinct: Vec<Text> = rank.keys().copied().collect();
        distinct.sort_unstable_by(|left, right| compare(keys.kind, keys.texts.of(*left), keys.texts.of(*right)));
        let mut starts = Vec::with_capacity(distinct.len() + 1);
        for texts in
            distinct.chunk_by(|left, right| compare(keys.kind, keys.texts.of(*left), keys.texts.of(*right)).is_eq())
        {
            for text in texts {
                rank.insert(*text, u32::try_from(starts.len()).unwrap_or(u32::MAX));
            }
            starts.push(0_usize);
        }
        let rank_of = |row: &RowId| rank.get(&Keys::cell(keys.cells, *row)).map_or(0, |rank| *rank as usize);
        starts.push(0);
        for row in &rows {
            starts[rank_of(row) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut sorted = vec![0; rows.len()];
        for row in &rows {
            let place = &mut starts[rank_of(row)];
            sorted[*place] = *row;
            *place += 1;
        }
        Self { rows: sorted }
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
