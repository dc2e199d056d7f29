//! When a failed request may be sent again, and when to give up: full jitter, and the instance's own word where it gave one.
//!
//! Full jitter (a pause anywhere between nothing and the doubled ceiling) spreads callers that failed together best: "Exponential
//! Backoff And Jitter", AWS Architecture Blog. What another wait would cost is known before it begins, so a call whose budget it
//! would break ends at once with the time at which it could go on.

use crate::time::Millis;

/// How often and how long one call is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Requests in all, the first included.
    pub attempts: u8,
    /// The ceiling of the first pause; doubled after each failure.
    pub base: Millis,
    /// The ceiling's ceiling.
    pub cap: Millis,
    /// No pause may end later than this after the call began.
    pub budget: Millis,
    /// The longest wait that the instance may ask for.
    pub longest_wait: Millis,
}

/// What a failure lets a caller do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// Nothing: the same request would fail the same way, or may have been carried out.
    Nothing,
    /// To send it again, later.
    Again,
    /// To send it again after so long, by the instance's own word.
    AgainAfter(Millis),
    /// The same, for what one request brings to all who wait.
    ForAll(Millis),
}

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The request is sent again at this time.
    Send(Millis),
    /// The call ends. With a time: that is when it could be tried again.
    End(Option<Millis>),
}

impl Backoff {
    /// Somebody waits for the answer: 5 attempts within 300 s, and no wait over 60 s.
    pub const INTERACTIVE: Self = Self {
        attempts: 5,
        base: Millis(500),
        cap: Millis::from_seconds(30),
        budget: Millis::from_seconds(300),
        longest_wait: Millis::from_seconds(60),
    };

    /// A reading of many pages, which sits out an outage and an hourly limit: both are over within two hours, or it ends.
    pub const BULK: Self = Self {
        attempts: 255,
        budget: Millis::from_seconds(7200),
        longest_wait: Millis::from_seconds(3660),
        ..Self::INTERACTIVE
    };

    /// What follows the `attempts`-th request of a call that began at `began`. `random` is uniform over all its values.
    #[must_use]
    pub fn after(&self, attempts: u8, began: Millis, allowed: Allowed, random: u32, now: Millis) -> Then {
        let wait = match allowed {
            Allowed::Nothing => return Then::End(None),
            // Obeyed to the millisecond: earlier is refused again, later is time lost.
            Allowed::AgainAfter(asked) | Allowed::ForAll(asked) => asked,
            Allowed::Again => self.pause(attempts, random),
        };
        let at = now + wait;
        if attempts < self.attempts && wait <= self.longest_wait && at <= began + self.budget {
            Then::Send(at)
        } else {
            Then::End((allowed != Allowed::Again).then_some(at))
        }
    }

    /// The pause after this number of requests.
    #[must_use]
    pub fn pause(&self, attempts: u8, random: u32) -> Millis {
        // Both factors are below 2^32: the cap is an hour at most.
        let doublings = u32::from(attempts.saturating_sub(1)).min(20);
        let ceiling = (self.base.0 << doublings).min(self.cap.0).min(3_600_000);
        Millis(((ceiling + 1) * u64::from(random)) >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: Backoff = Backoff::INTERACTIVE;
    const T: Millis = Millis(1_000_000);

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let ceilings: Vec<u64> = (1..=8).map(|attempts| POLICY.pause(attempts, u32::MAX).0).collect();
        assert_eq!(ceilings, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
        assert_eq!(POLICY.pause(1, 0), Millis(0));
    }

    #[test]
    fn the_instances_word_is_obeyed_exactly_up_to_a_minute() {
        let minute = Millis::from_seconds(60);
        assert_eq!(POLICY.after(1, T, Allowed::AgainAfter(minute), 7, T), Then::Send(T + minute));
        let longer = Millis(60_001);
        assert_eq!(POLICY.after(1, T, Allowed::AgainAfter(longer), 7, T), Then::End(Some(T + longer)));
        assert_eq!(Backoff::BULK.after(1, T, Allowed::AgainAfter(longer), 7, T), Then::Send(T + longer));
    }

    #[test]
    fn the_fifth_failure_is_the_last_and_what_may_not_be_repeated_is_not() {
        assert!(matches!(POLICY.after(4, T, Allowed::Again, 7, T), Then::Send(_)));
        assert_eq!(POLICY.after(5, T, Allowed::Again, 7, T), Then::End(None));
        assert_eq!(POLICY.after(1, T, Allowed::Nothing, 7, T), Then::End(None));
    }

    proptest! {
        /// Whatever happens at whatever times, a call ends: after few attempts, and never past its budget.
        #[test]
        fn every_call_ends_within_its_budget(
            pauses in prop::collection::vec((any::<u32>(), prop::option::of(0_u64..200_000), 0_u64..70_000), 300),
            bulk in any::<bool>(),
        ) {
            let policy = if bulk { Backoff::BULK } else { Backoff::INTERACTIVE };
            let (mut now, mut attempts) = (T, 0_u8);
            for (random, asked, took) in pauses {
                attempts += 1;
                now = now + Millis(took);
                let allowed = asked.map_or(Allowed::Again, |asked| Allowed::AgainAfter(Millis(asked)));
                match policy.after(attempts, T, allowed, random, now) {
                    Then::Send(at) => {
                        prop_assert!(at >= now && at <= T + policy.budget && at.less(now) <= policy.longest_wait);
                        if asked.is_none() {
                            prop_assert!(at.less(now) <= policy.cap);
                        }
                        now = at;
                    }
                    Then::End(_) => {
                        prop_assert!(attempts <= policy.attempts);
                        return Ok(());
                    }
                }
            }
            prop_assert!(false, "it never ends");
        }
    }
}
