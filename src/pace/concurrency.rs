//! The number of requests in flight: halved when the instance is overloaded, soon nearly as many again, and then one more at a
//! time.
//!
//! ```text
//!  limit  8 |       overloaded                    overloaded, and nothing was served since: the same overload
//!         7 |- - - - -\- - - - - - - -/------     \ - - - - - - - - -/----    proven: one less than at the last overload
//!           |          \           /               \              /
//!         4 |           \_______/                   \_          /            one more for each round below it,
//!         2 |            half                          \______/              and for 8 rounds or 50 successes above it
//! ```
//!
//! Additive increase and multiplicative decrease as in TCP (RFC 5681), with a fast return to the last good limit as in CUBIC
//! (RFC 9438): a queue filled by other clients is empty a second later, and adding one request per 50 successes would read at a
//! fifth of the instance's speed. An instance's `API_INT` pool has 4 threads per node (KB1297438), so the limit starts at 4. A
//! browser opens 6 connections per host, so more than 8 gain little.

use crate::time::Millis;

const SUCCESSES_FOR_ONE_MORE: u32 = 50;
/// A round is as many successes as the limit. With a limit of one, fifty successes would take half a minute.
const ROUNDS_FOR_ONE_MORE: u32 = 8;

/// The limit and how it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    limit: u32,
    most: u32,
    successes: u32,
    /// One less than the limit at the last overload: the instance served that many.
    proven: u32,
    /// Requests sent before this were in flight when the limit was halved.
    halved_at: Millis,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self::new(4, 8)
    }
}

impl Concurrency {
    /// Starts at `limit` and never exceeds `most`.
    #[must_use]
    pub fn new(limit: u32, most: u32) -> Self {
        let most = most.max(1);
        Self { limit: limit.clamp(1, most), most, successes: 0, proven: 0, halved_at: Millis(0) }
    }

    /// Requests that may be in flight at once.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// A request sent at `sent_at` was served.
    pub fn succeeded(&mut self, sent_at: Millis) {
        // Sent under the old limit: it says nothing about the present one.
        if sent_at < self.halved_at {
            return;
        }
        self.successes += 1;
        let rounds = if self.limit < self.proven { 1 } else { ROUNDS_FOR_ONE_MORE };
        if self.successes >= (rounds * self.limit).min(SUCCESSES_FOR_ONE_MORE) {
            self.successes = 0;
            self.limit = (self.limit + 1).min(self.most);
        }
    }

    /// The instance refused a request sent at `sent_at` because of overload. Requests refused together halve the limit once.
    pub fn overloaded(&mut self, sent_at: Millis, now: Millis) {
        if sent_at < self.halved_at {
            return;
        }
        // Refused again without any success: the same overload, which says nothing about fewer requests.
        if self.successes > 0 || self.limit > self.proven {
            self.proven = self.limit - 1;
        }
        self.limit = self.limit.div_ceil(2);
        self.successes = 0;
        self.halved_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limit_grows_by_one_after_eight_rounds_or_fifty_successes() {
        let mut concurrency = Concurrency::new(1, 8);
        for (limit, successes) in [(1, 8), (2, 16), (3, 24), (4, 32), (5, 40), (6, 48), (7, 50), (8, 50)] {
            assert_eq!(concurrency.limit(), limit);
            assert_eq!(
                successes_until_it_moves(&mut concurrency, limit),
                if limit == 8 { None } else { Some(successes) }
            );
        }
    }

    fn successes_until_it_moves(concurrency: &mut Concurrency, from: u32) -> Option<u32> {
        (1..200).find(|_| {
            concurrency.succeeded(Millis(1_000_000));
            concurrency.limit() != from
        })
    }

    #[test]
    fn limit_recovers_fast_below_last_overload_and_slowly_above() {
        let mut concurrency = Concurrency::new(8, 8);
        concurrency.overloaded(Millis(100), Millis(150));
        let steps: Vec<_> = (4..8).map(|limit| successes_until_it_moves(&mut concurrency, limit)).collect();
        assert_eq!(steps, [Some(4), Some(5), Some(6), Some(50)], "the eighth was refused");
    }

    #[test]
    fn outage_does_not_lower_the_proven_limit() {
        let mut concurrency = Concurrency::new(8, 8);
        (0..5).for_each(|second| concurrency.overloaded(Millis(second * 1000), Millis(second * 1000 + 1)));
        assert_eq!(concurrency.limit(), 1);
        (0..1 + 2 + 3 + 4 + 5 + 6).for_each(|_| concurrency.succeeded(Millis(9000)));
        assert_eq!(concurrency.limit(), 7);
    }

    #[test]
    fn repeated_overload_lowers_the_limit_step_by_step() {
        let mut concurrency = Concurrency::new(8, 8);
        let mut reached = vec![];
        for second in 1..6 {
            (0..21).for_each(|_| concurrency.succeeded(Millis(second * 1000)));
            reached.push(concurrency.limit());
            concurrency.overloaded(Millis(second * 1000), Millis(second * 1000 + 1));
        }
        assert_eq!(reached, [8, 7, 6, 5, 4]);
    }

    #[test]
    fn late_successes_of_the_old_limit_do_not_raise_it() {
        let mut concurrency = Concurrency::new(8, 8);
        concurrency.overloaded(Millis(100), Millis(150));
        (0..7).for_each(|_| concurrency.succeeded(Millis(120)));
        assert_eq!(concurrency.limit(), 4);
    }

    #[test]
    fn requests_refused_together_halve_the_limit_once() {
        let mut concurrency = Concurrency::new(8, 8);
        for _ in 0..4 {
            concurrency.overloaded(Millis(100), Millis(150));
        }
        assert_eq!(concurrency.limit(), 4);
        concurrency.overloaded(Millis(200), Millis(250));
        assert_eq!(concurrency.limit(), 2);
    }

    proptest! {
        #[test]
        fn limit_stays_between_one_and_the_maximum(
            most in 0_u32..20, begin in 0_u32..40, events in prop::collection::vec((any::<bool>(), 0_u64..1000), 0..500),
        ) {
            let mut concurrency = Concurrency::new(begin, most);
            for (success, at) in events {
                if success { concurrency.succeeded(Millis(at)) } else { concurrency.overloaded(Millis(at), Millis(at + 5)) }
                prop_assert!((1..=most.max(1)).contains(&concurrency.limit()));
            }
        }
    }
}
