//! Sign-in without a token of the instance: one-time codes, keys, signatures, certificates, and ID tokens of other providers.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use crate::client::{Client, NOON, text};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use sysparm_instance::{Reply, Request};

const INCIDENTS: &str = "/api/now/table/incident?sysparm_limit=1";
const STATS: &str = "/api/now/stats/incident?sysparm_count=true";

fn basic(client: &mut Client, user: &str, password: &str) -> Reply {
    let encoded = STANDARD.encode(format!("{user}:{password}"));
    let request = Request::new("GET", INCIDENTS).with_header("Authorization", &format!("Basic {encoded}"));
    client.instance.handle(&request, client.now)
}

/// The current one-time code of `practice.agent` (RFC 6238), whose secret is "12345678901234567890".
fn shown(now: u64) -> String {
    let mut code = Hmac::<Sha1>::new_from_slice(b"12345678901234567890").unwrap();
    code.update(&(now / 30_000).to_be_bytes());
    let digest = code.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes([digest[at] & 127, digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

fn enrolled() -> Client {
    let mut client = Client::with_rows(1);
    client.update_record("sys_user", "user_name", "practice.agent", &json!({"enable_multifactor_authn": "true"}));
    let user = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    client.add("user_multifactor_auth", &json!({"user": user, "multifactor_secret": secret, "validated": "true"}));
    client
}

#[test]
fn enrolled_user_appends_the_code_to_the_password() {
    let mut client = enrolled();
    let property = "glide.authenticate.multifactor.for_integrations";
    client.update_record("sys_properties", "name", property, &json!({"value": "true"}));
    let right = format!("practice-agent-password{}", shown(NOON));
    let late = format!("practice-agent-password{}", shown(NOON - 600_000));
    for (password, status, header) in [
        (right.as_str(), 200, None),
        ("practice-agent-password", 401, Some("invalid")),
        (&late, 401, Some("invalid")),
        ("practice-agent-password12345", 401, None),
        ("wrong", 401, None),
        (&format!("wrong{}", shown(NOON)), 401, None),
    ] {
        let reply = basic(&mut client, "practice.agent", password);
        assert_eq!((reply.status, reply.header("X-MFA_TOKEN")), (status, header), "{password}");
    }
    client.update_record("sys_properties", "name", property, &json!({"value": "false"}));
    assert_eq!(basic(&mut client, "practice.agent", "practice-agent-password").status, 200);
}

#[test]
fn valid_code_passes_the_restriction_of_basic() {
    let mut client = enrolled();
    let property = "glide.authenticate.basic_auth.restriction.enforce";
    client.update_record("sys_properties", "name", property, &json!({"value": "true"}));
    assert_eq!(basic(&mut client, "practice.agent", "practice-agent-password").status, 401);
    assert_eq!(basic(&mut client, "practice.agent", &format!("practice-agent-password{}", shown(NOON))).status, 200);
    let toggle = "glide.authenticate.basic_auth.restriction.active";
    client.update_record("sys_properties", "name", toggle, &json!({"value": "false"}));
    assert_eq!(basic(&mut client, "practice.agent", "practice-agent-password").status, 200, "the feature is off");
}

/// Adds the profile to the policy of the Aggregate API and returns its `sys_id`.
fn admit(client: &mut Client, profile: &Value) -> String {
    let policy = json!({"name": "S", "active": "true", "rest_api": "Aggregate API"});
    let policy = client.add("sys_api_access_policy", &policy);
    let profile = client.add("inbound_auth_profile", profile);
    client.add("sys_auth_profile_mapping", &json!({"api_access_policy": policy, "inbound_auth_profile": profile}));
    profile
}

fn statuses(client: &mut Client, requests: &[Request]) -> Vec<u16> {
    requests.iter().map(|request| client.instance.handle(request, client.now).status).collect()
}

#[test]
fn key_in_the_query_needs_a_profile_that_accepts_it() {
    let mut client = Client::with_rows(1);
    let user = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let expires = "2026-03-02 00:00:00";
    client
        .add("rest_api_key", &json!({"name": "K", "user": user, "token": "k+1", "active": "true", "expires": expires}));
    admit(&mut client, &json!({"name": "K", "type": "api_key", "auth_parameter": "query"}));
    let asked = [
        Request::new("GET", &format!("{STATS}&x-sn-apikey=k%2B1")),
        Request::new("GET", &format!("{STATS}&x-sn-apikey=other")),
        Request::new("GET", STATS).with_header("x-sn-apikey", "k+1"),
        Request::new("GET", &format!("{INCIDENTS}&x-sn-apikey=k%2B1")),
    ];
    assert_eq!(statuses(&mut client, &asked), [200, 401, 401, 401]);
    client.now += 86_400_000;
    assert_eq!(statuses(&mut client, &asked[..1]), [401], "it has expired");
}

#[test]
fn key_with_a_scope_reaches_only_the_apis_linked_to_it() {
    let mut client = Client::with_rows(1);
    let user = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let scope = client.add("sys_auth_scope", &json!({"name": "counting"}));
    let key = json!({"name": "K", "user": user, "token": "k", "active": "true", "auth_scope": scope});
    client.add("rest_api_key", &key);
    admit(&mut client, &json!({"name": "K", "type": "api_key", "auth_parameter": "header"}));
    let asked = [Request::new("GET", STATS).with_header("x-sn-apikey", "k")];
    assert_eq!(statuses(&mut client, &asked), [403]);
    let link = json!({"auth_scope": scope, "rest_api": "Aggregate API", "active": "true"});
    client.add("sys_api_access_scope", &link);
    assert_eq!(statuses(&mut client, &asked), [200]);
}

#[test]
fn signature_of_the_body_names_its_secret() {
    let mut client = Client::with_rows(1);
    let user = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let secret = json!({"name": "H", "user": user, "key_id": "MyHMACSecret", "shared_secret": "s", "active": "true"});
    client.add("rest_api_hmac_secret", &secret);
    let profile = admit(&mut client, &json!({"name": "H", "type": "hmac", "auth_parameter": "header"}));
    let body = r#"{"":""}"#;
    let sha256 =
        STANDARD.encode(Hmac::<Sha256>::new_from_slice(b"s").unwrap().chain_update(body).finalize().into_bytes());
    let sha512 =
        STANDARD.encode(Hmac::<Sha512>::new_from_slice(b"s").unwrap().chain_update(body).finalize().into_bytes());
    let signed = |value: &str, body: &str| {
        Request::new("GET", STATS).with_body("application/json", body).with_header("x-sn-hmac-signature-256", value)
    };
    let named = format!("KEYID=MyHMACSecret,SIGNATURE={sha256}");
    let asked = [
        signed(&named, body),
        signed(&named, r#"{"":"x"}"#),
        signed(&format!("KEYID=Other,SIGNATURE={sha256}"), body),
        signed(&format!("KEYID=MyHMACSecret,SIGNATURE={sha512}"), body),
        signed(&sha256, body),
        signed("KEYID=MyHMACSecret,SIGNATURE=%", body),
    ];
    assert_eq!(statuses(&mut client, &asked), [200, 401, 401, 401, 401, 401]);

    let configuration = client.add("hmac_configuration", &json!({"name": "Long", "hash_algorithm": "HmacSHA512"}));
    let change = json!({"hmac_configuration": configuration, "default_key_id": "MyHMACSecret"});
    client.update_record("inbound_auth_profile", "sys_id", &profile, &change);
    assert_eq!(statuses(&mut client, &[signed(&sha512, body), signed(&sha256, body)]), [200, 401]);
}

#[test]
fn certificate_signs_in_the_user_it_is_mapped_to() {
    let mut client = Client::with_rows(1);
    let pem = include_str!("../keys/rsa-certificate.pem");
    let body: String = pem.lines().filter(|line| !line.contains("-----")).collect();
    let asked = [
        Request::new("GET", INCIDENTS).with_header("Client-Cert", &format!(":{body}:")),
        Request::new("GET", INCIDENTS).with_header("Client-Cert", ":AAAA:"),
        Request::new("GET", INCIDENTS).with_header("Client-Cert", "nonsense"),
    ];
    let user = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let row = json!({"name": "C", "user": user, "active": "true", "pem_certificate": pem});
    client.add("sys_user_certificate", &row);
    assert_eq!(statuses(&mut client, &asked), [401, 401, 401], "the plugin is not installed");
    client.update_record("v_plugin", "id", "com.glide.auth.mutual", &json!({"active": "active"}));
    assert_eq!(statuses(&mut client, &asked), [200, 401, 401]);
}

/// An instance that trusts a provider, and the claims of its ID tokens.
fn trusting() -> (Client, String, Value) {
    let mut client = Client::with_rows(1);
    client.update_record("sys_user", "user_name", "practice.agent", &json!({"email": "agent@example.com"}));
    let key = EncodingKey::from_ec_pem(include_bytes!("../keys/ec.pem")).unwrap();
    let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    public.common.key_id = Some("one".into());
    let provider = json!({
        "oidc_provider": "Elsewhere", "issuer": "https://login.example.com", "jwks": json!({"keys": [public]}).to_string(),
        "user_claim": "email", "user_field": "email", "enable_jti_verification": "true", "clock_skew": "300",
    });
    let provider = client.add("oidc_provider_configuration", &provider);
    let entity = json!({"name": "Elsewhere", "type": "oidc", "client_id": "elsewhere", "active": "true",
        "oidc_provider_configuration": provider});
    client.add("oauth_entity", &entity);
    let claims = json!({"iss": "https://login.example.com", "aud": "elsewhere", "email": "agent@example.com",
        "exp": NOON / 1000 + 60, "jti": "1"});
    (client, provider, claims)
}

fn id_token(claims: &Value, pem: &[u8], kid: &str) -> String {
    let header = Header { kid: Some(kid.into()), ..Header::new(Algorithm::ES256) };
    encode(&header, claims, &EncodingKey::from_ec_pem(pem).unwrap()).unwrap()
}

fn with_token(client: &mut Client, token: &str) -> Reply {
    let request = Request::new("GET", "/api/now/ui/user/current_user");
    client.instance.handle(&request.with_header("Authorization", &format!("Bearer {token}")), client.now)
}

#[test]
fn id_token_of_trusted_provider_is_valid_once_within_skew() {
    let (mut client, provider, mut claims) = trusting();
    let pem = include_bytes!("../keys/ec.pem");
    let token = id_token(&claims, pem, "one");
    assert_eq!(with_token(&mut client, &token).as_json()["result"]["user_name"], "practice.agent");
    assert_eq!(with_token(&mut client, &token).status, 401);
    let log = client.record("syslog", "source", "com.snc.platform.security.oauth");
    assert!(text(&log, "message").contains("Failed in jti(JWT token_id) claim verification"));
    client.update_record(
        "oidc_provider_configuration",
        "sys_id",
        &provider,
        &json!({"enable_jti_verification": "false"}),
    );
    assert_eq!([with_token(&mut client, &token).status, with_token(&mut client, &token).status], [200, 200]);
    client.now += 359_000;
    assert_eq!(with_token(&mut client, &token).status, 200);
    client.now += 1_000;
    assert_eq!(with_token(&mut client, &token).status, 401, "60 seconds of life and 300 of skew are over");
    client.now = NOON;
    for (name, wrong) in [
        ("aud", json!("practice-client")),
        ("iss", json!("https://evil.example")),
        ("email", json!("nobody@example.com")),
        ("exp", Value::Null),
        ("nbf", json!(NOON / 1000 + 301)),
    ] {
        let right = claims[name].clone();
        claims[name] = wrong;
        assert_eq!(with_token(&mut client, &id_token(&claims, pem, "one")).status, 401, "{name}");
        claims[name] = right;
    }
    assert_eq!(with_token(&mut client, &id_token(&claims, pem, "two")).status, 401, "no such key");
    let forged = token.replacen("eyJ", "eyK", 1);
    assert_eq!(with_token(&mut client, &forged).status, 401);
}

#[test]
fn password_grant_of_an_enrolled_user_needs_the_code() {
    let mut client = enrolled();
    let grant = |client: &mut Client, password: &str| {
        let form =
            "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.agent";
        client.grant(&format!("{form}&password={password}")).status
    };
    assert_eq!(grant(&mut client, "practice-agent-password"), 200);
    let property = "glide.authenticate.multifactor.for_integrations";
    client.update_record("sys_properties", "name", property, &json!({"value": "true"}));
    assert_eq!(grant(&mut client, "practice-agent-password"), 401);
    assert_eq!(grant(&mut client, &format!("practice-agent-password{}", shown(NOON))), 200);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// Arbitrary credentials sign nobody in and cause no panic.
    #[test]
    fn malformed_credentials_sign_nobody_in(text in "[ -~]{0,80}", dots in "[A-Za-z0-9_-]{0,30}[.][A-Za-z0-9_-]{0,30}[.][A-Za-z0-9_-]{0,30}") {
        let (mut client, ..) = trusting();
        for (name, value) in [
            ("Authorization", format!("Bearer {dots}")),
            ("Authorization", format!("Basic {text}")),
            ("Client-Cert", format!(":{text}:")),
            ("x-sn-hmac-signature-256", format!("KEYID={text},SIGNATURE={text}")),
            ("x-sn-apikey", text.clone()),
        ] {
            let request = Request::new("GET", INCIDENTS).with_header(name, &value);
            assert_eq!(client.instance.handle(&request, NOON).status, 401, "{name}: {value}");
        }
        let grant = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={dots}");
        assert_eq!(client.grant(&grant).status, 401);
    }
}
