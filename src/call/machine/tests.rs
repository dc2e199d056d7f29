//! Scripted calls in virtual time: what the client does for given replies.

use proptest::prelude::*;

use super::*;
use crate::auth::Grant;
use crate::call::scripted_host::{World, rows, status, token};
use crate::call::{Completion, calls::MOST_CALLS};
use crate::request::{Expect, Method};

#[test]
fn first_call_requests_a_token_that_later_calls_reuse() {
    let mut world = World::replying(vec![token("one", 1799), rows(3), rows(3)]);
    let (first, second) = (world.read(), world.read());
    assert_eq!((world.code(first), world.code(second)), ("ok", "ok"));
    let read = "GET /api/now/table/incident with Bearer one";
    assert_eq!(world.trace, ["POST /oauth_token.do", read, read]);
}

#[test]
fn only_a_read_with_a_too_long_url_is_sent_as_batch() {
    let mut world = World::replying(vec![token("one", 1799), rows(3), rows(3), rows(3)]);
    let path = |length| format!("/api/now/table/incident?sysparm_query={}", "a".repeat(length));
    for (method, expect, path) in [
        (Method::Get, Expect::Rows, path(6000)),
        (Method::Get, Expect::Untouched, path(6000)),
        (Method::Delete, Expect::Rows, path(6000)),
        (Method::Get, Expect::Rows, path(5000)),
    ] {
        world.client.start(Request { method, path, expect, repeatable: true }, world.now);
        world.run();
    }
    let sent: Vec<&str> = world.trace[1..].iter().map(|line| line.split(['?', ' ']).next().unwrap()).collect();
    assert_eq!(sent, ["POST", "GET", "DELETE", "GET"]);
    assert_eq!(world.trace[1], "POST /api/now/v1/batch with Bearer one");
}

#[test]
fn thousand_calls_share_one_token_request() {
    let mut world = World::replying(vec![]);
    let calls: Vec<CallId> = (0..1000).map(|_| world.read()).collect();
    assert_eq!(world.trace, ["POST /oauth_token.do"]);
    world.answers = (0..1000).map(|_| rows(1)).collect();
    let answer = token("one", 1799);
    world.late_answer(0, answer);
    assert!(calls.into_iter().all(|call| world.code(call) == "ok"));
    assert_eq!(world.trace.iter().filter(|line| line.starts_with("POST")).count(), 1);
}

#[test]
fn token_is_renewed_30_seconds_before_expiry() {
    let mut world = World::replying(vec![token("one", 1799), rows(1), token("two", 1799), rows(1)]);
    world.read();
    world.pass(1769);
    world.read();
    assert_eq!(world.trace[2..], ["POST /oauth_token.do", "GET /api/now/table/incident with Bearer two"]);
}

#[test]
fn short_lived_token_is_used_and_not_requested_in_a_loop() {
    let mut world = World::replying(vec![token("one", 0), rows(1)]);
    let call = world.read();
    assert_eq!(world.code(call), "ok");
    assert_eq!(world.trace.len(), 2);
}

#[test]
fn first_401_causes_one_renewal_and_one_retry() {
    let mut world = World::replying(vec![token("one", 1799), status(401, ""), token("two", 1799), rows(3)]);
    let call = world.read();
    assert_eq!(world.code(call), "ok");
    assert_eq!(
        world.trace,
        [
            "POST /oauth_token.do",
            "GET /api/now/table/incident with Bearer one",
            "POST /oauth_token.do",
            "GET /api/now/table/incident with Bearer two",
        ]
    );
}

#[test]
fn second_401_fails_the_call_without_another_renewal() {
    let mut world = World::replying(vec![
        token("one", 1799),
        status(401, ""),
        token("two", 1799),
        status(401, ""),
        status(401, ""),
    ]);
    let (first, second) = (world.read(), world.read());
    assert_eq!((world.code(first), world.code(second)), ("token.not-accepted", "token.not-accepted"));
    assert_eq!(world.trace.iter().filter(|line| line.starts_with("POST")).count(), 2);
    let message = world.finished[1].1.as_ref().unwrap_err().message();
    assert!(message.starts_with("The API does not accept the token, and a new one did not help"), "{message}");
}

#[test]
fn late_401_of_an_older_token_causes_a_retry_only() {
    let mut world = World::replying(vec![token("one", 1799)]);
    let (first, second) = (world.read(), world.read());
    world.answers.push_back(token("two", 1799));
    world.answers.push_back(rows(1));
    world.late_answer(0, status(401, ""));
    assert_eq!(world.code(first), "ok");
    world.answers.push_back(rows(1));
    world.late_answer(1, status(401, ""));
    assert_eq!(world.code(second), "ok");
    assert_eq!(world.trace.iter().filter(|line| line.starts_with("POST")).count(), 2, "{:?}", world.trace);
}

#[test]
fn unrepeatable_body_is_not_sent_again() {
    let mut world = World::replying(vec![token("one", 1799), status(401, "")]);
    let call = world.start(Method::Post, false);
    assert_eq!(world.code(call), "token.not-accepted");
    assert_eq!(world.trace.len(), 2);
}

#[test]
fn refused_secret_fails_all_waiting_calls_and_pauses() {
    let refusal = r#"{"error_description":"access_denied","error":"server_error"}"#;
    let mut world = World::replying(vec![status(401, refusal)]);
    let (first, second) = (world.read(), world.read());
    assert_eq!((world.code(first), world.code(second)), ("token.refused", "token.refused"));
    assert_eq!(world.trace, ["POST /oauth_token.do"]);
    world.pass(1);
    world.answers = vec![token("one", 1799), rows(1)].into();
    let third = world.read();
    assert_eq!(world.code(third), "ok");
}

#[test]
fn request_times_out_after_70_seconds() {
    let mut world = World::replying(vec![token("one", 1799)]);
    let call = world.start(Method::Get, false);
    world.pass(69);
    assert!(world.finished.is_empty());
    world.pass(1);
    assert_eq!(world.code(call), "network.timeout");
    assert_eq!(world.trace.last().unwrap(), "cancel");
    world.late_answer(0, rows(1));
    assert_eq!(world.finished.len(), 1, "a late answer is harmless");
}

#[test]
fn token_request_times_out_after_15_seconds() {
    let mut world = World::replying(vec![]);
    let call = world.read();
    world.pass(15);
    assert_eq!(world.trace, ["POST /oauth_token.do", "cancel"]);
    assert_eq!(world.events, ["token.failed", "request.retried"]);
    world.pass(4 * 15 + 15);
    assert_eq!(world.code(call), "network.timeout");
    assert_eq!(world.trace.len(), 10, "five times in all: {:?}", world.trace);
}

#[test]
fn write_without_a_reply_has_an_unknown_outcome() {
    let mut world = World::replying(vec![token("one", 1799), Input::Unreachable]);
    let lost = world.start(Method::Post, true);
    assert_eq!(world.code(lost), "write.unknown-outcome");
    let late = world.start(Method::Patch, true);
    world.pass(70);
    assert_eq!(world.code(late), "write.unknown-outcome");
}

#[test]
fn unsent_write_has_a_known_outcome() {
    let mut world = World::replying((0..5).map(|_| Input::Unreachable).collect());
    let call = world.start(Method::Post, false);
    world.pass(15);
    assert_eq!(world.code(call), "network.unreachable");
}

#[test]
fn write_is_sent_again_only_if_it_never_left() {
    let mut world =
        World::replying(vec![token("one", 1799), Input::Failed, rows(1), Input::Failed, Input::Unreachable]);
    let first = world.start(Method::Post, true);
    world.pass(1);
    assert_eq!(world.code(first), "ok");
    let second = world.start(Method::Post, true);
    world.pass(1);
    assert_eq!(world.code(second), "write.unknown-outcome");
    world.answers = (0..5).map(|_| Input::Failed).collect();
    let third = world.start(Method::Post, true);
    world.pass(60);
    assert_eq!(world.code(third), "network.unreachable");
}

#[test]
fn write_that_waited_for_a_token_is_sent_once() {
    let mut world = World::replying(vec![Input::Unreachable, token("one", 1799), Input::Unreachable]);
    let call = world.start(Method::Post, true);
    world.pass(60);
    assert_eq!(world.code(call), "write.unknown-outcome");
    assert_eq!(world.trace.len(), 3);
}

#[test]
fn aborted_call_is_cancelled_and_never_finishes() {
    let mut world = World::replying(vec![token("one", 1799)]);
    let call = world.read();
    world.client.abort(call);
    world.run();
    world.pass(100);
    assert_eq!(world.trace.last().unwrap(), "cancel");
    assert!(world.finished.is_empty());
}

#[test]
fn token_request_without_waiting_calls_is_cancelled() {
    let mut world = World::replying(vec![]);
    let call = world.read();
    world.client.abort(call);
    world.run();
    assert_eq!(world.trace, ["POST /oauth_token.do", "cancel"]);
    world.pass(600);
    world.answers = vec![token("one", 1799), rows(1)].into();
    let later = world.read();
    assert_eq!(world.code(later), "ok");
}

#[test]
fn source_gets_the_refused_token_until_it_supplies_another() {
    let supplied = |text: &str| Input::Supplied { token: Secret::new(text.to_owned()), expires_at: None };
    let mut world = World::with(Grant::source(), vec![supplied("one"), status(401, "")]);
    let call = world.start(Method::Post, false);
    assert_eq!(world.code(call), "token.not-accepted", "a streamed body is not sent twice");
    world.answers = vec![Input::SourceFailed].into();
    world.read();
    world.pass(2);
    world.answers = vec![supplied("two"), rows(1)].into();
    let later = world.read();
    assert_eq!(world.code(later), "ok");
    let asked: Vec<&String> = world.trace.iter().filter(|line| line.starts_with("ask")).collect();
    assert_eq!(
        asked,
        ["ask source, refused None", "ask source, refused Some(\"one\")", "ask source, refused Some(\"one\")"]
    );
}

#[test]
fn close_cancels_everything_pending() {
    let mut world = World::replying(vec![token("one", 1799)]);
    world.read();
    world.read();
    world.client.close();
    world.run();
    assert_eq!(world.trace[3..], ["cancel", "cancel"]);
    assert_eq!(world.client.status().pending_calls, 0);
    assert_eq!(world.client.status().token.state, "absent");
    assert!(world.sleep.is_none());
}

#[test]
fn timer_without_waiting_calls_is_a_background_timer() {
    let mut world = World::replying(vec![token("one", 1799), rows(1)]);
    world.read();
    assert!(world.sleep.is_none_or(|_| !world.awaited), "the renewal in the background waits quietly");
}

#[test]
fn source_gets_the_refused_token() {
    let supplied = |text: &str| Input::Supplied { token: Secret::new(text.to_owned()), expires_at: None };
    let mut world = World::with(Grant::source(), vec![supplied("one"), status(401, ""), supplied("two"), rows(1)]);
    let call = world.read();
    assert_eq!(world.code(call), "ok");
    assert_eq!(world.trace[0], "ask source, refused None");
    assert_eq!(world.trace[2], "ask source, refused Some(\"one\")");
}

#[test]
fn refused_given_token_is_reported_as_not_renewable() {
    let mut world = World::with(Grant::supplied(Secret::new("mine".to_owned())), vec![status(401, "")]);
    let call = world.read();
    assert_eq!(world.code(call), "token.not-accepted");
    let message = world.finished[0].1.as_ref().unwrap_err().message();
    assert!(message.contains("cannot renew it"), "{message}");
}

#[test]
fn caller_can_request_a_replacement_for_a_refused_token() {
    let mut world = World::replying(vec![token("one", 1799), token("two", 1799)]);
    let mut ask = |refused: Option<&str>| {
        world.client.start_token(refused.map(|text| Secret::new(text.to_owned())), world.now);
        world.run();
        match world.finished.pop().unwrap().1.unwrap() {
            Completion::Token(token) => token.expose().to_owned(),
            _ => panic!("no token"),
        }
    };
    assert_eq!(ask(None), "one");
    assert_eq!(ask(Some("zero")), "one", "an older token was refused: this one is the answer");
    assert_eq!(ask(Some("one")), "two");
    assert_eq!(ask(Some("one")), "two");
}

#[test]
fn token_that_no_header_can_carry_is_rejected() {
    let mut world = World::replying(vec![token("one\r\nX-Evil: 1", 1799)]);
    let call = world.read();
    assert_eq!(world.code(call), "token.unreadable");
}

#[test]
fn path_to_another_host_is_refused_before_sending() {
    let mut world = World::replying(vec![]);
    let request = Request {
        method: Method::Get,
        path: "//evil.example/".to_owned(),
        expect: Expect::Untouched,
        repeatable: true,
    };
    let call = world.client.start(request, world.now);
    world.run();
    assert_eq!(world.code(call), "request.path");
    assert!(world.trace.is_empty());
}

#[test]
fn call_beyond_ten_thousand_is_refused() {
    let mut world = World::replying(vec![]);
    let request =
        || Request { method: Method::Get, path: "/api/now/x".to_owned(), expect: Expect::Rows, repeatable: true };
    for _ in 0..MOST_CALLS {
        world.client.start(request(), world.now);
    }
    let call = world.client.start(request(), world.now);
    world.run();
    assert_eq!((world.finished.len(), world.code(call)), (1, "capacity.too-many-calls"));
    assert!(world.finished[0].1.as_ref().is_err_and(|failure| failure.message().ends_with("Start fewer at once.")));
}

#[test]
fn time_limits_hold_when_the_clock_stands_still() {
    let mut world = World::replying(vec![]);
    let call = world.read();
    for _ in 0..10 {
        let Some((id, _)) = world.sleep.take() else { break };
        world.client.resume(id, Input::Slept, world.now);
        world.run();
    }
    assert_eq!(world.code(call), "network.timeout");
}

#[test]
fn debug_output_of_the_client_holds_no_secret() {
    let mut world = World::replying(vec![
        token("bearer-hush", 1799),
        status(401, "hush"),
        token("bearer-hush", 1),
        status(403, "hush"),
    ]);
    world.read();
    let printed = format!("{:?} {:?}", world.client, world.finished);
    assert!(!printed.contains("hush"), "{printed}");
}

proptest! {
    /// For any replies and delays: every call ends exactly once, no call sends more than
    /// five requests plus two for each refused token, and the client becomes idle.
    #[test]
    fn every_call_ends_exactly_once(script in prop::collection::vec((0_u8..8, 0_u64..100), 1..80)) {
        let mut world = World::replying(vec![]);
        let mut calls = 0;
        for (event, number) in script {
            match event {
                0 | 1 => { world.read(); calls += 1; }
                2 => world.pass(number),
                _ if world.unanswered.is_empty() => {}
                3 => { world.unanswered.remove(0); }
                _ => {
                    let at = number as usize % world.unanswered.len();
                    let for_token = world.unanswered[at].1;
                    let input = match (event, for_token) {
                        (4, true) => token("t", number),
                        (4, false) => rows(1),
                        (5, _) => status(401, ""),
                        (6, _) => Input::Unreachable,
                        _ => status(500, ""),
                    };
                    world.late_answer(at, input);
                    world.unanswered.remove(at);
                }
            }
        }
        world.pass(10_000);
        prop_assert_eq!(world.finished.len(), calls);
        let mut ids: Vec<u32> = world.finished.iter().map(|(call, _)| call.0).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), calls);
        let sent = world.trace.iter().filter(|line| line.starts_with("GET")).count();
        prop_assert!(sent <= 15 * calls);
        prop_assert!(world.sleep.is_none());
    }
}
