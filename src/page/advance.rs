//! Where a walk stands behind a page: behind its last row, or so many places further in the same window.

use super::evidence::Doubt;
use super::keyset::Position;
use super::types::{Page, Pagination, RowKeys};
use super::walk::{Part, Walk};

impl Walk {
    /// The row that the next window lies behind, if this page has one that can be a bound.
    pub(super) fn behind(&self, page: &Page<'_>) -> Option<Position> {
        let key = self.key.as_ref().filter(|_| self.pagination == Pagination::Keyset)?;
        let last = page.last.filter(|last| page.rows > 0 && !last.id.is_empty())?;
        let position = Position { value: last.value.to_owned(), id: last.id.to_owned() };
        let empties = match self.part {
            Part::Whole => key.field.is_some() && position.value.is_empty(),
            part => part == Part::Empty,
        };
        key.bound(&position, empties).map(|_| position)
    }

    pub(super) fn is_out_of_order(&self, first: &RowKeys<'_>, rows: u64, last: &Position) -> bool {
        let Some(key) = &self.key else { return false };
        let first = Position { value: first.value.to_owned(), id: first.id.to_owned() };
        let empties = self.part == Part::Empty || self.part == Part::Whole && last.value.is_empty();
        // Rows with an empty field stand before or behind the others, as the database likes it.
        let comparable = self.part != Part::Whole || first.value.is_empty() == last.value.is_empty();
        let backwards = |one: &Position, other: &Position| !key.may_follow(one, other, empties);
        comparable && rows > 1 && backwards(&first, last)
            || self.after.as_ref().is_some_and(|after| backwards(after, &first))
    }

    /// Stands behind the last row, or steps over a page that showed none.
    pub(super) fn go_on(&mut self, page: &Page<'_>, behind: Option<Position>, step: u64) {
        let Some(behind) = behind else {
            self.offset = self.offset.saturating_add(step);
            self.window = page.counted.or(self.window);
            self.saw_rows_without_key |= page.rows > 0;
            // By number a row that is changed leaves its place for another in the same window, and the count does not show it.
            let stays =
                self.pagination != Pagination::Keyset || self.key_field().is_none() || !self.range.to.is_empty();
            if page.rows > 0 && !stays && self.part != Part::Empty {
                self.doubts(Doubt::Moved);
            }
            return;
        };
        if self.after.is_none() && self.part == Part::Whole {
            self.first_window = Some(self.offset.saturating_add(step));
        }
        if self.part == Part::Whole && self.key_field().is_some() {
            let first_is_empty = page.first.is_none_or(|first| first.value.is_empty());
            (self.part, self.then) = match (first_is_empty, behind.value.is_empty()) {
                // Empty fields stood first, and have been passed.
                (true, false) => (Part::Filled, None),
                (false, false) => (Part::Filled, Some(Part::Empty)),
                (true, true) => (Part::Empty, Some(Part::Filled)),
                // They stand last, and the filled ones have been passed.
                (false, true) => (Part::Empty, None),
            };
        }
        self.after = Some(behind);
        (self.offset, self.window, self.saw_rows_without_key) = (0, None, false);
    }

    /// Begins the part that follows; false when there is none.
    pub(super) fn next_part(&mut self) -> bool {
        let Some(part) = self.then.take() else { return false };
        (self.part, self.after) = (part, None);
        self.uncounted_part = self.in_parts;
        (self.offset, self.window, self.left, self.saw_rows_without_key) = (0, None, Some(0), false);
        true
    }
}
