//! Where a walk stands, and what a page that came or failed changes about it.
//!
//! A page is either requested again, perhaps in another form, or taken. It is taken when its count fits the window, it is none that came
//! before, what was stepped over in front of it is proved, and it keeps the order.

use super::evidence::{Doubt, Evidence};
use super::hidden_range::PieceLimits;
use super::key_window::KeyWindow;
use super::keyset::{Key, Position};
use super::next_page::{NextPage, Steps};
use super::page_query::PageQuery;
use super::page_size::PageSize;
use super::tally::Tally;
use super::types::{Page, PageError, Pagination, Progress};

/// A walk ends here whatever the instance says.
const MOST_PAGES: u64 = 1_000_000;

/// How often in a row a step is taken again. After that rows leave faster than they can be read.
const MOST_STEPS_AGAIN: u8 = 50;

#[derive(Debug)]
pub(super) struct Cursor {
    pub(super) query: PageQuery,
    pub(super) window: KeyWindow,
    pub(super) next: NextPage,
    pub(super) limits: PieceLimits,
    pub(super) size: PageSize,
    pub(super) tally: Tally,
    pub(super) evidence: Evidence,
    pub(super) ended: bool,
}

/// What became of a page.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Rows to hand over, from the first on.
    pub(super) keep: u64,
    /// Places that the page covers. None if it was not taken.
    pub(super) places: Option<u64>,
    /// Whether all pages have been read and checked.
    pub(super) over: bool,
}

impl Cursor {
    pub(super) fn begin(query: PageQuery, window: KeyWindow) -> Self {
        let reading = &query.reading;
        let size = PageSize::new(reading.page_size.min(reading.limit), reading.page_size);
        let ended = reading.limit == 0;
        Self {
            query,
            window,
            next: NextPage::Window,
            limits: PieceLimits::new(),
            size,
            tally: Tally::default(),
            evidence: Evidence::new(),
            ended,
        }
    }

    /// A page came. Its count is given if it was requested.
    pub(super) fn received(&mut self, mut page: Page<'_>, asked: bool) -> Taken {
        self.tally.pages += 1;
        if self.tally.pages >= MOST_PAGES {
            self.evidence.doubts(Doubt::Repeated);
            self.ended = true;
        }
        if self.evidence.check().is_some() {
            return self.check_came(&page);
        }
        let due = self.next;
        let at_once = match due {
            NextPage::Window | NextPage::Steps(_) => None,
            NextPage::Piece { rows, .. } => Some(rows),
            NextPage::HiddenRange { width, steps, .. } if !self.range_came(&page, width, steps) => {
                return Taken::default();
            }
            // The count of a range is no count of the window.
            NextPage::HiddenRange { .. } => page.counted.take(),
        };
        if at_once.is_some() {
            let steps = self.next.steps();
            self.tally.shows_again(steps.offset);
            self.next = NextPage::Steps(Steps { offset: 0, ..steps });
        }
        let step = at_once.unwrap_or_else(|| self.size.rows());
        if self.is_miscounted(&page, asked)
            || self.is_no_progress(&page, step)
            || at_once.is_none() && self.is_to_be_proved(&page, step)
        {
            return Taken::default();
        }
        let key = self.query.bounding_key();
        let behind = key.and_then(|key| self.window.bound(key, &page));
        if key.zip(behind.as_ref()).is_some_and(|(key, last)| self.window.is_out_of_order(key, &page, last)) {
            // The server ignored the order, without an error. At the beginning only this page is lost.
            self.continue_by_offset(Pagination::Unordered);
            return Taken::default();
        }
        self.take(&page, behind, step, at_once.is_some())
    }

    /// The page that is due could not be read. True: it is now requested in a way that may work.
    pub(super) fn failed(&mut self, error: PageError) -> bool {
        if error == PageError::Forbidden {
            let NextPage::HiddenRange { steps, .. } = self.next else { return self.next_pagination() };
            self.next = self.limits.undivided(steps);
            return true;
        }
        match self.limits.after_failure(self.next) {
            Some(next) => self.next = next,
            None if error == PageError::Cut => return self.size.cut(),
            None => return self.size.too_heavy(),
        }
        true
    }

    /// What was counted instead of a page came.
    fn check_came(&mut self, page: &Page<'_>) -> Taken {
        let over = self.evidence.checked(page);
        if self.evidence.refutes_counts() {
            self.distrust_counts();
        }
        Taken { over: over && self.closes(), ..Taken::default() }
    }

    /// A page of a range of hidden rows came. True: it shows rows, which are all of the range.
    fn range_came(&mut self, page: &Page<'_>, width: u64, steps: Steps) -> bool {
        self.next = match page.counted {
            Some(counted) if counted <= self.limits.largest => {
                if page.rows > 0 {
                    return true;
                }
                self.window.after =
                    Some(Position { value: String::new(), id: self.window.range_end(width, self.query.descends()) });
                self.tally.shows_again(steps.offset);
                self.tally.hid(counted);
                self.limits.following(width, counted, self.window.keys_left(self.query.descends()))
            }
            Some(_) => self.limits.narrower(width, steps),
            None => self.limits.undivided(steps),
        };
        false
    }

    /// Whether the count, or its absence, says that the page has to be requested again.
    fn is_miscounted(&mut self, page: &Page<'_>, asked: bool) -> bool {
        let (steps, by_offset) = (self.next.steps(), self.is_by_offset());
        if let Some(counted) = page.counted {
            self.tally.counted(counted, self.window.takes_uncounted());
            match steps.slipped(counted) {
                Some(slipped) if !by_offset && steps.again < MOST_STEPS_AGAIN => {
                    self.next = steps.taken_again(slipped, counted);
                    return true;
                }
                Some(_) if !by_offset => self.evidence.doubts(Doubt::Moved),
                _ if by_offset && steps.counted.is_some_and(|window| window != counted) => {
                    self.evidence.doubts(Doubt::Moved);
                }
                _ => {}
            }
        } else if page.rows == 0 && self.tally.total.is_some() {
            if !asked {
                // Hidden rows or the end: the count decides.
                self.tally.recount = true;
                return true;
            }
            self.distrust_counts();
        }
        self.tally.recount = false;
        if let NextPage::Steps(steps) = &mut self.next {
            steps.again = 0;
        }
        page.rows == 0 && page.counted.is_some_and(|counted| counted > 0) && self.tries_counts()
    }

    /// Whether the page is one that came before. Rows without `sys_id` may be equal, so they are taken as long as counts tell the end.
    fn is_no_progress(&mut self, page: &Page<'_>, step: u64) -> bool {
        if !self.evidence.is_repeated(page) {
            return false;
        }
        self.evidence.doubts(Doubt::Repeated);
        if !self.is_by_offset() {
            self.continue_by_offset(Pagination::Offset);
            return true;
        }
        let steps = self.next.steps();
        if page.first.is_none_or(|first| first.id.is_empty())
            && self.tally.total.is_some_and(|total| steps.offset < total)
        {
            return self.tries_counts();
        }
        self.next = NextPage::Steps(Steps { offset: steps.offset.saturating_add(step), ..steps });
        self.ended |= self.evidence.repeats_too_often();
        true
    }

    /// Whether steps over hidden rows end with this page: it shows rows, or the window has no more, or the next step would
    /// make them too many for one request where ranges can be read. What was passed is then requested at once.
    fn is_to_be_proved(&mut self, page: &Page<'_>, step: u64) -> bool {
        let steps = self.next.steps();
        let whole = steps.offset.saturating_add(step);
        let divides = self.limits.is_divisible() && self.query.key_field().is_none() && whole > self.limits.largest;
        let ends = page.rows > 0 || divides || page.counted.is_some_and(|counted| whole >= counted);
        if self.is_by_offset() || steps.offset == 0 || !ends {
            return false;
        }
        if whole <= self.limits.largest {
            self.next = NextPage::Piece { rows: whole, failed: false, steps };
            return true;
        }
        let by_id = page.counted.filter(|_| self.query.key_field().is_none());
        if let Some((counted, next)) = by_id.and_then(|counted| {
            Some((counted, self.limits.divided(counted, self.window.keys_left(self.query.descends()), steps)?))
        }) {
            (self.next, self.tally.left) = (next, Some(counted));
            return true;
        }
        // A row that leaves its place for another in the same window does not show in the count. Only an upper end keeps it out,
        // which rows with an empty field do not have.
        if self.query.range.to.is_empty() || self.window.is_empties() {
            self.evidence.doubts(Doubt::Moved);
        }
        false
    }

    /// Takes the page, which covers `step` places and ends with `behind`.
    fn take(&mut self, page: &Page<'_>, behind: Option<Position>, step: u64, at_once: bool) -> Taken {
        self.window.offset_behind_first = None;
        if page.shared && self.is_first_page() && self.query.is_keyset() && self.query.is_whole_table() {
            // A bound behind a row would lose others with its `sys_id`.
            self.query.pagination = Pagination::Offset;
        }
        let behind = behind.filter(|_| self.query.is_keyset());
        let offset = self.next.offset();
        let keep = page.rows.min(self.query.reading.limit.saturating_sub(self.tally.seen));
        self.tally.took(page, keep, offset, step);
        if keep > 0 {
            self.evidence.notes(page, behind.as_ref());
        }
        if !at_once && page.rows < step {
            self.size.more();
        } else {
            self.size.passed();
        }
        let reached = self.tally.is_end(page, behind.is_some(), offset, step);
        if reached && page.counted.is_none() {
            self.evidence.doubts(Doubt::Uncounted);
        }
        if page.shared && !reached {
            self.evidence.doubts(Doubt::Shared);
        }
        self.tally.passed(page.counted, offset, if behind.is_some() { page.rows } else { step });
        let places = Some(step);
        if !reached {
            self.go_on(page, behind, step);
        } else if self.window.next_part() {
            (self.next, self.tally.left) = (NextPage::Window, Some(0));
        } else {
            return Taken { keep, places, over: self.closes() };
        }
        self.ended |= self.tally.seen >= self.query.reading.limit;
        Taken { keep, places, over: false }
    }

    /// Stands behind the last row, or behind the places of a page without one.
    fn go_on(&mut self, page: &Page<'_>, behind: Option<Position>, step: u64) {
        let steps = self.next.steps();
        let offset = steps.offset.saturating_add(step);
        if let Some((row, key)) = behind.zip(self.query.key.as_ref()) {
            self.window.begins_behind(row, key, page, offset);
            self.next = NextPage::Window;
            return;
        }
        let (counted, again) = (page.counted.or(steps.counted), 0);
        let saw_rows_without_key = steps.saw_rows_without_key || page.rows > 0;
        self.next = NextPage::Steps(Steps { offset, counted, saw_rows_without_key, again });
        // A row that changes leaves its place for another in the same window, and the count does not show it.
        let stays = !self.query.is_keyset() || self.query.key_field().is_none() || !self.query.range.to.is_empty();
        if page.rows > 0 && !stays && !self.window.is_empties() {
            self.evidence.doubts(Doubt::Moved);
        }
    }

    /// All pages have been read. What they leave open is checked, and then the walk has ended.
    fn closes(&mut self) -> bool {
        let in_order = self.query.stays_in_order();
        // More rows than were counted at first were created meanwhile, or the count is only that of the page.
        let of_a_page = self.tally.is_of_a_page(self.query.reading.page_size);
        let strange = in_order && (self.tally.is_unexplained() || of_a_page);
        self.ended |= !self.evidence.closing_check(self.tally.is_short(), strange);
        self.ended
    }

    /// The next best way after a refusal, as long as no row would come twice for it.
    fn next_pagination(&mut self) -> bool {
        let (pagination, none_came) = (self.query.pagination, self.tally.came == 0);
        match self.window.offset_behind_first {
            _ if !self.query.is_whole_table() => return false,
            _ if none_came && self.query.is_keyset() && self.query.key_field().is_some() => {
                self.query.key = Some(Key::SYS_ID);
                self.restart(Pagination::Keyset, 0);
            }
            _ if none_came && pagination != Pagination::Unordered => self.restart(Pagination::Unordered, 0),
            // The order is allowed and the range is not. What is behind the first window is read by offset.
            Some(offset) if self.query.is_keyset() => {
                self.restart(Pagination::Offset, offset);
                self.next = NextPage::Steps(Steps { counted: self.tally.total, ..self.next.steps() });
            }
            _ => return false,
        }
        true
    }

    /// Continues by offset from where no row comes twice for it. Ends where there is no such place, or the walk has a range, which
    /// offsets do not know.
    fn continue_by_offset(&mut self, pagination: Pagination) {
        let offset = if self.tally.came == 0 { Some(0) } else { self.window.offset_behind_first };
        let offset = offset.filter(|_| self.query.is_whole_table());
        self.restart(pagination, offset.unwrap_or(0));
        self.ended |= offset.is_none();
    }

    fn restart(&mut self, pagination: Pagination, offset: u64) {
        self.window = KeyWindow::whole(None);
        self.next = NextPage::Steps(Steps { offset, ..Steps::default() });
        self.query.pagination = pagination;
        if pagination == Pagination::Unordered {
            self.evidence.doubts(Doubt::Unordered);
        }
        if self.tally.came == 0 {
            self.evidence.begins_again();
        }
    }

    /// From here on counts prove nothing, and an empty page ends the walk.
    fn distrust_counts(&mut self) {
        (self.tally.total, self.tally.left, self.tally.recount) = (None, None, false);
        self.next = NextPage::Steps(Steps { counted: None, ..self.next.steps() });
        self.evidence.doubts(Doubt::Uncounted);
    }

    fn tries_counts(&mut self) -> bool {
        self.tally.total.is_some() && self.evidence.tries_counts()
    }

    /// Whether pages of this window are counted by offset, so that rows that leave move others past the walk.
    pub(super) fn is_by_offset(&self) -> bool {
        !self.query.is_keyset() || self.next.steps().saw_rows_without_key
    }

    fn is_first_page(&self) -> bool {
        self.window.is_first() && self.tally.came == 0 && self.next.offset() == 0
    }

    /// Whether the window behind the last row is due, and no step, piece, range or count.
    pub(super) const fn stands_at_a_row(&self) -> bool {
        self.next.begins_at_row() && !self.tally.recount && self.evidence.check().is_none()
    }

    /// What is known after a page. `over`: all pages have been read and checked.
    pub(super) fn progress(&self, keep: u64, over: bool) -> Progress {
        let Tally { came, seen, total, .. } = self.tally;
        // What is missing for another reason is not hidden.
        let unexplained = self.query.stays_in_order() && self.tally.is_unexplained();
        let hidden = total.filter(|_| over && self.evidence.trusts_counts() && !unexplained);
        Progress {
            keep,
            seen,
            total,
            hidden: hidden.map(|total| total.saturating_sub(came)),
            complete: over && self.evidence.doubt().is_none() && came == seen,
            more: !self.ended,
        }
    }
}
