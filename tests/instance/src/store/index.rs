//! An index: the rows of a table and of those that extend it, in the order of one column, ties by `sys_id`, which makes the order
//! total.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Store;
use super::compare::compare;
use super::row_id::RowId;
use super::schema::Kind;
use super::table::SYS_ID;
use super::texts::Text;

/// The keys of an order.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    pub(super) store: &'a Store,
    pub(super) kind: Kind,
    pub(super) column: usize,
}

impl Keys<'_> {
    fn cell(&self, row: RowId) -> Text {
        self.store.cell(row, self.column)
    }

    fn by_value(&self, left: Text, right: Text) -> Ordering {
        if left == right {
            return Ordering::Equal;
        }
        compare(self.kind, self.store.texts.of(left), self.store.texts.of(right))
    }

    fn order(&self, left: RowId, right: RowId) -> Ordering {
        let id = |row| self.store.text(row, SYS_ID);
        self.by_value(self.cell(left), self.cell(right)).then_with(|| id(left).cmp(id(right)))
    }
}

/// The rows in order.
#[derive(Default)]
pub(super) struct Index {
    pub(super) rows: Vec<RowId>,
}

impl Index {
    /// Sorts these rows. Rows of equal value keep their order. Sorts distinct texts instead of rows, because most columns
    /// have few of them.
    #[allow(
        clippy::indexing_slicing,
        reason = "texts are numbered without gaps, a rank is below the number of ranks, and as many rows are put as counted"
    )]
    pub(super) fn of(rows: Vec<RowId>, keys: Keys<'_>) -> Self {
        let mut ranks = vec![0_u32; keys.store.texts.len()];
        let mut distinct = Vec::new();
        for row in &rows {
            let text = keys.cell(*row);
            if core::mem::replace(&mut ranks[text.number()], 1) == 0 {
                distinct.push(text);
            }
        }
        distinct.sort_unstable_by(|left, right| keys.by_value(*left, *right));
        let mut starts = Vec::new();
        for same in distinct.chunk_by(|left, right| keys.by_value(*left, *right).is_eq()) {
            for text in same {
                ranks[text.number()] = u32::try_from(starts.len()).unwrap_or(u32::MAX);
            }
            starts.push(0_usize);
        }
        let rank_of = |row: &RowId| ranks[keys.cell(*row).number()] as usize;
        starts.push(0);
        for row in &rows {
            starts[rank_of(row) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut sorted = vec![RowId::default(); rows.len()];
        for row in &rows {
            let place = &mut starts[rank_of(row)];
            sorted[*place] = *row;
            *place += 1;
        }
        Self { rows: sorted }
    }

    /// Merges lists; the borrowed ones are in order already. A table has mostly one large part, so the rows of all others are put into
    /// the largest ordered one: that compares a few of its rows with each of them instead of reading all.
    pub(super) fn of_parts(parts: &[Cow<'_, [RowId]>], keys: Keys<'_>) -> Self {
        let ordered = parts.iter().enumerate().filter(|(_, part)| matches!(part, Cow::Borrowed(_)));
        let largest = ordered.max_by_key(|(_, part)| part.len()).map(|(place, _)| place);
        let mut others: Vec<RowId> = Vec::new();
        let mut base: &[RowId] = &[];
        for (place, part) in parts.iter().enumerate() {
            match Some(place) == largest {
                true => base = part,
                false => others.extend_from_slice(part),
            }
        }
        // The standard library's stable sort finds what is in order.
        others.sort_by(|left, right| keys.order(*left, *right));
        let mut rows = Vec::with_capacity(base.len() + others.len());
        for other in others {
            let (before, after) = base.split_at(rows_before(base, |row| keys.order(*row, other).is_lt()));
            rows.extend_from_slice(before);
            rows.push(other);
            base = after;
        }
        rows.extend_from_slice(base);
        Self { rows }
    }

    pub(super) fn put(&mut self, row: RowId, keys: Keys<'_>) {
        let at = self.rows.partition_point(|other| keys.order(*other, row).is_lt());
        self.rows.insert(at, row);
    }

    /// Removes a row. Its cells must still hold the values of its insertion.
    pub(super) fn take(&mut self, row: RowId, keys: Keys<'_>) {
        let at = self.rows.partition_point(|other| keys.order(*other, row).is_lt());
        if self.rows.get(at) == Some(&row) {
            self.rows.remove(at);
        }
    }
}

/// The number of rows at the beginning that satisfy a condition, where none after them does. Looks at rows at growing distances first: the
/// end is mostly near.
fn rows_before(rows: &[RowId], holds: impl Fn(&RowId) -> bool) -> usize {
    let mut end = 1;
    while rows.get(end - 1).is_some_and(&holds) {
        end *= 2;
    }
    let start = end / 2;
    let open = rows.get(start..end.min(rows.len())).unwrap_or_default();
    start + open.partition_point(holds)
}
