//! Refusals of the token endpoint and of an API: retries, fallbacks and errors.

use super::super::scripted_grants::password;
use super::super::scripted_host::{World, renewable_token, rows, status, token};
use super::super::{CallId, Input, Request};
use crate::diagnose::Retry;
use crate::request::{Expect, Method};

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
    assert_eq!((failure.diagnosis.code.as_str(), failure.diagnosis.retry), ("acl.refused", Retry::Never));
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

const REFUSED: &str = "/api/now/table/sys_audit_delete";

fn refused() -> Input {
    status(403, r#"{"error":{"message":"Operation against file 'x' was denied due to table security."}}"#)
}

fn read(world: &mut World, path: &str) -> CallId {
    call(world, Method::Get, path)
}

fn call(world: &mut World, method: Method, path: &str) -> CallId {
    let request = Request { method, path: path.to_owned(), expect: Expect::Rows, repeatable: true };
    let call = world.client.start(request, world.now);
    world.run();
    world.pass(1);
    call
}

/// Reads another table with success, and then the refused one; the number of requests for that.
fn requests(world: &mut World, path: &str, answers: Vec<Input>) -> usize {
    requests_with(world, Method::Get, path, answers)
}

fn requests_with(world: &mut World, method: Method, path: &str, answers: Vec<Input>) -> usize {
    let before = world.trace.len();
    world.answers = [rows(1)].into_iter().chain(answers).collect();
    world.read();
    let call = call(world, method, path);
    assert_eq!(world.code(call), "acl.refused");
    assert!(world.answers.is_empty());
    world.trace.len() - before - 1
}

fn refused_twice() -> World {
    let mut world = World::replying(vec![token("one", 1799), rows(1)]);
    world.read();
    assert_eq!(requests(&mut world, REFUSED, vec![refused(), refused()]), 2);
    world
}

#[test]
fn lasting_refusal_is_not_repeated_for_minutes() {
    let mut world = refused_twice();
    for page in 0..20 {
        world.pass(13);
        assert_eq!(requests(&mut world, &format!("{REFUSED}?sysparm_offset={page}"), vec![refused()]), 1);
    }
    assert_eq!(requests(&mut world, "/api/now/table/problem", vec![refused(), refused()]), 2);
    world.pass(301);
    assert_eq!(requests(&mut world, REFUSED, vec![refused(), refused()]), 2);
}

#[test]
fn lasting_refusal_is_remembered_for_each_read_method() {
    let mut world = refused_twice();
    for method in [Method::Head, Method::Options] {
        assert_eq!(requests_with(&mut world, method, REFUSED, vec![refused(), refused()]), 2, "{method:?}");
        assert_eq!(requests_with(&mut world, method, REFUSED, vec![refused()]), 1, "{method:?}");
    }
    assert_eq!(requests(&mut world, REFUSED, vec![refused()]), 1);
}

#[test]
fn lasting_refusal_outlives_a_write_to_its_endpoint() {
    let mut world = refused_twice();
    for method in [Method::Post, Method::Patch, Method::Head] {
        world.answers = [rows(1)].into();
        let call = call(&mut world, method, REFUSED);
        assert_eq!(world.code(call), "ok", "{method:?}");
        assert_eq!(requests(&mut world, REFUSED, vec![refused()]), 1, "{method:?}");
    }
}

#[test]
fn lasting_refusal_is_forgotten_after_a_success() {
    let mut world = refused_twice();
    world.answers = [rows(1)].into();
    let call = read(&mut world, REFUSED);
    assert_eq!(world.code(call), "ok");
    assert_eq!(requests(&mut world, REFUSED, vec![refused(), refused()]), 2);
}

#[test]
fn lasting_refusal_is_forgotten_with_another_token() {
    let mut world = refused_twice();
    world.answers = [status(401, "{}"), token("two", 1799), rows(1)].into();
    world.read();
    assert_eq!(requests(&mut world, REFUSED, vec![refused(), refused()]), 2);
}

#[test]
fn oldest_of_many_lasting_refusals_is_forgotten() {
    let mut world = refused_twice();
    for table in 0..32 {
        let path = format!("/api/now/table/u_{table}");
        assert_eq!(requests(&mut world, &path, vec![refused(), refused()]), 2);
        assert_eq!(requests(&mut world, &path, vec![refused()]), 1);
    }
    assert_eq!(requests(&mut world, REFUSED, vec![refused(), refused()]), 2);
}
