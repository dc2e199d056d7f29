//! Pacing and retries of scripted calls in virtual time.

use super::super::retrying::outcome_of;
use super::super::scripted_host::{World, client_credentials, rows, status, token};
use super::super::{CallId, ClientSettings, Completion, Input, Request};
use crate::auth::Grant;
use crate::diagnose::{Facts, Failure, Stage, Transport, diagnose};
use crate::pace::{self, Concurrency, OpenBreaker, Outcome};
use crate::request::{Body, Expect, Headers, InstanceUrl, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

const PATH: &str = "/api/now/table/incident";

fn answer(status: u16, headers: &str, text: &str) -> Input {
    let headers = Headers::from_lines(headers);
    Input::Reply(Reply { status, headers, body: Body::Text(text.to_owned()) })
}

fn used_up(retry_after: u64) -> Input {
    let lines = format!("x-ratelimit-limit: 100\nx-ratelimit-rule: r\nretry-after: {retry_after}");
    answer(429, &lines, "")
}

fn page(world: &mut World, stream: u32) -> CallId {
    let request = Request { method: Method::Get, path: PATH.to_owned(), expect: Expect::Rows, repeatable: true };
    let call = world.client.start_bulk(request, stream, world.now);
    world.run();
    call
}

fn sent(world: &World) -> usize {
    world.trace.iter().filter(|line| line.contains(PATH)).count()
}

fn outcome(world: &World, call: CallId) -> Option<&Result<Completion, Box<Failure>>> {
    world.finished.iter().find(|(id, _)| *id == call).map(|(_, outcome)| outcome)
}

fn failure(world: &World, call: CallId) -> &Failure {
    outcome(world, call).expect("the call has finished").as_ref().expect_err("it has failed")
}

/// An instance whose circuit breaker is open.
fn broken() -> World {
    let mut world = World::replying(vec![token("one", 1799)]);
    for _ in 0..10 {
        world.answers.push_back(Input::Unreachable);
        world.start(Method::Get, false);
    }
    world
}

#[test]
fn busy_instance_is_retried_after_its_retry_after() {
    for word in ["Retry-After: 7", "Retry-After: Tue, 14 Nov 2023 22:13:27 GMT\nDate: Tue, 14 Nov 2023 22:13:20 GMT"] {
        let mut world = World::replying(vec![token("one", 1799), answer(503, word, ""), rows(1)]);
        let call = world.read();
        world.pass(6);
        assert_eq!(sent(&world), 1, "{word}");
        world.pass(1);
        assert_eq!((sent(&world), world.code(call)), (2, "ok"), "{word}");
        assert!(world.events.contains(&"request.retried".to_owned()));
    }
}

#[test]
fn retries_without_retry_after_back_off() {
    let past = "Retry-After: Tue, 14 Nov 2023 22:13:19 GMT\nDate: Tue, 14 Nov 2023 22:13:20 GMT";
    let reset = "x-ratelimit-limit: 100\nx-ratelimit-rule: r\nx-ratelimit-reset: 1699999000";
    for (status, word) in
        [(503, "Retry-After: 0"), (429, "Retry-After: 0"), (429, past), (429, reset), (202, "Retry-After: 0")]
    {
        let mut world = World::replying(vec![token("one", 1799)]);
        (0..5).for_each(|_| world.answers.push_back(answer(status, word, "")));
        let call = world.read();
        let mut pauses = vec![];
        while let Some((id, due)) = world.sleep.take().filter(|_| outcome(&world, call).is_none()) {
            pauses.push(due.less(world.now).0);
            world.now = due;
            world.client.resume(id, Input::Slept, due);
            world.run();
        }
        assert_eq!((sent(&world), pauses.len()), (5, 4), "{word}");
        assert!(pauses.iter().all(|pause| *pause > 0), "{word}: {pauses:?}");
        assert!(pauses[3] > pauses[0] && pauses.iter().sum::<u64>() > 1000, "{word}: {pauses:?}");
    }
}

#[test]
fn wait_over_a_minute_fails_with_the_time_of_resumption() {
    let mut world = World::replying(vec![token("one", 1799), used_up(61)]);
    let call = world.read();
    assert_eq!(failure(&world, call).resumes_at, Some(world.now + Millis::from_seconds(61)));
    let failed_at_once = world.read();
    assert_eq!((world.code(call), world.code(failed_at_once)), ("rate.rule", "rate.rule"));
    assert_eq!(failure(&world, failed_at_once).resumes_at, Some(world.now + Millis::from_seconds(61)));
    assert_eq!(sent(&world), 1, "what would be refused is not sent");
    assert!(world.events.contains(&"rate.limited".to_owned()));
}

#[test]
fn page_of_a_reading_waits_out_the_hourly_limit() {
    let mut world = World::replying(vec![token("one", 7200), used_up(3000), rows(1)]);
    let call = page(&mut world, 1);
    world.pass(2999);
    assert!(outcome(&world, call).is_none() && sent(&world) == 1);
    world.pass(1);
    assert_eq!(world.code(call), "ok");
}

#[test]
fn end_of_an_hourly_limit_is_not_set_on_other_failures() {
    let headers = "x-ratelimit-limit: 100\nx-ratelimit-rule: r\nx-ratelimit-reset: 1700003000";
    let mut world = World::replying(vec![token("one", 1799), answer(503, headers, ""), rows(1)]);
    let call = world.read();
    world.pass(1);
    assert_eq!(world.code(call), "ok");
}

#[test]
fn call_sends_at_most_five_requests() {
    let mut world = World::replying(vec![token("one", 1799)]);
    (0..5).for_each(|_| world.answers.push_back(status(503, "")));
    let call = world.read();
    world.pass(8);
    assert_eq!((world.code(call), sent(&world)), ("instance.unavailable", 5));
    assert!(failure(&world, call).message().contains("attempts: 5"));
}

#[test]
fn post_is_sent_again_only_if_certainly_unprocessed() {
    for (method, reply, again) in [
        (Method::Post, status(429, ""), true),
        (Method::Post, status(202, ""), true),
        (Method::Post, status(425, ""), true),
        (Method::Post, status(423, ""), false),
        (Method::Post, status(409, "the record is locked"), false),
        (Method::Post, status(501, ""), false),
        (Method::Post, status(500, ""), false),
        (Method::Post, status(502, ""), false),
        (Method::Post, status(520, ""), false),
        (Method::Post, status(201, "{\"result\":{\"nu"), false),
        (Method::Post, Input::Unreachable, false),
        (Method::Patch, status(429, ""), true),
        (Method::Patch, status(409, "the record is locked"), true),
        (Method::Patch, status(409, "a record with this number exists"), false),
        (Method::Put, status(423, ""), true),
        (Method::Delete, status(501, ""), false),
        (Method::Get, status(409, "the table is locked"), true),
        (Method::Patch, status(200, "{\"result\":{\"nu"), false),
        (Method::Delete, Input::Unreachable, false),
        (Method::Get, Input::Unreachable, true),
        (Method::Get, status(500, ""), true),
        (Method::Get, status(400, ""), false),
    ] {
        let what = format!("{method:?} {reply:?}");
        let mut world = World::replying(vec![token("one", 1799), reply, rows(1)]);
        let call = world.start(method, true);
        world.pass(1);
        assert_eq!((sent(&world) == 2, world.code(call) == "ok"), (again, again), "{what}");
    }
}

#[test]
fn streamed_body_is_sent_once() {
    let mut world = World::replying(vec![token("one", 1799), status(429, "")]);
    let call = world.start(Method::Put, false);
    assert_eq!(world.code(call), "capacity.queue-full");
}

#[test]
fn aborted_call_in_backoff_or_queue_sends_nothing() {
    let mut world = World::replying(vec![token("one", 1799), status(503, "")]);
    let resting = world.read();
    let out: Vec<CallId> = (0..4).map(|_| page(&mut world, 1)).collect();
    assert!(world.client.status().pacing.out <= 2, "503 has halved what may be out");
    world.client.abort(resting);
    out.iter().for_each(|call| world.client.abort(*call));
    world.run();
    let before = sent(&world);
    world.pass(1000);
    assert_eq!((sent(&world), world.finished.len()), (before, 0));
    assert!(world.sleep.is_none_or(|_| !world.awaited));
    assert_eq!(world.client.status().pacing.waiting, 0);
}

#[test]
fn interactive_calls_are_sent_before_pages_of_a_reading() {
    let mut world = World::replying(vec![token("one", 1799)]);
    for _ in 0..6 {
        page(&mut world, 1);
    }
    assert_eq!(sent(&world), 4);
    let person = world.start(Method::Get, true);
    world.late_answer(0, rows(1));
    world.late_answer(4, rows(1));
    assert_eq!(world.code(person), "ok");
}

#[test]
fn breaker_opens_and_one_request_probes_the_instance() {
    let mut world = broken();
    let (turned_away, waits) = (world.read(), page(&mut world, 1));
    assert_eq!(world.code(turned_away), "instance.circuit-open");
    assert_eq!(failure(&world, turned_away).resumes_at, Some(world.now + Millis::from_seconds(30)));
    assert!(
        failure(&world, turned_away)
            .message()
            .contains("network.unreachable: GET /api/now/table/incident got no answer")
    );
    let second = page(&mut world, 1);
    world.pass(30);
    assert_eq!(world.unanswered.len(), 1, "one request is out");
    assert_eq!(world.client.status().breaker.0, "probing");
    world.answers.push_back(rows(1));
    world.late_answer(0, rows(1));
    assert_eq!((world.code(waits), world.code(second)), ("ok", "ok"));
    assert_eq!(world.events.iter().filter(|name| name.starts_with("breaker")).count(), 2);
    assert_eq!(world.client.status().breaker.0, "closed");
}

#[test]
fn heavy_query_does_not_open_the_breaker() {
    let mut world = World::replying(vec![token("one", 1799)]);
    for _ in 0..12 {
        world.answers.push_back(status(500, "Transaction cancelled: maximum execution time exceeded"));
        let call = world.read();
        assert_eq!(world.code(call), "quota.cancelled");
    }
    world.answers.push_back(rows(1));
    let call = world.read();
    assert_eq!(world.code(call), "ok");
}

#[test]
fn open_breaker_is_restored_in_another_process() {
    let now = Millis(1_700_000_000_000);
    let mut settings = ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), client_credentials());
    settings.breaker = Some(OpenBreaker { until_ms: now.0 + 20_000, pause_ms: 60_000 });
    let mut world = World::opened(settings, vec![token("one", 1799), rows(1)]);
    let early = world.read();
    assert_eq!(world.code(early), "instance.circuit-open");
    world.pass(20);
    let later = world.read();
    assert_eq!(world.code(later), "ok");
}

#[test]
fn token_that_expired_in_the_queue_is_not_sent() {
    let grant = Grant::supplied(Secret::new("mine".to_owned()));
    let mut settings = ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), grant);
    settings.expires_at = Some(Millis(1_700_000_065_000));
    settings.pace = pace::Settings { concurrency: Concurrency::new(1, 1), ..pace::Settings::default() };
    let mut world = World::opened(settings, vec![]);
    let (first, second) = (world.start(Method::Get, false), world.read());
    world.pass(70);
    assert_eq!((world.code(first), world.code(second), sent(&world)), ("network.timeout", "token.gone", 1));
    assert_eq!(world.client.status().pacing.out, 0);
    assert!(failure(&world, second).message().ends_with("Pass a new one."));
}

#[test]
fn call_that_waited_too_long_for_a_slot_says_what_to_change() {
    let mut settings = ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), client_credentials());
    settings.pace = pace::Settings { concurrency: Concurrency::new(1, 1), ..pace::Settings::default() };
    settings.pace.interactive.budget = Millis::from_seconds(10);
    let mut world = World::opened(settings, vec![token("one", 1799)]);
    let (_, second) = (world.read(), world.read());
    world.pass(10);
    assert_eq!((world.code(second), sent(&world)), ("capacity.line", 1));
    let message = failure(&world, second).message();
    assert!(message.ends_with("Start fewer at once or raise `pace.budgetMs`."), "{message}");
}

#[test]
fn reading_waits_while_the_token_endpoint_is_down() {
    let mut world = World::replying(vec![]);
    let reading = page(&mut world, 1);
    let person = world.read();
    world.answers = (0..4).map(|_| status(503, "")).collect();
    world.late_answer(0, status(503, ""));
    world.pass(14);
    assert!(outcome(&world, person).is_none());
    world.pass(1);
    assert_eq!(failure(&world, person).diagnosis.code, "instance.unavailable");
    let late = world.read();
    assert!(outcome(&world, late).is_none(), "it learns what comes of an attempt made after it began");
    world.answers = vec![token("one", 1799), rows(1), rows(1)].into();
    world.pass(16);
    assert_eq!((world.code(reading), world.code(late)), ("ok", "ok"));
}

#[test]
fn retry_with_a_refused_token_renews_it_once() {
    let mut world = World::replying(vec![
        token("one", 1799),
        status(503, ""),
        status(401, ""),
        token("two", 1799),
        status(503, ""),
        rows(1),
    ]);
    let call = world.read();
    world.pass(10);
    assert_eq!((world.code(call), sent(&world)), ("ok", 4));
    assert_eq!(world.trace.iter().filter(|line| line.contains("oauth")).count(), 2);
}

#[test]
fn wait_is_not_shortened_by_an_earlier_clock_change() {
    let hour = Millis::from_seconds(3600);
    let mut world = World::replying(vec![token("one", 7200)]);
    let late = world.read();
    world.answers.push_back(answer(503, "Retry-After: 5", ""));
    world.read();
    // Four seconds later the clock is set back by an hour; the sleep continues.
    world.now = (world.now + Millis::from_seconds(4)).less(hour);
    world.sleep = world.sleep.map(|(id, due)| (id, due.less(hour)));
    world.late_answer(0, answer(503, "Retry-After: 5", ""));
    world.answers = vec![rows(1), rows(1)].into();
    world.pass(4);
    assert_eq!(sent(&world), 2, "five seconds were asked for, and four are over");
    world.pass(1);
    assert_eq!((sent(&world), world.code(late)), (4, "ok"));
}

#[test]
fn wait_ends_in_time_after_the_computer_slept() {
    let mut world = World::replying(vec![token("one", 7200), answer(503, "Retry-After: 50", "")]);
    let call = world.read();
    // After ten of the fifty seconds the computer sleeps for two minutes.
    world.now = world.now + Millis::from_seconds(130);
    world.sleep = world.sleep.map(|(id, _)| (id, world.now + Millis::from_seconds(40)));
    world.answers = vec![answer(503, "Retry-After: 2", ""), rows(1)].into();
    world.run();
    assert_eq!(sent(&world), 2, "its time is over");
    assert_eq!(world.sleep.map(|(_, due)| due), Some(world.now + Millis::from_seconds(2)), "not forty");
    world.pass(2);
    assert_eq!((sent(&world), world.code(call)), (3, "ok"));
}

#[test]
fn pacer_outcome_follows_the_diagnosis() {
    let of = |method, outcome: Result<(u16, &str, &str), Transport>| {
        let reply = outcome.map(|(status, headers, text)| Reply {
            status,
            headers: Headers::from_lines(headers),
            body: Body::Text(text.to_owned()),
        });
        let facts =
            Facts { stage: Stage::Api, method, path: PATH, outcome: reply.as_ref().map_err(|transport| *transport) };
        outcome_of(&diagnose(&facts, 1, Millis(0)))
    };
    let heavy = r#"{"error":{"message":"Transaction cancelled: maximum execution time exceeded"}}"#;
    let asleep = "<html><title>Instance Hibernating page</title>Your instance is hibernating</html>";
    for method in [Method::Get, Method::Post] {
        for status in [400, 401, 403, 404] {
            assert_eq!(of(method, Ok((status, "", "{}"))), Outcome::Served, "{status}");
        }
        assert_eq!(of(method, Ok((429, "", ""))), Outcome::Throttled);
        assert_eq!(of(method, Ok((202, "", ""))), Outcome::Throttled);
        assert_eq!(of(method, Ok((429, "x-ratelimit-limit: 100", ""))), Outcome::Limited);
        assert_eq!(of(method, Ok((503, "", ""))), Outcome::Unavailable);
        assert_eq!(of(method, Ok((500, "", ""))), Outcome::Failed);
        assert_eq!(of(method, Ok((504, "", ""))), Outcome::Failed);
        assert_eq!(of(method, Ok((200, "content-type: text/html", asleep))), Outcome::Failed);
        assert_eq!(of(method, Err(Transport::TimedOut)), Outcome::Failed);
        assert_eq!(of(method, Err(Transport::Unreachable)), Outcome::Failed);
    }
    assert_eq!(of(Method::Get, Ok((500, "", heavy))), Outcome::Served, "one query is too heavy");
    let left_out = r#"{"batch_request_id":"1","serviced_requests":[],"unserviced_requests":["1"]}"#;
    let outcome = of(Method::Post, Ok((200, "content-type: application/json", left_out)));
    assert_eq!(outcome, Outcome::Served, "a Batch had no time for its one read");
}
