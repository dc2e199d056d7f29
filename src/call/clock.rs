//! The machine's own time: the host's clock, as far as it can be believed.

use crate::time::Millis;

/// Adds up how far the host's clock went forward. A clock that jumps back costs nothing but the jump; one that stands
/// still (as it does between input and output at the edge) is pushed on by every sleep that ended.
#[derive(Debug, Default)]
pub(super) struct Clock {
    heard: Option<Millis>,
    time: Millis,
}

impl Clock {
    /// The host says that it is `now`.
    pub(super) fn hear(&mut self, now: Millis) -> Millis {
        self.time = match self.heard {
            None => now,
            Some(heard) => self.time + now.less(heard),
        };
        self.heard = Some(now);
        self.time
    }

    /// A sleep until then has ended.
    pub(super) fn slept_until(&mut self, until: Millis) {
        self.time = self.time.max(until);
    }

    pub(super) const fn time(&self) -> Millis {
        self.time
    }

    /// A time by the host's clock, in the machine's own.
    pub(super) fn own(&self, host: Millis) -> Millis {
        let heard = self.heard.unwrap_or_default();
        if host >= heard { self.time + host.less(heard) } else { self.time.less(heard.less(host)) }
    }

    /// A time of the machine's own, by the host's clock; never stays never.
    pub(super) fn host_or_never(&self, own: Millis) -> Millis {
        if own == Millis::NEVER { own } else { self.host(own) }
    }

    /// A time of the machine's own, by the host's clock.
    pub(super) fn host(&self, own: Millis) -> Millis {
        let heard = self.heard.unwrap_or_default();
        if own >= self.time { heard + own.less(self.time) } else { heard.less(self.time.less(own)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_clock_that_jumps_back_an_hour_still_moves_on() {
        let mut clock = Clock::default();
        clock.hear(Millis(10_000_000));
        clock.hear(Millis(6_400_000));
        assert_eq!(clock.time(), Millis(10_000_000));
        clock.hear(Millis(6_401_000));
        assert_eq!(clock.time(), Millis(10_001_000));
        assert_eq!(clock.host(Millis(10_002_000)), Millis(6_402_000));
        assert_eq!(clock.own(Millis(6_402_000)), Millis(10_002_000));
    }

    #[test]
    fn a_clock_that_stands_still_is_pushed_on_by_sleeping() {
        let mut clock = Clock::default();
        clock.hear(Millis(5));
        clock.slept_until(Millis(70_005));
        assert_eq!(clock.hear(Millis(5)), Millis(70_005));
    }

    proptest! {
        #[test]
        fn time_never_runs_backwards(heard in prop::collection::vec(0_u64..1_000_000, 1..50)) {
            let mut clock = Clock::default();
            let mut before = Millis(0);
            for now in heard {
                let time = clock.hear(Millis(now));
                prop_assert!(time >= before);
                before = time;
            }
        }
    }
}
