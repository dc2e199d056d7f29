//! Hourly limits: used up, shared, with skewed clocks, and renewed.

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

/// Sends as fast as allowed until the limit holds it back.
fn burst(rates: &mut Rates, class: Class, limit: u64, now: Millis) -> u64 {
    let mut sent = 0;
    while rates.allowed_at(RESOURCE, class, now).is_none() {
        rates.sent(RESOURCE, now);
        rates.replied(RESOURCE, &headers(limit, ""), false, now);
        sent += 1;
        assert!(sent <= limit, "more than the rule allows");
    }
    sent
}

#[test]
fn bulk_reading_leaves_a_twentieth_for_interactive_calls() {
    let mut rates = Rates::default();
    assert_eq!(burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS), 95);
    assert_eq!(
        rates.allowed_at(RESOURCE, Class::Bulk, HOUR_BEGINS),
        Some(minutes(6)),
        "the first of five is given back"
    );
    assert_eq!(burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS), 5);
    assert_eq!(rates.allowed_at(RESOURCE, Class::Interactive, HOUR_BEGINS), Some(minutes(60)));
}

#[test]
fn unused_reserve_is_available_at_the_end_of_the_hour() {
    let mut rates = Rates::default();
    let mut sent = burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS);
    for minute in 1..60 {
        sent += burst(&mut rates, Class::Bulk, 100, minutes(minute));
    }
    assert_eq!(sent, 100);
}

#[test]
fn next_hour_resets_the_count() {
    let mut rates = Rates::default();
    burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS);
    assert_eq!(rates.allowed_at(RESOURCE, Class::Bulk, minutes(60)), None);
    rates.sent(RESOURCE, minutes(60));
    let next = Headers::from_lines("X-RateLimit-Limit: 100\nX-RateLimit-Rule: r1\nRetry-After: 5");
    assert!(rates.replied(RESOURCE, &next, false, minutes(60)));
    assert_eq!(rates.rules()[0].used, 1);
}

#[test]
fn refusal_marks_the_hour_as_used_up_until_its_reset() {
    let mut rates = Rates::default();
    rates.replied(RESOURCE, &headers(100, "Retry-After: 1200"), true, minutes(40));
    assert_eq!(rates.allowed_at(RESOURCE, Class::Interactive, minutes(41)), Some(minutes(60)));
    assert_eq!(rates.allowed_at(RESOURCE + 1, Class::Bulk, minutes(41)), None, "another resource");
}

#[test]
fn removed_rule_ends_with_its_hour() {
    let mut rates = Rates::default();
    burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS);
    for _ in 0..200 {
        assert_eq!(rates.allowed_at(RESOURCE, Class::Bulk, minutes(60)), None);
        rates.sent(RESOURCE, minutes(60));
        rates.replied(RESOURCE, &Headers::NONE, false, minutes(60));
    }
    assert!(rates.rules().is_empty());
}

#[test]
fn record_without_a_rule_does_not_hide_the_lists_rule() {
    let mut rates = Rates::default();
    let sent = burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS);
    rates.replied(RESOURCE, &Headers::NONE, false, HOUR_BEGINS);
    assert!(rates.allowed_at(RESOURCE, Class::Bulk, HOUR_BEGINS).is_some());
    assert!(!rates.replied(RESOURCE, &headers(100, ""), false, HOUR_BEGINS), "and nothing counts twice");
    assert_eq!(rates.rules()[0].used, sent);
}

#[test]
fn rule_of_two_resources_counts_both_in_one_hour() {
    let mut rates = Rates::default();
    burst(&mut rates, Class::Bulk, 100, HOUR_BEGINS);
    assert!(rates.replied(RESOURCE + 1, &headers(100, ""), false, minutes(1)), "known by its first reply");
    assert_eq!(rates.rules()[0].used, 96);
    assert!(!rates.replied(RESOURCE + 1, &headers(100, ""), false, minutes(1)));
}

#[test]
fn refusal_at_the_end_of_an_hour_does_not_affect_the_next() {
    let mut rates = Rates::default();
    rates.replied(RESOURCE, &headers(100, "Retry-After: 0"), true, minutes(60));
    assert_eq!(rates.allowed_at(RESOURCE, Class::Interactive, minutes(60)), None);
    burst(&mut rates, Class::Interactive, 100, HOUR_BEGINS);
    rates.sent(RESOURCE, minutes(60));
    rates.replied(RESOURCE, &headers(100, ""), true, minutes(60));
    assert_eq!(rates.allowed_at(RESOURCE, Class::Interactive, minutes(60)), None, "a late reply");
}

#[test]
fn full_queue_is_not_taken_for_a_rule() {
    let mut rates = Rates::default();
    rates.replied(RESOURCE, &Headers::NONE, true, HOUR_BEGINS);
    assert_eq!(rates.allowed_at(RESOURCE, Class::Bulk, HOUR_BEGINS), None);
}

#[test]
fn reset_time_is_read_with_the_instances_clock() {
    let mut rates = Rates::default();
    // This machine is two hours behind, and the instance says what time it is.
    let now = Millis(HOUR_BEGINS.0 - 7_200_000);
    rates.replied(RESOURCE, &headers(1, "Date: Tue, 14 Nov 2023 22:30:00 GMT"), false, now);
    assert_eq!(rates.allowed_at(RESOURCE, Class::Interactive, now), Some(now + Millis::from_seconds(1800)));
    // Without that, an hour is no longer than an hour.
    let mut blind = Rates::default();
    blind.replied(RESOURCE, &headers(1, ""), false, now);
    assert_eq!(blind.allowed_at(RESOURCE, Class::Interactive, now), Some(now + HOUR));
}

#[test]
fn resource_is_an_api_and_its_table() {
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
    /// A client that waits as required never exceeds the rule in an hour, and every request is sent in the end.
    #[test]
    fn rate_limit_is_never_exceeded(limit in 1_u64..200, requests in prop::collection::vec((any::<bool>(), 0_u64..120_000), 1..400)) {
        let mut rates = Rates::default();
        let (mut now, mut hours) = (HOUR_BEGINS, std::collections::HashMap::new());
        for (bulk, pause) in requests {
            now = now + Millis(pause);
            let class = if bulk { Class::Bulk } else { Class::Interactive };
            let mut waits = 0;
            while let Some(at) = rates.allowed_at(RESOURCE, class, now) {
                prop_assert!(at > now && at.less(now) <= HOUR, "{at:?} {now:?}");
                now = at;
                waits += 1;
                prop_assert!(waits < 5, "it has to wait again and again");
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
