//! Access tokens in JWT form, the keys that verify them, and what the instance publishes about itself.

use crate::client::{Client, GRANT, NOON, text};

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use sysparm_instance::{Reply, Request};

const DAY: u64 = 86_400_000;

fn with_format(format: &str) -> Client {
    let mut client = Client::with_rows(1);
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({ "token_format": format }));
    client
}

fn fetch(client: &mut Client, path: &str) -> Reply {
    client.instance.handle(&Request::new("GET", path).with_header("Host", "practice.test"), client.now)
}

fn keys(client: &mut Client) -> JwkSet {
    let listed = fetch(client, "/api/now/oauth/jwks").as_json();
    serde_json::from_value(listed).unwrap_or(JwkSet { keys: Vec::new() })
}

fn granted(client: &mut Client) -> String {
    text(&client.grant(GRANT).as_json(), "access_token")
}

/// The claims, if one of the listed keys signed them.
fn claims(keys: &JwkSet, token: &str) -> Option<Value> {
    let kid = decode_header(token).ok()?.kid?;
    let key = DecodingKey::from_jwk(keys.find(&kid)?).ok()?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.set_audience(&["practice-client"]);
    decode::<Value>(token, &key, &validation).map(|decoded| decoded.claims).ok()
}

#[test]
fn jwt_token_names_its_subject_and_is_signed_by_a_listed_key() {
    let mut client = with_format("jwt");
    let token = granted(&mut client);
    let listed = keys(&mut client);
    let claims = claims(&listed, &token).unwrap_or_default();
    assert_eq!((text(&claims, "sub"), text(&claims, "scope")), ("practice.integration".into(), "useraccount".into()));
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(NOON / 1000), &json!(NOON / 1000 + 1800)));
    client.sign_in();
    assert_eq!(client.get("/api/now/table/incident", &[]).status, 200);
    client.now += 1_800_000;
    assert_eq!(client.get("/api/now/table/incident", &[]).status, 401);
    assert_eq!(client.record("syslog", "level", "2"), Value::Null, "an expired token is nothing to log");
}

#[test]
fn subject_is_the_user_field_that_the_record_names() {
    let mut client = with_format("jwt");
    client.update_record(
        "sys_user",
        "user_name",
        "practice.integration",
        &json!({ "email": "integration@example.com" }),
    );
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({ "subject_claim": "email" }));
    let token = granted(&mut client);
    let listed = keys(&mut client);
    assert_eq!(text(&claims(&listed, &token).unwrap_or_default(), "sub"), "integration@example.com");
}

#[test]
fn signed_token_is_issued_once_and_can_be_revoked() {
    let mut client = with_format("jwt");
    let first = granted(&mut client);
    client.now += 1000;
    assert_ne!(granted(&mut client), first);
    let me =
        Request::new("GET", "/api/now/ui/user/current_user").with_header("Authorization", &format!("Bearer {first}"));
    assert_eq!(client.instance.handle(&me, client.now).status, 200);
    client.instance.handle(&Request::new("GET", &format!("/oauth_revoke_token.do?token={first}")), client.now);
    assert_eq!(client.instance.handle(&me, client.now).status, 401);
}

#[test]
fn tokens_before_yokohama_are_opaque_and_no_keys_are_listed() {
    let mut client = with_format("jwt");
    client.instance.switches_mut().release = sysparm_instance::Release::Xanadu;
    assert_eq!(granted(&mut client).len(), 86);
    assert_ne!(fetch(&mut client, "/api/now/oauth/jwks").status, 200);
    let mut opaque = with_format("opaque");
    assert_eq!(granted(&mut opaque).len(), 86);
}

#[test]
fn rotated_key_stays_listed_for_105_days() {
    let mut client = with_format("jwt");
    let token = granted(&mut client);
    client.instance.switches_mut().signing_key = 2;
    let listed = keys(&mut client);
    assert_eq!((listed.keys.len(), claims(&listed, &token).is_some()), (2, true));
    let newer = granted(&mut client);
    assert_ne!(
        decode_header(&newer).map(|header| header.kid).ok(),
        decode_header(&token).map(|header| header.kid).ok()
    );
    client.now += 105 * DAY - 1;
    assert_eq!(keys(&mut client).keys.len(), 2);
    client.now += 1;
    let listed = keys(&mut client);
    assert_eq!((listed.keys.len(), claims(&listed, &token), claims(&listed, &newer).is_some()), (1, None, true));
}

#[test]
fn public_client_cannot_refresh_a_signed_token_before_zurich() {
    let mut client = with_format("jwt");
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({ "public_client": "true" }));
    let password = "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.integration&password=practice-password";
    let refresh = text(&client.grant(password).as_json(), "refresh_token");
    let renew = format!("grant_type=refresh_token&client_id=practice-client&refresh_token={refresh}");
    assert_eq!(client.grant(&renew).status, 200);
    client.instance.switches_mut().release = sysparm_instance::Release::Yokohama;
    assert_eq!(client.grant(&renew).status, 401);
}

#[test]
fn metadata_lead_from_the_resource_to_the_servers_keys() {
    let mut client = with_format("opaque");
    let resource = fetch(&mut client, "/.well-known/oauth-protected-resource").as_json();
    assert_eq!(resource["authorization_servers"], json!(["http://practice.test"]));
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"] {
        let server = fetch(&mut client, path).as_json();
        assert_eq!(server["issuer"], resource["authorization_servers"][0], "{path}");
        assert_eq!(server["token_endpoint"], "http://practice.test/oauth_token.do");
        let jwks = text(&server, "jwks_uri").replace("http://practice.test", "");
        assert_eq!(fetch(&mut client, &jwks).status, 200);
        let grants = server["grant_types_supported"].as_array().cloned().unwrap_or_default();
        assert!(grants.contains(&json!("client_credentials")) && !grants.contains(&json!("implicit")), "{path}");
    }
    let property = "glide.oauth.inbound.client.credential.grant_type.enabled";
    client.update_record("sys_properties", "name", property, &json!({ "value": "false" }));
    let server = fetch(&mut client, "/.well-known/oauth-authorization-server").as_json();
    assert!(!server["grant_types_supported"].to_string().contains("client_credentials"));
    let post = client.instance.handle(&Request::new("POST", "/.well-known/openid-configuration"), NOON);
    assert_eq!((post.status, post.header("Allow")), (405, Some("GET, HEAD")));
    client.instance.switches_mut().release = sysparm_instance::Release::Yokohama;
    assert_eq!(fetch(&mut client, "/.well-known/openid-configuration").status, 404);
}
