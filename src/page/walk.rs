//! The walk through a table to its last row: by key where the instance allows it, by number otherwise.
//!
//! ```text
//!           a row with its field filled came last
//!  Whole ------------------------------------------> Filled --its end--> Empty --its end--> over
//!    |   `--a row with its field empty came last---> Empty ---its end--> Filled (if not passed yet)
//!    |--the count says that this was all--> over
//!    `--the instance forbids the order or the range--> by number, in the same window
//! ```
//!
//! Each page is a window behind the last row seen ([`super::keyset`]), so a row that others insert or delete moves nothing, and the
//! last page costs what the first did. Where access rules leave a page empty, no row tells where it ended: the walk steps over it
//! by offset inside the window until rows show or the window ends, and then asks for the window up to there once more in one piece: rows
//! that leave or change meanwhile move those behind them past an offset, and one that leaves and one that arrives do not even show in
//! the count, but nothing slips past a page that begins at the window. A piece holds 10,000 rows at most. A longer stretch is read in
//! ranges of its keys in the order of `sys_id` ([`super::hidden_range`]). In another order the counts of two steps have to do: one that shrank
//! means that rows left the window, and the step is taken again from so many rows earlier; that proves something where an upper end keeps
//! out what changes. Nothing else ends a walk but a count that says that the window has no more, so an empty or short page never does.
//! (Rejected: growing pages instead of steps. They would bring more rows at once than the caller asks for.)
//!
//! What the walk can promise depends on the [`Pagination`] it had to take, and [`Pagination::caveat`] says it.
//!
//! How the machine of calls drives it: ask for [`Walk::path`], hand the number of rows, the count and the keys of the first and the
//! last row to [`Walk::received`], give the caller as many rows as that says, and go on until `more` is false. When a page fails,
//! tell [`Walk::failed`] what [`PageError::of`] makes of the diagnosis's code; ask again when it says so, and fail when it does not.
//! Who wants to ask ahead takes [`Walk::path_ahead`]. By number an answer is good as long as its path is the one that is due; by key
//! as long as [`Walk::joins`] says so.

use super::ahead::Ahead;
use super::evidence::{Check, Counts, Doubt};
use super::keyset::{Key, Position};
use super::page_size::PageSize;
use super::reading::{LARGEST_PAGE, Reading};
use super::types::{Page, Pagination, Progress, Range};
use crate::query::Branches;
use crate::request::DisplayValue;

/// A walk ends here whatever the instance says.
const MOST_PAGES: u64 = 1_000_000;

/// A step is taken again so many times in a row; then rows leave faster than they can be read.
const MOST_STEPS_AGAIN: u8 = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Filled,
    Empty,
}

/// Where a walk stands.
#[derive(Debug)]
pub struct Walk {
    pub(super) reading: Reading,
    pub(super) branches: Option<Branches>,
    /// None for an order that no key can follow.
    pub(super) key: Option<Key>,
    pub(super) pagination: Pagination,
    pub(super) range: Range,
    pub(super) part: Part,
    /// The part that follows this one.
    pub(super) then: Option<Part>,
    pub(super) after: Option<Position>,
    /// Rows stepped over inside the window, and the window's rows when it was last counted.
    pub(super) offset: u64,
    pub(super) window: Option<u64>,
    /// So many rows from the window's beginning come next, in one piece; and how many an instance can give at once.
    pub(super) piece: Option<u64>,
    pub(super) largest_piece: u64,
    pub(super) piece_failed: bool,
    /// How wide the range of keys is that comes next, if one does, and whether a stretch can be divided into ranges ([`super::hidden_range`]).
    pub(super) width: u64,
    pub(super) divisible: bool,
    /// Rows that may be left, by the last count.
    pub(super) left: Option<u64>,
    /// Where reading by number would go on, as long as the first window has only just been left.
    pub(super) first_window: Option<u64>,
    /// Whether rows came in this window that cannot be a bound, so that a step taken again would bring them twice.
    pub(super) saw_rows_without_key: bool,
    pub(super) size: PageSize,
    pub(super) ahead: Ahead,
    pub(super) recount: bool,
    pub(super) steps_again: u8,
    pub(super) pages: u64,
    pub(super) came: u64,
    pub(super) seen: u64,
    pub(super) total: Option<u64>,
    /// Whether the walk began with a part, and the part just begun is in no count yet: a walk that began with the whole table has
    /// counted all.
    pub(super) in_parts: bool,
    pub(super) uncounted_part: bool,
    /// Why it does not promise that every row came ([`super::evidence`]).
    pub(super) doubt: Option<Doubt>,
    pub(super) counts: Counts,
    pub(super) check: Option<Check>,
    /// Places asked for that showed no row. A piece shows those again that were stepped over, so they count once.
    pub(super) unfilled: u64,
    /// The first row of the last page that was kept, and how many pages in a row began with it since.
    pub(super) began: Option<Position>,
    pub(super) repeats: u8,
    /// Whether the page that comes next was asked for ahead, by key.
    pub(super) joined: bool,
    /// Whether the walk began behind a row.
    pub(super) resumed: bool,
    pub(super) ranges_forbidden: bool,
    /// The first row of all, rows that pages ended with, and how many checks of them were made.
    pub(super) origin: Option<String>,
    pub(super) ends: Vec<String>,
    pub(super) checks: u8,
    pub(super) ended: bool,
}

impl Walk {
    /// A walk through a reading that was checked. It goes by key if the query's order allows it; `known` vouches that the field
    /// of that order is sorted as it is compared, which is not so for references and choices.
    #[must_use]
    pub fn new(reading: Reading, known: bool) -> Self {
        let branches = Branches::of(&reading.query);
        let key = branches.as_ref().and_then(|branches| Key::of(branches.order(), known));
        // A label is in the user's own time zone and language: no position in the table.
        let key = key.filter(|key| key.field.is_none() || reading.display_value != DisplayValue::Label);
        let pagination = if key.is_some() { Pagination::Keyset } else { Pagination::Offset };
        Self::begin(reading, branches, key, pagination)
    }

    /// A walk by number through a reading that was checked, in its query's own order and `sys_id`.
    #[must_use]
    pub fn by_offset(reading: Reading) -> Self {
        let branches = Branches::of(&reading.query);
        Self::begin(reading, branches, None, Pagination::Offset)
    }

    /// A walk by this key through a part of the table, from behind `after` if that is given. None when the query's groups are not
    /// certain, so that no bound can be put into them.
    #[must_use]
    pub fn within(reading: Reading, key: Key, range: Range, after: Option<Position>, empties: bool) -> Option<Self> {
        let branches = Branches::of(&reading.query)?;
        let filled = key.field.is_some();
        let mut walk = Self::begin(reading, Some(branches), Some(key), Pagination::Keyset);
        walk.range = range;
        walk.resumed = after.is_some();
        walk.after = after;
        if filled {
            walk.part = Part::Filled;
            walk.in_parts = true;
            walk.then = empties.then_some(Part::Empty);
        }
        Some(walk)
    }

    fn begin(reading: Reading, branches: Option<Branches>, key: Option<Key>, pagination: Pagination) -> Self {
        let ended = reading.limit == 0;
        let size = PageSize::new(reading.page_size.min(reading.limit), reading.page_size);
        Self {
            reading,
            branches,
            key,
            pagination,
            range: Range::default(),
            part: Part::Whole,
            then: None,
            after: None,
            offset: 0,
            window: None,
            piece: None,
            largest_piece: LARGEST_PAGE,
            piece_failed: false,
            width: 0,
            divisible: true,
            left: None,
            first_window: None,
            saw_rows_without_key: pagination != Pagination::Keyset,
            size,
            ahead: Ahead::new(),
            recount: false,
            steps_again: 0,
            pages: 0,
            came: 0,
            seen: 0,
            total: None,
            in_parts: false,
            uncounted_part: false,
            doubt: None,
            counts: Counts::Untried,
            check: None,
            unfilled: 0,
            began: None,
            repeats: 0,
            joined: false,
            resumed: false,
            ranges_forbidden: false,
            origin: None,
            ends: vec![],
            checks: 0,
            ended,
        }
    }

    /// How the walk goes, as far as it has come.
    #[must_use]
    pub const fn pagination(&self) -> Pagination {
        self.pagination
    }

    /// The field whose stored value stands in [`RowKeys::value`](super::RowKeys::value); none when `sys_id` alone is the key.
    #[must_use]
    pub fn key_field(&self) -> Option<&str> {
        self.key.as_ref()?.field.as_deref()
    }

    /// The last row that the walk stands behind.
    #[must_use]
    pub const fn after(&self) -> Option<&Position> {
        self.after.as_ref()
    }

    /// Whether every row that stays has been handed over, up to where the walk stands.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.doubt.is_none()
    }

    /// Whether it is among the rows whose field is empty.
    #[must_use]
    pub fn reads_empties(&self) -> bool {
        self.part == Part::Empty
    }

    /// A page came.
    pub fn received(&mut self, page: &Page<'_>) -> Progress {
        // A count that was not asked for is the number of rows of the reply (KB0564204).
        let asked = !core::mem::take(&mut self.joined) && self.wants_count(0);
        let page = &Page { counted: page.counted.filter(|_| asked), ..*page };
        self.pages += 1;
        if self.pages >= MOST_PAGES {
            self.doubts(Doubt::Repeated);
            self.ended = true;
        }
        if let Some(told) = self.checked(page) {
            return told;
        }
        let in_range = self.in_range();
        if in_range && let Some(told) = self.range_came(page) {
            return told;
        }
        // What a range counts is no count of the window, but so many places were shown in one piece.
        let piece = self.piece.take().or_else(|| page.counted.filter(|_| in_range));
        let page = &Page { counted: page.counted.filter(|_| !in_range), ..*page };
        let step = piece.unwrap_or_else(|| self.size.rows());
        if piece.is_some() {
            (self.unfilled, self.offset, self.piece_failed) = (self.unfilled.saturating_sub(self.offset), 0, false);
        }
        if let Some(counted) = page.counted {
            if core::mem::take(&mut self.uncounted_part) {
                self.total = self.total.map(|total| total.saturating_add(counted));
            }
            self.total = self.total.or(Some(counted));
            if let Some(slipped) = self.slipped(counted) {
                self.window = Some(counted);
                self.offset = self.offset.saturating_sub(slipped);
                self.steps_again += 1;
                return self.told(0, false);
            }
            if self.saw_rows_without_key && self.window.is_some_and(|window| window != counted) {
                self.doubts(Doubt::Moved);
            }
        } else if page.rows == 0 && self.total.is_some() {
            if !asked {
                // Hidden rows or the end: the count decides.
                self.recount = true;
                return self.told(0, false);
            }
            self.distrust();
        }
        self.recount = false;
        self.steps_again = 0;
        if page.rows == 0 && page.counted.is_some_and(|counted| counted > 0) && self.tries_counts() {
            return self.told(0, false);
        }
        if self.is_repeated(page)
            && let Some(told) = self.repeated(page, step)
        {
            return told;
        }
        if piece.is_none() && !in_range && self.ends_a_stretch(page, step) {
            let whole = self.offset.saturating_add(step);
            if whole <= self.largest_piece {
                self.piece = Some(whole);
                return self.told(0, false);
            }
            if page.counted.is_some_and(|counted| self.divides(counted)) {
                return self.told(0, false);
            }
            // A row that leaves its place for another in the same window does not show in the count: only an upper end keeps it out,
            // which rows with an empty field do not have.
            if self.range.to.is_empty() || self.part == Part::Empty {
                self.doubts(Doubt::Moved);
            }
        }
        let behind = self.behind(page);
        let keys = page.first.as_ref().zip(behind.as_ref());
        if keys.is_some_and(|(first, last)| page.unsorted || self.is_out_of_order(first, page.rows, last)) {
            // The instance left the order out, which it does in silence. Early enough, that costs nothing but the page.
            let offset = if self.came == 0 { Some(0) } else { self.first_window };
            self.by_offset_from(offset, Pagination::Unordered);
            return self.told(0, false);
        }
        self.first_window = None;
        if page.shared {
            self.shares_keys();
        }
        let behind = behind.filter(|_| self.pagination == Pagination::Keyset);
        let keep = page.rows.min(self.reading.limit.saturating_sub(self.seen));
        self.came = self.came.saturating_add(page.rows);
        self.seen = self.seen.saturating_add(keep);
        let places = page.counted.map_or(step, |counted| step.min(counted.saturating_sub(self.offset)));
        self.unfilled = self.unfilled.saturating_add(places.saturating_sub(page.rows));
        if keep > 0 {
            self.notes(page, behind.as_ref());
        }
        if piece.is_none() && page.rows < step {
            self.size.more()
        } else {
            self.size.passed()
        }
        self.ahead.passed(self.size.rows().min(step), self.size.is_full());
        let reached = match page.counted {
            Some(counted) => {
                self.offset.saturating_add(step) >= counted && self.proves_end(page, step, counted, behind.as_ref())
            }
            // Without any count an empty page is the only end there is, and proves nothing.
            None => self.total.is_none() && page.rows == 0,
        };
        if reached && page.counted.is_none() {
            self.doubts(Doubt::Uncounted);
        }
        if page.shared && !reached {
            self.doubts(Doubt::Shared);
        }
        let seen_in_window = if behind.is_some() { page.rows } else { step };
        self.left = page
            .counted
            .map(|counted| counted.saturating_sub(self.offset))
            .or(self.left)
            .map(|left| left.saturating_sub(seen_in_window));
        let over = reached && !self.next_part();
        if !reached {
            self.go_on(page, behind, step);
        }
        if over {
            return self.closes(keep);
        }
        self.ended |= self.seen >= self.reading.limit;
        self.told(keep, false)
    }

    /// Whether steps over what nobody may read end with this page: it shows rows, or the window has no more, or the next step would
    /// make the stretch too long for a piece where it can be divided.
    fn ends_a_stretch(&self, page: &Page<'_>, step: u64) -> bool {
        let stepping = self.pagination == Pagination::Keyset && !self.saw_rows_without_key && self.offset > 0;
        let stepped = self.offset.saturating_add(step);
        let divides = self.divisible && self.key_field().is_none() && stepped > self.largest_piece;
        stepping && (page.rows > 0 || divides || page.counted.is_some_and(|counted| stepped >= counted))
    }

    /// How many rows may have slipped in front of the offset.
    fn slipped(&mut self, counted: u64) -> Option<u64> {
        let gone = self.window?.checked_sub(counted).filter(|gone| *gone > 0)?;
        if self.saw_rows_without_key || self.offset == 0 {
            return None;
        }
        let again = self.steps_again < MOST_STEPS_AGAIN;
        if !again {
            self.doubts(Doubt::Moved);
        }
        again.then_some(gone)
    }

    pub(super) fn told(&self, keep: u64, over: bool) -> Progress {
        let hidden = match self.total {
            // What is missing for another reason is not hidden.
            Some(total) if over && self.doubt < Some(Doubt::Uncounted) && !self.is_unexplained() => {
                Some(total.saturating_sub(self.came))
            }
            _ => None,
        };
        Progress {
            keep,
            seen: self.seen,
            total: self.total,
            hidden,
            complete: over && self.doubt.is_none() && self.came == self.seen,
            more: !self.ended,
        }
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
