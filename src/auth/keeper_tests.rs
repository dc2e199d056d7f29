//! The life of a token, walked.

use proptest::prelude::*;

use super::*;

fn seconds(count: u64) -> Millis {
    Millis::from_seconds(count)
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn holding(lifetime: u64) -> Keeper {
    let mut keeper = new();
    keeper.asked();
    grant(&mut keeper, "one", Some(seconds(lifetime)), seconds(0));
    keeper
}

fn new() -> Keeper {
    Keeper::new(&Grant::source(), None)
}

fn grant(keeper: &mut Keeper, token: &str, lifetime: Option<Millis>, asked_at: Millis) {
    let granted = Granted { token: secret(token), lifetime, refresh: None, asked_at };
    keeper.granted(granted, &mut Chance::new(asked_at.0));
}

#[test]
fn a_token_is_due_before_the_first_call_and_on_its_way_once_asked_for() {
    let mut keeper = new();
    assert_eq!(keeper.look(seconds(0), true), TokenState::Due);
    keeper.asked();
    assert_eq!(keeper.look(seconds(0), true), TokenState::OnItsWay);
}

#[test]
fn a_token_is_used_until_less_than_30_seconds_are_left() {
    let keeper = holding(1799);
    assert_eq!(keeper.look(seconds(1768), true), TokenState::Usable);
    assert_eq!(keeper.look(seconds(1769), true), TokenState::Due);
}

#[test]
fn a_token_that_came_nearly_dead_is_used_to_its_end_and_not_fetched_in_a_loop() {
    let keeper = holding(12);
    assert_eq!(keeper.look(seconds(11), true), TokenState::Usable);
    assert_eq!(keeper.look(seconds(12), true), TokenState::Due);
}

#[test]
fn a_server_that_names_no_lifetime_means_half_an_hour() {
    let mut keeper = new();
    grant(&mut keeper, "one", None, seconds(0));
    assert_eq!(keeper.look(seconds(1769), true), TokenState::Usable);
    assert_eq!(keeper.look(seconds(1770), true), TokenState::Due);
}

#[test]
fn failed_requests_for_a_token_pause_1_to_60_seconds() {
    let mut keeper = new();
    let mut now = seconds(0);
    for pause in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
        keeper.failed(Millis(0), now);
        assert_eq!(keeper.look(now, true), TokenState::Paused(now + seconds(pause)));
        now = now + seconds(pause);
        assert_eq!(keeper.look(now, true), TokenState::Due);
    }
    grant(&mut keeper, "one", None, now);
    keeper.failed(Millis(0), now);
    assert_eq!(keeper.paused_until(), Some(now + seconds(1)), "a success forgives");
}

#[test]
fn a_refused_token_is_renewed_once_and_a_fresh_one_that_is_refused_too_is_not() {
    let mut keeper = holding(1799);
    assert!(keeper.refused(1, seconds(1), true));
    assert_eq!(keeper.look(seconds(1), true), TokenState::Due);
    keeper.asked();
    grant(&mut keeper, "two", None, seconds(1));
    assert!(!keeper.refused(2, seconds(1), true), "two was never accepted by anything");
    assert_eq!(keeper.look(seconds(2), true), TokenState::Usable, "and is kept: renewing would not help");
}

#[test]
fn a_keeper_that_only_hands_tokens_out_renews_at_the_next_refusal_too() {
    let mut keeper = holding(1799);
    assert!(keeper.refused(1, seconds(10), true));
    keeper.asked();
    grant(&mut keeper, "two", None, seconds(10));
    assert!(!keeper.refused(2, seconds(10), true));
    assert!(keeper.refused(2, seconds(600), true), "nothing told it that two was accepted, but much time has passed");
}

#[test]
fn tokens_refused_in_a_row_are_renewed_at_growing_distances() {
    let mut keeper = holding(1799);
    let mut now = seconds(0);
    assert!(keeper.refused(1, now, true));
    for (generation, distance) in [(2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (9, 60)] {
        keeper.asked();
        grant(&mut keeper, "t", None, now);
        assert!(!keeper.refused(generation, now + seconds(distance).less(Millis(1)), true));
        now = now + seconds(distance);
        assert!(keeper.refused(generation, now, true));
    }
}

#[test]
fn a_renewed_token_that_was_accepted_once_may_be_renewed_again() {
    let mut keeper = holding(1799);
    keeper.refused(1, seconds(1), true);
    keeper.asked();
    grant(&mut keeper, "two", None, seconds(1));
    keeper.proved(2);
    assert!(keeper.refused(2, seconds(1), true));
    assert_eq!(keeper.look(seconds(2), true), TokenState::Due);
}

#[test]
fn a_late_refusal_of_an_older_token_means_repeat_and_not_renew() {
    let mut keeper = holding(1799);
    keeper.refused(1, seconds(1), true);
    assert!(keeper.refused(1, seconds(1), true), "a second call with the same old token");
    keeper.asked();
    assert!(keeper.refused(1, seconds(1), true), "a third, while the renewal is under way");
    assert_eq!(keeper.look(seconds(1), true), TokenState::OnItsWay);
    grant(&mut keeper, "two", None, seconds(1));
    assert!(keeper.refused(1, seconds(1), true), "a fourth, after it");
    assert_eq!(keeper.look(seconds(2), true), TokenState::Usable);
    assert_eq!(keeper.generation(), 2);
}

#[test]
fn a_supplied_token_lives_as_long_as_its_owner_said_and_is_never_renewed() {
    let mut keeper = Keeper::new(&Grant::supplied(secret("mine")), Some(seconds(100)));
    assert_eq!(keeper.look(seconds(99), false), TokenState::Usable);
    assert_eq!(keeper.look(seconds(100), false), TokenState::Gone);
    assert!(!keeper.refused(0, seconds(1), false));
}

#[test]
fn the_last_good_token_is_used_while_it_lives_when_another_cannot_be_had() {
    let mut keeper = holding(1799);
    keeper.asked();
    keeper.failed(Millis(0), seconds(1770));
    assert_eq!(keeper.standing(), Standing::Struggling);
    assert_eq!(
        keeper.look(seconds(1770), true),
        TokenState::Usable,
        "29 s are left and the next attempt is a second away"
    );
    assert_eq!(keeper.look(seconds(1771), true), TokenState::Due);
    keeper.failed(Millis(0), seconds(1798));
    assert_eq!(keeper.look(seconds(1799), true), TokenState::Paused(seconds(1800)), "dead");
}

#[test]
fn a_token_that_nobody_uses_is_not_renewed_in_the_background() {
    let mut keeper = holding(1799);
    assert_eq!(keeper.renewal_due(), None);
    keeper.used();
    assert!(keeper.renewal_due().is_some());
    keeper.asked();
    assert_eq!(keeper.renewal_due(), None, "one is on its way");
}

#[test]
fn a_live_token_handed_out_again_is_used_to_its_end() {
    let mut keeper = holding(1799);
    keeper.used();
    keeper.asked();
    grant(&mut keeper, "one", Some(seconds(99)), seconds(1700));
    assert_eq!((keeper.renewal_due(), keeper.look(seconds(1798), true)), (None, TokenState::Usable));
    assert_eq!(keeper.look(seconds(1799), true), TokenState::Due);
}

#[test]
fn a_live_token_handed_out_with_a_new_life_is_renewed_again_in_time() {
    let mut keeper = holding(1799);
    keeper.asked();
    grant(&mut keeper, "one", Some(seconds(1799)), seconds(1700));
    keeper.used();
    assert!(keeper.renewal_due().is_some_and(|due| due > seconds(3000)));
}

/// Every state, every event: the arrows of the diagram and no others.
#[test]
fn the_states_are_those_of_the_diagram_and_so_are_the_ways_between_them() {
    use Standing::{Absent, Failed, Fresh, Obtaining, Renewing, Struggling};
    type Event = (&'static str, fn(&mut Keeper));
    let events: [Event; 5] = [
        ("asked", Keeper::asked),
        ("granted", |keeper| grant(keeper, "next", Some(seconds(1799)), seconds(1))),
        ("failed", |keeper| keeper.failed(Millis(0), seconds(1))),
        ("refused", |keeper| {
            keeper.refused(keeper.generation(), seconds(1), true);
        }),
        ("forgotten", Keeper::forget),
    ];
    let reach: [(Standing, fn() -> Keeper); 6] = [
        (Absent, new),
        (Obtaining, || {
            let mut keeper = new();
            keeper.asked();
            keeper
        }),
        (Failed, || {
            let mut keeper = new();
            keeper.failed(Millis(0), seconds(0));
            keeper
        }),
        (Fresh, || holding(1799)),
        (Renewing, || {
            let mut keeper = holding(1799);
            keeper.asked();
            keeper
        }),
        (Struggling, || {
            let mut keeper = holding(1799);
            keeper.failed(Millis(0), seconds(0));
            keeper
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
        assert_eq!((start().standing(), named), (from, from));
        for ((name, event), to) in events.iter().zip(leads) {
            let mut keeper = start();
            event(&mut keeper);
            assert_eq!(keeper.standing(), to, "{from:?}, {name}");
        }
    }
}

proptest! {
    /// Renewal in the background lies 180 to 60 s before death, never before half the lifetime, and never after death.
    #[test]
    fn the_moment_of_renewal_is_where_it_belongs(lifetime in 1_u64..100_000, seed: u64) {
        let mut keeper = new();
        let granted = Granted { token: secret("t"), lifetime: Some(seconds(lifetime)), refresh: None, asked_at: seconds(0) };
        keeper.granted(granted, &mut Chance::new(seed));
        keeper.used();
        let due = keeper.renewal_due().unwrap();
        prop_assert!(due >= Millis(lifetime * 500) && due < seconds(lifetime));
        prop_assert!(due >= seconds(lifetime).less(seconds(180)));
        prop_assert!(lifetime <= 120 || due <= seconds(lifetime).less(seconds(60)));
    }

    /// Whatever happens in whatever order: a token is never used at or after its death, and a pause never exceeds a minute.
    #[test]
    fn no_order_of_events_makes_a_dead_token_usable(events in prop::collection::vec((0_u8..6, 0_u64..4000), 1..60)) {
        let mut keeper = new();
        let mut now = seconds(0);
        for (event, number) in events {
            match event {
                0 => keeper.asked(),
                1 => grant(&mut keeper, "t", Some(seconds(number)), now),
                2 => keeper.failed(Millis(0), now),
                3 => { keeper.refused(keeper.generation(), now, true); },
                4 => keeper.proved(keeper.generation()),
                _ => now = now + seconds(number),
            }
            match (keeper.look(now, true), keeper.held()) {
                (TokenState::Usable, Some(held)) => prop_assert!(now < held.expires_at),
                (TokenState::Usable, None) => prop_assert!(false, "usable, but none is held"),
                (TokenState::Paused(until), _) => prop_assert!(until <= now + seconds(60)),
                _ => {}
            }
        }
    }
}
