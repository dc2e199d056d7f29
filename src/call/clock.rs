//! The machine's own time, derived from a host clock that may stand still or jump.

use super::effect::EffectId;
use super::pending_call::PendingSleep;
use crate::time::Millis;

/// Longest timer; then it is set again. Hosts accept at most 2^31 ms.
const LONGEST_SLEEP: Millis = Millis::from_seconds(3600);

/// Longest time between two readings of the clock while a call waits: time that passes unread before the clock is set back is
/// waited a second time.
const LONGEST_UNREAD: Millis = Millis::from_seconds(60);

/// This number of consecutive sleeps may end early by the clock; the next one counts in full.
const MOST_DOUBTS: u8 = 3;

/// Adds up the forward steps of the host's clock. If the clock stands still during a sleep (edge runtimes freeze it between
/// input and output), the end of the sleep advances the time.
///
/// Time that passed unread before the clock was set back is not counted, so no wait ends early. A sleep across that moment
/// would count it and shorten later waits: if the clock moves, it is trusted and the rest is slept. If it is set back in
/// consecutive sleeps, or runs backwards, it is not trusted: then the sleeps count, so that every wait ends.
#[derive(Debug, Default)]
pub(super) struct Clock {
    heard: Option<Millis>,
    time: Millis,
    /// How often a reading differed from the one before.
    moves: u32,
    /// Consecutive sleeps that ended early by the clock.
    doubts: u8,
}

impl Clock {
    /// Reads the host's clock, which shows `now`.
    pub(super) fn observe(&mut self, now: Millis) -> Millis {
        self.time = match self.heard {
            None => now,
            Some(heard) => self.time + now.less(heard),
        };
        if self.heard.replace(now) != Some(now) {
            self.moves = self.moves.wrapping_add(1);
        }
        self.time
    }

    /// A sleep from now until then, or shorter.
    pub(super) fn sleep(&self, id: EffectId, until: Millis, background: bool) -> PendingSleep {
        let longest = if background { LONGEST_SLEEP } else { LONGEST_UNREAD };
        PendingSleep { id, moves: self.moves, until: until.min(self.time + longest), background }
    }

    /// Whether a pending sleep ends in time for this deadline. One that should have ended already does not: a computer that slept
    /// delays its timers.
    pub(super) fn serves(&self, sleep: &PendingSleep, until: Millis, background: bool) -> bool {
        (self.time..=until).contains(&sleep.until) && sleep.background == background
    }

    /// Records the end of a sleep; the host's clock shows `now`. That it shows the same as at the beginning does not mean that it
    /// stood still: it may have been set back by the length of the sleep, with waits begun in between.
    pub(super) fn slept(&mut self, sleep: &PendingSleep, now: Millis) {
        if self.observe(now) < sleep.until && self.moves != sleep.moves && self.doubts < MOST_DOUBTS {
            self.doubts += 1;
        } else {
            self.time = self.time.max(sleep.until);
            self.doubts = 0;
        }
    }

    pub(super) const fn time(&self) -> Millis {
        self.time
    }

    /// Converts the host's time to the machine's own.
    pub(super) fn own(&self, host: Millis) -> Millis {
        let heard = self.heard.unwrap_or_default();
        if host >= heard { self.time + host.less(heard) } else { self.time.less(heard.less(host)) }
    }

    /// Converts the machine's own time to the host's; `NEVER` stays `NEVER`.
    pub(super) fn host_or_never(&self, own: Millis) -> Millis {
        if own == Millis::NEVER { own } else { self.host(own) }
    }

    /// Converts the machine's own time to the host's.
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
    fn time_advances_after_the_clock_is_set_back() {
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
    fn sleep_advances_time_while_the_clock_stands_still() {
        let mut clock = Clock::default();
        clock.observe(Millis(5));
        let sleep = clock.sleep(EffectId(1), Millis(40_005), false);
        clock.slept(&sleep, Millis(5));
        assert_eq!(clock.observe(Millis(5)), Millis(40_005));
    }

    #[test]
    fn sleep_across_a_clock_change_counts_the_clock_only() {
        let mut clock = Clock::default();
        clock.observe(Millis(10_000));
        let sleep = clock.sleep(EffectId(1), Millis(15_000), false);
        // A second passes unread, and the clock is set back: a wait that begins here must not be shortened.
        clock.observe(Millis(4_000));
        clock.slept(&sleep, Millis(8_000));
        assert_eq!(clock.time(), Millis(14_000));
    }

    #[test]
    fn sleep_counts_the_clock_after_it_was_set_back_by_the_same_length() {
        let mut clock = Clock::default();
        clock.observe(Millis(10_000));
        let sleep = clock.sleep(EffectId(1), Millis(15_000), false);
        // The clock is set back by the 5 s of the sleep, and a wait begins a second later. When the sleep ends, the clock shows
        // what it showed at its beginning, but it did not stand still.
        clock.observe(Millis(6_000));
        clock.slept(&sleep, Millis(10_000));
        assert_eq!(clock.time(), Millis(14_000));
    }

    #[test]
    fn sleeps_count_when_the_clock_runs_backwards() {
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
            // In the worst case every fourth sleep counts.
            assert!(clock.time() >= Millis(1_000_000 + 25 * 1_000), "{:?}", clock.time());
        }
    }

    /// A host with exact timers, and a clock that is set back now and then.
    #[derive(Default)]
    struct HostClock {
        clock: Clock,
        truth: u64,
        behind: u64,
        sleep: Option<(PendingSleep, u64)>,
        /// When a wait ends by the machine's own time, and its earliest true end.
        waits: Vec<(Millis, u64)>,
    }

    impl HostClock {
        fn now(&self) -> Millis {
            Millis(10_000_000 + self.truth - self.behind)
        }

        fn wait(&mut self, length: u64) {
            let time = self.clock.observe(self.now());
            self.waits.push((time + Millis(length), self.truth + length));
        }

        /// Checks and sets the timer as the client does on each poll.
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
        // Enough to include clock changes of exactly the length of a wait.
        #![proptest_config(ProptestConfig::with_cases(10_000))]

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

        /// A wait never ends early, and it ends: a clock change costs the time not read before it, a minute at most.
        #[test]
        fn wait_survives_a_clock_that_is_set_back(
            steps in prop::collection::vec((0_u8..4, 1_u64..20_000), 1..80), times in 0_u64..4, whole_seconds in any::<bool>(),
        ) {
            let mut machine = HostClock::default();
            let (mut left, mut longest) = (times, 0);
            for (what, length) in steps {
                // Then a wait is often as long as a clock change.
                let length = if whole_seconds { length.div_ceil(4_000) * 1_000 } else { length };
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
