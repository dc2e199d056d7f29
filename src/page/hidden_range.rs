//! A stretch that nobody may read and that is too long for one request: read in ranges of its keys, each in one piece.
//!
//! ```text
//!   last row seen R                                             next row that shows
//!   ...............R|-----------------------------------------------|V.....
//!                    (R, A] counted: too many
//!                    (R, B] nothing (B, C] nothing (C, D] shows V: behind V the walk goes on
//! ```
//!
//! In the order of `sys_id` no row moves, so a range of keys holds the same rows whatever others do elsewhere. A reply that counts no
//! more rows than were asked for shows all of its range at one moment; where it shows none, the walk stands behind the range's end
//! as it stands behind a row. So every place in the order is covered once, as where rows show, and no offset is part of it. Offsets
//! with counts could not do it: a row that leaves while another arrives moves what is behind it, and no count tells.
//!
//! Ends are made of the first 16 hexadecimal digits, which spread evenly; the ends stand wherever the database sorts them, and any end
//! will do. The width comes from the count, is halved where a range counts too many and doubled where it counts few. Where nothing is
//! left to halve, identifiers are not hexadecimal, or ranges are forbidden, the counts of two steps have to do, and the walk says
//! that it cannot know ([`super::Walk`]). So it does in the order of a field without an upper end, whose rows move.

use super::keyset::Position;
use super::types::{Page, Progress};
use super::walk::Walk;

/// Below so many rows in one piece nothing is won by asking for fewer.
const SMALLEST_PIECE: u64 = 4;

/// Digits of a key that are counted with; as many more fill an end up.
const DIGITS: usize = 16;

impl Walk {
    /// Goes over to ranges of keys; false where they cannot be divided.
    pub(super) fn divides(&mut self, counted: u64) -> bool {
        let ranges = counted / (self.largest_piece / 2).max(1) + 1;
        let width = self.keys_left() / ranges;
        if self.divisible && self.key_field().is_none() && width > 0 {
            (self.width, self.left) = (width, Some(counted));
        }
        self.in_range()
    }

    /// Whether a range of keys is due.
    pub(super) const fn in_range(&self) -> bool {
        self.width > 0
    }

    /// The end of the range that is due.
    pub(super) fn range_end(&self) -> String {
        let left = self.keys_left().saturating_sub(self.width);
        let descending = self.descends();
        let end = if descending { left } else { u64::MAX - left };
        let mut id = String::new();
        for place in (0..DIGITS).rev() {
            let digit = ((end >> (4 * place)) % 16) as u32;
            id.push(char::from_digit(digit, 16).unwrap_or('0'));
        }
        id + if descending { "0000000000000000" } else { "ffffffffffffffff" }
    }

    /// A page of a range came. None: it shows rows, which are all of the range.
    pub(super) fn range_came(&mut self, page: &Page<'_>) -> Option<Progress> {
        self.piece_failed = false;
        match page.counted {
            Some(counted) if counted <= self.largest_piece => {
                if page.rows > 0 {
                    self.width = 0;
                    return None;
                }
                self.after = Some(Position { value: String::new(), id: self.range_end() });
                (self.offset, self.window) = (0, None);
                self.left = self.left.map(|left| left.saturating_sub(counted));
                self.unfilled = self.unfilled.saturating_add(counted);
                if counted < self.largest_piece / 4 {
                    self.width = self.width.saturating_mul(2);
                }
                // At the end of all keys the usual way finds what is left.
                self.width = self.width.min(self.keys_left());
            }
            Some(_) => self.narrower(),
            None => self.undivided(),
        }
        Some(self.told(0, false))
    }

    /// The instance could not give a range: once it may have been the way that cut it; then it is too large.
    pub(super) fn range_too_heavy(&mut self) {
        self.piece_failed = !self.piece_failed;
        if !self.piece_failed {
            self.largest_piece /= 2;
            self.narrower();
        }
    }

    /// From here on steps and their counts have to do.
    pub(super) const fn undivided(&mut self) {
        (self.width, self.divisible) = (0, false);
    }

    /// A range holds too much.
    const fn narrower(&mut self) {
        self.width /= 2;
        if self.width == 0 || self.largest_piece < SMALLEST_PIECE {
            self.undivided();
        }
    }

    fn descends(&self) -> bool {
        self.key.as_ref().is_some_and(|key| key.descending)
    }

    /// How many keys follow, by their first digits; none behind what is not hexadecimal in small letters, as an end is: capitals stand
    /// elsewhere in some databases.
    fn keys_left(&self) -> u64 {
        let Some(after) = &self.after else { return u64::MAX };
        let small = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_digit() || matches!(digit, b'a'..=b'f'));
        let at = after.id.get(..DIGITS).filter(small).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        at.map_or(0, |at| if self.descends() { at } else { u64::MAX - at })
    }
}

#[cfg(test)]
#[path = "hidden_range_tests.rs"]
mod tests;
