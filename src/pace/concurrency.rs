//! How many requests may be out at once: one more after 50 successes, half as many when the instance says that it has enough.
//!
//! Additive increase and multiplicative decrease, as TCP does it (RFC 5681). An instance's `API_INT` pool has 4 threads a node
//! (KB1297438), so the beginning is 4; a browser opens 6 connections to a host, so little is gained above 8.

use crate::time::Millis;

const SUCCESSES_FOR_ONE_MORE: u32 = 50;

/// The limit and how it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    limit: u32,
    most: u32,
    successes: u32,
    /// Requests that were sent before this belong to the crowd that has been halved already.
    halved_at: Millis,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self::new(4, 8)
    }
}

impl Concurrency {
    /// Begins at `limit` and never passes `most`.
    #[must_use]
    pub fn new(limit: u32, most: u32) -> Self {
        let most = most.max(1);
        Self { limit: limit.clamp(1, most), most, successes: 0, halved_at: Millis(0) }
    }

    /// Requests that may be out at once.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// A request was served.
    pub const fn succeeded(&mut self) {
        self.successes += 1;
        if self.successes >= SUCCESSES_FOR_ONE_MORE {
            self.successes = 0;
            if self.limit < self.most {
                self.limit += 1;
            }
        }
    }

    /// The instance refused a request sent at `sent_at` because it has enough. A crowd that is refused together halves once.
    pub fn overloaded(&mut self, sent_at: Millis, now: Millis) {
        self.successes = 0;
        if sent_at >= self.halved_at {
            self.limit = (self.limit / 2).max(1);
            self.halved_at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fifty_successes_bring_one_more_up_to_eight() {
        let mut concurrency = Concurrency::default();
        let mut seen = vec![];
        for _ in 0..6 {
            seen.push(concurrency.limit());
            (0..50).for_each(|_| concurrency.succeeded());
        }
        assert_eq!(seen, [4, 5, 6, 7, 8, 8]);
    }

    #[test]
    fn four_requests_refused_together_halve_once() {
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
        fn the_limit_stays_between_one_and_the_most(
            most in 0_u32..20, begin in 0_u32..40, events in prop::collection::vec((any::<bool>(), 0_u64..1000), 0..500),
        ) {
            let mut concurrency = Concurrency::new(begin, most);
            for (success, at) in events {
                if success { concurrency.succeeded() } else { concurrency.overloaded(Millis(at), Millis(at + 5)) }
                prop_assert!((1..=most.max(1)).contains(&concurrency.limit()));
            }
        }
    }
}
