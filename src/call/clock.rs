//! The machine's own time: the host's clock, as far as it can be believed.

use super::effect::EffectId;
use super::pending_call::PendingSleep;
use crate::time::Millis;

/// A timer is set again after this long: 2^31 ms is the most that hosts take.
const LONGEST_SLEEP: Millis = Millis::from_seconds(3600);

/// While somebody waits the clock is heard at least so often: what passes unheard before it is set back is waited once more.
const LONGEST_UNHEARD: Millis = Millis::from_seconds(60);

/// So many sleeps in a row may end before their time by the clock; the next one counts, whatever the clock says.
const MOST_DOUBTS: u8 = 3;

/// Adds up how far the host's clock went forward. One that stands still while a sleep lasts (as it does between input and output at
/// the edge) is pushed on by the sleep's end.
///
/// What passed unheard before a clock was set back counts as nothing, so that no wait ends early. A sleep that spans that moment
/// would count it after all and shorten what began since: a clock that moves is believed, and the rest is slept. One that is set
/// back in one sleep after the other, or runs backwards, is none: then the sleep counts, so that everything ends.
#[derive(Debug, Default)]
pub(super) struct Clock {
    heard: Option<Millis>,
    time: Millis,
    /// Sleeps in a row that ended before their time.
    doubts: u8,
}

impl Clock {
    /// The host says that it is `now`.
    pub(super) fn observe(&mut self, now: Millis) -> Millis {
        self.time = match self.heard {
            None => now,
            Some(heard) => self.time + now.less(heard),
        };
        self.heard = Some(now);
        self.time
    }

    /// A sleep that begins now and ends then, or earlier.
    pub(super) fn sleep(&self, id: EffectId, until: Millis, background: bool) -> PendingSleep {
        let longest = if background { LONGEST_SLEEP } else { LONGEST_UNHEARD };
        PendingSleep { id, heard: self.heard, until: until.min(self.time + longest), background }
    }

    /// Whether a sleep that is under way ends in time for what is due then. One that should have ended by now does not: a machine
    /// that slept kept its timers back.
    pub(super) fn serves(&self, sleep: &PendingSleep, until: Millis, background: bool) -> bool {
        (self.time..=until).contains(&sleep.until) && sleep.background == background
    }

    /// A sleep has ended, and the host says that it is `now`.
    pub(super) fn slept(&mut self, sleep: &PendingSleep, now: Millis) {
        if self.observe(now) < sleep.until && self.heard != sleep.heard && self.doubts < MOST_DOUBTS {
            self.doubts += 1;
        } else {
            self.time = self.time.max(sleep.until);
            self.doubts = 0;
        }
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
        clock.observe(Millis(10_000_000));
        clock.observe(Millis(6_400_000));
        assert_eq!(clock.time(), Millis(10_000_000));
        clock.observe(Millis(6_401_000));
        assert_eq!(clock.time(), Millis(10_001_000));
        assert_eq!(clock.host(Millis(10_002_000)), Millis(6_402_000));
        assert_eq!(clock.own(Millis(6_402_000)), Millis(10_002_000));
    }

    #[test]
    fn a_clock_that_stands_still_is_pushed_on_by_sleeping() {
        let mut clock = Clock::default();
        clock.observe(Millis(5));
        let sleep = clock.sleep(EffectId(1), Millis(40_005), false);
        clock.slept(&sleep, Millis(5));
        assert_eq!(clock.observe(Millis(5)), Millis(40_005));
    }

    #[test]
    fn a_sleep_under_which_the_clock_was_set_back_counts_no_more_than_the_clock() {
        let mut clock = Clock::default();
        clock.observe(Millis(10_000));
        let sleep = clock.sleep(EffectId(1), Millis(15_000), false);
        // A second passes unheard, and the clock is set back: a wait that begins here is to last.
        clock.observe(Millis(4_000));
        clock.slept(&sleep, Millis(8_000));
        assert_eq!(clock.time(), Millis(14_000));
    }

    #[test]
    fn a_clock_that_runs_backwards_or_is_set_back_in_every_sleep_is_slept_away() {
        for forward in [0, 20] {
            let mut clock = Clock::default();
            let mut now = 1_000_000;
            clock.observe(Millis(now));
            for _ in 0..100 {
                let sleep = clock.sleep(EffectId(1), clock.time() + Millis(1_000), false);
                now -= 30;
                clock.observe(Millis(now));
                now += forward;
                clock.slept(&sleep, Millis(now));
            }
            // At the worst every fourth sleep counts.
            assert!(clock.time() >= Millis(1_000_000 + 25 * 1_000), "{:?}", clock.time());
        }
    }

    /// A host with timers that keep the true time, and a clock that is set back now and then.
    #[derive(Default)]
    struct Machine {
        clock: Clock,
        truth: u64,
        behind: u64,
        sleep: Option<(PendingSleep, u64)>,
        /// When a wait ends by the machine's own time, and when it truly may.
        waits: Vec<(Millis, u64)>,
    }

    impl Machine {
        fn now(&self) -> Millis {
            Millis(10_000_000 + self.truth - self.behind)
        }

        fn wait(&mut self, length: u64) {
            let time = self.clock.observe(self.now());
            self.waits.push((time + Millis(length), self.truth + length));
        }

        /// What the machine of calls does whenever it is asked what is due.
        fn poll(&mut self) {
            let time = self.clock.observe(self.now());
            for (_, truly) in self.waits.extract_if(.., |(due, _)| *due <= time) {
                assert!(self.truth >= truly, "cut short by {} ms", truly - self.truth);
            }
            let Some(until) = self.waits.iter().map(|(due, _)| *due).min() else { return };
            if !self.sleep.is_some_and(|(sleep, _)| self.clock.serves(&sleep, until, false)) {
                let sleep = self.clock.sleep(EffectId(1), until, false);
                self.sleep = Some((sleep, self.truth + sleep.until.less(time).0));
            }
        }

        fn pass(&mut self, length: u64) {
            let until = self.truth + length;
            while let Some((sleep, ends)) = self.sleep.take_if(|(_, ends)| *ends <= until) {
                self.truth = ends;
                self.clock.slept(&sleep, self.now());
                self.poll();
            }
            self.truth = until;
        }
    }

    proptest! {
        #[test]
        fn time_never_runs_backwards(heard in prop::collection::vec(0_u64..1_000_000, 1..50)) {
            let mut clock = Clock::default();
            let mut before = Millis(0);
            for now in heard {
                let time = clock.observe(Millis(now));
                prop_assert!(time >= before);
                before = time;
            }
        }

        /// Whoever waits is never early, and ends: a clock set back costs what was not heard before it, a minute at most.
        #[test]
        fn no_wait_is_cut_short_or_made_endless_by_a_clock_that_is_set_back(
            steps in prop::collection::vec((0_u8..4, 1_u64..20_000), 1..80), times in 0_u64..4,
        ) {
            let mut machine = Machine::default();
            let (mut left, mut longest) = (times, 0);
            for (what, length) in steps {
                match what {
                    0 => machine.wait(length),
                    1 if left > 0 => {
                        left -= 1;
                        machine.behind = (machine.behind + length).min(9_000_000);
                    }
                    _ => machine.pass(length),
                }
                if length % 3 > 0 {
                    machine.poll();
                }
                longest = machine.waits.iter().map(|(_, truly)| *truly).max().unwrap_or(longest);
            }
            machine.poll();
            machine.pass(longest.saturating_sub(machine.truth) + times * 60_000);
            prop_assert!(machine.waits.is_empty());
        }
    }
}
