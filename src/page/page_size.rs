//! How many rows to ask for: half as many when the instance needed too long for a page or it was cut, twice as many again when pages pass.

/// Pages in a row that pass before the next is larger.
const PASSES_FOR_MORE: u8 = 8;

/// The same when larger pages have failed again and again: each failure costs the instance a minute.
const MOST_PASSES: u8 = 128;

/// Below this a smaller page helps no more: what takes a minute for so few rows is the query itself.
const SMALLEST_HALVED: u64 = 8;

/// The size of the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize {
    now: u64,
    most: u64,
    passed: u8,
    /// Passes that the next larger size needs: more of them each time that it proved too large again.
    needed: u8,
    grown: bool,
}

impl PageSize {
    /// Begins with `now` rows a page and never asks for more than `most`.
    #[must_use]
    pub fn new(now: u64, most: u64) -> Self {
        let most = most.max(1);
        Self { now: now.clamp(1, most), most, passed: 0, needed: PASSES_FOR_MORE, grown: false }
    }

    /// Rows to ask for.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.now
    }

    /// Whether no page had to be smaller than the caller wants them.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.now == self.most
    }

    /// A page came in one piece.
    pub fn passed(&mut self) {
        self.passed += 1;
        if self.passed >= self.needed {
            self.grown = self.now < self.most;
            self.more();
        }
    }

    /// A page hid rows: where many are hidden, larger pages find the readable ones in fewer requests.
    pub fn more(&mut self) {
        self.passed = 0;
        self.now = self.now.saturating_mul(2).min(self.most);
    }

    /// The instance needed too long. False: a smaller page would not help.
    pub const fn too_heavy(&mut self) -> bool {
        self.halved(SMALLEST_HALVED)
    }

    /// The page was cut. False: it holds a single row.
    pub const fn cut(&mut self) -> bool {
        self.halved(1)
    }

    const fn halved(&mut self, smallest: u64) -> bool {
        self.passed = 0;
        if self.grown {
            self.grown = false;
            self.needed = if self.needed < MOST_PASSES { self.needed * 2 } else { MOST_PASSES };
        }
        let helps = self.now > smallest;
        if helps {
            self.now /= 2;
        }
        helps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_page_is_halved_and_grows_back() {
        let mut size = PageSize::new(1000, 1000);
        assert!(size.too_heavy() && size.too_heavy());
        assert_eq!(size.rows(), 250);
        (0..8).for_each(|_| size.passed());
        assert_eq!(size.rows(), 500);
        (0..80).for_each(|_| size.passed());
        assert_eq!(size.rows(), 1000);
    }

    #[test]
    fn size_that_fails_repeatedly_is_tried_less_often() {
        let mut size = PageSize::new(1000, 1000);
        let mut failures = 0;
        for _ in 0..1000 {
            if size.rows() > 500 {
                assert!(size.too_heavy());
                failures += 1;
            } else {
                size.passed();
            }
        }
        assert_eq!((size.rows(), failures), (500, 11));
    }

    #[test]
    fn halving_ends() {
        let mut size = PageSize::new(10_000, 10_000);
        let halvings = (0..100).take_while(|_| size.too_heavy()).count();
        assert_eq!((halvings, size.rows()), (11, 4));
        let cuts = (0..100).take_while(|_| size.cut()).count();
        assert_eq!((cuts, size.rows()), (2, 1), "a row that is too large for itself");
    }
}
