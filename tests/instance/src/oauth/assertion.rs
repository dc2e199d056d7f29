//! The JWT bearer grant (RFC 7523): `iss` and `aud` are the client id, the key is the certificate or shared key that the verifier
//! map has for `kid`, and an assertion may be used once ("Create an OAuth JWT API endpoint for external clients").

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use crate::exchange::{Parameters, Request};
use crate::instance::Instance;
use crate::records;
use crate::sign_in::own_roles;
use crate::switches::Release;

use super::grants::{Client, usable};
use super::{Cause, trouble_with};

/// Refusals of this grant where no user is the assertion's subject, and where the user is an administrator: the README and log of
/// ai-servicenow-mcp-obo and the README of demisto's ServiceNow integration.
pub(super) const NO_USER: &str = "User not found";
pub(super) const ADMINISTRATOR: &str = "Grant access token to admin is not allowed";

/// The number of used assertions that are remembered; the oldest are dropped first.
const MAX_USED: usize = 10_000;

/// The user who is the assertion's subject, as `sys_id`.
pub(super) fn user(
    instance: &mut Instance,
    request: &Request,
    form: &Parameters<'_>,
    client: &Client,
    now: u64,
) -> Result<String, Cause> {
    let given = form.text("assertion").or_else(|| in_header(request));
    let given = given.ok_or(Cause("invalid_request", "assertion is missing"))?;
    let claims = verified(instance, given, client)?;
    let entity = records::by_id(&instance.store, "oauth_entity", &client.id);
    let skew = entity.and_then(|entity| entity.number("clock_skew")).unwrap_or(0);
    let single_use = entity.is_some_and(|entity| entity.is("enable_jti_verification"));
    let user_field = entity.map_or("", |entity| entity.text("user_field")).to_owned();
    // Since Zurich the claim may have a configured name.
    let own_claim = entity.map_or("", |entity| entity.text("jti_claim"));
    let own_claim = if instance.switches.release >= Release::Zurich { own_claim } else { "" };
    let jti_claim = if own_claim.is_empty() { "jti".to_owned() } else { own_claim.to_owned() };

    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("iss") != client.client_id {
        return Err(Cause("invalid_grant", "JWT verification failed: iss"));
    }
    let audience = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(&client.client_id)),
        Some(Value::String(one)) => *one == client.client_id,
        _ => false,
    };
    if !audience {
        return Err(Cause("invalid_grant", "JWT verification failed: aud"));
    }
    let seconds = now / 1000;
    let expires = claims.get("exp").and_then(Value::as_u64).unwrap_or(0);
    if expires.saturating_add(skew) <= seconds {
        return Err(Cause("invalid_grant", "JWT verification failed: expired"));
    }
    let store = &instance.store;
    let subject = text("sub");
    let user_field = if user_field.is_empty() { "email" } else { user_field.as_str() };
    let user = records::one(store, "sys_user", user_field, subject).filter(|_| !subject.is_empty());
    let user = user.ok_or(Cause("invalid_grant", NO_USER))?;
    if let Some(text) = trouble_with(&user) {
        return Err(Cause("invalid_grant", text));
    }
    let user = user.id().to_owned();
    usable(instance, &user)?;
    let roles = own_roles(instance, &user);
    if ["admin", "security_admin"].iter().any(|role| roles.contains(*role)) {
        return Err(Cause("invalid_grant", ADMINISTRATOR));
    }
    if single_use {
        let jti = format!("{}/{}", client.client_id, text(&jti_claim));
        if text(&jti_claim).is_empty() || !spend(instance, jti, expires.saturating_add(skew), seconds) {
            return Err(Cause(
                "invalid_grant",
                "Failed in jti(JWT token_id) claim verification. Token is already used.",
            ));
        }
    }
    Ok(user)
}

/// ServiceNow's own Python client sends the assertion in a header of this name and no parameter (PySNC, `auth.py`).
fn in_header(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header("authentication")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The issuer that an assertion states; not yet checked. A public JWT client need not send its id as well.
pub(super) fn issuer(request: &Request, form: &Parameters<'_>) -> Option<String> {
    let given = form.text("assertion").or_else(|| in_header(request))?;
    let claims: Value = insecure_decode_claims(given).ok()?;
    claims.get("iss").and_then(Value::as_str).map(str::to_owned)
}

/// Whether an identifier is new; it is remembered until this time, in seconds since 1970.
pub(crate) fn spend(instance: &mut Instance, name: String, until: u64, now: u64) -> bool {
    let used = &mut instance.used_assertions;
    used.retain(|(_, until)| *until > now);
    if used.iter().any(|(other, _)| *other == name) {
        return false;
    }
    if used.len() >= MAX_USED {
        used.pop_front();
    }
    used.push_back((name, until));
    true
}

/// The kind of key that an algorithm needs.
enum Family {
    Rsa,
    Elliptic,
    Shared,
}

/// The claims of an assertion whose signature is valid.
fn verified(instance: &Instance, given: &str, client: &Client) -> Result<Value, Cause> {
    let malformed = Cause("invalid_grant", "JWT verification failed: not a JWT");
    let header = decode_header(given).map_err(|_| malformed)?;
    let family = match header.alg {
        Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512 => Family::Rsa,
        // These and the next since Zurich.
        Algorithm::ES256 | Algorithm::ES384 if instance.switches.release >= Release::Zurich => Family::Elliptic,
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 if instance.switches.release >= Release::Zurich => {
            Family::Shared
        }
        _ => return Err(Cause("invalid_grant", "JWT verification failed: algorithm not supported")),
    };
    let kid = header.kid.unwrap_or_default();
    let no_key = Cause("invalid_grant", "JWT verification failed: no verifier map for kid");
    let store = &instance.store;
    let map = records::with(store, "jwt_verifier_map", "oauth_entity", &client.id).find(|map| map.text("kid") == kid);
    let pem = map.and_then(|map| records::by_id(store, "sys_certificate", map.text("sys_certificate")));
    let pem = pem.filter(|one| one.is("active")).map(|one| one.text("pem_certificate"));
    // A certificate is never used as a shared key, nor a shared key as a certificate.
    let shared = map.map(|map| map.text("shared_key")).filter(|key| !key.is_empty());
    let key = match (family, pem, shared) {
        (Family::Rsa, Some(pem), _) => DecodingKey::from_rsa_pem(pem.as_bytes()),
        (Family::Elliptic, Some(pem), _) => DecodingKey::from_ec_pem(pem.as_bytes()),
        (Family::Shared, _, Some(shared)) => Ok(DecodingKey::from_secret(shared.as_bytes())),
        _ => return Err(no_key),
    };
    let key = key.map_err(|_| Cause("server_error", "The certificate of the verifier map cannot be read"))?;
    let mut validation = Validation::new(header.alg);
    // The claims are checked against the instance's own clock and records, not the machine's.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded = decode::<Value>(given, &key, &validation);
    decoded.map(|decoded| decoded.claims).map_err(|_| Cause("invalid_grant", "JWT verification failed: signature"))
}
