//! Limits retries to a share of the successful requests of all calls, so that a failing instance gets less load instead of
//! several times as much.
//!
//! A token bucket: each success adds a fifth of a token, each retry takes one, and each second adds one, so that a single
//! caller can wait out an outage. The share for each success is the rule of Finagle's `RetryBudget`.

use crate::time::Millis;

/// Counted in fifths of a token, which avoids fractions.
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

    /// Takes a token for a retry. False if none is left.
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
    fn budget_allows_fifty_retries_then_one_for_five_successes() {
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
    fn a_second_adds_one_retry_and_a_clock_set_back_none() {
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
    fn budget_never_exceeds_its_maximum() {
        let mut budget = drained(Millis(10_000));
        for _ in 0..10_000 {
            budget.succeeded();
        }
        assert_eq!((0..1000).filter(|_| budget.take(Millis(u64::MAX))).count(), 50);
    }
}
