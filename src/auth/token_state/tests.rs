//! Tests of the phases of a token, with every event in every phase.

use proptest::prelude::*;

use super::*;

fn seconds(count: u64) -> Millis {
    Millis::from_seconds(count)
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn holding(lifetime: u64) -> TokenState {
    let mut state = new();
    state.requested();
    grant(&mut state, "one", Some(seconds(lifetime)), seconds(0));
    state
}

fn new() -> TokenState {
    TokenState::new(&Grant::source(), None)
}

fn grant(state: &mut TokenState, token: &str, lifetime: Option<Millis>, requested_at: Millis) {
    let granted = Granted { token: secret(token), lifetime, refresh: None, requested_at };
    state.granted(granted, &mut Random::new(requested_at.0));
}

#[test]
fn first_token_is_due_then_pending() {
    let mut state = new();
    assert_eq!(state.availability(seconds(0), true), Availability::Due);
    state.requested();
    assert_eq!(state.availability(seconds(0), true), Availability::Pending);
}

#[test]
fn token_is_used_until_30_seconds_before_expiry() {
    let state = holding(1799);
    assert_eq!(state.availability(seconds(1768), true), Availability::Usable);
    assert_eq!(state.availability(seconds(1769), true), Availability::Due);
}

#[test]
fn short_lived_token_is_used_until_it_expires() {
    let state = holding(12);
    assert_eq!(state.availability(seconds(11), true), Availability::Usable);
    assert_eq!(state.availability(seconds(12), true), Availability::Due);
}

#[test]
fn default_lifetime_is_half_an_hour() {
    let mut state = new();
    grant(&mut state, "one", None, seconds(0));
    assert_eq!(state.availability(seconds(1769), true), Availability::Usable);
    assert_eq!(state.availability(seconds(1770), true), Availability::Due);
}

#[test]
fn failed_token_requests_pause_1_to_60_seconds() {
    let mut state = new();
    let mut now = seconds(0);
    for pause in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
        state.failed(Millis(0), now);
        assert_eq!(state.availability(now, true), Availability::Paused(now + seconds(pause)));
        now = now + seconds(pause);
        assert_eq!(state.availability(now, true), Availability::Due);
    }
    grant(&mut state, "one", None, now);
    state.failed(Millis(0), now);
    assert_eq!(state.paused_until(), Some(now + seconds(1)), "a granted token resets the pause");
}

#[test]
fn refused_token_is_renewed_once() {
    let mut state = holding(1799);
    assert!(state.refused(1, seconds(1), true));
    assert_eq!(state.availability(seconds(1), true), Availability::Due);
    state.requested();
    grant(&mut state, "two", None, seconds(1));
    assert!(!state.refused(2, seconds(1), true), "two was never accepted");
    assert_eq!(state.availability(seconds(2), true), Availability::Usable, "and is kept: renewing would not help");
}

#[test]
fn suspicion_ends_without_an_accepted_token() {
    let mut state = holding(1799);
    assert!(state.refused(1, seconds(10), true));
    state.requested();
    grant(&mut state, "two", None, seconds(10));
    assert!(!state.refused(2, seconds(10), true));
    assert!(state.refused(2, seconds(600), true), "two was never reported as accepted, but 10 minutes have passed");
}

#[test]
fn consecutive_refusals_are_renewed_at_growing_intervals() {
    let mut state = holding(1799);
    let mut now = seconds(0);
    assert!(state.refused(1, now, true));
    for (generation, distance) in [(2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (9, 60)] {
        state.requested();
        grant(&mut state, "t", None, now);
        assert!(!state.refused(generation, now + seconds(distance).less(Millis(1)), true));
        now = now + seconds(distance);
        assert!(state.refused(generation, now, true));
    }
}

#[test]
fn accepted_token_is_renewed_at_the_next_refusal() {
    let mut state = holding(1799);
    state.refused(1, seconds(1), true);
    state.requested();
    grant(&mut state, "two", None, seconds(1));
    state.accepted(2);
    assert!(state.refused(2, seconds(1), true));
    assert_eq!(state.availability(seconds(2), true), Availability::Due);
}

#[test]
fn late_refusal_of_an_older_token_causes_no_renewal() {
    let mut state = holding(1799);
    state.refused(1, seconds(1), true);
    assert!(state.refused(1, seconds(1), true), "a second call with the same old token");
    state.requested();
    assert!(state.refused(1, seconds(1), true), "a third, while the renewal is under way");
    assert_eq!(state.availability(seconds(1), true), Availability::Pending);
    grant(&mut state, "two", None, seconds(1));
    assert!(state.refused(1, seconds(1), true), "a fourth, after it");
    assert_eq!(state.availability(seconds(2), true), Availability::Usable);
    assert_eq!(state.generation(), 2);
}

#[test]
fn given_token_expires_and_is_never_renewed() {
    let mut state = TokenState::new(&Grant::supplied(secret("mine")), Some(seconds(100)));
    assert_eq!(state.availability(seconds(99), false), Availability::Usable);
    assert_eq!(state.availability(seconds(100), false), Availability::Unobtainable);
    assert!(!state.refused(0, seconds(1), false));
}

#[test]
fn token_is_used_until_it_expires_when_renewal_fails() {
    let mut state = holding(1799);
    state.requested();
    state.failed(Millis(0), seconds(1770));
    assert_eq!(state.phase(), TokenPhase::Struggling);
    assert_eq!(
        state.availability(seconds(1770), true),
        Availability::Usable,
        "29 s are left and the next attempt is a second away"
    );
    assert_eq!(state.availability(seconds(1771), true), Availability::Due);
    state.failed(Millis(0), seconds(1798));
    assert_eq!(state.availability(seconds(1799), true), Availability::Paused(seconds(1800)), "expired");
}

#[test]
fn unused_token_is_not_renewed_in_the_background() {
    let mut state = holding(1799);
    assert_eq!(state.renewal_due(), None);
    state.mark_used();
    assert!(state.renewal_due().is_some());
    state.requested();
    assert_eq!(state.renewal_due(), None, "one is pending");
}

#[test]
fn token_granted_again_is_used_until_it_expires() {
    let mut state = holding(1799);
    state.mark_used();
    state.requested();
    grant(&mut state, "one", Some(seconds(99)), seconds(1700));
    assert_eq!((state.renewal_due(), state.availability(seconds(1798), true)), (None, Availability::Usable));
    assert_eq!(state.availability(seconds(1799), true), Availability::Due);
}

#[test]
fn token_granted_with_new_lifetime_is_renewed_in_time() {
    let mut state = holding(1799);
    state.requested();
    grant(&mut state, "one", Some(seconds(1799)), seconds(1700));
    state.mark_used();
    assert!(state.renewal_due().is_some_and(|due| due > seconds(3000)));
}

/// Every phase and every event: exactly the arrows of the diagram.
#[test]
fn phase_transitions_match_the_diagram() {
    use TokenPhase::{Absent, Failed, Fresh, Obtaining, Renewing, Struggling};
    type NamedEvent = (&'static str, fn(&mut TokenState));
    let events: [NamedEvent; 5] = [
        ("requested", TokenState::requested),
        ("granted", |state| grant(state, "next", Some(seconds(1799)), seconds(1))),
        ("failed", |state| state.failed(Millis(0), seconds(1))),
        ("refused", |state| {
            state.refused(state.generation(), seconds(1), true);
        }),
        ("forgotten", TokenState::forget),
    ];
    let reach: [(TokenPhase, fn() -> TokenState); 6] = [
        (Absent, new),
        (Obtaining, || {
            let mut state = new();
            state.requested();
            state
        }),
        (Failed, || {
            let mut state = new();
            state.failed(Millis(0), seconds(0));
            state
        }),
        (Fresh, || holding(1799)),
        (Renewing, || {
            let mut state = holding(1799);
            state.requested();
            state
        }),
        (Struggling, || {
            let mut state = holding(1799);
            state.failed(Millis(0), seconds(0));
            state
        }),
    ];
    let table = [
        (Absent, [Obtaining, Fresh, Failed, Absent, Absent]),
        (Obtaining, [Obtaining, Fresh, Failed, Obtaining, Absent]),
        (Failed, [Obtaining, Fresh, Failed, Failed, Absent]),
        (Fresh, [Renewing, Fresh, Struggling, Absent, Absent]),
        (Renewing, [Renewing, Fresh, Struggling, Obtaining, Absent]),
        (Struggling, [Renewing, Fresh, Struggling, Failed, Absent]),
    ];
    for ((from, start), (named, leads)) in reach.into_iter().zip(table) {
        assert_eq!((start().phase(), named), (from, from));
        for ((name, event), to) in events.iter().zip(leads) {
            let mut state = start();
            event(&mut state);
            assert_eq!(state.phase(), to, "{from:?}, {name}");
        }
    }
}

proptest! {
    /// Renewal in the background starts 180 to 60 s before expiry, never before half the lifetime, never after expiry.
    #[test]
    fn renewal_starts_180_to_60_seconds_before_expiry(lifetime in 1_u64..100_000, seed: u64) {
        let mut state = new();
        let granted = Granted { token: secret("t"), lifetime: Some(seconds(lifetime)), refresh: None, requested_at: seconds(0) };
        state.granted(granted, &mut Random::new(seed));
        state.mark_used();
        let due = state.renewal_due().unwrap();
        prop_assert!(due >= Millis(lifetime * 500) && due < seconds(lifetime));
        prop_assert!(due >= seconds(lifetime).less(seconds(180)));
        prop_assert!(lifetime <= 120 || due <= seconds(lifetime).less(seconds(60)));
    }

    /// In any order of events a token is never used at or after its expiry, and a pause never exceeds a minute.
    #[test]
    fn expired_token_is_never_usable(events in prop::collection::vec((0_u8..6, 0_u64..4000), 1..60)) {
        let mut state = new();
        let mut now = seconds(0);
        for (event, number) in events {
            match event {
                0 => state.requested(),
                1 => grant(&mut state, "t", Some(seconds(number)), now),
                2 => state.failed(Millis(0), now),
                3 => { state.refused(state.generation(), now, true); },
                4 => state.accepted(state.generation()),
                _ => now = now + seconds(number),
            }
            match (state.availability(now, true), state.held()) {
                (Availability::Usable, Some(held)) => prop_assert!(now < held.expires_at),
                (Availability::Usable, None) => prop_assert!(false, "usable, but none is held"),
                (Availability::Paused(until), _) => prop_assert!(until <= now + seconds(60)),
                _ => {}
            }
        }
    }
}
