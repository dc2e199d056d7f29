//! The offset walk: every page from the first row to the counted last, in the order of a unique key.
//!
//! Access rules for rows are applied after the limit, so a page may come short or empty while later pages hold rows. The
//! walk therefore goes by the count and never by the size of a page. The count is asked for with the first page, after a
//! page that came short, and with the page that should be the last; in between it is left out, for counting costs a
//! database far more than a page does.

use super::reading::Reading;
use crate::query::with_unique_order;
use crate::request::List;

/// A walk ends here whatever the instance says.
const MOST_PAGES: u64 = 1_000_000;

/// Where a walk stands.
#[derive(Debug)]
pub struct OffsetWalk {
    reading: Reading,
    offset: u64,
    /// Rows that came, and those of them that were wanted.
    came: u64,
    seen: u64,
    /// Rows to ask for next. Small when few are wanted; grows to the page size where access rules hide what was asked for,
    /// so that finding one readable row among thousands hidden takes few requests.
    step: u64,
    pages: u64,
    total: Option<u64>,
    /// Whether the count changed under way: then rows may have slipped past the offset.
    moved: bool,
    came_short: bool,
    ended: bool,
}

/// What is known after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows seen by the walk so far.
    pub seen: u64,
    /// Rows of the query by the instance's count, before access rules.
    pub total: Option<u64>,
    /// How many of the page's rows are wanted: all, unless the reading has a limit.
    pub keep: u64,
    /// Rows passed that access rules hide.
    pub hidden: Option<u64>,
    /// Whether this was the last page, the count was reached, and it stood still meanwhile.
    pub complete: bool,
    /// Offset of the page that follows; none after the last.
    pub next: Option<u64>,
}

impl OffsetWalk {
    /// A walk through a reading that was checked.
    #[must_use]
    pub fn new(mut reading: Reading) -> Self {
        reading.query = with_unique_order(&reading.query);
        let ended = reading.limit == 0;
        let step = reading.page_size.min(reading.limit).max(1);
        Self {
            reading,
            offset: 0,
            came: 0,
            seen: 0,
            step,
            pages: 0,
            total: None,
            moved: false,
            came_short: false,
            ended,
        }
    }

    /// The path of the next page; none when the walk has ended.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        (!self.ended).then(|| {
            let list = List {
                table: &self.reading.table,
                query: &self.reading.query,
                fields: &self.reading.fields,
                display_value: self.reading.display_value,
                limit: self.step,
                offset: self.offset,
                count: self.wants_count(),
            };
            list.path()
        })
    }

    /// The page came with so many rows and, if the reply held it, the count.
    pub fn received(&mut self, rows: u64, counted: Option<u64>) -> Progress {
        let keep = rows.min(self.reading.limit.saturating_sub(self.seen));
        self.pages += 1;
        self.came = self.came.saturating_add(rows);
        self.seen = self.seen.saturating_add(keep);
        self.offset = self.offset.saturating_add(self.step);
        self.came_short = rows < self.step;
        if self.came_short {
            self.step = self.step.saturating_mul(2).min(self.reading.page_size);
        }
        if let Some(counted) = counted {
            self.moved |= self.total.is_some_and(|total| total != counted);
            self.total = Some(counted);
        }
        let reached = match self.total {
            // The count is that of the page before when this one was full and unexpectedly not the last.
            Some(total) => self.offset >= total,
            None => false,
        };
        // Without a count an empty page is the only end there is; it proves nothing, so the walk is not called complete.
        let blind_end = self.total.is_none() && rows == 0;
        let full = self.seen >= self.reading.limit;
        self.ended = reached || blind_end || full || self.pages >= MOST_PAGES;
        Progress {
            seen: self.seen,
            total: self.total,
            keep,
            hidden: self.total.map(|total| self.offset.min(total).saturating_sub(self.came)),
            complete: reached && !self.moved && self.came == self.seen,
            next: (!reached && !blind_end).then_some(self.offset),
        }
    }

    fn wants_count(&self) -> bool {
        // A count that the first page did not bring will not come later either: a CORS rule hides it. Nobody pays for it then.
        let due = |total| self.came_short || self.offset.saturating_add(self.step) >= total;
        self.pages == 0 || self.total.is_some_and(due)
    }
}

#[cfg(test)]
#[path = "offset_tests.rs"]
mod tests;
