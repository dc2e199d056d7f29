//! Sign-outs, and what contexts that share a store learn of each other.

use super::effect::{Effect, Input};
use super::scripted_grants::{authorization_code, grant, password, secret, settings, stored};
use super::scripted_host::{World, client_credentials, renewable_token, rows, status, token};
use super::settings::ClientSettings;
use crate::auth::{ExpiringCredential, Field, Grant, StoredTokens};
use crate::request::InstanceUrl;
use crate::time::Millis;

fn refresh_token(token: &str) -> Grant {
    grant("refresh_token", &[(Field::ClientId, "id"), (Field::RefreshToken, token)])
}

fn signed_in(world: &mut World) {
    world.client.start_code(secret("c"), secret("v"), world.now);
    world.run();
}

#[test]
fn two_sign_outs_at_once_both_end() {
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
fn a_sign_in_that_follows_a_sign_out_at_once_leaves_no_sign_out_waiting() {
    let mut world = stored(authorization_code(), vec![renewable_token("one", 1799, Some("r1"))]);
    let out = world.client.start_sign_out(false, world.now);
    signed_in(&mut world);
    assert!(world.finished.iter().any(|(id, _)| *id == out), "{:?}", world.trace);
}

#[test]
fn a_sign_out_right_after_a_page_was_loaded_revokes_what_the_store_holds() {
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
fn a_sign_out_that_left_the_tokens_in_the_store_is_no_success() {
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
fn a_revocation_that_failed_is_not_silent() {
    let mut world = stored(password(), vec![renewable_token("one", 1799, Some("r1")), rows(1)]);
    world.read();
    world.told.clear();
    world.answers = vec![Input::Unreachable].into();
    let call = world.client.start_sign_out(true, world.now);
    world.run();
    assert!(world.code(call) != "ok" || world.told != ["signed-out"], "{:?}", world.told);
}

#[test]
fn a_change_of_the_store_during_a_look_at_it_is_looked_at_too() {
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    world.read();
    world.client.store_changed(world.now);
    let Some(Effect::Load { id, .. }) = world.client.poll(world.now) else { panic!("a load") };
    // What the store held a moment ago is on its way; meanwhile another tab signs out.
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
fn who_missed_the_message_of_a_sign_in_finds_it_in_the_store_at_the_next_call() {
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
fn a_clock_set_back_an_hour_does_not_hide_what_another_tab_stored_since() {
    let mut here = stored(authorization_code(), vec![renewable_token("one", 1799, Some("r1"))]);
    signed_in(&mut here);
    here.answers = vec![rows(1)].into();
    here.read();
    // The other tab renews after the clock was set back, and the server replaces the refresh token.
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
fn a_sign_out_elsewhere_ends_a_refresh_token_that_was_brought_along_too() {
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
fn a_sign_out_elsewhere_is_told_here() {
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    world.read();
    world.told.clear();
    world.now = world.now + Millis(1000);
    let at = world.now.0;
    world.stored = Some(secret(&format!("sysparm-tokens 1\n{at}\n{at}\n-\n-")));
    world.client.store_changed(world.now);
    world.run();
    assert_eq!(world.told, ["signed-out"]);
}

#[test]
fn the_refresh_tokens_of_two_people_lie_apart_in_one_store() {
    assert_ne!(settings(refresh_token("of-anna")).key(), settings(refresh_token("of-bert")).key());
}

#[test]
fn the_end_of_an_api_key_is_told() {
    let mut settings =
        ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), grant("", &[(Field::ApiKey, "k")]));
    settings.expiring = vec![ExpiringCredential::new("apiKey".to_owned(), Millis(1_700_000_000_000 + 86_400_000 * 6))];
    let mut world = World::opened(settings, vec![rows(1)]);
    world.read();
    assert_eq!(world.told, ["credential.expiring apiKey"]);
}

#[test]
fn a_look_at_the_store_ends_no_pause() {
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
fn who_waits_out_a_pause_goes_on_with_what_another_tab_obtains_meanwhile() {
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
fn a_sign_out_while_the_new_tokens_are_being_stored_revokes_the_new_ones() {
    let mut world = stored(password(), vec![]);
    let request = super::pending_call::Request {
        method: crate::request::Method::Get,
        path: "/api/now/x".to_owned(),
        expect: crate::request::Expect::Rows,
        repeatable: true,
    };
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
fn a_call_that_waits_is_not_failed_by_a_sign_out_of_client_credentials() {
    let mut world = stored(client_credentials(), vec![]);
    let call = world.read();
    world.answers = vec![token("two", 1799), rows(1)].into();
    world.client.start_sign_out(false, world.now);
    world.run();
    assert_eq!(world.code(call), "ok");
}
