//! Repetitions of all callers together are few beside the requests that succeed, so that a failing instance gets less load and
//! not several times as much.
//!
//! A bucket of tokens: each success puts a fifth of one in, each repetition takes one out, and a second of time puts one in, so
//! that a caller who is alone can sit out an outage. The first rule alone is that of Finagle's `RetryBudget`.

use crate::time::Millis;

/// In fifths, so that nothing is counted in fractions.
const REPETITION: u32 = 5;
const SUCCESS: u32 = 1;
const SECOND: u32 = 5;
const FULL: u32 = 50 * REPETITION;

/// The bucket of one instance.
#[derive(Debug)]
pub struct RetryBudget {
    fifths: u32,
    filled_at: Millis,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self { fifths: FULL, filled_at: Millis(0) }
    }
}

impl RetryBudget {
    /// A request was served.
    pub fn succeeded(&mut self) {
        self.put(SUCCESS);
    }

    /// Takes a token for a repetition; false when none is left.
    pub fn take(&mut self, now: Millis) -> bool {
        let passed = now.less(self.filled_at).0;
        if passed >= 1000 {
            self.put(u32::try_from(passed / 1000).unwrap_or(FULL).min(FULL).saturating_mul(SECOND));
            self.filled_at = now.less(Millis(passed % 1000));
        }
        let left = self.fifths.checked_sub(REPETITION);
        self.fifths = left.unwrap_or(self.fifths);
        left.is_some()
    }

    fn put(&mut self, fifths: u32) {
        self.fifths = self.fifths.saturating_add(fifths).min(FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(now: Millis) -> RetryBudget {
        let mut budget = RetryBudget::default();
        while budget.take(now) {}
        budget
    }

    #[test]
    fn fifty_repetitions_at_once_and_then_one_for_every_five_successes() {
        let now = Millis(5000);
        let mut budget = RetryBudget::default();
        assert_eq!((0..100).filter(|_| budget.take(now)).count(), 50);
        for _ in 0..4 {
            budget.succeeded();
        }
        assert!(!budget.take(now));
        budget.succeeded();
        assert!(budget.take(now));
        assert!(!budget.take(now));
    }

    #[test]
    fn a_second_of_time_allows_one_and_a_clock_that_jumps_back_none() {
        let mut budget = drained(Millis(10_000));
        assert!(!budget.take(Millis(4000)));
        assert!(!budget.take(Millis(10_999)));
        assert!(budget.take(Millis(11_000)));
        assert!(!budget.take(Millis(11_000)));
    }

    #[test]
    fn parts_of_a_second_are_not_lost() {
        let mut budget = drained(Millis(10_000));
        assert!(budget.take(Millis(11_900)), "one for the first second");
        assert!(budget.take(Millis(12_000)), "and one for the second");
        assert!(!budget.take(Millis(12_999)));
    }

    #[test]
    fn it_never_holds_more_than_it_can() {
        let mut budget = drained(Millis(10_000));
        for _ in 0..10_000 {
            budget.succeeded();
        }
        assert_eq!((0..1000).filter(|_| budget.take(Millis(u64::MAX))).count(), 50);
    }
}
