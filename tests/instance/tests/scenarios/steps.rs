//! The requests that show a symptom.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sysparm_instance::{Reply, Request};

use crate::client::{Client, FORM, text};

pub(crate) const PASSWORD: &str = "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.agent&password=practice-agent-password";
pub(crate) const ASK: &str =
    "/oauth_auth.do?response_type=code&client_id=practice-client&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback";
pub(crate) const INCIDENTS: &str = "/api/now/table/incident";

/// A scenario's name, the requests, and the expected reply: status, a header (name and part of its value; an empty part means
/// that it is absent) and part of the body.
pub(crate) type Seen = (&'static str, fn(&mut Client) -> Reply, u16, (&'static str, &'static str), &'static str);

pub(crate) const REFUSED: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;
pub(crate) const NOBODY: &str = r#""detail":"Required to provide Auth information""#;
pub(crate) const NONE: (&str, &str) = ("Retry-After", "");

pub(crate) fn list(client: &mut Client) -> Reply {
    client.get(INCIDENTS, &[("sysparm_limit", "10")])
}

pub(crate) fn get(client: &mut Client, target: &str) -> Reply {
    client.send(Request::new("GET", target))
}

pub(crate) fn plain(client: &mut Client, request: Request) -> Reply {
    client.instance.handle(&request, client.now)
}

pub(crate) fn any_incident(client: &mut Client) -> String {
    text(&client.record("incident", "number", "INC0000007"), "sys_id")
}

pub(crate) fn patch(client: &mut Client, body: &Value) -> Reply {
    let target = format!("{INCIDENTS}/{}", any_incident(client));
    client.write("PATCH", &target, body)
}

/// A session cookie as the first reply sets it.
pub(crate) fn cookie(client: &mut Client) -> String {
    let reply = client.send(Request::new("GET", "/api/now/ui/user/current_user"));
    let set = reply.headers.iter().find(|(name, value)| *name == "Set-Cookie" && value.starts_with("JSESSIONID"));
    set.map_or("", |(_, value)| value.split(';').next().unwrap_or_default()).to_owned()
}

pub(crate) fn nth(client: &mut Client, count: usize, act: fn(&mut Client) -> Reply) -> Reply {
    for _ in 1..count {
        act(client);
    }
    act(client)
}

pub(crate) fn together(client: &mut Client, count: usize) -> Reply {
    let cookie = cookie(client);
    client.now += 2000;
    let call = |client: &mut Client| client.send(Request::new("GET", INCIDENTS).with_header("Cookie", &cookie));
    for _ in 1..count {
        call(client);
    }
    call(client)
}

pub(crate) fn code_exchange(client: &mut Client) -> Reply {
    code_asked_with(client, "")
}

/// The redirect with a code, for a request with further parameters.
pub(crate) fn code_asked_with(client: &mut Client, more: &str) -> Reply {
    let ask = format!("{}&state=s{more}", ASK.trim_start_matches("/oauth_auth.do?"));
    let login = Request::new("POST", &format!("/oauth_login.do?{ask}"))
        .with_body(FORM, "user_name=practice.agent&user_password=practice-agent-password");
    let cookie =
        plain(client, login).header("Set-Cookie").unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
    let target = format!("/oauth_auth.do?{ask}");
    let consent = plain(client, Request::new("GET", &target).with_header("Cookie", &cookie));
    let page = String::from_utf8_lossy(consent.bytes()).into_owned();
    let token =
        page.split("name=\"sysparm_ck\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let decide = Request::new("POST", &target)
        .with_header("Cookie", &cookie)
        .with_body(FORM, format!("sysparm_ck={token}&decision=allow"));
    plain(client, decide)
}

pub(crate) fn exchanged_late(client: &mut Client) -> Reply {
    let location = code_exchange(client).header("Location").unwrap_or_default().to_owned();
    let code = location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default().to_owned();
    assert!(!code.is_empty(), "{location}");
    client.now += 2000;
    client.grant(&format!("grant_type=authorization_code&client_id=practice-client&client_secret=practice-secret&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback&code={code}"))
}

pub(crate) fn refreshed_late(client: &mut Client) -> Reply {
    let refresh = text(&client.grant(PASSWORD).as_json(), "refresh_token");
    let form = format!(
        "grant_type=refresh_token&client_id=practice-client&client_secret=practice-secret&refresh_token={refresh}"
    );
    assert_eq!(client.grant(&form).status, 200);
    client.now += 61_000;
    client.grant(&form)
}

pub(crate) fn batch(client: &mut Client) -> Reply {
    let item = |id: &str| {
        json!({"id": id, "method": "GET", "url": format!("{INCIDENTS}?sysparm_limit=1"),
        "headers": [{"name": "Accept", "value": "application/json"}]})
    };
    client.write(
        "POST",
        "/api/now/v1/batch",
        &json!({"batch_request_id": 7, "rest_requests": [item("1"), item("2"), item("3")]}),
    )
}

/// A request for a token by an assertion of which some claims are changed.
pub(crate) fn asserted(client: &mut Client, change: &Value) -> Reply {
    let now = client.now / 1000;
    let mut claims = json!({"iss": "practice-client", "aud": "practice-client", "sub": "agent@example.com", "iat": now,
        "exp": now + 300, "jti": client.instance.journal().count().to_string()});
    for (name, value) in change.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let header = Header { kid: Some("ec".into()), ..Header::new(Algorithm::ES256) };
    let key = EncodingKey::from_ec_pem(include_bytes!("../keys/ec.pem"));
    let assertion = key.and_then(|key| encode(&header, &claims, &key)).unwrap_or_default();
    client.grant(&format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&client_id=practice-client&client_secret=practice-secret&assertion={assertion}"))
}

/// A file for an incident.
pub(crate) fn attach(client: &mut Client, name: &str, kind: &str) -> Reply {
    let record = any_incident(client);
    let target = format!("/api/now/attachment/file?table_name=incident&table_sys_id={record}&file_name={name}");
    client.send(Request::new("POST", &target).with_body(kind, "x".repeat(2000)))
}

/// The incident of another domain.
pub(crate) fn elsewhere(client: &mut Client) -> String {
    format!("{INCIDENTS}/{}", text(&client.record("incident", "number", "INC0099999"), "sys_id"))
}

/// An API call with an ID token of the provider of scenario `foreign-token-refused`, of which some claims are changed.
pub(crate) fn foreign(client: &mut Client, change: &Value) -> Reply {
    let now = client.now / 1000;
    let mut claims = json!({"iss": "https://login.example.com", "aud": "elsewhere", "email": "agent@example.com", "exp": now + 300,
        "jti": client.instance.journal().count().to_string()});
    for (name, value) in change.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let header = Header { kid: Some("one".into()), ..Header::new(Algorithm::ES256) };
    let key = EncodingKey::from_ec_pem(include_bytes!("../keys/ec.pem"));
    let token = key.and_then(|key| encode(&header, &claims, &key)).unwrap_or_default();
    let request = Request::new("GET", "/api/now/table/incident?sysparm_limit=1");
    plain(client, request.with_header("Authorization", &format!("Bearer {token}")))
}
