//! Hidden rows that are too many for one request, read in ranges of their keys.
//!
//! ```text
//!   last row seen R                                             next row that shows
//!   ...............R|-----------------------------------------------|V.....
//!                    (R, A] counted: too many
//!                    (R, B] nothing (B, C] nothing (C, D] shows V: the walk continues behind V
//! ```
//!
//! In the order of `sys_id` no row moves, so a range of keys holds the same rows whatever others do elsewhere. A reply that counts no
//! more rows than were requested shows all of its range at one moment. If it shows none, the walk stands behind the range's end
//! as it stands behind a row. So every place in the order is covered once, and no offset is part of it. Offsets
//! with counts cannot do that: a row that leaves while another arrives moves those behind it, and the count stays the same.
//!
//! A range's end is made of the first 16 hexadecimal digits, which spread evenly. Any end is right, wherever the database sorts
//! it. The width comes from the count. It is halved when a range counts too many rows and doubled when it counts few. If it cannot be
//! halved, identifiers are not hexadecimal, or ranges are forbidden, the walk compares the counts of two steps and reports that it cannot
//! prove completeness. So it does in the order of a field without an upper end, whose rows move.

use super::keyset::Position;
use super::next_page::{NextPage, Steps};
use super::reading::LARGEST_PAGE;

/// Below this many rows in one request a smaller range does not help.
const SMALLEST_PIECE: u64 = 4;

/// Digits of a key that are calculated with. As many again fill the end up.
const DIGITS: usize = 16;

/// What the instance can give in one request.
#[derive(Debug)]
pub(super) struct PieceLimits {
    pub(super) largest: u64,
    /// Whether ranges of keys can be read.
    divisible: bool,
}

impl PieceLimits {
    pub(super) const fn new() -> Self {
        Self { largest: LARGEST_PAGE, divisible: true }
    }

    pub(super) const fn is_divisible(&self) -> bool {
        self.divisible
    }

    /// The first range of a window of `counted` rows. None if the keys cannot be divided.
    pub(super) fn divided(&self, counted: u64, keys_left: u64, steps: Steps) -> Option<NextPage> {
        let ranges = counted / (self.largest / 2).max(1) + 1;
        let width = keys_left / ranges;
        (self.divisible && width > 0).then_some(NextPage::HiddenRange { width, failed: false, steps })
    }

    /// The range behind one that showed nothing. At the end of all keys the window continues.
    pub(super) fn following(&self, width: u64, counted: u64, keys_left: u64) -> NextPage {
        let wider = if counted < self.largest / 4 { width.saturating_mul(2) } else { width };
        match wider.min(keys_left) {
            0 => NextPage::Window,
            width => NextPage::HiddenRange { width, failed: false, steps: Steps::default() },
        }
    }

    /// Half of a range that counts too many rows.
    pub(super) const fn narrower(&mut self, width: u64, steps: Steps) -> NextPage {
        let width = width / 2;
        if width == 0 || self.largest < SMALLEST_PIECE {
            return self.undivided(steps);
        }
        NextPage::HiddenRange { width, failed: false, steps }
    }

    /// From here on no ranges are read.
    pub(super) const fn undivided(&mut self, steps: Steps) -> NextPage {
        self.divisible = false;
        NextPage::Steps(steps)
    }

    /// What follows a page that the instance could not give. The first failure may be the connection's: the page is requested again.
    /// After the second it is too large. None for a page of the usual size.
    pub(super) fn after_failure(&mut self, page: NextPage) -> Option<NextPage> {
        match page {
            NextPage::Window | NextPage::Steps(_) => None,
            NextPage::Piece { rows, failed: false, steps } => Some(NextPage::Piece { rows, failed: true, steps }),
            NextPage::Piece { rows, failed: true, steps } => {
                self.largest = rows.saturating_sub(1);
                Some(NextPage::Steps(steps))
            }
            NextPage::HiddenRange { width, failed: false, steps } => {
                Some(NextPage::HiddenRange { width, failed: true, steps })
            }
            NextPage::HiddenRange { width, failed: true, steps } => {
                self.largest /= 2;
                Some(self.narrower(width, steps))
            }
        }
    }
}

/// How many keys follow, by their first digits. None follow a key that is not hexadecimal in lower case, as an end is: some databases
/// sort capitals elsewhere.
pub(super) fn keys_left(after: Option<&Position>, descending: bool) -> u64 {
    let Some(after) = after else { return u64::MAX };
    let lower = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_digit() || matches!(digit, b'a'..=b'f'));
    let at = after.id.get(..DIGITS).filter(lower).and_then(|digits| u64::from_str_radix(digits, 16).ok());
    at.map_or(0, |at| if descending { at } else { u64::MAX - at })
}

/// The last key of a range behind which `left` of the [`keys_left`] follow.
pub(super) fn range_end(left: u64, descending: bool) -> String {
    let end = if descending { left } else { u64::MAX - left };
    let mut id = String::new();
    for place in (0..DIGITS).rev() {
        let digit = ((end >> (4 * place)) % 16) as u32;
        id.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
    id + if descending { "0000000000000000" } else { "ffffffffffffffff" }
}

#[cfg(test)]
mod tests;
