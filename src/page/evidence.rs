//! What proves that a walk has seen every row, and what raises a doubt.
//!
//! A count is a header, and a header alone proves nothing. An end is proved by a window that shows as many rows as it counts and fewer
//! than were requested, or by one that shows none. Where such a window counts rows, access rules hide them only if the server's
//! counts follow the query. So once in a walk the rows of a condition that nothing satisfies are counted. Where more rows are missing
//! than requested places stayed empty, they were deleted meanwhile, or `sys_id` is no key. Then the rows that pages ended with are
//! counted, which shows whether others share their `sys_id`. And the last row is requested, which is the first if the order is ignored.
//!
//! A page that begins with the row that the page before began with is no progress: the server ignores the condition on the key, or the
//! offset, or a cache answers. The walk continues by offset where no row comes twice for it, and ends otherwise.

use super::keyset::{Key, Position};
use super::page_query::PageQuery;
use super::types::{Page, PageError};
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
    /// The last row is the first. The order is ignored, so that rows before it were never requested, or rows arrived before it.
    Disordered,
    /// A `sys_id` is no key.
    Shared,
    /// Rows came again instead of those behind them.
    Repeated,
}

impl Doubt {
    pub(super) const fn caveat(self) -> Option<&'static str> {
        match self {
            Self::Moved | Self::Unordered => None,
            Self::Uncounted => Some(
                "The server sends no row count that follows the query, so nothing proves that these were all rows.",
            ),
            Self::Disordered => Some(
                "The server seems to ignore the order that reading by sys_id needs: rows can be missing. If rows arrived meanwhile, read again.",
            ),
            Self::Shared => {
                Some("Rows share a sys_id, as in a database view or a join: rows can come twice or not at all.")
            }
            Self::Repeated => Some(
                "The server sent the same rows again instead of those behind them: it ignores the condition on sys_id, or the offset.",
            ),
        }
    }
}

/// What is counted instead of a page being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountCheck {
    /// The rows of a condition that nothing satisfies. `last`: when all pages have been read.
    Nothing { last: bool },
    /// The rows that pages ended with.
    Ends,
    /// All rows, from the last to the first.
    Backwards,
    /// Any rows, where a check is forbidden. What it would show stays open.
    Any,
}

/// Whether the server's counts follow the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Untried,
    Follow,
    Refuted,
}

/// Ends of pages that are remembered. If `sys_id` is no key, the first of them show it.
const MOST_ENDS: usize = 50;

/// Pages in a row that may begin as the one before did.
const MOST_REPEATS: u8 = 2;

#[derive(Debug)]
pub(super) struct Evidence {
    doubt: Option<Doubt>,
    counts: Counts,
    check: Option<CountCheck>,
    /// The first row of the last page that was kept, and how many pages in a row began with it since.
    began: Option<Position>,
    repeats: u8,
    ranges_forbidden: bool,
    /// The first row of all, rows that pages ended with, and how many checks of them were made.
    origin: Option<String>,
    ends: Vec<String>,
    checks: u8,
}

impl Evidence {
    pub(super) const fn new() -> Self {
        Self {
            doubt: None,
            counts: Counts::Untried,
            check: None,
            began: None,
            repeats: 0,
            ranges_forbidden: false,
            origin: None,
            ends: vec![],
            checks: 0,
        }
    }

    pub(super) fn doubts(&mut self, doubt: Doubt) {
        self.doubt = self.doubt.max(Some(doubt));
    }

    pub(super) const fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// Whether missing rows can only be hidden, deleted or moved.
    pub(super) fn trusts_counts(&self) -> bool {
        self.doubt < Some(Doubt::Uncounted)
    }

    pub(super) const fn check(&self) -> Option<CountCheck> {
        self.check
    }

    /// What was counted instead of a page came. True: all pages have been read.
    pub(super) fn checked(&mut self, page: &Page<'_>) -> bool {
        match self.check.take() {
            None => return false,
            Some(CountCheck::Nothing { last }) => {
                let follow = page.rows == 0 && page.counted == Some(0);
                self.counts = if follow { Counts::Follow } else { Counts::Refuted };
                return last;
            }
            Some(CountCheck::Ends) => {
                if page.counted.unwrap_or_default().max(page.rows) > self.ends.len() as u64 {
                    self.doubts(Doubt::Shared);
                }
            }
            Some(CountCheck::Backwards) => {
                let first = page.first.is_some_and(|first| self.origin.as_deref() == Some(first.id));
                // Of several rows the last is not the first.
                if first && page.rows > 1 {
                    self.doubts(Doubt::Disordered);
                }
            }
            Some(CountCheck::Any) => {}
        }
        true
    }

    /// Whether the server's counts proved to ignore the query.
    pub(super) fn refutes_counts(&self) -> bool {
        self.counts == Counts::Refuted
    }

    /// What is to be counted may not be. It is counted in another way, and then left open.
    pub(super) fn check_failed(&mut self, check: CountCheck, error: PageError) -> bool {
        match check {
            CountCheck::Any => return false,
            CountCheck::Nothing { .. } if error == PageError::Forbidden && !self.ranges_forbidden => {
                self.ranges_forbidden = true;
            }
            // An instance that forbids a condition on sys_id counts as the platform does.
            CountCheck::Nothing { last } => {
                (self.counts, self.check) = (Counts::Follow, last.then_some(CountCheck::Any));
            }
            CountCheck::Ends | CountCheck::Backwards => self.check = Some(CountCheck::Any),
        }
        true
    }

    /// All pages have been read. Whether a check is due, of rows that are `missing`, or whose number is `strange`.
    pub(super) fn closing_check(&mut self, missing: bool, strange: bool) -> bool {
        let sure = self.trusts_counts();
        if sure && missing && self.counts == Counts::Untried {
            self.check = Some(CountCheck::Nothing { last: true });
        } else if sure && strange && !self.ends.is_empty() && self.checks < 2 {
            self.check = Some(if self.checks == 0 { CountCheck::Ends } else { CountCheck::Backwards });
            self.checks += 1;
        }
        self.check.is_some()
    }

    /// Rows that a check requests: more than should come, so that it shows.
    pub(super) const fn check_limit(&self) -> u64 {
        self.ends.len() as u64 + 1
    }

    pub(super) fn check_query(&self, check: CountCheck, query: &PageQuery, branches: &Branches) -> String {
        match check {
            // Where ranges are forbidden, conditions of equality may still be allowed.
            CountCheck::Nothing { .. } if query.is_keyset() && !self.ranges_forbidden => {
                branches.bounded("sys_id<8^sys_id>8", "")
            }
            CountCheck::Nothing { .. } => branches.bounded("sys_idISEMPTY", ""),
            CountCheck::Ends => branches.bounded(&["sys_idIN", &self.ends.join(",")].concat(), ""),
            CountCheck::Any => branches.bounded("", ""),
            CountCheck::Backwards => {
                let key = query.key.clone().unwrap_or(Key::SYS_ID);
                let (descending, id_descending) = (!key.descending, !key.id_descending);
                branches.bounded("", &Key { descending, id_descending, ..key }.order(false))
            }
        }
    }

    /// A page was kept. Remembers what checks need of it.
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

    /// No row was kept so far: none can be repeated.
    pub(super) fn begins_again(&mut self) {
        self.began = None;
    }

    /// A page without rows, of a window that counts some, or one that came before. Whether the server's counts follow the query has to be
    /// known.
    pub(super) fn tries_counts(&mut self) -> bool {
        let due = self.counts == Counts::Untried;
        if due {
            self.check = Some(CountCheck::Nothing { last: false });
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

    /// Counts a repeated page. True: there were too many.
    pub(super) const fn repeats_too_often(&mut self) -> bool {
        self.repeats += 1;
        self.repeats >= MOST_REPEATS
    }
}

#[cfg(test)]
mod tests;
