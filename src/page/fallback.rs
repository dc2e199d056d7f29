//! What a walk does about a page that could not be read: a smaller one, or the next best way, as long as no row would come twice for it.

use super::evidence::{Check, Counts, Doubt};
use super::keyset::Key;
use super::types::{PageError, Pagination, Range};
use super::walk::{Part, Walk};

impl Walk {
    /// A page could not be read. True: [`Self::path`] now asks in a way that may work.
    pub fn failed(&mut self, error: PageError) -> bool {
        if let Some(check) = self.check {
            return self.check_failed(check, error);
        }
        match error {
            PageError::TooHeavy | PageError::Cut => {
                self.ahead.too_heavy();
                if self.in_range() {
                    self.range_too_heavy();
                    return true;
                }
                if let Some(piece) = self.piece {
                    // Once it may have been the way that cut it; then the piece is too large.
                    if core::mem::replace(&mut self.piece_failed, true) {
                        self.largest_piece = piece.saturating_sub(1);
                        (self.piece, self.piece_failed) = (None, false);
                    }
                    return true;
                }
                if error == PageError::Cut { self.size.cut() } else { self.size.too_heavy() }
            }
            PageError::Forbidden if self.in_range() => {
                self.undivided();
                true
            }
            PageError::Forbidden => self.other_way(),
        }
    }

    /// What was to be counted may not be: it is asked for in another way, and then left open.
    fn check_failed(&mut self, check: Check, error: PageError) -> bool {
        match check {
            Check::Any => return false,
            Check::Nothing { .. } if error == PageError::Forbidden && !self.ranges_forbidden => {
                self.ranges_forbidden = true;
            }
            // The instance that forbids a condition on sys_id counts as the platform does.
            Check::Nothing { last } => (self.counts, self.check) = (Counts::Follow, last.then_some(Check::Any)),
            Check::Ends | Check::Backwards => self.check = Some(Check::Any),
        }
        true
    }

    /// The next best way after a refusal, as long as no row would come twice for it.
    fn other_way(&mut self) -> bool {
        if self.range != Range::default() {
            return false;
        }
        match (self.pagination, self.first_window) {
            (Pagination::Keyset, _) if self.came == 0 && self.key_field().is_some() => {
                self.key = Some(Key::SYS_ID);
                self.restart(Pagination::Keyset);
            }
            (Pagination::Keyset | Pagination::Offset, _) if self.came == 0 => self.restart(Pagination::Unordered),
            // The order is allowed and the range is not: what is behind the first window goes on by number.
            (Pagination::Keyset, Some(offset)) => {
                self.restart(Pagination::Offset);
                (self.offset, self.window) = (offset, self.total);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn restart(&mut self, pagination: Pagination) {
        (self.part, self.then, self.after, self.piece) = (Part::Whole, None, None, None);
        (self.offset, self.window) = (0, None);
        self.saw_rows_without_key = pagination != Pagination::Keyset;
        if pagination == Pagination::Unordered {
            self.doubts(Doubt::Unordered);
        }
        (self.began, self.pagination) = (self.began.take().filter(|_| self.came > 0), pagination);
    }
}
