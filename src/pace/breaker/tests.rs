//! The breaker with an instance that fails, recovers, or does neither.

use proptest::prelude::*;

use super::*;

const T: Millis = Millis(1_700_000_000_000);

fn after(seconds: u64) -> Millis {
    T + Millis::from_seconds(seconds)
}

fn opened() -> Breaker {
    let mut breaker = Breaker::default();
    (0..10).for_each(|_| breaker.ended(false, false, T));
    breaker
}

#[test]
fn breaker_opens_at_half_of_ten_calls() {
    let mut breaker = Breaker::default();
    (0..9).for_each(|_| breaker.ended(false, false, T));
    assert_eq!(breaker.passage(T), Passage::Free);
    breaker.ended(true, false, T);
    assert_eq!(breaker.passage(T), Passage::Free, "a success opens nothing only if fewer than half failed");
}

#[test]
fn open_breaker_pauses_for_thirty_seconds() {
    let mut breaker = Breaker::default();
    (0..5).for_each(|_| breaker.ended(true, false, T));
    (0..4).for_each(|_| breaker.ended(false, false, T));
    assert_eq!(breaker.passage(T), Passage::Free);
    breaker.ended(false, false, T);
    assert_eq!(breaker.passage(T), Passage::Shut(after(30)));
    assert_eq!(breaker.passage(after(30)), Passage::Probe);
}

#[test]
fn failures_older_than_thirty_seconds_do_not_count() {
    let mut breaker = Breaker::default();
    (0..9).for_each(|_| breaker.ended(false, false, T));
    (0..9).for_each(|_| breaker.ended(false, false, after(31)));
    assert_eq!(breaker.passage(after(31)), Passage::Free);
}

#[test]
fn calls_wait_for_the_result_of_one_probe() {
    let mut breaker = opened();
    breaker.probing(after(30));
    assert_eq!(breaker.passage(after(31)), Passage::AwaitVerdict(after(105)));
    breaker.ended(true, false, after(32));
    assert_eq!(breaker.passage(after(32)), Passage::AwaitVerdict(after(105)), "a late answer is no verdict");
    breaker.ended(true, true, after(33));
    assert_eq!(breaker.passage(after(33)), Passage::Free);
}

/// The pauses after failed probes in seconds. The probes fail at once.
fn pauses(mut breaker: Breaker, mut now: Millis, probes: usize) -> Vec<u64> {
    let mut pauses = vec![];
    for _ in 0..probes {
        breaker.probing(now);
        breaker.ended(false, true, now);
        let Passage::Shut(until) = breaker.passage(now) else { panic!("open") };
        pauses.push(until.less(now).0 / 1000);
        now = until;
    }
    pauses
}

#[test]
fn pause_is_a_twentieth_of_the_outage_within_bounds() {
    let pauses = pauses(opened(), after(30), 120);
    assert!(pauses[..20].iter().all(|pause| *pause == 30), "{pauses:?}");
    assert_eq!(pauses[20..24], [31, 33, 34, 36]);
    assert_eq!((pauses[119], pauses.iter().max()), (300, Some(&300)));
}

#[test]
fn recovery_is_noticed_within_a_twentieth_of_the_outage() {
    for lasted in [40, 300, 1200, 3600, 6000] {
        let (mut breaker, mut now) = (opened(), after(30));
        while now < after(lasted) {
            breaker.probing(now);
            breaker.ended(false, true, now);
            let Passage::Shut(until) = breaker.passage(now) else { panic!("open") };
            now = until;
        }
        assert!(now.less(after(lasted)).0 <= (lasted * 50).max(30_000), "{lasted}: {now:?}");
    }
}

#[test]
fn restored_breaker_continues_its_pauses() {
    let (mut breaker, mut now) = (opened(), after(30));
    for _ in 0..40 {
        breaker.probing(now);
        breaker.ended(false, true, now);
        let Passage::Shut(until) = breaker.passage(now) else { panic!("open") };
        now = until;
    }
    let restored = Breaker::restored(breaker.saved().unwrap(), now);
    assert_eq!(pauses(restored, now, 10), pauses(breaker, now, 10));
}

#[test]
fn probe_without_result_is_followed_by_another() {
    let mut breaker = opened();
    breaker.probing(after(30));
    assert_eq!(breaker.passage(after(105)), Passage::Probe);
    breaker.probing(after(105));
    assert_eq!(breaker.passage(after(106)), Passage::AwaitVerdict(after(180)));
}

#[test]
fn withdrawn_probe_allows_the_next_one() {
    let mut breaker = opened();
    breaker.probing(after(30));
    breaker.probe_withdrawn(after(31));
    assert_eq!(breaker.passage(after(31)), Passage::Probe);
}

#[test]
fn restored_breaker_tolerates_a_clock_set_back() {
    let saved = opened().saved().unwrap();
    assert_eq!(saved, OpenBreaker { until_ms: after(30).0, pause_ms: 30_000 });
    let text = serde_json::to_string(&saved).unwrap();
    assert_eq!(serde_json::from_str::<OpenBreaker>(&text).unwrap(), saved);
    assert_eq!(Breaker::restored(saved, after(10)).passage(after(10)), Passage::Shut(after(30)));
    let year_ago = Millis(T.0 - 31_536_000_000);
    assert_eq!(
        Breaker::restored(saved, year_ago).passage(year_ago),
        Passage::Shut(year_ago + Millis::from_seconds(30))
    );
    assert_eq!(Breaker::default().saved(), None);
}

proptest! {
    /// Never pauses for more than five minutes, and an open breaker lets one request through at a time.
    #[test]
    fn breaker_never_pauses_longer_than_five_minutes(events in prop::collection::vec((any::<bool>(), 0_u64..60_000), 1..300)) {
        let mut breaker = Breaker::default();
        let mut now = T;
        for (served, pause) in events {
            now = now + Millis(pause);
            match breaker.passage(now) {
                Passage::Free => breaker.ended(served, false, now),
                Passage::Probe => {
                    breaker.probing(now);
                    prop_assert!(matches!(breaker.passage(now), Passage::AwaitVerdict(_)));
                    breaker.ended(served, true, now);
                    prop_assert_eq!(breaker.passage(now) == Passage::Free, served);
                }
                Passage::AwaitVerdict(_) => prop_assert!(false, "every probe was answered"),
                Passage::Shut(until) => prop_assert!(until > now && until.less(now) <= Millis::from_seconds(300)),
            }
        }
    }
}
