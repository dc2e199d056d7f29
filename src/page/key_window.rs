//! The rows that are left behind the last row that showed its key.
//!
//! ```text
//!           a row with its field filled came last
//!  Whole ------------------------------------------> Filled --its end--> Empty --its end--> over
//!    |   `--a row with its field empty came last---> Empty ---its end--> Filled (if not read yet)
//!    `--the count shows that these were all--> over
//! ```

use super::hidden_range::{keys_left, range_end};
use super::keyset::{Key, Position};
use super::types::Page;

/// The part of the table that is read. Rows whose field is empty satisfy no comparison, so they are read apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Filled,
    Empty,
}

#[derive(Debug)]
pub(super) struct KeyWindow {
    pub(super) part: Part,
    /// The part that follows.
    then: Option<Part>,
    /// The last row that showed its key.
    pub(super) after: Option<Position>,
    /// Whether the first count held one part only. A walk that began with the whole table has counted all.
    counts_parts: bool,
    uncounted: bool,
    /// Where offset pagination would continue, right behind the first window.
    pub(super) offset_behind_first: Option<u64>,
}

impl KeyWindow {
    pub(super) const fn whole(after: Option<Position>) -> Self {
        Self { part: Part::Whole, then: None, after, counts_parts: false, uncounted: false, offset_behind_first: None }
    }

    pub(super) fn filled(after: Option<Position>, empties: bool) -> Self {
        let then = empties.then_some(Part::Empty);
        Self { part: Part::Filled, then, counts_parts: true, ..Self::whole(after) }
    }

    pub(super) fn is_empties(&self) -> bool {
        self.part == Part::Empty
    }

    /// Whether no row has showed its key yet.
    pub(super) fn is_first(&self) -> bool {
        self.after.is_none() && self.part == Part::Whole
    }

    /// Whether this part is in no count yet. It is from now on.
    pub(super) const fn takes_uncounted(&mut self) -> bool {
        core::mem::replace(&mut self.uncounted, false)
    }

    /// Begins the part that follows. False if there is none.
    pub(super) fn next_part(&mut self) -> bool {
        let Some(part) = self.then.take() else { return false };
        (self.part, self.after, self.uncounted) = (part, None, self.counts_parts);
        true
    }

    /// The last row of the page, if it can be a bound.
    pub(super) fn bound(&self, key: &Key, page: &Page<'_>) -> Option<Position> {
        let last = page.last.filter(|last| page.rows > 0 && !last.id.is_empty())?;
        let position = Position { value: last.value.to_owned(), id: last.id.to_owned() };
        let empties = match self.part {
            Part::Whole => key.field.is_some() && position.value.is_empty(),
            part => part == Part::Empty,
        };
        key.bound(&position, empties).map(|_| position)
    }

    /// Whether the page's first or last row contradicts the order.
    pub(super) fn is_out_of_order(&self, key: &Key, page: &Page<'_>, last: &Position) -> bool {
        let Some(first) = page.first else { return false };
        let first = Position { value: first.value.to_owned(), id: first.id.to_owned() };
        let empties = self.is_empties() || self.part == Part::Whole && last.value.is_empty();
        // Rows with an empty field come before or behind the others, depending on the database.
        let comparable = self.part != Part::Whole || first.value.is_empty() == last.value.is_empty();
        let backwards = |one: &Position, other: &Position| !key.may_follow(one, other, empties);
        page.unsorted
            || comparable && page.rows > 1 && backwards(&first, last)
            || self.after.as_ref().is_some_and(|after| backwards(after, &first))
    }

    /// The window behind `row`, the last of a page that ended `offset` places behind the present window's beginning.
    pub(super) fn begins_behind(&mut self, row: Position, key: &Key, page: &Page<'_>, offset: u64) {
        if self.is_first() {
            self.offset_behind_first = Some(offset);
        }
        if self.part == Part::Whole && key.field.is_some() {
            let first_is_empty = page.first.is_none_or(|first| first.value.is_empty());
            (self.part, self.then) = match (first_is_empty, row.value.is_empty()) {
                // Empty fields came first and have been read.
                (true, false) => (Part::Filled, None),
                (false, false) => (Part::Filled, Some(Part::Empty)),
                (true, true) => (Part::Empty, Some(Part::Filled)),
                // They come last, and the filled ones have been read.
                (false, true) => (Part::Empty, None),
            };
        }
        self.after = Some(row);
    }

    /// How many keys follow, by their first digits.
    pub(super) fn keys_left(&self, descending: bool) -> u64 {
        keys_left(self.after.as_ref(), descending)
    }

    /// The last key of a range of this width.
    pub(super) fn range_end(&self, width: u64, descending: bool) -> String {
        range_end(self.keys_left(descending).saturating_sub(width), descending)
    }
}
