//! An instance that fails, recovers, or does neither.

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
fn half_of_ten_calls_open_it_and_nine_do_not() {
    let mut breaker = Breaker::default();
    (0..9).for_each(|_| breaker.ended(false, false, T));
    assert_eq!(breaker.passage(T), Passage::Free);
    breaker.ended(true, false, T);
    assert_eq!(breaker.passage(T), Passage::Free, "a success opens nothing only if fewer than half failed");
}

#[test]
fn it_opens_at_half_and_stays_shut_for_thirty_seconds() {
    let mut breaker = Breaker::default();
    (0..5).for_each(|_| breaker.ended(true, false, T));
    (0..4).for_each(|_| breaker.ended(false, false, T));
    assert_eq!(breaker.passage(T), Passage::Free);
    breaker.ended(false, false, T);
    assert_eq!(breaker.passage(T), Passage::Shut(after(30)));
    assert_eq!(breaker.passage(after(30)), Passage::Probe);
}

#[test]
fn failures_of_more_than_half_a_minute_ago_are_forgotten() {
    let mut breaker = Breaker::default();
    (0..9).for_each(|_| breaker.ended(false, false, T));
    (0..9).for_each(|_| breaker.ended(false, false, after(31)));
    assert_eq!(breaker.passage(after(31)), Passage::Free);
}

#[test]
fn one_probe_is_out_while_the_others_wait_for_its_verdict() {
    let mut breaker = opened();
    breaker.probing(after(30));
    assert_eq!(breaker.passage(after(31)), Passage::AwaitVerdict(after(105)));
    breaker.ended(true, false, after(32));
    assert_eq!(breaker.passage(after(32)), Passage::AwaitVerdict(after(105)), "a late answer is no verdict");
    breaker.ended(true, true, after(33));
    assert_eq!(breaker.passage(after(33)), Passage::Free);
}

/// The pauses after failed probes that are answered at once, in seconds.
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
fn a_pause_is_a_twentieth_of_the_time_away_and_half_a_minute_to_five() {
    let pauses = pauses(opened(), after(30), 120);
    assert!(pauses[..20].iter().all(|pause| *pause == 30), "{pauses:?}");
    assert_eq!(pauses[20..24], [31, 33, 34, 36]);
    assert_eq!((pauses[119], pauses.iter().max()), (300, Some(&300)));
}

#[test]
fn an_outage_is_noticed_to_be_over_within_a_twentieth_of_it_or_half_a_minute() {
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
fn an_open_breaker_that_was_saved_goes_on_with_the_pauses_that_it_had() {
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
fn a_probe_that_is_never_heard_of_gives_way_to_another() {
    let mut breaker = opened();
    breaker.probing(after(30));
    assert_eq!(breaker.passage(after(105)), Passage::Probe);
    breaker.probing(after(105));
    assert_eq!(breaker.passage(after(106)), Passage::AwaitVerdict(after(180)));
}

#[test]
fn a_probe_that_was_withdrawn_leaves_its_place_to_the_next() {
    let mut breaker = opened();
    breaker.probing(after(30));
    breaker.probe_withdrawn(after(31));
    assert_eq!(breaker.passage(after(31)), Passage::Probe);
}

#[test]
fn an_open_breaker_survives_being_saved_and_a_clock_that_was_set_back() {
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
    /// Whatever happens, nobody is told to wait for more than five minutes, and an open breaker lets one at a time through.
    #[test]
    fn it_never_shuts_for_longer_than_five_minutes(events in prop::collection::vec((any::<bool>(), 0_u64..60_000), 1..300)) {
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
