//! Reads ahead by key: pages behind the one that is due are asked for by their distance from the last row seen, and taken when
//! they join the page before.
//!
//! ```text
//!   last row seen R        due page            1 ahead             2 ahead
//!   ...............R|-----------------------|
//!                                       |xxx--------------------|
//!                                                           |xxx--------------------|     x: rows of both
//! ```
//!
//! A page by key begins behind a row that only the page before shows, so a walk by key asks for one after the other. Its distance
//! from R is known, though: so many pages of rows. Between the asking and the reading others insert and delete, and distances are
//! wrong by as much; therefore a page ahead begins a few rows early, and is taken only if it shows the row that the walk stands
//! behind by then: what stands before that row in it is left out, and what stands behind it follows without a gap. A page that does
//! not show the row (it was deleted or is hidden, or too many rows came or went) is thrown away and asked for again by key.
//!
//! Why no row is lost and none comes twice at one version: each page covers a stretch of the order, from the row that it joins to
//! its own last row, as the table stood at one moment. The stretches lie end to end, so every place in the order is covered once. A
//! row that keeps its place is therefore read once, although the stretches are not read in their order. A row that moves is another
//! matter: it can leave a stretch before that is read, for one that was read before. In the order of `sys_id` and `sys_created_on`
//! no row moves. In that of `sys_updated_on` each change moves a row to the present moment: either behind the upper end of a
//! range, and then it is not this walk's, or (without an upper end) behind every row that there was when the walk began. So the
//! newest row is asked for at the beginning, and pages ahead are taken only up to two seconds before its stamp (a row is stamped
//! before it is committed); the rest, where changed rows arrive, is read one page after the other, when all before it has been
//! read. A row that moved is thus met there. Any other order loses rows whose place changes, whether read ahead or not, and
//! [`Walk::caveat`] says it.
//!
//! The offset never exceeds the pages under way, so a page costs the same at any depth. Rejected: windows of the whole table, each
//! with a reader of its own. They need a question for each bound, end at different times, and give up either the order of the rows
//! or the bound on memory: what the second window brings while the first is read has to wait somewhere.

use super::checkpoint::before;
use super::reading::LARGEST_PAGE;
use super::types::{Pagination, RowKeys};
use super::walk::{Part, Walk};
use crate::request::{DisplayValue, List};

/// A page ahead begins so many rows early at least.
const LEAST_JOINT: u64 = 4;

/// Of a page's rows, one in so many is read twice for the joint.
const JOINT_SHARE: u64 = 64;

/// Pages under way at most.
const DEEPEST: u64 = 16;

/// So many pages pass before one more is asked for ahead, after one that did not join.
const PASSES_FOR_MORE: u8 = 4;

/// A row is stamped before it is committed: so many seconds before the newest row nothing is settled.
const SETTLED_SECONDS: u64 = 2;

/// How many of the newest rows are asked for: access rules may hide some.
const NEWEST: u64 = 10;

/// What reading ahead by key remembers.
#[derive(Debug)]
pub(super) struct Ahead {
    depth: u64,
    passes: u8,
    /// Rows asked for so far, hidden ones included.
    covered: u64,
    /// Pages ahead end before this moment, where rows that change move to the end.
    fence: Option<String>,
}

impl Ahead {
    pub(super) const fn new() -> Self {
        Self { depth: DEEPEST, passes: 0, covered: 0, fence: None }
    }

    /// A page of so many rows was taken; `full`: as large as the caller wants them.
    pub(super) fn passed(&mut self, step: u64, full: bool) {
        self.covered = self.covered.saturating_add(step);
        self.passes += u8::from(full);
        if self.passes >= PASSES_FOR_MORE {
            self.passes = 0;
            self.depth = DEEPEST.min(self.depth + 1);
        }
    }

    /// A page took the instance too long: what it cannot do once it is not asked for eight times.
    pub(super) const fn too_heavy(&mut self) {
        (self.depth, self.passes) = (0, 0);
    }

    /// A page ahead was of no use. Where that happens often, fewer are asked for, and in the end none for a while.
    fn missed(&mut self) {
        self.passes = 0;
        self.depth /= 2;
    }
}

impl Walk {
    /// Asks for the newest rows, where pages ahead need to know them. Give the first that comes to [`Self::fenced`]; until then,
    /// and if none comes, the walk goes page by page.
    #[must_use]
    pub fn fence_path(&self) -> Option<String> {
        let field = self.key_field().filter(|_| self.needs_fence())?;
        let query = self.branches.as_ref()?.bounded(&[field, "ISNOTEMPTY"].concat(), &["ORDERBYDESC", field].concat());
        let list = List {
            table: &self.reading.table,
            query: &query,
            fields: field,
            display_value: DisplayValue::Raw,
            limit: NEWEST,
            offset: 0,
            count: false,
        };
        Some(list.path())
    }

    /// The stamp of the newest row, as it was when the walk began or later; or the upper end of the walk's range, behind which rows that
    /// change go, if that was the present when the walk began.
    pub fn fenced(&mut self, newest: &str) {
        self.ahead.fence = Some(before(newest, SETTLED_SECONDS));
    }

    /// Whether a page that was asked for ahead follows without a gap. `joint` is the row in it that has the identifier of
    /// [`Self::after`], if there is one; the rows behind that are then to be given to [`Self::received`]. False: ask for
    /// [`Self::path`], and let the pages behind this one wait for it.
    pub fn joins(&mut self, joint: Option<RowKeys<'_>>, last: Option<RowKeys<'_>>) -> bool {
        let stands = self.after.as_ref().zip(joint).zip(last).is_some_and(|((after, joint), last)| {
            self.pagination == Pagination::Keyset
                && self.stands_at_a_row()
                && (after.id.as_str(), after.value.as_str()) == (joint.id, joint.value)
                && last.id != joint.id
        });
        let settled = last.is_some_and(|last| self.is_settled_at(last.value));
        if !(stands && settled) {
            self.ahead.missed();
        }
        self.joined = stands && settled;
        self.joined
    }

    /// Whether the window behind the last row is due, and no step, piece, range or count.
    const fn stands_at_a_row(&self) -> bool {
        self.offset == 0 && self.piece.is_none() && !self.in_range() && !self.recount && self.check.is_none()
    }

    /// The limit and the offset of the page so many pages behind the one that is due, by key.
    pub(super) fn joining(&self, pages: u64) -> Option<(u64, u64)> {
        let rows = self.size.rows();
        let skipped = pages.saturating_mul(rows);
        // A page ahead never ends a walk, and where a page took too long or nothing is to be seen, one at a time is enough.
        let within = self.ahead.covered.saturating_add(skipped).saturating_add(rows) <= self.total?;
        let at_rest = self.stands_at_a_row() && self.size.is_full();
        let in_order = self.key_field().is_none() || self.part == Part::Filled;
        let settled = self.is_settled_at(&self.after.as_ref()?.value);
        if !(within && at_rest && in_order && settled && pages <= self.ahead.depth) {
            return None;
        }
        let joint = LEAST_JOINT.max(rows / JOINT_SHARE).min(skipped);
        let limit = LARGEST_PAGE.min(rows.saturating_add(joint));
        Some((limit, pages.saturating_mul(limit.saturating_sub(joint)).saturating_sub(joint)))
    }

    /// Whether rows that change move to the end of what this walk reads.
    fn needs_fence(&self) -> bool {
        let key = self.key.as_ref().filter(|_| self.pagination == Pagination::Keyset && self.range.to.is_empty());
        key.is_some_and(|key| key.field.as_deref() == Some("sys_updated_on") && !key.descending)
    }

    /// Whether no row can move to a place up to this one any more.
    fn is_settled_at(&self, value: &str) -> bool {
        self.ahead.fence.as_deref().map_or_else(|| !self.needs_fence(), |fence| value < fence)
    }
}

#[cfg(test)]
#[path = "ahead_tests.rs"]
mod tests;
