//! Calls that wait while no token can be obtained.

use super::super::effect::Input;
use super::super::pending_call::Request;
use super::super::scripted_grants::{authorization_code, password, secret, settings};
use super::super::scripted_host::{World, client_credentials, renewable_token, rows, status, token};
use super::super::settings::{ClientSettings, TimeLimits};
use crate::auth::Grant;
use crate::pace::{self, Backoff};
use crate::request::{Expect, Headers, InstanceUrl, Method};
use crate::time::Millis;

#[test]
fn paused_call_gets_the_result_of_the_next_attempt() {
    let once = Backoff { attempts: 1, ..Backoff::INTERACTIVE };
    let pace = pace::Settings { interactive: once, ..pace::Settings::default() };
    let instance = InstanceUrl::parse("https://x.example").unwrap();
    let settings = ClientSettings { pace, ..ClientSettings::new(instance, client_credentials()) };
    let mut world = World::opened(settings, vec![Input::Unreachable]);
    let first = world.read();
    assert_eq!(world.code(first), "network.unreachable");
    let second = world.read();
    assert_eq!(world.finished.len(), 1, "it waits");
    world.answers = vec![token("one", 1799), rows(1)].into();
    world.pass(1);
    assert_eq!(world.code(second), "ok");
}

#[test]
fn thousand_calls_wait_out_a_short_token_outage() {
    let mut world = World::replying(vec![]);
    let calls: Vec<_> = (0..1000).map(|_| world.read()).collect();
    world.late_answer(0, status(503, ""));
    world.answers = [Input::Unreachable, token("one", 1799)].into();
    world.answers.extend((0..1000).map(|_| rows(1)));
    world.pass(3);
    assert!(calls.into_iter().all(|call| world.code(call) == "ok"));
    assert_eq!(world.trace.iter().filter(|line| line.starts_with("POST")).count(), 3, "1 s and 2 s between them");
}

#[test]
fn token_request_is_retried_after_its_retry_after() {
    let mut refusal = status(429, "");
    if let Input::Reply(reply) = &mut refusal {
        reply.headers = Headers::from_lines("retry-after: 20");
    }
    let mut world = World::replying(vec![refusal]);
    let call = world.read();
    world.pass(19);
    assert_eq!(world.trace.len(), 1);
    world.answers = [token("one", 1799), rows(1)].into();
    world.pass(1);
    assert_eq!(world.code(call), "ok");
}

#[test]
fn retry_after_of_a_day_is_cut_to_an_hour() {
    let mut refusal = status(503, "");
    if let Input::Reply(reply) = &mut refusal {
        reply.headers = Headers::from_lines("retry-after: 86400");
    }
    let mut world = World::replying(vec![refusal]);
    let call = world.read();
    let (_, ended) = &world.finished[0];
    let hour = Millis::from_seconds(3600);
    assert_eq!(ended.as_ref().unwrap_err().resumes_at, Some(world.now + hour), "and {call:?} does not wait so long");
    world.pass(3600);
    world.answers = [token("one", 1799), rows(1)].into();
    let later = world.read();
    assert_eq!(world.code(later), "ok");
}

#[test]
fn interactive_call_fails_at_once_if_the_source_fails() {
    let mut world = World::with(Grant::source(), vec![Input::SourceFailed]);
    let call = world.read();
    assert_eq!(world.code(call), "token.source-failed");
}

#[test]
fn call_after_a_failed_sign_in_fails_at_once() {
    for shared in [true, false] {
        let settings = ClientSettings { stored: shared, ..settings(authorization_code()) };
        let mut world = World::opened(settings, vec![status(503, "")]);
        let sign_in = world.client.start_code(secret("c"), secret("v"), world.now);
        world.run();
        assert_eq!(world.code(sign_in), "instance.unavailable", "the code is spent");
        let call = world.read();
        assert_eq!(world.code(call), "instance.unavailable");
    }
}

#[test]
fn sign_out_during_a_pause_fails_no_renewable_call() {
    let mut world = World::replying(vec![status(503, "")]);
    let call = world.read();
    world.client.start_sign_out(true, world.now);
    world.answers = vec![token("one", 1799), rows(1)].into();
    world.run();
    assert_eq!(world.code(call), "ok");

    let mut world = World::opened(settings(password()), vec![renewable_token("one", 40, Some("r1")), rows(1)]);
    world.read();
    world.answers = (0..5).map(|_| status(503, "")).collect();
    world.pass(41);
    let call = world.read();
    assert!(world.unanswered.is_empty(), "the pause ends in 10 s");
    world.client.start_sign_out(true, world.now);
    world.run();
    let revocation = world.unanswered.len() - 1;
    world.pass(11);
    assert!(world.finished.iter().all(|(id, _)| *id != call), "the pause is over, and the revocation goes on");
    world.answers = vec![token("two", 1799), rows(1)].into();
    world.late_answer(revocation, status(200, ""));
    assert_eq!(world.code(call), "ok");
}

#[test]
fn sign_in_during_a_pause_serves_waiting_calls() {
    let mut world =
        World::opened(settings(authorization_code()), vec![renewable_token("one", 40, Some("r1")), rows(1)]);
    world.client.start_code(secret("c"), secret("v"), world.now);
    world.run();
    world.read();
    world.answers = (0..5).map(|_| status(503, "")).collect();
    world.pass(41);
    let call = world.read();
    assert!(world.unanswered.is_empty(), "the pause ends in 10 s");
    let sign_in = world.client.start_code(secret("d"), secret("w"), world.now);
    world.run();
    let exchange = world.unanswered.len() - 1;
    world.pass(11);
    assert!(world.finished.iter().all(|(id, _)| *id != call), "the pause is over, and the sign-in goes on");
    world.answers = vec![rows(1)].into();
    world.late_answer(exchange, renewable_token("two", 1799, Some("r2")));
    assert_eq!((world.code(sign_in), world.code(call)), ("ok", "ok"));
}

#[test]
fn renewal_wait_times_out_for_calls_but_not_for_readings() {
    let limits = TimeLimits { call: Millis::from_seconds(5), ..TimeLimits::default() };
    let mut world = World::opened(ClientSettings { limits, ..settings(client_credentials()) }, vec![]);
    let reading = {
        let path = "/api/now/table/incident".to_owned();
        let request = Request { method: Method::Get, path, expect: Expect::Rows, repeatable: true };
        world.client.start_bulk(request, 1, world.now)
    };
    let call = world.read();
    world.pass(5);
    assert_eq!(world.code(call), "network.timeout");
    assert_eq!(world.finished[0].1.as_ref().unwrap_err().resumes_at, None);
    world.pass(7);
    world.answers = vec![rows(1)].into();
    world.late_answer(0, token("one", 1799));
    assert_eq!(world.code(reading), "ok");
}
