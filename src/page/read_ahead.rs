//! Reads ahead by key: pages behind the one that is due are requested by their distance from the last row seen, and taken if
//! they overlap the page before.
//!
//! ```text
//!   last row seen R        due page            1 ahead             2 ahead
//!   ...............R|-----------------------|
//!                                       |xxx--------------------|
//!                                                           |xxx--------------------|     x: rows of both
//! ```
//!
//! A page by key begins behind a row that only the page before shows, so a walk by key requests one page after the other. Its distance
//! from R is known, though, as a number of rows. Between request and reply others insert and delete, and distances
//! change. Therefore a page ahead begins a few rows early and is taken only if it shows the row that the walk stands
//! behind by then. Rows up to that one are left out, and the rows behind it follow without a gap. A page that does
//! not show the row (it was deleted or is hidden, or too many rows came or went) is dropped and requested again by key.
//!
//! Why no row is lost and none comes twice at one version: each page covers a part of the order, from the row that it overlaps to
//! its own last row, as the table was at one moment. These parts lie end to end, so every place in the order is covered once. A
//! row that keeps its place is therefore read once, although the parts are not read in their order. A row that moves is another
//! matter: it can leave a part before that is read, for one that was read before. In the order of `sys_id` and `sys_created_on`
//! no row moves. In that of `sys_updated_on` each change moves a row to the present moment: either behind the upper end of a
//! range, and then it does not belong to this walk, or (without an upper end) behind every row that existed when the walk began. So the
//! newest row is requested at the beginning, and pages ahead are taken only up to two seconds before its stamp (a row is stamped
//! before it is committed). The rest, where changed rows arrive, is read one page after the other, when all before it has been
//! read. A row that moved is read there. Any other order loses rows whose place changes, whether read ahead or not, and
//! [`super::Walk::caveat`] says it.
//!
//! The offset never exceeds the pages in flight, so a page costs the same at any depth. Rejected: windows of the whole table, each
//! with a reader of its own. Each needs a request for its bound, they end at different times, and the rows of the second window have
//! to wait in memory while the first is read.

use super::checkpoint::before;
use super::reading::LARGEST_PAGE;

/// A page ahead begins at least this many rows early.
const LEAST_OVERLAP: u64 = 4;

/// One row in this many of a page is read twice for the overlap.
const OVERLAP_SHARE: u64 = 64;

/// The most pages in flight.
const DEEPEST: u64 = 16;

/// Pages that are taken before the depth grows by one, after one that did not overlap.
const PASSES_FOR_MORE: u8 = 4;

/// A row is stamped before it is committed, so in these seconds before the newest row others can appear.
const SETTLED_SECONDS: u64 = 2;

#[derive(Debug)]
pub(super) struct ReadAhead {
    depth: u64,
    passes: u8,
    /// Rows requested so far, hidden ones included.
    covered: u64,
    /// Pages ahead end before this moment, where rows that change move to the end.
    fence: Option<String>,
    /// Whether the page that comes next was requested ahead.
    joined: bool,
}

impl ReadAhead {
    pub(super) const fn new() -> Self {
        Self { depth: DEEPEST, passes: 0, covered: 0, fence: None, joined: false }
    }

    /// A page of `step` places was taken. `full`: it is as large as the caller wants pages.
    pub(super) fn passed(&mut self, step: u64, full: bool) {
        self.covered = self.covered.saturating_add(step);
        self.passes += u8::from(full);
        if self.passes >= PASSES_FOR_MORE {
            self.passes = 0;
            self.depth = DEEPEST.min(self.depth + 1);
        }
    }

    /// A page took the instance too long. It must not get several such requests at a time.
    pub(super) const fn too_heavy(&mut self) {
        (self.depth, self.passes) = (0, 0);
    }

    /// Notes whether a page ahead follows the last row. The more often it does not, the fewer are requested.
    pub(super) const fn joins(&mut self, joins: bool) -> bool {
        if !joins {
            self.passes = 0;
            self.depth /= 2;
        }
        self.joined = joins;
        joins
    }

    /// Whether the page that comes was requested ahead.
    pub(super) const fn takes_joined(&mut self) -> bool {
        core::mem::replace(&mut self.joined, false)
    }

    /// The newest row's stamp, at the walk's beginning or later.
    pub(super) fn fence(&mut self, newest: &str) {
        self.fence = Some(before(newest, SETTLED_SECONDS));
    }

    /// Whether no row can move to a place up to this value any more. `moves_to_end`: rows that change do.
    pub(super) fn is_settled_at(&self, value: &str, moves_to_end: bool) -> bool {
        self.fence.as_deref().map_or(!moves_to_end, |fence| value < fence)
    }

    /// Limit and offset of the page `pages` behind the due one. None where the depth or the count ends: a page ahead never ends a walk.
    pub(super) fn page(&self, pages: u64, rows: u64, total: u64) -> Option<(u64, u64)> {
        let skipped = pages.saturating_mul(rows);
        if pages > self.depth || self.covered.saturating_add(skipped).saturating_add(rows) > total {
            return None;
        }
        let overlap = LEAST_OVERLAP.max(rows / OVERLAP_SHARE).min(skipped);
        let limit = LARGEST_PAGE.min(rows.saturating_add(overlap));
        Some((limit, pages.saturating_mul(limit.saturating_sub(overlap)).saturating_sub(overlap)))
    }
}

#[cfg(test)]
mod tests;
