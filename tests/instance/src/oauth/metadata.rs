//! What the authorization server publishes about itself: its keys, its metadata (RFC 8414, and the same under
//! OpenID Connect's name), and which server protects its APIs (RFC 9728).
//!
//! The documentation of "Allow CORS Origins for OAuth Endpoints" names the documents but not their content; here they state what
//! this instance does, so each claim follows from a switch or a record.

use serde_json::{Value, json};

use crate::exchange::{Reply, Request};
use crate::instance::Instance;
use crate::records::{is_set, property};
use crate::switches::Release;

/// Answers `/api/now/oauth/jwks` and everything below `/.well-known/`; `None` where the release has no such document.
pub(crate) fn published(instance: &mut Instance, request: &Request, base: &str, now: u64) -> Option<Reply> {
    let release = instance.switches.release;
    let document = match request.path.as_str() {
        "/api/now/oauth/jwks" if release >= Release::Yokohama => {
            instance.signing_keys.follow(instance.switches.signing_key, now);
            instance.signing_keys.listed()
        }
        _ if release < Release::Zurich => return None,
        "/.well-known/oauth-authorization-server" => server(instance, base),
        "/.well-known/openid-configuration" => open_id(instance, base),
        "/.well-known/oauth-protected-resource" => resource(base),
        _ => return None,
    };
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Some(Reply::empty(405).with_header("Allow", "GET, HEAD"));
    }
    Some(Reply::json(200, document.to_string()))
}

fn server(instance: &Instance, base: &str) -> Value {
    let store = &instance.store;
    let mut grants = vec!["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"];
    if is_set(store, "glide.oauth.inbound.client.credential.grant_type.enabled") {
        grants.push("client_credentials");
    }
    if !is_set(store, "glide.oauth.inbound.ropc.grant_type.disabled") {
        grants.push("password");
    }
    let mut responses = vec!["code"];
    if property(store, super::IMPLICIT).is_some_and(|clients| !clients.trim().is_empty()) {
        grants.push("implicit");
        responses.push("token");
    }
    let mut proofs = vec!["client_secret_post", "none"];
    if instance.switches.client_in_basic_header {
        proofs.insert(1, "client_secret_basic");
    }
    json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/oauth_auth.do"),
        "token_endpoint": format!("{base}/oauth_token.do"),
        "revocation_endpoint": format!("{base}/oauth_revoke_token.do"),
        "jwks_uri": format!("{base}/api/now/oauth/jwks"),
        "scopes_supported": ["useraccount"],
        "response_types_supported": responses,
        "grant_types_supported": grants,
        "token_endpoint_auth_methods_supported": proofs,
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
    })
}

fn open_id(instance: &Instance, base: &str) -> Value {
    let mut document = server(instance, base);
    if let Some(members) = document.as_object_mut() {
        members.insert("subject_types_supported".into(), json!(["public"]));
        members.insert("id_token_signing_alg_values_supported".into(), json!(["ES256"]));
    }
    document
}

fn resource(base: &str) -> Value {
    json!({
        "resource": base,
        "authorization_servers": [base],
        "jwks_uri": format!("{base}/api/now/oauth/jwks"),
        "scopes_supported": ["useraccount"],
        "bearer_methods_supported": ["header", "query"],
        "resource_name": "ServiceNow practice instance",
    })
}
