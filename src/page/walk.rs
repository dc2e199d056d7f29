//! The walk through a table to its last row: by key where the instance allows it, by offset otherwise.
//!
//! Each page is a window behind the last row seen ([`super::key_window`]), so a row that others insert or delete moves nothing, and the
//! last page costs what the first did. If access rules leave a page empty, no row tells where it ended. The walk then steps over it
//! by offset inside the window until rows show or the window ends, and requests the window up to there once more in one piece
//! ([`super::next_page`]): rows that leave or change meanwhile move those behind them past an offset, and a simultaneous insert and delete
//! leave the count unchanged, but a page that begins at the window misses nothing. A piece holds 10,000 rows at most. More hidden rows
//! are read in ranges of their keys in the order of `sys_id` ([`super::hidden_range`]). In another order the counts of two steps are
//! compared: if one shrank, rows left the window, and the step is taken again as many rows earlier. That proves completeness where an
//! upper end keeps out rows that change. A walk ends only with a count that says that the window has no more rows, never with an empty
//! or short page alone. (Rejected: growing pages instead of steps. They would hold more rows at once than the caller wants.)
//!
//! What the walk can promise depends on its [`Pagination`] and on the evidence ([`super::evidence`]). [`Walk::caveat`] says what it cannot.
//!
//! How the host drives it: request [`Walk::path`], give the number of rows, the count and the keys of the first and the
//! last row to [`Walk::received`], hand over as many rows as that says, and continue until `more` is false. If a page fails,
//! give [`Walk::failed`] what [`PageError::of`] makes of the diagnosis's code. If it returns true, request again, otherwise fail.
//! To read ahead take [`Walk::path_ahead`]. With offsets a reply is good as long as its path is the one that is due, by key
//! as long as [`Walk::joins`] says so.

use super::cursor::Cursor;
use super::evidence::Doubt;
use super::key_window::{KeyWindow, Part};
use super::keyset::{Key, Position};
use super::next_page::NextPage;
use super::page_query::PageQuery;
use super::read_ahead::ReadAhead;
use super::reading::Reading;
use super::tally::Tally;
use super::types::{MOVING, Page, PageError, Pagination, Progress, Range, RowKeys, STEPPED};
use crate::query::Branches;
use crate::request::DisplayValue;

/// The reading of a query's rows to the last one.
#[derive(Debug)]
pub struct Walk {
    pub(super) cursor: Cursor,
    ahead: ReadAhead,
}

impl Walk {
    /// A walk through a reading that was checked. It goes by key if the query's order allows it. `known`: the caller vouches that the field
    /// of that order is sorted as it is compared, which references and choices are not.
    #[must_use]
    pub fn new(reading: Reading, known: bool) -> Self {
        let branches = Branches::of(&reading.query);
        let key = branches.as_ref().and_then(|branches| Key::of(branches.order(), known));
        // A label is in the user's own time zone and language: no position in the table.
        let key = key.filter(|key| key.field.is_none() || reading.display_value != DisplayValue::Label);
        Self::begin(reading, branches, key, Range::default(), KeyWindow::whole(None))
    }

    /// A walk by offset through a reading that was checked, in its query's own order and `sys_id`.
    #[must_use]
    pub fn by_offset(reading: Reading) -> Self {
        let branches = Branches::of(&reading.query);
        Self::begin(reading, branches, None, Range::default(), KeyWindow::whole(None))
    }

    /// A walk by this key through a part of the table, from behind `after` if that is given. None if the query's groups are not
    /// certain, so that no bound can be put into them.
    #[must_use]
    pub fn within(reading: Reading, key: Key, range: Range, after: Option<Position>, empties: bool) -> Option<Self> {
        let branches = Branches::of(&reading.query)?;
        let by_field = key.field.is_some();
        let window = if by_field { KeyWindow::filled(after, empties) } else { KeyWindow::whole(after) };
        Some(Self::begin(reading, Some(branches), Some(key), range, window))
    }

    fn begin(reading: Reading, branches: Option<Branches>, key: Option<Key>, range: Range, window: KeyWindow) -> Self {
        let pagination = if key.is_some() { Pagination::Keyset } else { Pagination::Offset };
        let resumed = window.after.is_some();
        let query = PageQuery { reading, branches, key, pagination, range, resumed };
        Self { cursor: Cursor::begin(query, window), ahead: ReadAhead::new() }
    }

    /// How the walk goes, as far as it has come.
    #[must_use]
    pub const fn pagination(&self) -> Pagination {
        self.cursor.query.pagination
    }

    /// The field whose stored value stands in [`RowKeys::value`]. None if `sys_id` alone is the key.
    #[must_use]
    pub fn key_field(&self) -> Option<&str> {
        self.cursor.query.key_field()
    }

    /// The last row that the walk stands behind.
    #[must_use]
    pub const fn after(&self) -> Option<&Position> {
        self.cursor.window.after.as_ref()
    }

    /// Whether every row that stays has been handed over, up to where the walk stands.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.cursor.evidence.doubt().is_none()
    }

    /// Whether it is among the rows whose field is empty.
    #[must_use]
    pub fn reads_empties(&self) -> bool {
        self.cursor.window.is_empties()
    }

    /// What the walk cannot promise. None for a walk by key whose rows show their keys and do not move past it. If a
    /// walk ends without being complete, this says why.
    #[must_use]
    pub fn caveat(&self) -> Option<&'static str> {
        let doubt = self.cursor.evidence.doubt();
        if let Some(caveat) = doubt.and_then(Doubt::caveat) {
            return Some(caveat);
        }
        match self.cursor.query.pagination {
            Pagination::Keyset if self.cursor.is_by_offset() => Pagination::Offset.caveat(),
            // A single page shows its rows at one moment.
            Pagination::Keyset if self.cursor.tally.pages > 1 || !self.cursor.ended => {
                let moves = self.cursor.query.key.as_ref().is_some_and(Key::moves);
                if moves { Some(MOVING) } else { doubt.map(|_| STEPPED) }
            }
            pagination => pagination.caveat(),
        }
    }

    /// The encoded query of the next page.
    #[must_use]
    pub fn query(&self) -> String {
        if let Some((check, branches)) = self.cursor.evidence.check().zip(self.cursor.query.branches.as_ref()) {
            return self.cursor.evidence.check_query(check, &self.cursor.query, branches);
        }
        let end = match self.cursor.next {
            NextPage::HiddenRange { width, .. } => {
                Some(self.cursor.window.range_end(width, self.cursor.query.descends()))
            }
            _ => None,
        };
        self.cursor.query.text(&self.cursor.window, end.as_deref())
    }

    /// The path of the next page. None if the walk has ended.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        self.path_ahead(0)
    }

    /// The path of the page `pages` behind the next one, if it can be requested already and lies within the count. With offsets the
    /// walk knows where it begins, by key it estimates that (`read_ahead.rs`).
    #[must_use]
    pub fn path_ahead(&self, pages: u64) -> Option<String> {
        let step = self.cursor.size.rows();
        let skipped = pages.saturating_mul(step);
        let place = match pages {
            _ if self.cursor.ended => return None,
            0 if self.cursor.evidence.check().is_some() => (self.cursor.evidence.check_limit(), 0),
            _ if self.cursor.evidence.check().is_some() => return None,
            0 => match self.cursor.next {
                NextPage::Window | NextPage::Steps(_) => (step, self.cursor.next.offset()),
                NextPage::Piece { rows, .. } => (rows, 0),
                NextPage::HiddenRange { .. } => (self.cursor.limits.largest, 0),
            },
            _ if skipped >= self.cursor.query.reading.limit.saturating_sub(self.cursor.tally.seen) => return None,
            _ if self.cursor.query.is_keyset() => self.overlapping_page(pages)?,
            _ if self.cursor.tally.recount || self.cursor.tally.left.is_none_or(|left| skipped >= left) => return None,
            _ => (step, self.cursor.next.offset().saturating_add(skipped)),
        };
        let count = self.wants_count(skipped) && (pages == 0 || !self.cursor.query.is_keyset());
        Some(self.cursor.query.path(&self.query(), place, count))
    }

    /// The path of the newest rows, if pages ahead need to know them. Give the first that comes to [`Self::fenced`]. Until then,
    /// and if none comes, the walk goes page by page.
    #[must_use]
    pub fn fence_path(&self) -> Option<String> {
        self.cursor.query.newest_path()
    }

    /// The stamp of the newest row, as it was when the walk began or later. Or the upper end of the walk's range, behind which rows that
    /// change move, if that was the present when the walk began.
    pub fn fenced(&mut self, newest: &str) {
        self.ahead.fence(newest);
    }

    /// Whether a page that was requested ahead follows without a gap. `joint` is the row in it that has the identifier of
    /// [`Self::after`], if there is one. The rows behind that are then to be given to [`Self::received`]. False: request
    /// [`Self::path`], and let the pages behind this one wait for it.
    pub fn joins(&mut self, joint: Option<RowKeys<'_>>, last: Option<RowKeys<'_>>) -> bool {
        let joins = self.cursor.window.after.as_ref().zip(joint).zip(last).is_some_and(|((after, joint), last)| {
            self.cursor.query.is_keyset()
                && self.cursor.stands_at_a_row()
                && (after.id.as_str(), after.value.as_str()) == (joint.id, joint.value)
                && last.id != joint.id
                && self.is_settled_at(last.value)
        });
        self.ahead.joins(joins)
    }

    /// A page came.
    pub fn received(&mut self, page: &Page<'_>) -> Progress {
        // A count that was not requested is the number of rows of the reply (KB0564204).
        let asked = !self.ahead.takes_joined() && self.wants_count(0);
        let page = Page { counted: page.counted.filter(|_| asked), ..*page };
        let taken = self.cursor.received(page, asked);
        if let Some(places) = taken.places {
            let size = &self.cursor.size;
            self.ahead.passed(size.rows().min(places), size.is_full());
        }
        self.cursor.progress(taken.keep, taken.over)
    }

    /// A page could not be read. True: [`Self::path`] now asks in a way that may work.
    pub fn failed(&mut self, error: PageError) -> bool {
        if let Some(check) = self.cursor.evidence.check() {
            return self.cursor.evidence.check_failed(check, error);
        }
        if error != PageError::Forbidden {
            self.ahead.too_heavy();
        }
        self.cursor.failed(error)
    }

    /// Limit and offset of a page ahead by key. Where a page took too long or shows nothing, one page at a time is enough.
    fn overlapping_page(&self, pages: u64) -> Option<(u64, u64)> {
        let at_rest = self.cursor.stands_at_a_row() && self.cursor.size.is_full();
        let in_order = self.key_field().is_none() || self.cursor.window.part == Part::Filled;
        let settled = self.is_settled_at(&self.cursor.window.after.as_ref()?.value);
        let page = self.ahead.page(pages, self.cursor.size.rows(), self.cursor.tally.total?);
        page.filter(|_| at_rest && in_order && settled)
    }

    fn is_settled_at(&self, value: &str) -> bool {
        self.ahead.is_settled_at(value, self.cursor.query.moves_to_end())
    }

    fn wants_count(&self, skipped: u64) -> bool {
        let Tally { pages, total, left, recount, .. } = self.cursor.tally;
        // A count that the first page did not bring does not come later either, because a CORS rule hides it. None is paid for then.
        let last = left.is_some_and(|left| left <= skipped.saturating_add(self.cursor.size.rows()));
        let in_range = matches!(self.cursor.next, NextPage::HiddenRange { .. });
        let stepping = self.cursor.query.is_keyset() && (self.cursor.next.offset() > 0 || in_range);
        pages == 0 || self.cursor.evidence.check().is_some() || total.is_some() && (recount || stepping || last)
    }
}

#[cfg(test)]
mod tests;
