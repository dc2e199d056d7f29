//! Requests that fail by a cause, and their corrected forms.

use serde_json::{Value, json};
use sysparm_instance::{Fault, FaultKind, Reply, Request, Switches};

use crate::client::{Client, rows, text};
use crate::steps::*;

pub(crate) const ONE: &str = "/api/now/table/incident?sysparm_limit=1";

pub(crate) fn nothing(_: &mut Client) {}

pub(crate) fn fails(client: &mut Client, path: &str, kind: FaultKind) {
    let fault = Fault { path: Some(path.into()), probability: 1.0, after: 0, count: Some(1), kind };
    client.instance.switches_mut().faults = vec![fault];
}

pub(crate) fn unavailable(status: u16) -> FaultKind {
    FaultKind::Status { status, retry_after: None }
}

pub(crate) fn set(client: &mut Client, change: impl FnOnce(&mut Switches)) {
    change(client.instance.switches_mut());
}

pub(crate) fn query(client: &mut Client, query: &str) -> Reply {
    client.get(INCIDENTS, &[("sysparm_query", query), ("sysparm_limit", "5")])
}

/// Attaches a file to an incident, with these further parameters.
pub(crate) fn uploaded(client: &mut Client, more: &str) -> Reply {
    let id = any_incident(client);
    let target = format!("/api/now/attachment/file?table_name=incident&table_sys_id={id}{more}");
    client.send(Request::new("POST", &target).with_body("text/plain", "a"))
}

pub(crate) fn form(client: &mut Client, content_type: &str, body: &str) -> Reply {
    plain(client, Request::new("POST", "/oauth_token.do").with_body(content_type, body))
}

pub(crate) fn bearer(client: &mut Client, token: &str) -> Reply {
    plain(client, Request::new("GET", ONE).with_header("Authorization", &format!("Bearer {token}")))
}

/// A new token, and a list with it.
pub(crate) fn signed_in(client: &mut Client) -> Reply {
    client.sign_in();
    get(client, ONE)
}

pub(crate) fn agent(client: &mut Client, change: &Value) {
    client.update_record("sys_user", "user_name", "practice.agent", change);
}

pub(crate) fn verified(client: &mut Client) {
    agent(client, &json!({"email": "agent@example.com"}));
    let entity = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    let pem = json!({"name": "ec", "active": "true", "pem_certificate": include_str!("../../keys/ec-public.pem")});
    let certificate = client.add("sys_certificate", &pem);
    client.add("jwt_verifier_map", &json!({"oauth_entity": entity, "kid": "ec", "sys_certificate": certificate}));
}

pub(crate) fn exchanged(client: &mut Client, address: &str) -> Reply {
    let code = code_of(&code_exchange(client));
    client.grant(&format!("grant_type=authorization_code&client_id=practice-client&client_secret=practice-secret&redirect_uri={address}&code={code}"))
}

/// A code exchanged as a page does: proved by a verifier (RFC 7636 appendix B), and without a secret.
pub(crate) fn exchanged_without_secret(client: &mut Client) -> Reply {
    let challenge = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let code = code_of(&code_asked_with(client, challenge));
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    client.grant(&format!("grant_type=authorization_code&client_id=practice-client&redirect_uri={CALLBACK}&code={code}&code_verifier={verifier}"))
}

fn code_of(redirect: &Reply) -> String {
    let location = redirect.header("Location").unwrap_or_default();
    location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default().to_owned()
}

pub(crate) const CALLBACK: &str = "http%3A%2F%2Flocalhost%3A8080%2Fcallback";

pub(crate) fn refreshed(client: &mut Client, token: &str) -> Reply {
    client.grant(&format!(
        "grant_type=refresh_token&client_id=practice-client&client_secret=practice-secret&refresh_token={token}"
    ))
}

pub(crate) fn keyed(client: &mut Client, target: &str, key: Option<&str>) -> Reply {
    let request = Request::new("GET", target);
    plain(client, key.into_iter().fold(request, |request, key| request.with_header("x-sn-apikey", key)))
}

pub(crate) const STATS: &str = "/api/now/stats/incident?sysparm_count=true";

/// Two pages with a new record between them.
pub(crate) fn two_pages(client: &mut Client, order: &str, second: fn(&Value) -> (String, &'static str)) -> Reply {
    let page = |client: &mut Client, query: &str, offset: &str| {
        client.get(INCIDENTS, &[("sysparm_query", query), ("sysparm_limit", "20"), ("sysparm_offset", offset)])
    };
    let first = page(client, order, "0");
    let last = rows(&first).pop().unwrap_or_default();
    client.now += 5000;
    client.write("POST", INCIDENTS, &json!({"short_description": "new"}));
    let (query, offset) = second(&last);
    page(client, &query, offset)
}

pub(crate) const FAR: &str = "https://console.example.com";

/// What a page's browser asks before it sends a token; a page whose preflight fails gets no reply.
pub(crate) fn preflight(client: &mut Client) -> Reply {
    let asked = Request::new("OPTIONS", ONE)
        .with_header("Origin", FAR)
        .with_header("Access-Control-Request-Method", "GET")
        .with_header("Access-Control-Request-Headers", "authorization");
    let asked = plain(client, asked);
    if asked.header("Access-Control-Allow-Headers").is_none() {
        return asked;
    }
    client.send(Request::new("GET", ONE).with_header("Origin", FAR))
}

pub(crate) fn found(client: &mut Client, id: &str) -> Reply {
    let reply = query(client, &format!("correlation_id={id}"));
    assert_eq!(rows(&reply).len(), 1, "the write was done, and repeated it would be done twice");
    reply
}
