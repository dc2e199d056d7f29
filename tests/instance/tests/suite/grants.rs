//! The grants that need a person in a browser or a signed assertion.

use crate::browser::{browse, page, parameter};
use crate::client::{self, Client, NOON, text};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sysparm_instance::{LoopbackPort, Reply, Request};

const ASK: &str =
    "response_type=code&client_id=practice-client&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fcallback&state=xyz";
const EXCHANGE: &str = "grant_type=authorization_code&client_id=practice-client&client_secret=practice-secret&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fcallback";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn code_of(location: &str) -> String {
    parameter(location, "code")
}

#[test]
fn code_follows_login_and_consent_and_is_exchanged_once() {
    let mut client = Client::with_rows(1);
    let first = client.instance.handle(&Request::new("GET", &format!("/oauth_auth.do?{ASK}")), NOON);
    assert!(first.status == 200 && page(&first).contains("name=\"user_password\""));

    let location = browse(&mut client, ASK, "allow");
    assert!(
        location.starts_with("http://127.0.0.1:8080/callback?code=") && location.ends_with("&state=xyz"),
        "{location}"
    );
    let exchange = format!("{EXCHANGE}&code={}", code_of(&location));
    let granted = client.grant(&exchange).as_json();
    assert!(granted["refresh_token"].is_string());
    let me = Request::new("GET", "/api/now/ui/user/current_user")
        .with_header("Authorization", &format!("Bearer {}", text(&granted, "access_token")));
    assert_eq!(client.instance.handle(&me, NOON).as_json()["result"]["user_name"], "practice.agent");
    assert_eq!(client.grant(&exchange).status, 401, "a code is accepted once");

    let late = code_of(&browse(&mut client, ASK, "allow"));
    client.now += 60_000;
    assert_eq!(client.grant(&format!("{EXCHANGE}&code={late}")).status, 401);
    let elsewhere = code_of(&browse(&mut client, ASK, "allow"));
    let wrong = EXCHANGE.replace("callback", "other");
    assert_eq!(client.grant(&format!("{wrong}&code={elsewhere}")).status, 401);
    assert_eq!(browse(&mut client, ASK, "deny"), "http://127.0.0.1:8080/callback?error=access_denied&state=xyz");
}

#[test]
fn code_needs_state_and_falls_back_to_first_registered_address() {
    let mut client = Client::with_rows(1);
    let stateless = ASK.replace("&state=xyz", "&state=%20");
    let reply = client.instance.handle(&Request::new("GET", &format!("/oauth_auth.do?{stateless}")), NOON);
    assert!(page(&reply).contains("Missing State parameter in request"));
    client.update_record("sys_properties", "name", "glide.oauth.state.parameter.required", &json!({"value": "false"}));
    assert!(browse(&mut client, &stateless, "allow").contains("code="));
    let elsewhere = ASK.replace("127.0.0.1%3A8080%2Fcallback", "evil.example%2F");
    assert!(browse(&mut client, &elsewhere, "allow").starts_with("http://localhost:8080/callback?code="));
}

#[test]
fn redirect_to_this_machine_may_use_any_port_of_a_registered_uri() {
    let mut client = Client::with_rows(1);
    let registered = "http://localhost:8080/callback?code=";
    for (address, sent_to) in [
        ("127.0.0.1:51234/callback", "http://127.0.0.1:51234/callback?code="),
        ("[::1]:51234/callback", "http://[::1]:51234/callback?code="),
        ("localhost/callback", "http://localhost/callback?code="),
        ("127.0.0.1:51234/other", registered),
        ("127.0.0.1.evil.example:8080/callback", registered),
    ] {
        let uri: String = form_urlencoded::byte_serialize(format!("http://{address}").as_bytes()).collect();
        let own = "http%3A%2F%2F127.0.0.1%3A8080%2Fcallback";
        let location = browse(&mut client, &ASK.replace(own, &uri), "allow");
        assert!(location.starts_with(sent_to), "{address}: {location}");
        let exchange = format!("{}&code={}", EXCHANGE.replace(own, &uri), code_of(&location));
        assert_eq!(client.grant(&exchange).status == 200, sent_to != registered, "{address}");
    }
    client.instance.switches_mut().loopback_port = LoopbackPort::Registered;
    let other = ASK.replace("8080", "51234");
    assert!(browse(&mut client, &other, "allow").starts_with(registered));
}

#[test]
fn public_client_is_verified_by_pkce() {
    let mut client = Client::with_rows(1);
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({"public_client": "true"}));
    let plain = client.instance.handle(&Request::new("GET", &format!("/oauth_auth.do?{ASK}")), NOON);
    assert_eq!(plain.status, 400, "a public client must send a challenge");
    let ask = format!("{ASK}&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let exchange = EXCHANGE.replace("&client_secret=practice-secret", "");
    let code = code_of(&browse(&mut client, &ask, "allow"));
    assert_eq!(client.grant(&format!("{exchange}&code={code}&code_verifier=wrong")).status, 401);
    let code = code_of(&browse(&mut client, &ask, "allow"));
    let granted = client.grant(&format!("{exchange}&code={code}&code_verifier={VERIFIER}"));
    assert_eq!(granted.status, 200);
    let refresh = text(&granted.as_json(), "refresh_token");
    let renew = format!("grant_type=refresh_token&client_id=practice-client&refresh_token={refresh}");
    assert_eq!(client.grant(&renew).status, 200, "a public client refreshes without a secret");
}

struct Signer {
    client: Client,
    made: u32,
}

impl Signer {
    fn with_maps() -> Self {
        let mut client = Client::with_rows(1);
        client.update_record("sys_user", "user_name", "practice.agent", &json!({"email": "agent@example.com"}));
        let entity = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
        for (kid, pem) in
            [("rsa", include_str!("../keys/rsa-certificate.pem")), ("ec", include_str!("../keys/ec-public.pem"))]
        {
            let certificate =
                client.add("sys_certificate", &json!({"name": kid, "active": "true", "pem_certificate": pem}));
            client
                .add("jwt_verifier_map", &json!({"oauth_entity": entity, "kid": kid, "sys_certificate": certificate}));
        }
        Self { client, made: 0 }
    }

    fn assertion(&mut self, kid: &str, algorithm: Algorithm, change: &Value) -> String {
        self.made += 1;
        let mut claims = json!({"iss": "practice-client", "aud": "practice-client", "sub": "agent@example.com",
            "iat": NOON / 1000, "exp": NOON / 1000 + 300, "jti": self.made.to_string()});
        for (name, value) in change.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        let key = match algorithm {
            Algorithm::ES256 => EncodingKey::from_ec_pem(include_bytes!("../keys/ec.pem")),
            Algorithm::HS256 => Ok(EncodingKey::from_secret(b"shared-between-us")),
            _ => EncodingKey::from_rsa_pem(include_bytes!("../keys/rsa.pem")),
        };
        let header = Header { kid: Some(kid.into()), ..Header::new(algorithm) };
        key.and_then(|key| encode(&header, &claims, &key)).unwrap_or_default()
    }

    fn grant(&mut self, assertion: &str) -> Reply {
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
        let form = "client_id=practice-client&client_secret=practice-secret";
        self.client.grant(&format!("grant_type={grant}&{form}&assertion={assertion}"))
    }
}

#[test]
fn signed_assertion_gives_subject_token_without_refresh() {
    let mut signer = Signer::with_maps();
    for (kid, algorithm) in [("rsa", Algorithm::RS256), ("ec", Algorithm::ES256)] {
        let assertion = signer.assertion(kid, algorithm, &json!({}));
        let granted = signer.grant(&assertion);
        assert_eq!((granted.status, granted.as_json().get("refresh_token")), (200, None), "{kid}");
        let me = Request::new("GET", "/api/now/ui/user/current_user")
            .with_header("Authorization", &format!("Bearer {}", text(&granted.as_json(), "access_token")));
        assert_eq!(signer.client.instance.handle(&me, NOON).as_json()["result"]["user_name"], "practice.agent");
        assert_eq!(signer.grant(&assertion).status, 401, "an assertion is accepted once");
    }
}

#[test]
fn assertion_with_one_fault_is_refused() {
    let mut signer = Signer::with_maps();
    for change in [
        json!({"iss": "somebody"}),
        json!({"aud": "https://practice.test/oauth_token.do"}),
        json!({"exp": NOON / 1000 - 301}),
        json!({"sub": "nobody@example.com"}),
        json!({"jti": ""}),
    ] {
        let assertion = signer.assertion("rsa", Algorithm::RS256, &change);
        assert_eq!(signer.grant(&assertion).status, 401, "{change}");
    }
    let unknown = signer.assertion("other", Algorithm::RS256, &json!({}));
    assert_eq!(signer.grant(&unknown).status, 401, "no verifier map for the kid");
    let good = signer.assertion("rsa", Algorithm::RS256, &json!({}));
    let (rest, signature) = good.rsplit_once('.').unwrap_or_default();
    let forged = format!("{rest}.{}", signature.chars().rev().collect::<String>());
    assert_eq!(signer.grant(&forged).status, 401);
    signer.client.instance.switches_mut().release = sysparm_instance::Release::Yokohama;
    let early = signer.assertion("ec", Algorithm::ES256, &json!({}));
    assert_eq!(signer.grant(&early).status, 401, "ES256 is since Zurich");
}

#[test]
fn shared_key_signs_assertions_since_zurich_but_no_certificate() {
    let mut signer = Signer::with_maps();
    let entity = text(&signer.client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    let map = json!({"oauth_entity": entity, "kid": "shared", "shared_key": "shared-between-us"});
    signer.client.add("jwt_verifier_map", &map);
    let good = signer.assertion("shared", Algorithm::HS256, &json!({}));
    assert_eq!(signer.grant(&good).status, 200);
    let confused = signer.assertion("rsa", Algorithm::HS256, &json!({}));
    assert_eq!(signer.grant(&confused).status, 401);
    signer.client.instance.switches_mut().release = sysparm_instance::Release::Yokohama;
    let early = signer.assertion("shared", Algorithm::HS256, &json!({}));
    assert_eq!(signer.grant(&early).status, 401);
}

#[test]
fn public_jwt_client_needs_no_id_with_its_assertion() {
    let mut signer = Signer::with_maps();
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    let assertion = signer.assertion("rsa", Algorithm::RS256, &json!({}));
    assert_eq!(signer.client.grant(&format!("{grant}&assertion={assertion}")).status, 401, "it is not public");
    signer.client.update_record("oauth_entity", "client_id", "practice-client", &json!({"public_client": "true"}));
    assert_eq!(signer.client.grant(&format!("{grant}&assertion={assertion}")).status, 200);
    assert_eq!(signer.client.grant(&format!("{grant}&assertion=x.y.z")).status, 401);
}

#[test]
fn assertion_is_accepted_in_pysnc_header_and_other_jti_claim() {
    let mut signer = Signer::with_maps();
    signer.client.update_record("oauth_entity", "client_id", "practice-client", &json!({"jti_claim": "once"}));
    let form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&client_id=practice-client&client_secret=practice-secret";
    for (assertion, status) in [
        (signer.assertion("rsa", Algorithm::RS256, &json!({"once": "a"})), 200),
        (signer.assertion("rsa", Algorithm::RS256, &json!({"once": "a"})), 401),
        (signer.assertion("rsa", Algorithm::RS256, &json!({})), 401),
    ] {
        let request = Request::new("POST", "/oauth_token.do")
            .with_body(client::FORM, form)
            .with_header("Authentication", &format!("Bearer {assertion}"));
        assert_eq!(signer.client.instance.handle(&request, NOON).status, status);
    }
}
