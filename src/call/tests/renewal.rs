//! Renewals with a scripted token endpoint, store and lock.

use super::super::effect::Input;
use super::super::scripted_grants::{authorization_code, grant, password, secret, settings, stored};
use super::super::scripted_host::{World, client_credentials, renewable_token, rows, status, token};
use crate::auth::{Field, StoredTokens};
use crate::time::Millis;

fn sent(world: &World, at: usize) -> &str {
    world.forms[at].expose()
}

fn envelope(world: &World) -> StoredTokens {
    StoredTokens::parse(world.stored.as_ref().unwrap().expose()).unwrap()
}

const READ_ONE: &str = "GET /api/now/table/incident with Bearer one";

#[test]
fn renewal_reads_locks_rereads_requests_saves_then_uses() {
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    let call = world.read();
    assert_eq!(world.code(call), "ok");
    assert_eq!(world.trace, ["load", "lock", "load", "POST /oauth_token.do", "save", "unlock", READ_ONE]);
    assert_eq!(world.events, ["token.renewed request"]);
}

#[test]
fn second_context_uses_the_stored_token() {
    let mut first = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    first.read();
    let mut second = stored(client_credentials(), vec![rows(1)]);
    second.stored = first.stored;
    second.read();
    assert_eq!(second.trace, ["load", READ_ONE]);
    assert_eq!(second.events, ["token.renewed store"]);
}

#[test]
fn context_that_waited_for_the_lock_uses_the_new_token() {
    let mut other = stored(client_credentials(), vec![token("two", 1799), rows(1)]);
    other.now = other.now + Millis::from_seconds(1700);
    other.read();
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1), rows(1)]);
    world.read();
    world.stored = other.stored;
    world.pass(1775);
    world.answers = vec![rows(1)].into();
    world.read();
    assert_eq!(world.trace.last().unwrap(), "GET /api/now/table/incident with Bearer two");
    assert_eq!(world.trace.iter().filter(|line| line.starts_with("POST")).count(), 1);
}

#[test]
fn refused_token_is_not_adopted_from_the_store() {
    let mut world =
        stored(client_credentials(), vec![token("one", 1799), status(401, ""), token("two", 1799), rows(1)]);
    let call = world.read();
    assert_eq!(world.code(call), "ok");
    assert_eq!(world.trace[7..11], ["lock", "load", "POST /oauth_token.do", "save"]);
}

#[test]
fn refresh_token_is_kept_if_the_reply_has_none() {
    let answers = vec![renewable_token("one", 1799, Some("r1")), rows(1), token("two", 1799), rows(1)];
    let mut world = stored(password(), answers);
    world.read();
    world.pass(1770);
    world.read();
    assert!(sent(&world, 1).ends_with("refresh_token=r1"));
    assert!(envelope(&world).refresh.unwrap().is("r1"));
}

#[test]
fn rotated_refresh_token_replaces_the_old_one_atomically() {
    let answers = vec![renewable_token("one", 1799, Some("r1")), rows(1), renewable_token("two", 1799, Some("r2"))];
    let mut world = stored(password(), answers);
    world.read();
    assert!(envelope(&world).refresh.unwrap().is("r1"));
    world.pass(1770);
    assert!(sent(&world, 1).ends_with("refresh_token=r1"));
    let kept = envelope(&world);
    assert!(kept.access.unwrap().is("two") && kept.refresh.unwrap().is("r2"));
    world.answers = vec![renewable_token("three", 1799, None), rows(1)].into();
    world.pass(1790);
    world.read();
    assert!(sent(&world, 2).ends_with("refresh_token=r2"));
}

#[test]
fn refused_refresh_token_falls_back_to_the_grant_once() {
    let answers = vec![
        renewable_token("one", 1799, Some("r1")),
        rows(1),
        status(401, "access_denied"),
        renewable_token("two", 1799, Some("r2")),
        rows(1),
    ];
    let mut world = stored(password(), answers);
    world.read();
    world.pass(1770);
    let call = world.read();
    assert_eq!(world.code(call), "ok");
    assert!(sent(&world, 1).contains("grant_type=refresh_token") && sent(&world, 2).contains("grant_type=password"));

    let refused = || status(401, "access_denied");
    let mut world = stored(password(), vec![renewable_token("one", 40, Some("r1")), rows(1), refused(), refused()]);
    world.read();
    world.pass(20);
    assert_eq!(world.forms.len(), 3, "the refresh token once, the grant once");
    assert_eq!(world.events, ["token.renewed request", "token.failed", "attention"]);
}

#[test]
fn visitor_who_has_not_signed_in_raises_no_alarm() {
    let mut world = stored(authorization_code(), vec![]);
    for _ in 0..3 {
        let call = world.read();
        assert_eq!(world.code(call), "token.sign-in-needed");
        world.finished.clear();
        world.pass(70);
    }
    assert!(world.events.is_empty() && world.forms.is_empty(), "{:?}", world.events);
    assert!(world.client.status().token.attention.is_none());
}

#[test]
fn sign_in_is_requested_once_after_one_that_has_ended() {
    let mut world = stored(authorization_code(), vec![renewable_token("one", 40, None)]);
    world.client.start_code(secret("code"), secret("verifier"), world.now);
    world.run();
    world.pass(50);
    world.forms.clear();
    for _ in 0..3 {
        let call = world.read();
        assert_eq!(world.code(call), "token.sign-in-needed");
        world.finished.clear();
        world.pass(70);
    }
    assert_eq!(world.events.iter().filter(|event| *event == "attention").count(), 1, "{:?}", world.events);
    assert_eq!(world.client.status().token.attention.unwrap().diagnosis.code, "token.sign-in-needed");
    assert!(world.forms.is_empty());
}

#[test]
fn authorization_code_is_sent_once_then_refreshed() {
    let answers = vec![renewable_token("one", 1799, Some("r1")), rows(1), token("two", 1799), rows(1)];
    let mut world = stored(authorization_code(), answers);
    let call = world.client.start_code(secret("c"), secret("v"), world.now);
    world.run();
    assert_eq!(world.code(call), "ok");
    assert!(sent(&world, 0).contains("code=c&") && sent(&world, 0).ends_with("code_verifier=v"));
    world.read();
    world.pass(1770);
    world.read();
    assert!(sent(&world, 1).ends_with("refresh_token=r1"));
}

#[test]
fn sign_in_ignores_the_pause_of_earlier_failures() {
    let mut world = stored(authorization_code(), vec![]);
    let early = world.read();
    assert_eq!(world.code(early), "token.sign-in-needed");
    world.answers = vec![renewable_token("one", 1799, Some("r1")), rows(1)].into();
    let call = world.client.start_code(secret("c"), secret("v"), world.now);
    world.run();
    assert_eq!(world.code(call), "ok");
    let later = world.read();
    assert_eq!(world.code(later), "ok");
    assert!(world.locked.is_none());
}

#[test]
fn refused_refresh_token_is_kept_for_later_attempts() {
    let mut world = stored(authorization_code(), vec![renewable_token("one", 40, Some("r1")), rows(1)]);
    world.client.start_code(secret("c"), secret("v"), world.now);
    world.run();
    world.read();
    world.answers = vec![status(401, "access_denied")].into();
    world.pass(41);
    world.pass(60);
    world.answers = vec![renewable_token("two", 1799, None), rows(1)].into();
    let call = world.read();
    assert_eq!(world.code(call), "ok", "{:?}", world.trace);
}

#[test]
fn assertion_is_signed_for_every_request() {
    let fields = [(Field::ClientId, "id"), (Field::Subject, "s"), (Field::Algorithm, "RS256")];
    let mut world = stored(grant("jwt_bearer", &fields), vec![token("one", 40), rows(1), token("two", 1799), rows(1)]);
    world.read();
    world.pass(41);
    world.read();
    assert_eq!(world.trace.iter().filter(|line| *line == "sign").count(), 2);
    assert_ne!(sent(&world, 0), sent(&world, 1));
}

#[test]
fn accepted_client_secret_of_two_is_used_from_then_on() {
    let fields = [(Field::ClientId, "id"), (Field::ClientSecret, "hush-old"), (Field::ClientSecret, "hush-new")];
    let answers = vec![status(401, "access_denied"), token("one", 40), rows(1), token("two", 1799), rows(1)];
    let mut world = stored(grant("client_credentials", &fields), answers);
    let call = world.read();
    assert_eq!(world.code(call), "ok", "no call fails");
    world.pass(41);
    world.read();
    let secrets: Vec<bool> = world.forms.iter().map(|form| form.expose().ends_with("hush-new")).collect();
    assert_eq!(secrets, [false, true, true]);
}

#[test]
fn assertion_with_a_wrong_clock_is_diagnosed() {
    let fields = [(Field::ClientId, "id"), (Field::Subject, "s"), (Field::Algorithm, "RS256")];
    let mut refusal = status(401, "access_denied");
    if let Input::Reply(reply) = &mut refusal {
        reply.headers = crate::request::Headers::from_lines(&format!("date: {}", 1_700_000_000 + 3600));
    }
    let mut world = stored(grant("jwt_bearer", &fields), vec![refusal]);
    let call = world.read();
    assert_eq!(world.code(call), "token.clock");
    assert!(world.finished[0].1.as_ref().unwrap_err().message().contains("3600 seconds"));
}

#[test]
fn status_says_when_a_used_token_is_renewed() {
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    assert_eq!(world.client.status().token.renews_at, None);
    world.read();
    let token = world.client.status().token;
    let left = token.expires_at.unwrap() - token.renews_at.expect("the token is used");
    assert!((60_000..=180_000).contains(&left), "{left} ms before it expires");
}

#[test]
fn background_renewal_delays_no_call() {
    let mut world = World::replying(vec![token("one", 1799), rows(1)]);
    world.read();
    world.answers = vec![token("two", 1799)].into();
    world.pass(1799 - 59);
    assert_eq!(world.trace.last().unwrap(), "POST /oauth_token.do");
    world.answers = vec![rows(1)].into();
    world.read();
    assert_eq!(world.trace.last().unwrap(), "GET /api/now/table/incident with Bearer two");
}

#[test]
fn token_stays_in_use_after_a_failed_renewal() {
    let mut world = World::replying(vec![token("one", 1799), rows(1)]);
    world.read();
    world.answers = (0..8).map(|_| Input::Unreachable).collect();
    world.pass(1775);
    assert_eq!(world.client.status().token.state, "held");
    assert!(world.client.status().token.failures > 3);
    world.answers = vec![rows(1)].into();
    let call = world.read();
    assert_eq!(world.code(call), "ok", "24 s are left: {:?}", world.trace);
}

#[test]
fn call_after_sleep_joins_no_timed_out_renewal() {
    let mut world = World::replying(vec![token("one", 1799), rows(1)]);
    world.read();
    world.pass(1799 - 59);
    assert!(!world.unanswered.is_empty(), "a renewal is out");
    world.now = world.now + Millis::from_seconds(3600);
    let call = world.read();
    world.answers = vec![token("two", 1799), rows(1)].into();
    world.pass(61);
    assert_eq!(world.code(call), "ok");
}

#[test]
fn attention_is_reported_once_for_each_cause() {
    let refused = || status(401, "access_denied");
    let mut world = World::replying(vec![refused(), refused(), refused(), status(400, "invalid_scope"), refused()]);
    for _ in 0..5 {
        world.read();
        world.pass(61);
    }
    let attention = world.events.iter().filter(|event| *event == "attention").count();
    assert_eq!((attention, world.events.iter().filter(|event| *event == "token.failed").count()), (3, 5));
    world.answers = vec![token("one", 1799), rows(1)].into();
    world.read();
    assert!(world.client.status().token.attention.is_none());
}

#[test]
fn sign_out_ends_the_token_in_every_context() {
    let answers = vec![renewable_token("one", 1799, Some("r1")), rows(1)];
    let mut world = stored(password(), answers);
    world.read();
    let mut other = stored(password(), vec![rows(1)]);
    other.stored = world.stored.clone();
    other.read();
    world.trace.clear();
    world.pass(1);
    let call = world.client.start_sign_out(false, world.now);
    world.run();
    assert_eq!((world.code(call), world.trace), ("ok", ["lock", "save", "unlock"].map(String::from).to_vec()));
    assert!(envelope(&World { trace: vec![], ..world }).access.is_none());
    other.stored = Some(secret("sysparm-tokens 1\n1700000001000\n1700000001000\n-\n-"));
    other.now = Millis(1_700_000_001_000);
    other.client.store_changed(other.now);
    other.run();
    assert_eq!(other.client.status().token.state, "absent");
}

#[test]
fn sign_out_with_revoke_revokes_the_refresh_token() {
    let mut world = stored(password(), vec![renewable_token("one", 1799, Some("r1")), rows(1)]);
    world.read();
    world.trace.clear();
    world.answers = vec![status(200, "")].into();
    world.client.start_sign_out(true, world.now);
    world.run();
    assert_eq!(world.trace, ["lock", "load", "POST /oauth_revoke_token.do", "save", "unlock"]);
    assert_eq!(sent(&world, 1), "token=r1");
}

#[test]
fn clock_jump_costs_at_most_one_renewal() {
    for jump in [-3_600_000_i64, 3_600_000, -86_400_000, 86_400_000] {
        let mut world = World::replying(vec![token("one", 1799), rows(1)]);
        world.read();
        // Backwards no token expires; forwards it may have expired.
        world.answers = if jump < 0 { vec![] } else { vec![token("two", 1799)] }.into();
        world.answers.extend([rows(1), rows(1)]);
        world.now = Millis(world.now.0.checked_add_signed(jump).unwrap());
        for _ in 0..2 {
            let call = world.read();
            assert_eq!(world.code(call), "ok", "{jump}");
        }
        assert!(world.trace.iter().filter(|line| line.starts_with("POST")).count() <= 2, "{:?}", world.trace);
    }
}

#[test]
fn unreadable_store_counts_as_empty_and_is_reported() {
    let mut world = stored(client_credentials(), vec![token("one", 1799), rows(1)]);
    world.stored = Some(secret("{\"version\":3}"));
    let call = world.read();
    assert_eq!(world.code(call), "ok");
    assert_eq!(world.events, ["store.failed unreadable", "store.failed unreadable", "token.renewed request"]);
    assert!(envelope(&world).access.is_some(), "and is replaced");
}

#[test]
fn expiring_credential_is_reported_with_a_new_token() {
    let mut settings = settings(client_credentials());
    settings.expiring = vec![crate::auth::ExpiringCredential::new(
        "clientSecret".to_owned(),
        Millis(1_700_000_000_000 + 86_400_000 * 6),
    )];
    let mut world = World::opened(settings, vec![token("one", 1799), rows(1)]);
    world.read();
    assert_eq!(world.events, ["token.renewed request", "credential.expiring clientSecret"]);
}

#[test]
fn grant_without_tokens_returns_none() {
    let mut world = World::with(grant("", &[(Field::ApiKey, "k")]), vec![rows(1)]);
    let call = world.read();
    assert_eq!((world.code(call), world.trace.len()), ("ok", 1));
    let token = world.client.start_token(None, world.now);
    world.run();
    assert_eq!(world.code(token), "token.none");
    let message = world.finished.last().unwrap().1.as_ref().unwrap_err().message();
    assert!(message.ends_with("Use an OAuth grant."), "{message}");
}
