//! Sign-outs, and contexts that share a store.

use super::super::effect::{CallId, Effect, EffectId, Input};
use super::super::pending_call::Request;
use super::super::scripted_grants::{authorization_code, grant, password, secret, settings, stored};
use super::super::scripted_host::{World, client_credentials, renewable_token, rows, status, token};
use super::super::settings::ClientSettings;
use crate::auth::{ExpiringCredential, Field, Grant, StoredTokens};
use crate::request::{Expect, InstanceUrl, Method};
use crate::time::Millis;

fn refresh_token(token: &str) -> Grant {
    grant("refresh_token", &[(Field::ClientId, "id"), (Field::RefreshToken, token)])
}

fn signed_in(world: &mut World) {
    world.client.start_code(secret("c"), secret("v"), world.now);
    world.run();
}

#[test]
fn concurrent_sign_outs_both_end() {
    let mut world = stored(password(), vec![renewable_token("one", 1799, Some("r1")), rows(1)]);
    world.read();
    let first = world.client.start_sign_out(true, world.now);
    let second = world.client.start_sign_out(false, world.now);
    world.answers = vec![status(200, "")].into();
    world.run();
    assert_eq!(world.code(second), "ok");
    assert!(world.finished.iter().any(|(id, _)| *id == first), "the first never ends: {:?}", world.trace);
    assert!(world.trace.iter().any(|line| line.contains("revoke")), "the revocation is lost: {:?}", world.trace);
}

#[test]
fn sign_in_ends_a_pending_sign_out() {
    let mut world = stored(authorization_code(), vec![renewable_token("one", 1799, Some("r1"))]);
    let out = world.client.start_sign_out(false, world.now);
    signed_in(&mut world);
    assert!(world.finished.iter().any(|(id, _)| *id == out), "{:?}", world.trace);
}

#[test]
fn sign_out_after_a_page_load_revokes_the_stored_token() {
    let mut before = stored(authorization_code(), vec![renewable_token("one", 1799, Some("r1"))]);
    signed_in(&mut before);
    let mut world = stored(authorization_code(), vec![status(200, "")]);
    world.stored = before.stored;
    world.now = world.now + Millis(5000);
    world.client.start_sign_out(true, world.now);
    world.run();
    assert!(world.trace.iter().any(|line| line.contains("revoke")), "{:?}", world.trace);
}

#[test]
fn sign_out_fails_if_the_store_keeps_the_tokens() {
    let mut world = stored(password(), vec![renewable_token("one", 1799, Some("r1")), rows(1)]);
    world.read();
    world.read_only = true;
    let call = world.client.start_sign_out(false, world.now);
    world.run();
    assert_eq!(world.code(call), "store.not-cleared");
    assert_eq!(world.client.status().token.state, "absent", "what could be forgotten is");
    world.read_only = false;
    let again = world.client.start_sign_out(false, world.now);
    world.run();
    assert_eq!(world.code(again), "ok");
    let cleared = StoredTokens::parse(world.stored.as_ref().unwrap().expose()).unwrap();
    assert!(cleared.access.is_none() && cleared.refresh.is_none());
}

#[test]
fn failed_revocation_is_reported() {
    let mut world = stored(password(), vec![renewable_token("one", 1799, Some("r1")), rows(1)]);
    world.read();
    world.events.clear();
    world.answers = vec![Input::Unreachable].into();
    let call = world.client.start_sign_out(true, world.now);
    world.run();
    assert!(world.code(call) != "ok" || world.events != ["signed-out"], "{:?}", world.events);
}

#[test]
fn store_change_during_a_read_is_read_too() {
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    world.read();
    world.client.store_changed(world.now);
    let Some(Effect::Load { id, .. }) = world.client.poll(world.now) else { panic!("a load") };
    // Another tab signs out while the store is being read.
    let old = world.stored.take();
    world.now = world.now + Millis(10);
    let at = world.now.0;
    world.stored = Some(secret(&format!("sysparm-tokens 1\n{at}\n{at}\n-\n-")));
    world.client.store_changed(world.now);
    world.client.resume(id, Input::Loaded(old), world.now);
    world.run();
    assert_eq!(world.client.status().token.state, "absent");
}

#[test]
fn missed_sign_in_is_found_in_the_store_at_the_next_call() {
    let mut world = stored(authorization_code(), vec![]);
    let call = world.read();
    assert_eq!(world.code(call), "token.sign-in-needed");
    let mut other = stored(authorization_code(), vec![renewable_token("one", 1799, Some("r1"))]);
    signed_in(&mut other);
    world.stored = other.stored;
    world.pass(70);
    world.answers = vec![rows(1)].into();
    let call = world.read();
    assert_eq!(world.code(call), "ok");
}

#[test]
fn clock_set_back_does_not_hide_newer_stored_tokens() {
    let mut here = stored(authorization_code(), vec![renewable_token("one", 1799, Some("r1"))]);
    signed_in(&mut here);
    here.answers = vec![rows(1)].into();
    here.read();
    // The other tab renews after the clock change, and the server rotates the refresh token.
    let mut there = stored(authorization_code(), vec![rows(1)]);
    there.stored = here.stored.clone();
    there.read();
    for world in [&mut here, &mut there] {
        world.now = world.now.less(Millis::from_seconds(3600));
        world.answers = vec![rows(1)].into();
        world.read();
    }
    there.answers = vec![renewable_token("two", 1799, Some("r2")), rows(1)].into();
    there.pass(1775);
    there.read();
    assert!(
        StoredTokens::parse(there.stored.as_ref().unwrap().expose()).unwrap().refresh.unwrap().is("r2"),
        "{:?}",
        there.trace
    );
    here.stored = there.stored.clone();
    here.now = there.now;
    here.answers = vec![rows(1), rows(1)].into();
    here.client.store_changed(here.now);
    here.run();
    here.read();
    assert_eq!(here.trace.last().unwrap(), "GET /api/now/table/incident with Bearer two", "{:?}", here.trace);
}

#[test]
fn sign_out_elsewhere_ends_a_used_refresh_token_option() {
    let mut world = stored(refresh_token("r1"), vec![renewable_token("one", 1799, None), rows(1)]);
    world.read();
    world.now = world.now + Millis(1000);
    let at = world.now.0;
    world.stored = Some(secret(&format!("sysparm-tokens 1\n{at}\n{at}\n-\n-")));
    world.client.store_changed(world.now);
    world.run();
    world.answers = vec![token("two", 1799), rows(1)].into();
    world.read();
    assert_eq!(world.trace.iter().filter(|line| line.starts_with("POST")).count(), 1, "{:?}", world.trace);
}

#[test]
fn sign_out_elsewhere_is_reported_here() {
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    world.read();
    world.events.clear();
    world.now = world.now + Millis(1000);
    let at = world.now.0;
    world.stored = Some(secret(&format!("sysparm-tokens 1\n{at}\n{at}\n-\n-")));
    world.client.store_changed(world.now);
    world.run();
    assert_eq!(world.events, ["signed-out"]);
}

#[test]
fn store_key_differs_for_refresh_tokens_of_two_users() {
    assert_ne!(settings(refresh_token("of-anna")).key(), settings(refresh_token("of-bert")).key());
}

#[test]
fn expiring_api_key_is_reported() {
    let mut settings =
        ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), grant("", &[(Field::ApiKey, "k")]));
    settings.expiring = vec![ExpiringCredential::new("apiKey".to_owned(), Millis(1_700_000_000_000 + 86_400_000 * 6))];
    let mut world = World::opened(settings, vec![rows(1)]);
    world.read();
    assert_eq!(world.events, ["credential.expiring apiKey"]);
}

#[test]
fn reading_the_store_ends_no_pause() {
    let mut world = stored(client_credentials(), vec![Input::Unreachable]);
    let first = world.read();
    world.client.abort(first);
    let retry_at = world.client.status().token.retry_at;
    let waiting = world.read();
    world.client.store_changed(world.now);
    assert!(matches!(world.client.poll(world.now), Some(Effect::Sleep { .. } | Effect::Load { .. })));
    world.client.abort(waiting);
    world.run();
    assert!(retry_at.is_some());
    assert_eq!(world.client.status().token.retry_at, retry_at);
}

#[test]
fn paused_call_uses_the_token_of_another_tab() {
    let mut other = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    other.read();
    let mut world = stored(client_credentials(), vec![Input::Unreachable]);
    let call = world.read();
    assert!(world.finished.is_empty());
    (world.stored, world.answers) = (other.stored, vec![rows(1)].into());
    world.client.store_changed(world.now);
    world.run();
    assert_eq!(world.code(call), "ok");
}

#[test]
fn sign_out_during_a_save_revokes_the_new_tokens() {
    let mut world = stored(password(), vec![]);
    let request =
        Request { method: Method::Get, path: "/api/now/x".to_owned(), expect: Expect::Rows, repeatable: true };
    world.client.start(request, world.now);
    loop {
        match world.client.poll(world.now).unwrap() {
            Effect::Load { id } => world.client.resume(id, Input::Loaded(None), world.now),
            Effect::Lock { id } => world.client.resume(id, Input::Done, world.now),
            Effect::Fetch { id, .. } => world.client.resume(id, renewable_token("one", 1799, Some("r1")), world.now),
            Effect::Save { .. } => break,
            _ => {}
        }
    }
    world.answers = vec![status(200, "")].into();
    world.client.start_sign_out(true, world.now);
    world.run();
    assert!(world.trace.iter().any(|line| line.contains("revoke")), "{:?}", world.trace);
}

#[test]
fn sign_out_does_not_fail_waiting_client_credentials_calls() {
    let mut world = stored(client_credentials(), vec![]);
    let call = world.read();
    world.answers = vec![token("two", 1799), rows(1)].into();
    world.client.start_sign_out(false, world.now);
    world.run();
    assert_eq!(world.code(call), "ok");
}

/// Polls until the host would wait, and returns the effects that are due.
fn due(world: &mut World) -> Vec<Effect> {
    std::iter::from_fn(|| world.client.poll(world.now)).collect()
}

/// Starts a call, and leaves its effects to the test.
fn begin(world: &mut World) -> CallId {
    let path = "/api/now/table/incident".to_owned();
    world.client.start(Request { method: Method::Get, path, expect: Expect::Rows, repeatable: true }, world.now)
}

fn token_requests(effects: &[Effect]) -> Vec<EffectId> {
    let is_token = |effect: &&Effect| matches!(effect, Effect::Fetch { call: None, .. });
    effects.iter().filter(is_token).filter_map(Effect::id).collect()
}

#[test]
fn lost_token_request_is_sent_again_for_calls_that_wait() {
    let mut world = World::replying(vec![]);
    let first = begin(&mut world);
    let second = begin(&mut world);
    let [lost] = token_requests(&due(&mut world))[..] else { panic!("one token request") };
    world.client.abort(first);
    world.client.resume(lost, Input::Lost, world.now);
    let [again] = token_requests(&due(&mut world))[..] else { panic!("one more token request") };
    world.client.resume(lost, token("late", 1799), world.now);
    world.client.resume(again, token("one", 1799), world.now);
    let sent = due(&mut world);
    assert!(sent.iter().any(|effect| matches!(effect, Effect::Fetch { call: Some(call), .. } if *call == second)));
    assert_eq!(world.client.status().token.failures, 0, "a lost request is no failure");
}

#[test]
fn lost_token_request_is_not_sent_again_without_a_call() {
    let mut world = World::replying(vec![]);
    let call = begin(&mut world);
    let [lost] = token_requests(&due(&mut world))[..] else { panic!("one token request") };
    world.client.abort(call);
    world.client.resume(lost, Input::Lost, world.now);
    assert!(token_requests(&due(&mut world)).is_empty());
    begin(&mut world);
    assert_eq!(token_requests(&due(&mut world)).len(), 1);
}

#[test]
fn granted_token_is_kept_if_its_saving_is_lost() {
    let mut world = stored(client_credentials(), vec![]);
    begin(&mut world);
    let mut requests = 0;
    let saved = loop {
        let Some(effect) = world.client.poll(world.now) else { panic!("the token is saved") };
        match effect {
            Effect::Load { id } => world.client.resume(id, Input::Loaded(None), world.now),
            Effect::Lock { id } => world.client.resume(id, Input::Done, world.now),
            Effect::Fetch { id, call: None, .. } => {
                requests += 1;
                world.client.resume(id, token("one", 1799), world.now);
            }
            Effect::Save { id, .. } => break id,
            _ => {}
        }
    };
    world.client.resume(saved, Input::Lost, world.now);
    assert!(due(&mut world).iter().any(|effect| matches!(effect, Effect::Fetch { call: Some(_), .. })));
    assert_eq!(requests, 1);
}

#[test]
fn lost_sign_out_begins_again() {
    let mut world = stored(password(), vec![renewable_token("one", 1799, Some("r1")), rows(1)]);
    world.read();
    let call = world.client.start_sign_out(false, world.now);
    let locks = |effects: Vec<Effect>| effects.into_iter().find(|effect| matches!(effect, Effect::Lock { .. }));
    let lost = locks(due(&mut world)).and_then(|effect| effect.id()).unwrap();
    world.client.resume(lost, Input::Lost, world.now);
    world.run();
    assert_eq!(world.code(call), "ok");
}
