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
    let mut keeper = Keeper::new(&Grant::Source);
    keeper.asked();
    keeper.granted(secret("one"), Some(seconds(lifetime)), seconds(0));
    keeper
}

#[test]
fn a_token_is_due_before_the_first_call_and_on_its_way_once_asked_for() {
    let mut keeper = Keeper::new(&Grant::Source);
    assert_eq!(keeper.look(seconds(0)), TokenState::Due);
    keeper.asked();
    assert_eq!(keeper.look(seconds(0)), TokenState::OnItsWay);
}

#[test]
fn a_token_is_used_until_less_than_30_seconds_are_left() {
    let keeper = holding(1799);
    assert_eq!(keeper.look(seconds(1768)), TokenState::Usable);
    assert_eq!(keeper.look(seconds(1769)), TokenState::Due);
}

#[test]
fn a_token_that_came_nearly_dead_is_used_to_its_end_and_not_fetched_in_a_loop() {
    let keeper = holding(12);
    assert_eq!(keeper.look(seconds(11)), TokenState::Usable);
    assert_eq!(keeper.look(seconds(12)), TokenState::Due);
}

#[test]
fn a_server_that_names_no_lifetime_means_half_an_hour() {
    let mut keeper = Keeper::new(&Grant::Source);
    keeper.granted(secret("one"), None, seconds(0));
    assert_eq!(keeper.look(seconds(1769)), TokenState::Usable);
    assert_eq!(keeper.look(seconds(1770)), TokenState::Due);
}

#[test]
fn failed_requests_for_a_token_pause_1_to_60_seconds() {
    let mut keeper = Keeper::new(&Grant::Source);
    let mut now = seconds(0);
    for pause in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
        keeper.failed(now);
        assert_eq!(keeper.look(now), TokenState::Paused(now + seconds(pause)));
        now = now + seconds(pause);
        assert_eq!(keeper.look(now), TokenState::Due);
    }
    keeper.granted(secret("one"), None, now);
    keeper.failed(now);
    assert_eq!(keeper.look(now), TokenState::Paused(now + seconds(1)), "a success forgives");
}

#[test]
fn a_refused_token_is_renewed_once_and_a_fresh_one_that_is_refused_too_is_not() {
    let mut keeper = holding(1799);
    assert!(keeper.refused(1, seconds(1)));
    assert_eq!(keeper.look(seconds(1)), TokenState::Due);
    keeper.asked();
    keeper.granted(secret("two"), None, seconds(1));
    assert!(!keeper.refused(2, seconds(1)), "two was never accepted by anything");
    assert_eq!(keeper.look(seconds(2)), TokenState::Usable, "and is kept: renewing would not help");
}

#[test]
fn a_keeper_that_only_hands_tokens_out_renews_at_the_next_refusal_too() {
    let mut keeper = holding(1799);
    assert!(keeper.refused(1, seconds(10)));
    keeper.asked();
    keeper.granted(secret("two"), None, seconds(10));
    assert!(!keeper.refused(2, seconds(10)));
    assert!(keeper.refused(2, seconds(600)), "nothing told it that two was accepted, but much time has passed");
}

#[test]
fn tokens_refused_in_a_row_are_renewed_at_growing_distances() {
    let mut keeper = holding(1799);
    let mut now = seconds(0);
    assert!(keeper.refused(1, now));
    for (generation, distance) in [(2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (9, 60)] {
        keeper.asked();
        keeper.granted(secret("t"), None, now);
        assert!(!keeper.refused(generation, now + seconds(distance).less(Millis(1))));
        now = now + seconds(distance);
        assert!(keeper.refused(generation, now));
    }
}

#[test]
fn a_renewed_token_that_was_accepted_once_may_be_renewed_again() {
    let mut keeper = holding(1799);
    keeper.refused(1, seconds(1));
    keeper.asked();
    keeper.granted(secret("two"), None, seconds(1));
    keeper.proved(2);
    assert!(keeper.refused(2, seconds(1)));
    assert_eq!(keeper.look(seconds(2)), TokenState::Due);
}

#[test]
fn a_late_refusal_of_an_older_token_means_repeat_and_not_renew() {
    let mut keeper = holding(1799);
    keeper.refused(1, seconds(1));
    assert!(keeper.refused(1, seconds(1)), "a second call with the same old token");
    keeper.asked();
    assert!(keeper.refused(1, seconds(1)), "a third, while the renewal is under way");
    assert_eq!(keeper.look(seconds(1)), TokenState::OnItsWay);
    keeper.granted(secret("two"), None, seconds(1));
    assert!(keeper.refused(1, seconds(1)), "a fourth, after it");
    assert_eq!(keeper.look(seconds(2)), TokenState::Usable);
    assert_eq!(keeper.generation(), 2);
}

#[test]
fn a_supplied_token_lives_as_long_as_its_owner_said_and_is_never_renewed() {
    let mut keeper = Keeper::new(&Grant::Supplied { token: secret("mine"), expires_at: Some(seconds(100)) });
    assert_eq!(keeper.look(seconds(99)), TokenState::Usable);
    assert_eq!(keeper.look(seconds(100)), TokenState::Gone);
    assert!(!keeper.refused(0, seconds(1)));
}

proptest! {
    /// Whatever happens in whatever order: a token is never used at or after its death, and a pause never exceeds a minute.
    #[test]
    fn no_order_of_events_makes_a_dead_token_usable(events in prop::collection::vec((0_u8..6, 0_u64..4000), 1..60)) {
        let mut keeper = Keeper::new(&Grant::Source);
        let mut now = seconds(0);
        for (event, number) in events {
            match event {
                0 => keeper.asked(),
                1 => keeper.granted(secret("t"), Some(seconds(number)), now),
                2 => keeper.failed(now),
                3 => { keeper.refused(keeper.generation(), now); },
                4 => keeper.proved(keeper.generation()),
                _ => now = now + seconds(number),
            }
            match (keeper.look(now), keeper.state()) {
                (TokenState::Usable, State::Held { expires_at, .. }) => prop_assert!(now < *expires_at),
                (TokenState::Usable, other) => prop_assert!(false, "usable in {other:?}"),
                (TokenState::Paused(until), _) => prop_assert!(until <= now + seconds(60)),
                _ => {}
            }
        }
    }
}
