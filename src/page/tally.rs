//! How many rows a walk has read, and how many there are by the instance's counts.

use super::types::Page;

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) pages: u64,
    /// Rows that came.
    pub(super) came: u64,
    /// Rows of those that were handed over.
    pub(super) seen: u64,
    /// Rows by the first count.
    pub(super) total: Option<u64>,
    /// Requested places that showed no row.
    pub(super) unfilled: u64,
    /// Rows that may be left, by the last count.
    pub(super) left: Option<u64>,
    /// Whether the next page has to be counted.
    pub(super) recount: bool,
}

impl Tally {
    /// A window was counted. `uncounted`: it begins a part of the table that no earlier count holds.
    pub(super) fn counted(&mut self, counted: u64, uncounted: bool) {
        if uncounted {
            self.total = self.total.map(|total| total.saturating_add(counted));
        }
        self.total = self.total.or(Some(counted));
    }

    /// A page was taken that covers `step` places behind `offset`.
    pub(super) fn took(&mut self, page: &Page<'_>, keep: u64, offset: u64, step: u64) {
        self.came = self.came.saturating_add(page.rows);
        self.seen = self.seen.saturating_add(keep);
        let places = page.counted.map_or(step, |counted| step.min(counted.saturating_sub(offset)));
        self.unfilled = self.unfilled.saturating_add(places.saturating_sub(page.rows));
    }

    /// Places that were stepped over are requested at once. They count once.
    pub(super) fn shows_again(&mut self, passed: u64) {
        self.unfilled = self.unfilled.saturating_sub(passed);
    }

    /// `passed` places of the window need not be requested again.
    pub(super) fn passed(&mut self, counted: Option<u64>, offset: u64, passed: u64) {
        let left = counted.map(|counted| counted.saturating_sub(offset)).or(self.left);
        self.left = left.map(|left| left.saturating_sub(passed));
    }

    /// A range of `counted` hidden rows was passed.
    pub(super) fn hid(&mut self, counted: u64) {
        self.left = self.left.map(|left| left.saturating_sub(counted));
        self.unfilled = self.unfilled.saturating_add(counted);
    }

    /// Whether fewer rows came than the first count promised.
    pub(super) fn is_short(&self) -> bool {
        self.total.is_some_and(|total| total > self.came)
    }

    /// Whether more rows are missing than requested places stayed empty.
    pub(super) fn is_unexplained(&self) -> bool {
        let places = self.came.saturating_add(self.unfilled);
        self.total.is_some_and(|total| total > places)
    }

    /// Whether the count is that of a page, or rows were created since.
    pub(super) fn is_of_a_page(&self, page_size: u64) -> bool {
        self.total.is_some_and(|total| total < self.came || total == page_size)
    }

    /// Whether the window has no more rows. `keyed`: the page's last row can be a bound.
    pub(super) fn is_end(&self, page: &Page<'_>, keyed: bool, offset: u64, step: u64) -> bool {
        // Without any count an empty page is the only end there is, and proves nothing.
        let Some(counted) = page.counted else { return self.total.is_none() && page.rows == 0 };
        let seen = offset.saturating_add(page.rows);
        let proved = page.rows == 0 || page.rows < step && if keyed { counted == seen } else { counted >= seen };
        offset.saturating_add(step) >= counted && proved
    }
}
