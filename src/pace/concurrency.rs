//! How many requests may be out at once: half as many when the instance says that it has enough, soon nearly as many again, and
//! then one more at a time.
//!
//! ```text
//!  limit  8 |        refused                      refused, and nothing was served since: the same trouble
//!         7 |- - - - -\- - - - - - - -/------     \ - - - - - - - - -/----    proven: one less than was refused
//!           |          \           /               \              /
//!         4 |           \_______/                   \_          /            one more for each round below it,
//!         2 |            half                          \______/              and for 8 rounds or 50 successes above it
//! ```
//!
//! Additive increase and multiplicative decrease, as TCP does it (RFC 5681), and the quick return to what went well a moment ago, as
//! CUBIC does it (RFC 9438): a queue that others have filled is empty a second later, and whoever climbs back one for each 50
//! successes reads at a fifth of what the instance could serve. An instance's `API_INT` pool has 4 threads a node (KB1297438), so
//! the beginning is 4; a browser opens 6 connections to a host, so little is gained above 8.

use crate::time::Millis;

const SUCCESSES_FOR_ONE_MORE: u32 = 50;
/// A round is as many successes as may be out at once. Fifty would be half a minute where one may be out.
const ROUNDS_FOR_ONE_MORE: u32 = 8;

/// The limit and how it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    limit: u32,
    most: u32,
    successes: u32,
    /// One less than the instance refused last, while it served others: so many it could take.
    proven: u32,
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
        Self { limit: limit.clamp(1, most), most, successes: 0, proven: 0, halved_at: Millis(0) }
    }

    /// Requests that may be out at once.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// A request sent at `sent_at` was served.
    pub fn succeeded(&mut self, sent_at: Millis) {
        // Of the crowd that was too large: it says nothing of what is out now.
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

    /// The instance refused a request sent at `sent_at` because it has enough. A crowd that is refused together halves once.
    pub fn overloaded(&mut self, sent_at: Millis, now: Millis) {
        if sent_at < self.halved_at {
            return;
        }
        // Refused again before anything was served: the trouble is the same, and says nothing of fewer requests.
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
    fn eight_rounds_or_fifty_successes_bring_one_more_up_to_eight() {
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
    fn what_went_well_a_moment_ago_is_soon_reached_again_and_what_did_not_is_not() {
        let mut concurrency = Concurrency::new(8, 8);
        concurrency.overloaded(Millis(100), Millis(150));
        let steps: Vec<_> = (4..8).map(|limit| successes_until_it_moves(&mut concurrency, limit)).collect();
        assert_eq!(steps, [Some(4), Some(5), Some(6), Some(50)], "the eighth was refused");
    }

    #[test]
    fn an_outage_that_refuses_everything_says_nothing_of_what_the_instance_can_take() {
        let mut concurrency = Concurrency::new(8, 8);
        (0..5).for_each(|second| concurrency.overloaded(Millis(second * 1000), Millis(second * 1000 + 1)));
        assert_eq!(concurrency.limit(), 1);
        (0..1 + 2 + 3 + 4 + 5 + 6).for_each(|_| concurrency.succeeded(Millis(9000)));
        assert_eq!(concurrency.limit(), 7);
    }

    #[test]
    fn what_is_refused_again_and_again_is_asked_for_less_and_less() {
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
    fn late_successes_of_the_crowd_that_was_halved_bring_nothing_back() {
        let mut concurrency = Concurrency::new(8, 8);
        concurrency.overloaded(Millis(100), Millis(150));
        (0..7).for_each(|_| concurrency.succeeded(Millis(120)));
        assert_eq!(concurrency.limit(), 4);
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
                if success { concurrency.succeeded(Millis(at)) } else { concurrency.overloaded(Millis(at), Millis(at + 5)) }
                prop_assert!((1..=most.max(1)).contains(&concurrency.limit()));
            }
        }
    }
}
