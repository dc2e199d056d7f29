//! What proves that a walk has seen every row, and what makes it doubt.
//!
//! A count is a header, and a header proves nothing alone. An end is proved by a window that shows as many rows as it counts and fewer
//! than were asked for, or by one that shows none. Where such a window counts rows, they are hidden by access rules only if the server's
//! counts follow the query: so once in a walk the rows of a condition that nothing satisfies are counted. Where more rows are missing
//! than places were asked for and stayed empty, they were deleted meanwhile, or the key is none: then the rows that pages ended with are
//! counted, which shows whether others share their `sys_id`, and the last row is asked for, which is the first where the order is ignored.
//!
//! A page that begins with the row that the page before began with is no progress: the server ignores the condition on the key, or the
//! offset, or something on the way answers from its store. The walk goes on by offset where nothing comes twice for it, and ends else.

use super::keyset::{Key, Position};
use super::types::{MOVING, Page, Pagination, Progress, Range};
use super::walk::{Part, Walk};
use crate::query::Branches;

/// Why a walk does not promise that every row came, the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// Rows may have moved past an offset.
    Moved,
    /// Pages came in no order.
    Unordered,
    /// No count proves the end.
    Uncounted,
    /// The order is ignored, so that rows before the first were never asked for.
    Disordered,
    /// A `sys_id` is no key.
    Shared,
    /// Rows came again instead of those behind them.
    Repeated,
}

impl Doubt {
    const fn caveat(self) -> Option<&'static str> {
        match self {
            Self::Moved | Self::Unordered => None,
            Self::Uncounted => Some(
                "The server sends no row count that follows the query, so nothing proves that these were all rows.",
            ),
            Self::Disordered => {
                Some("The server does not keep the order that reading by sys_id needs: rows can be missing.")
            }
            Self::Shared => {
                Some("Rows share a sys_id, as in a database view or a join: rows can come twice or not at all.")
            }
            Self::Repeated => Some(
                "The server sent the same rows again instead of those behind them: it ignores the condition on sys_id, or the offset.",
            ),
        }
    }
}

/// Rows may have moved while hidden ones were stepped over. Counts cannot show it: one row may arrive for each that leaves.
const STEPPED: &str = "Hidden rows were stepped over by offset: rows that changed meanwhile can have moved past the reader. The pages are complete if the table stood still.";

/// What is counted instead of a page being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// The rows of a condition that nothing satisfies; `last`: when all pages have been read.
    Nothing { last: bool },
    /// The rows that pages ended with.
    Ends,
    /// All rows, from the last to the first.
    Backwards,
    /// Any rows, where a check is forbidden: what it would show stays open.
    Any,
}

/// Whether the server's counts follow the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Untried,
    Follow,
    Refuted,
}

/// So many ends of pages are remembered: where a key is none, it shows at the first of them.
const MOST_ENDS: usize = 50;

/// So many pages in a row may begin as the one before did.
const MOST_REPEATS: u8 = 2;

impl Walk {
    pub(super) fn doubts(&mut self, doubt: Doubt) {
        self.doubt = self.doubt.max(Some(doubt));
    }

    /// What the way that was taken cannot promise; none for a walk by key whose rows show their keys and do not move past it. Where a
    /// walk ends without being complete, this says why.
    #[must_use]
    pub fn caveat(&self) -> Option<&'static str> {
        if let Some(caveat) = self.doubt.and_then(Doubt::caveat) {
            return Some(caveat);
        }
        match self.pagination {
            Pagination::Keyset if self.saw_rows_without_key => Pagination::Offset.caveat(),
            // What a single page shows it shows at one moment.
            Pagination::Keyset if self.pages > 1 || !self.ended => {
                let moves = self.key.as_ref().is_some_and(Key::moves);
                if moves { Some(MOVING) } else { self.doubt.map(|_| STEPPED) }
            }
            pagination => pagination.caveat(),
        }
    }

    /// What was counted instead of a page came.
    pub(super) fn checked(&mut self, page: &Page<'_>) -> Option<Progress> {
        let over = match self.check.take()? {
            Check::Nothing { last } => {
                let follow = page.rows == 0 && page.counted == Some(0);
                self.counts = if follow { Counts::Follow } else { Counts::Refuted };
                if !follow {
                    self.distrust();
                }
                last
            }
            Check::Ends => {
                if page.counted.unwrap_or_default().max(page.rows) > self.ends.len() as u64 {
                    self.doubts(Doubt::Shared);
                }
                true
            }
            Check::Backwards => {
                let first = page.first.is_some_and(|first| self.origin.as_deref() == Some(first.id));
                // Of several rows the last is not the first.
                if first && page.rows > 1 {
                    self.doubts(Doubt::Disordered);
                }
                true
            }
            Check::Any => true,
        };
        Some(if over { self.closes(0) } else { self.told(0, false) })
    }

    /// All pages have been read: what they leave open is asked for, and then the walk has ended.
    pub(super) fn closes(&mut self, keep: u64) -> Progress {
        let sure = self.doubt < Some(Doubt::Uncounted);
        let missing = self.total.is_some_and(|total| total > self.came);
        // More rows than were counted at first were made meanwhile, or the count is only that of the page.
        let full = self.reading.page_size;
        let of_page = self.total.is_some_and(|total| total < self.came || total == full);
        let strange = self.is_unexplained() || of_page && self.stays_in_order();
        let doubtful = sure && strange && !self.ends.is_empty();
        if sure && missing && self.counts == Counts::Untried {
            self.check = Some(Check::Nothing { last: true });
        } else if doubtful && self.checks < 2 {
            self.check = Some(if self.checks == 0 { Check::Ends } else { Check::Backwards });
            self.checks += 1;
        } else {
            self.ended = true;
        }
        self.told(keep, self.ended)
    }

    /// The query of a check.
    pub(super) fn check_query(&self, check: Check, branches: &Branches) -> String {
        match check {
            // Where ranges are forbidden, what matches may still be allowed.
            Check::Nothing { .. } if self.pagination == Pagination::Keyset && !self.ranges_forbidden => {
                branches.bounded("sys_id<8^sys_id>8", "")
            }
            Check::Nothing { .. } => branches.bounded("sys_idISEMPTY", ""),
            Check::Ends => branches.bounded(&["sys_idIN", &self.ends.join(",")].concat(), ""),
            Check::Any => branches.bounded("", ""),
            Check::Backwards => {
                let key = self.key.clone().unwrap_or(Key::SYS_ID);
                let (descending, id_descending) = (!key.descending, !key.id_descending);
                branches.bounded("", &Key { descending, id_descending, ..key }.order(false))
            }
        }
    }

    /// A page was kept that begins and ends so: what checks need of it.
    pub(super) fn notes(&mut self, page: &Page<'_>, behind: Option<&Position>) {
        let first = page.first.filter(|first| !first.id.is_empty());
        self.began = first.map(|first| Position { value: first.value.to_owned(), id: first.id.to_owned() });
        self.repeats = 0;
        if self.origin.is_none() {
            self.origin = first.map(|first| first.id.to_owned());
        }
        let plain = |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if let Some(end) = behind.filter(|end| self.ends.len() < MOST_ENDS && plain(&end.id)) {
            self.ends.push(end.id.clone());
        }
    }

    /// From here on nothing is believed of counts: an empty page ends the walk, and proves nothing.
    pub(super) fn distrust(&mut self) {
        (self.total, self.left, self.window, self.piece) = (None, None, None, None);
        (self.width, self.recount) = (0, false);
        self.doubts(Doubt::Uncounted);
    }

    /// A page without rows, of a window that counts some, or one that came before: whether the server's counts follow the query has to be
    /// known.
    pub(super) fn tries_counts(&mut self) -> bool {
        let due = self.counts == Counts::Untried && self.total.is_some();
        if due {
            self.check = Some(Check::Nothing { last: false });
        }
        due
    }

    /// Whether a page begins with the row that the last one began with.
    pub(super) fn is_repeated(&self, page: &Page<'_>) -> bool {
        let same = |first: super::types::RowKeys<'_>| {
            self.began.as_ref().is_some_and(|began| began.id == first.id && began.value == first.value)
        };
        page.rows > 0 && (page.again || page.first.is_some_and(same))
    }

    /// No progress. None: rows that show no `sys_id` may be alike, and as long as counts tell where the end is they are taken.
    pub(super) fn repeated(&mut self, page: &Page<'_>, step: u64) -> Option<Progress> {
        self.doubts(Doubt::Repeated);
        if self.pagination == Pagination::Keyset && !self.saw_rows_without_key {
            let offset = if self.came == 0 { Some(0) } else { self.first_window };
            self.by_offset_from(offset, Pagination::Offset);
            return Some(self.told(0, false));
        }
        if page.first.is_none_or(|first| first.id.is_empty()) && self.total.is_some_and(|total| self.offset < total) {
            return self.tries_counts().then(|| self.told(0, false));
        }
        self.repeats += 1;
        self.offset = self.offset.saturating_add(step);
        self.ended |= self.repeats >= MOST_REPEATS;
        Some(self.told(0, false))
    }

    /// Goes on by offset from there, or ends where rows would come twice for it or the walk has a range, which offsets do not know.
    pub(super) fn by_offset_from(&mut self, offset: Option<u64>, pagination: Pagination) {
        let offset = offset.filter(|_| self.range == Range::default());
        self.restart(pagination);
        self.offset = offset.unwrap_or(0);
        self.ended |= offset.is_none();
    }

    /// Where rows share a `sys_id`, a bound behind one loses the others: the first page's successors are then asked for by offset.
    pub(super) fn shares_keys(&mut self) {
        let first = self.after.is_none() && self.came == 0 && self.offset == 0 && self.part == Part::Whole;
        if self.pagination == Pagination::Keyset && first && self.range == Range::default() {
            (self.pagination, self.saw_rows_without_key) = (Pagination::Offset, true);
        }
    }

    /// Whether a page that reaches as far as the count proves the end.
    pub(super) fn proves_end(&self, page: &Page<'_>, step: u64, counted: u64, behind: Option<&Position>) -> bool {
        let seen = self.offset.saturating_add(page.rows);
        page.rows == 0 || page.rows < step && if behind.is_some() { counted == seen } else { counted >= seen }
    }

    /// Whether more rows are missing than places that were asked for stayed empty, in an order in which no row moves.
    pub(super) fn is_unexplained(&self) -> bool {
        let places = self.came.saturating_add(self.unfilled);
        self.stays_in_order() && self.total.is_some_and(|total| total > places)
    }

    fn stays_in_order(&self) -> bool {
        let stays = matches!(self.key_field(), None | Some("sys_created_on"));
        self.pagination == Pagination::Keyset && stays && self.range == Range::default() && !self.resumed
    }
}

#[cfg(test)]
#[path = "evidence_tests.rs"]
mod tests;
