//! The pacer of one instance with several callers.

use proptest::prelude::*;

use super::*;

const T: Millis = Millis(1_700_000_000_000);
const INCIDENTS: u32 = 1;
const PROBLEMS: u32 = 2;

fn pacer() -> Pacer {
    Pacer::new(Settings::default(), None, T)
}

/// Everything that may start now.
fn started(pacer: &mut Pacer, now: Millis) -> Vec<u32> {
    let mut started = vec![];
    while let Next::Start(id) = pacer.next(now) {
        started.push(id);
    }
    started
}

fn seconds(count: u64) -> Millis {
    T + Millis::from_seconds(count)
}

fn broken() -> Pacer {
    let mut pacer = pacer();
    for id in 0..10 {
        pacer.enter(id, Class::Bulk, 1, INCIDENTS, T);
        assert_eq!(started(&mut pacer, T), [id]);
        pacer.left(id, Outcome::Failed, &Headers::NONE, T);
    }
    pacer
}

#[test]
fn pacer_starts_four_calls_and_queues_the_rest() {
    let mut pacer = pacer();
    (0..6).for_each(|id| assert!(pacer.enter(id, Class::Interactive, 0, INCIDENTS, T)));
    assert_eq!(started(&mut pacer, T), [0, 1, 2, 3]);
    assert_eq!(pacer.next(T), Next::Nothing(Millis::NEVER), "only the end of a request changes that");
    pacer.left(2, Outcome::Served, &Headers::NONE, T);
    assert_eq!(started(&mut pacer, T), [4]);
    assert_eq!(pacer.pacing(), Pacing { limit: 4, out: 4, waiting: 1, opens_at: None });
}

#[test]
fn interactive_call_does_not_wait_for_a_sync() {
    let mut pacer = pacer();
    (0..50).for_each(|id| assert!(pacer.enter(id, Class::Bulk, 1, INCIDENTS, T)));
    assert_eq!(started(&mut pacer, T).len(), 4, "a reading that is alone uses every place");
    pacer.enter(100, Class::Interactive, 0, INCIDENTS, T);
    pacer.left(0, Outcome::Served, &Headers::NONE, T);
    assert_eq!(started(&mut pacer, T), [100], "the next free place is the caller's");
    pacer.left(100, Outcome::Served, &Headers::NONE, T);
    assert_eq!(pacer.next(T), Next::Nothing(seconds(30)), "and one stays free while somebody is about");
    pacer.enter(101, Class::Interactive, 0, INCIDENTS, seconds(1));
    assert_eq!(started(&mut pacer, seconds(1)), [101]);
    pacer.left(101, Outcome::Served, &Headers::NONE, seconds(1));
    assert_eq!(started(&mut pacer, seconds(31)).len(), 1);
}

#[test]
fn interactive_calls_do_not_starve_a_reading() {
    let mut pacer = Pacer::new(Settings { concurrency: Concurrency::new(1, 1), ..Settings::default() }, None, T);
    pacer.enter(1000, Class::Bulk, 1, INCIDENTS, T);
    (0..20).for_each(|id| assert!(pacer.enter(id, Class::Interactive, 0, INCIDENTS, T)));
    let mut order = vec![];
    while let Next::Start(id) = pacer.next(T) {
        order.push(id);
        pacer.left(id, Outcome::Served, &Headers::NONE, T);
    }
    assert_eq!(order.iter().position(|id| *id == 1000), Some(7));
    assert_eq!(order.len(), 21);
}

#[test]
fn two_readings_share_places_fairly() {
    let mut pacer = pacer();
    (0..20).for_each(|id| assert!(pacer.enter(id, Class::Bulk, 1, INCIDENTS, T)));
    (20..24).for_each(|id| assert!(pacer.enter(id, Class::Bulk, 2, INCIDENTS, T)));
    let first = started(&mut pacer, T);
    assert_eq!(first.iter().filter(|id| **id >= 20).count(), 2, "{first:?}");
}

#[test]
fn open_breaker_ends_interactive_calls_and_holds_readings() {
    let mut pacer = broken();
    pacer.enter(20, Class::Bulk, 1, INCIDENTS, T);
    pacer.enter(21, Class::Interactive, 0, INCIDENTS, T);
    assert_eq!(pacer.next(T), Next::Reject(21, Reason::CircuitOpen, seconds(30)));
    assert_eq!(pacer.next(T), Next::Nothing(seconds(30)));
    assert_eq!(pacer.pacing().opens_at, Some(seconds(30)));
}

#[test]
fn calls_wait_for_the_result_of_one_probe() {
    for served in [true, false] {
        let mut pacer = broken();
        (20..23).for_each(|id| assert!(pacer.enter(id, Class::Bulk, 1, INCIDENTS, T)));
        assert_eq!(started(&mut pacer, seconds(30)), [20]);
        pacer.enter(30, Class::Interactive, 0, INCIDENTS, seconds(30));
        assert_eq!(pacer.next(seconds(31)), Next::Nothing(seconds(105)), "neither sent nor failed");
        pacer.left(20, if served { Outcome::Served } else { Outcome::Failed }, &Headers::NONE, seconds(32));
        match served {
            true => assert_eq!(started(&mut pacer, seconds(32)), [30, 21, 22]),
            false => assert_eq!(pacer.next(seconds(32)), Next::Reject(30, Reason::CircuitOpen, seconds(62))),
        }
    }
}

#[test]
fn aborted_probe_allows_the_next_one() {
    let mut pacer = broken();
    (20..22).for_each(|id| assert!(pacer.enter(id, Class::Bulk, 1, INCIDENTS, T)));
    assert_eq!(started(&mut pacer, seconds(30)), [20]);
    pacer.withdraw(20, seconds(31));
    assert_eq!(started(&mut pacer, seconds(31)), [21]);
}

#[test]
fn disabled_breaker_never_opens() {
    let mut pacer = Pacer::new(Settings { breaker: false, ..Settings::default() }, None, T);
    for id in 0..100 {
        pacer.enter(id, Class::Interactive, 0, INCIDENTS, T);
        assert_eq!(started(&mut pacer, T), [id]);
        pacer.left(id, Outcome::Failed, &Headers::NONE, T);
    }
}

#[test]
fn used_up_hour_ends_interactive_calls_of_that_resource_only() {
    let mut pacer = pacer();
    pacer.enter(1, Class::Interactive, 0, INCIDENTS, T);
    assert_eq!(started(&mut pacer, T), [1]);
    let refused = Headers::from_lines("x-ratelimit-limit: 100\nx-ratelimit-rule: r\nretry-after: 1800");
    pacer.left(1, Outcome::Limited, &refused, T);
    pacer.enter(2, Class::Bulk, 1, INCIDENTS, T);
    pacer.enter(3, Class::Interactive, 0, INCIDENTS, T);
    pacer.enter(4, Class::Interactive, 0, PROBLEMS, T);
    assert_eq!(pacer.next(T), Next::Reject(3, Reason::RateLimited, seconds(1800)));
    assert_eq!(pacer.next(T), Next::Start(4));
    assert_eq!(pacer.next(T), Next::Nothing(seconds(1800)));
    assert_eq!(pacer.next(seconds(1800)), Next::Start(2));
}

#[test]
fn requests_in_flight_before_the_rule_is_known_count_too() {
    let mut pacer = pacer();
    (0..4).for_each(|id| assert!(pacer.enter(id, Class::Bulk, 1, INCIDENTS, T)));
    assert_eq!(started(&mut pacer, T).len(), 4);
    let named = Headers::from_lines("x-ratelimit-limit: 100\nx-ratelimit-rule: r");
    (0..4).for_each(|id| pacer.left(id, Outcome::Served, &named, T));
    assert_eq!(pacer.rules()[0].used, 4);
}

#[test]
fn full_queue_refuses_the_next_call() {
    let mut pacer = pacer();
    let entered = (0..20_000).filter(|id| pacer.enter(*id, Class::Bulk, 1, INCIDENTS, T)).count();
    assert_eq!(entered, super::super::MOST_WAITING);
}

#[test]
fn all_callers_share_one_retry_budget() {
    let mut pacer = pacer();
    let mut again = |class| pacer.again(class, 1, T, Allowed::Again, 0, T);
    assert_eq!((0..200).filter(|_| matches!(again(Class::Interactive), Then::Send(_))).count(), 50);
    assert_eq!(again(Class::Interactive), Then::End(Some(seconds(30))));
    assert_eq!(again(Class::Bulk), Then::Send(seconds(30)), "a reading comes back later instead");
}

#[test]
fn place_is_kept_free_only_if_none_frees_up_soon() {
    // Four at once: one becomes free every 130 ms, or every 200 ms.
    for (took, kept) in [(520, 0), (800, 1)] {
        let mut pacer = pacer();
        (0..50).for_each(|id| assert!(pacer.enter(id, Class::Bulk, 1, INCIDENTS, T)));
        let now = T + Millis(took);
        started(&mut pacer, T).iter().for_each(|id| pacer.left(*id, Outcome::Served, &Headers::NONE, now));
        pacer.enter(100, Class::Interactive, 0, INCIDENTS, now);
        let out = started(&mut pacer, now);
        assert_eq!((out.len(), out[0]), (4, 100), "it goes first");
        pacer.left(100, Outcome::Served, &Headers::NONE, now);
        assert_eq!(started(&mut pacer, now).len(), 1 - kept, "requests of {took} ms");
    }
}

#[test]
fn known_rate_limit_does_not_reduce_concurrency() {
    let refused = Headers::from_lines("x-ratelimit-limit: 100\nx-ratelimit-rule: r\nretry-after: 1800");
    for (outcome, headers, limit) in
        [(Outcome::Limited, &refused, 4), (Outcome::Limited, &Headers::NONE, 2), (Outcome::Throttled, &refused, 2)]
    {
        let mut pacer = pacer();
        pacer.enter(1, Class::Bulk, 1, INCIDENTS, T);
        assert_eq!(started(&mut pacer, T), [1]);
        pacer.left(1, outcome, headers, T);
        assert_eq!(pacer.pacing().limit, limit, "{outcome:?}");
    }
}

#[derive(Debug, Clone)]
enum Event {
    Enter(bool, u32),
    End(usize, Outcome),
    Withdraw(usize),
    Pass(u64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let outcome = prop_oneof![
        6 => Just(Outcome::Served),
        1 => Just(Outcome::Limited),
        1 => Just(Outcome::Throttled),
        1 => Just(Outcome::Unavailable),
        2 => Just(Outcome::Failed),
    ];
    let event = prop_oneof![
        4 => (any::<bool>(), 0_u32..4).prop_map(|(bulk, stream)| Event::Enter(bulk, stream)),
        4 => (0_usize..16, outcome).prop_map(|(at, outcome)| Event::End(at, outcome)),
        1 => (0_usize..16).prop_map(Event::Withdraw),
        2 => (0_u64..20_000).prop_map(Event::Pass),
    ];
    prop::collection::vec(event, 1..300)
}

proptest! {
    /// For any sequence of events: never more in flight than the limit, every call is started or rejected exactly once, and
    /// after the instance recovers and time passes no call is left waiting.
    #[test]
    fn no_call_is_lost_and_no_limit_is_exceeded(events in events()) {
        let mut pacer = pacer();
        let (mut now, mut last_id) = (T, 0);
        let (mut waiting, mut out) = (std::collections::BTreeSet::new(), Vec::new());
        let settle = |pacer: &mut Pacer, waiting: &mut std::collections::BTreeSet<u32>, out: &mut Vec<u32>, now: Millis| {
            for _ in 0..10_000 {
                match pacer.next(now) {
                    Next::Start(id) => {
                        assert!(waiting.remove(&id), "{id} was not waiting");
                        out.push(id);
                        assert!(out.len() <= pacer.pacing().limit as usize && out.len() <= 8);
                    }
                    Next::Reject(id, _, at) => {
                        assert!(waiting.remove(&id) && at > now);
                    }
                    Next::Nothing(until) => {
                        assert!(until > now, "a time to wake that has passed");
                        return until;
                    }
                }
            }
            panic!("it never comes to rest");
        };
        for event in events {
            match event {
                Event::Enter(bulk, stream) => {
                    last_id += 1;
                    let class = if bulk { Class::Bulk } else { Class::Interactive };
                    prop_assert!(pacer.enter(last_id, class, stream, INCIDENTS, now));
                    waiting.insert(last_id);
                }
                Event::End(at, outcome) if !out.is_empty() => {
                    let id = out.swap_remove(at % out.len());
                    pacer.left(id, outcome, &Headers::NONE, now);
                }
                Event::Withdraw(at) if !out.is_empty() => {
                    let id = out.swap_remove(at % out.len());
                    pacer.withdraw(id, now);
                }
                Event::Pass(time) => now = now + Millis(time),
                _ => {}
            }
            // A limit that was halved holds for what starts after it.
            if out.len() < pacer.pacing().limit as usize {
                settle(&mut pacer, &mut waiting, &mut out, now);
            }
        }
        for _ in 0..10_000 {
            for id in out.drain(..) {
                pacer.left(id, Outcome::Served, &Headers::NONE, now);
            }
            let until = settle(&mut pacer, &mut waiting, &mut out, now);
            if out.is_empty() && waiting.is_empty() {
                break;
            }
            if out.is_empty() {
                prop_assert!(until != Millis::NEVER, "{} wait for nothing", waiting.len());
                now = until;
            }
        }
        prop_assert!(waiting.is_empty() && pacer.pacing().waiting == 0);
    }
}
