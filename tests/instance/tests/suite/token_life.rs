//! The lifetimes of tokens and sessions, and their end.

use crate::client::{Client, GRANT, text};

use serde_json::{Value, json};
use sysparm_instance::{Reply, Request};

const CLIENT: &str = "client_id=practice-client&client_secret=practice-secret";
const PASSWORD: &str = "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.agent&password=practice-agent-password";
const DAY: u64 = 86_400_000;

fn change_client(client: &mut Client, change: &Value) {
    client.update_record("oauth_entity", "client_id", "practice-client", change);
}

fn renew(client: &mut Client, refresh: &str) -> Reply {
    client.grant(&format!("grant_type=refresh_token&{CLIENT}&refresh_token={refresh}"))
}

fn credential(client: &mut Client, kind: &str) -> Value {
    client.record("oauth_credential", "type", kind)
}

#[test]
fn second_password_grant_returns_both_tokens_and_renews_them() {
    let mut client = Client::with_rows(1);
    let first = client.grant(PASSWORD).as_json();
    let before = text(&credential(&mut client, "refresh_token"), "expires");
    client.now += 1_700_000;
    let second = client.grant(PASSWORD).as_json();
    assert_eq!(first["access_token"], second["access_token"]);
    assert_eq!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(second["expires_in"], 1799);
    assert_ne!(text(&credential(&mut client, "refresh_token"), "expires"), before);
    client.now += 100 * DAY - 1;
    assert_eq!(renew(&mut client, &text(&second, "refresh_token")).status, 200);
}

#[test]
fn refresh_does_not_extend_the_refresh_token() {
    let mut client = Client::with_rows(1);
    let refresh = text(&client.grant(PASSWORD).as_json(), "refresh_token");
    let before = text(&credential(&mut client, "refresh_token"), "expires");
    client.now += 10 * DAY;
    assert_eq!(renew(&mut client, &refresh).status, 200);
    assert_eq!(text(&credential(&mut client, "refresh_token"), "expires"), before);
}

#[test]
fn tokens_are_bound_to_their_user_and_client() {
    let mut client = Client::with_rows(1);
    let agent = client.grant(PASSWORD).as_json();
    let other = PASSWORD.replace("agent", "visitor");
    assert_ne!(agent["access_token"], client.grant(&other).as_json()["access_token"]);
    client.add("oauth_entity", &json!({"name": "Two", "client_id": "two", "client_secret": "s", "active": "true"}));
    let refresh = text(&agent, "refresh_token");
    let stolen = format!("grant_type=refresh_token&client_id=two&client_secret=s&refresh_token={refresh}");
    assert_eq!(client.grant(&stolen).status, 401);
    assert_eq!(renew(&mut client, &refresh).status, 200);
}

#[test]
fn lifetimes_come_from_the_registry_record() {
    let mut client = Client::with_rows(1);
    change_client(&mut client, &json!({"access_token_lifespan": "120", "refresh_token_lifespan": "600"}));
    let granted = client.grant(PASSWORD).as_json();
    assert_eq!(granted["expires_in"], 119);
    client.now += 599_999;
    assert_eq!(renew(&mut client, &text(&granted, "refresh_token")).status, 200);
    client.now += 1;
    assert_eq!(renew(&mut client, &text(&granted, "refresh_token")).status, 401);
}

#[test]
fn refresh_is_refused_when_user_or_client_is_inactive() {
    let mut client = Client::with_rows(1);
    let refresh = text(&client.grant(PASSWORD).as_json(), "refresh_token");
    client.update_record("sys_user", "user_name", "practice.agent", &json!({"locked_out": "true"}));
    assert_eq!(renew(&mut client, &refresh).status, 401);
    client.update_record("sys_user", "user_name", "practice.agent", &json!({"locked_out": "false"}));
    change_client(&mut client, &json!({"active": "false"}));
    assert_eq!(renew(&mut client, &refresh).status, 401);
    change_client(&mut client, &json!({"active": "true"}));
    assert_eq!(renew(&mut client, &refresh).status, 200);
}

#[test]
fn revoked_token_is_marked_expired_and_removed_later() {
    let mut client = Client::with_rows(1);
    let token = text(&client.grant(PASSWORD).as_json(), "refresh_token");
    client.now += 60_000;
    client.instance.handle(&Request::new("GET", &format!("/oauth_revoke_token.do?token={token}")), client.now);
    assert_eq!(renew(&mut client, &token).status, 401);
    assert_eq!(text(&credential(&mut client, "refresh_token"), "expires"), "2026-03-01 12:01:00");
    client.now += DAY;
    client.grant(GRANT);
    assert_eq!(credential(&mut client, "refresh_token"), Value::Null);
    let user = text(&credential(&mut client, "access_token"), "user");
    assert_eq!(user, text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id"));
}

fn cookie(reply: &Reply) -> String {
    let set = reply.headers.iter().find(|(name, value)| *name == "Set-Cookie" && value.starts_with("JSESSIONID"));
    set.map_or("", |(_, value)| value.split(';').next().unwrap_or_default()).to_owned()
}

/// A request in a session alone: with its cookie and its token, no other credentials.
fn in_session(client: &mut Client, cookie: &str) -> u16 {
    let request = || Request::new("GET", "/api/now/ui/user/current_user").with_header("Cookie", cookie);
    let reply = client.instance.handle(&request(), client.now);
    let token = reply.header("X-UserToken-Response").unwrap_or_default().to_owned();
    client.instance.handle(&request().with_header("X-UserToken", &token), client.now).status
}

#[test]
fn session_ends_with_the_token_that_opened_it() {
    for (ends, status) in [("true", 401), ("false", 200)] {
        let mut client = Client::with_rows(1);
        let property = "glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled";
        client.update_record("sys_properties", "name", property, &json!({ "value": ends }));
        change_client(&mut client, &json!({"access_token_lifespan": "120"}));
        client.now += 1_800_000;
        client.sign_in();
        let session = cookie(&client.get("/api/now/ui/user/current_user", &[]));
        client.now += 119_000;
        assert_eq!(in_session(&mut client, &session), 200);
        client.now += 1_000;
        assert_eq!(in_session(&mut client, &session), status, "{ends}");
    }
}

#[test]
fn integration_session_lifetime_follows_its_properties() {
    let mut client = Client::with_rows(1);
    client.update_record("sys_properties", "name", "glide.integration.session_timeout", &json!({"value": "1"}));
    let session = cookie(&client.get("/api/now/ui/user/current_user", &[]));
    for _ in 0..3 {
        client.now += 59_000;
        assert_eq!(in_session(&mut client, &session), 200, "use lengthens it");
    }
    client.now += 60_000;
    assert_eq!(in_session(&mut client, &session), 401);
    client.update_record(
        "sys_properties",
        "name",
        "glide.integrations.active.session.life_span",
        &json!({"value": "2"}),
    );
    let session = cookie(&client.get("/api/now/ui/user/current_user", &[]));
    client.now += 59_000;
    assert_eq!(in_session(&mut client, &session), 200);
    client.now += 59_000;
    assert_eq!(in_session(&mut client, &session), 200);
    client.now += 2_000;
    assert_eq!(in_session(&mut client, &session), 401, "two minutes are over");
}
