//! Refusals of the token endpoint and of an API: retries, fallbacks and errors.

use super::scripted_grants::password;
use super::scripted_host::{World, renewable_token, rows, status, token};
use crate::diagnose::Retry;
use crate::request::Method;

#[test]
fn refused_refresh_token_falls_back_at_any_status() {
    for status_of_it in [200, 400, 401, 500] {
        let refusal = status(status_of_it, r#"{"error":"invalid_request"}"#);
        let first = renewable_token("one", 40, Some("r1"));
        let mut world = World::with(password(), vec![first, rows(1), refusal, token("two", 1799), rows(1)]);
        world.read();
        world.pass(30);
        let call = world.read();
        assert_eq!(world.code(call), "ok", "{status_of_it}");
        let grants: Vec<&str> = world.forms.iter().map(|form| form.expose().split('&').next().unwrap()).collect();
        assert_eq!(grants, ["grant_type=password", "grant_type=refresh_token", "grant_type=password"]);
    }
}

#[test]
fn read_refused_right_after_a_success_is_retried_once() {
    let refused =
        || status(403, r#"{"error":{"message":"Operation against file 'x' was denied due to table security."}}"#);
    let mut world = World::replying(vec![token("one", 1799), rows(1), refused(), rows(1)]);
    world.read();
    world.pass(9);
    let call = world.read();
    world.pass(1);
    assert_eq!(world.code(call), "ok");
    assert_eq!(world.events.iter().filter(|event| *event == "request.retried").count(), 1);

    let mut world = World::replying(vec![token("one", 1799), rows(1), refused(), refused(), rows(1), refused()]);
    world.read();
    let call = world.read();
    world.pass(1);
    let failure = world.finished.iter().find(|(id, _)| *id == call).unwrap().1.as_ref().unwrap_err();
    assert_eq!((failure.diagnosis.code, failure.diagnosis.retry), ("acl.refused", Retry::Never));
    assert!(failure.message().contains("attempts: 2"), "{}", failure.message());
    // More than ten seconds after the last success there is no retry.
    world.read();
    world.pass(11);
    let late = world.read();
    assert_eq!(world.code(late), "acl.refused");
}

#[test]
fn refused_write_or_first_read_is_not_retried() {
    for (before, method) in [(true, Method::Patch), (true, Method::Post), (true, Method::Delete), (false, Method::Get)]
    {
        let success = before.then(|| rows(1));
        let script = [token("one", 1799)].into_iter().chain(success).chain([status(403, "{}")]).collect();
        let mut world = World::replying(script);
        if before {
            world.read();
        }
        let call = world.start(method, true);
        assert_eq!(world.code(call), "acl.refused", "{method:?}");
    }
}
