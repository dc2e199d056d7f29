//! Hours that are used up, shared, skewed and begun anew.

use proptest::prelude::*;

use super::*;

/// The beginning of an hour.
const HOUR_BEGINS: Millis = Millis(1_699_999_200_000);
const RESOURCE: u32 = 77;

fn headers(limit: u64, more: &str) -> Headers {
    let reset = HOUR_BEGINS.0 / 1000 + 3600;
    Headers::from_lines(&format!(
        "X-RateLimit-Limit: {limit}\nX-RateLimit-Reset: {reset}\nX-RateLimit-Rule: r1\n{more}"
    ))
}

fn minutes(count: u64) -> Millis {
    HOUR_BEGINS + Millis::from_seconds(count * 60)
}

/// Sends as fast as it may until told to wait.
fn burst(rates: &mut Rates, class: Class, limit: u64, now: Millis) -> u64 {
    let mut sent = 0;
    while rates.wall(RESOURCE, class, now).is_none() {
        rates.sent(RESOURCE, now);
        rates.replied(RESOURCE, &headers(limit, ""), false, now);
        sent += 1;
        assert!(sent <= limit, "more than the rule allows");
    }
    sent
}

#[test]
fn bulk_reading_leaves_a_twentieth_to_interactive_calls() {
    let mut rates = Rates::default();
    assert_eq!(burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS), 95);
    assert_eq!(rates.wall(RESOURCE, Class::Bulk, HOUR_BEGINS), Some(minutes(6)), "the first of five is given back");
    assert_eq!(burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS), 5);
    assert_eq!(rates.wall(RESOURCE, Class::Interactive, HOUR_BEGINS), Some(minutes(60)));
}

#[test]
fn what_nobody_claimed_is_used_by_the_end_of_the_hour() {
    let mut rates = Rates::default();
    let mut sent = burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS);
    for minute in 1..60 {
        sent += burst(&mut rates, Class::Bulk, 100, minutes(minute));
    }
    assert_eq!(sent, 100);
}

#[test]
fn the_next_hour_begins_anew() {
    let mut rates = Rates::default();
    burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS);
    assert_eq!(rates.wall(RESOURCE, Class::Bulk, minutes(60)), None);
    rates.sent(RESOURCE, minutes(60));
    let next = Headers::from_lines("X-RateLimit-Limit: 100\nX-RateLimit-Rule: r1\nRetry-After: 5");
    assert!(rates.replied(RESOURCE, &next, false, minutes(60)));
    assert_eq!(rates.rules()[0].used, 1);
}

#[test]
fn a_refusal_says_that_the_hour_is_used_up_and_until_when() {
    let mut rates = Rates::default();
    rates.replied(RESOURCE, &headers(100, "Retry-After: 1200"), true, minutes(40));
    assert_eq!(rates.wall(RESOURCE, Class::Interactive, minutes(41)), Some(minutes(60)));
    assert_eq!(rates.wall(RESOURCE + 1, Class::Bulk, minutes(41)), None, "another resource");
}

#[test]
fn a_rule_that_was_taken_away_holds_nobody_back_after_its_hour() {
    let mut rates = Rates::default();
    burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS);
    for _ in 0..200 {
        assert_eq!(rates.wall(RESOURCE, Class::Bulk, minutes(60)), None);
        rates.sent(RESOURCE, minutes(60));
        rates.replied(RESOURCE, &Headers::NONE, false, minutes(60));
    }
    assert!(rates.rules().is_empty());
}

#[test]
fn a_record_that_no_rule_covers_does_not_hide_the_rule_of_its_list() {
    let mut rates = Rates::default();
    let sent = burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS);
    rates.replied(RESOURCE, &Headers::NONE, false, HOUR_BEGINS);
    assert!(rates.wall(RESOURCE, Class::Bulk, HOUR_BEGINS).is_some());
    assert!(!rates.replied(RESOURCE, &headers(100, ""), false, HOUR_BEGINS), "and nothing counts twice");
    assert_eq!(rates.rules()[0].used, sent);
}

#[test]
fn a_rule_that_covers_another_resource_too_counts_both_in_one_hour() {
    let mut rates = Rates::default();
    burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS);
    assert!(rates.replied(RESOURCE + 1, &headers(100, ""), false, minutes(1)), "known by its first reply");
    assert_eq!(rates.rules()[0].used, 96);
    assert!(!rates.replied(RESOURCE + 1, &headers(100, ""), false, minutes(1)));
}

#[test]
fn a_refusal_in_the_last_moment_of_an_hour_is_none_in_the_next() {
    let mut rates = Rates::default();
    rates.replied(RESOURCE, &headers(100, "Retry-After: 0"), true, minutes(60));
    assert_eq!(rates.wall(RESOURCE, Class::Interactive, minutes(60)), None);
    burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS);
    rates.sent(RESOURCE, minutes(60));
    rates.replied(RESOURCE, &headers(100, ""), true, minutes(60));
    assert_eq!(rates.wall(RESOURCE, Class::Interactive, minutes(60)), None, "a late reply");
}

#[test]
fn a_full_queue_is_no_rule() {
    let mut rates = Rates::default();
    rates.replied(RESOURCE, &Headers::NONE, true, HOUR_BEGINS);
    assert_eq!(rates.wall(RESOURCE, Class::Bulk, HOUR_BEGINS), None);
}

#[test]
fn the_instances_clock_may_be_another() {
    let mut rates = Rates::default();
    // This machine is two hours behind, and the instance says what time it is.
    let now = Millis(HOUR_BEGINS.0 - 7_200_000);
    rates.replied(RESOURCE, &headers(1, "Date: Tue, 14 Nov 2023 22:30:00 GMT"), false, now);
    assert_eq!(rates.wall(RESOURCE, Class::Interactive, now), Some(now + Millis::from_seconds(1800)));
    // Without that, an hour is no longer than an hour.
    let mut blind = Rates::default();
    blind.replied(RESOURCE, &headers(1, ""), false, now);
    assert_eq!(blind.wall(RESOURCE, Class::Interactive, now), Some(now + HOUR));
}

#[test]
fn a_resource_is_an_api_and_its_table() {
    let list = resource_of(Method::Get, "/api/now/table/incident?sysparm_limit=1");
    assert_eq!(list, resource_of(Method::Get, "/api/now/table/incident/abc"));
    assert_ne!(list, resource_of(Method::Get, "/api/now/table/problem"));
    assert_ne!(list, resource_of(Method::Post, "/api/now/table/incident"));
    assert_ne!(list, resource_of(Method::Get, "/api/now/stats/incident"));
    assert_eq!(
        resource_of(Method::Get, "/api/now/v1/table/incident/abc"),
        resource_of(Method::Get, "/api/now/v1/table/incident")
    );
}

proptest! {
    /// Whoever sends when told to sends no more than the rule allows in its hour, and everyone is let through in the end.
    #[test]
    fn the_limit_is_never_exceeded(limit in 1_u64..200, requests in prop::collection::vec((any::<bool>(), 0_u64..120_000), 1..400)) {
        let mut rates = Rates::default();
        let (mut now, mut hours) = (HOUR_BEGINS, std::collections::HashMap::new());
        for (bulk, pause) in requests {
            now = now + Millis(pause);
            let class = if bulk { Class::Bulk } else { Class::Interactive };
            let mut waits = 0;
            while let Some(at) = rates.wall(RESOURCE, class, now) {
                prop_assert!(at > now && at.less(now) <= HOUR, "{at:?} {now:?}");
                now = at;
                waits += 1;
                prop_assert!(waits < 5, "told to wait again and again");
            }
            rates.sent(RESOURCE, now);
            let hour = now.0 / HOUR.0;
            let count = hours.entry(hour).or_insert(0);
            *count += 1;
            prop_assert!(*count <= limit, "hour {hour}: {count} of {limit}");
            let reset = (hour + 1) * 3600;
            let lines = format!("x-ratelimit-limit: {limit}\nx-ratelimit-reset: {reset}\nx-ratelimit-rule: r");
            rates.replied(RESOURCE, &Headers::from_lines(&lines), false, now);
        }
    }
}
