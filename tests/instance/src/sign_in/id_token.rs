//! ID tokens of another OpenID provider, sent directly to an API: the audience names a registry record, its provider's
//! keys check the signature, and a claim names the user ("Add an OIDC entity").
//!
//! A real instance fetches the keys from the provider's metadata address. This one makes no requests, so the key set is
//! in the record. The cause of a refusal is in the log only; the caller gets the usual 401.

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use crate::instance::Instance;
use crate::oauth::spend;
use crate::records::{self, Record};

use super::Means;

/// Seconds by which clocks may differ where the record does not say.
const SKEW: u64 = 300;

/// The user who is the subject of an ID token.
pub(super) fn user(instance: &mut Instance, token: &str, now: u64) -> Option<(String, Means)> {
    let claims: Value = insecure_decode_claims(token).ok()?;
    // A JWT for another audience, such as an expired one of this instance, is no failure of a provider and is not logged.
    let mut entities = records::with(&instance.store, "oauth_entity", "type", "oidc");
    let entity = entities.find(|entity| entity.is("active") && is_for(&claims, entity.text("client_id")));
    let entity = entity?.id().to_owned();
    drop(entities);
    match checked(instance, token, &claims, &entity, now / 1000) {
        Ok(found) => Some(found),
        Err(reason) => {
            let unique = instance.requests;
            records::log(&mut instance.store, "com.snc.platform.security.oauth", reason, unique, now);
            None
        }
    }
}

fn checked(
    instance: &mut Instance,
    token: &str,
    claims: &Value,
    entity: &str,
    seconds: u64,
) -> Result<(String, Means), &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let store = &instance.store;
    let entity = records::by_id(store, "oauth_entity", entity).ok_or("JWT verification failed: no OIDC entity")?;
    let provider = records::by_id(store, "oidc_provider_configuration", entity.text("oidc_provider_configuration"));
    let provider = provider.ok_or("JWT verification failed: the OIDC entity has no provider")?;
    if !provider.text("issuer").is_empty() && provider.text("issuer") != text("iss") {
        return Err("JWT verification failed: iss");
    }
    if !is_signed(token, &provider) {
        return Err("JWT verification failed: signature");
    }
    let skew = provider.number("clock_skew").unwrap_or(SKEW);
    let number = |name: &str| claims.get(name).and_then(Value::as_u64);
    let expires = number("exp").ok_or("JWT verification failed: exp is missing")?.saturating_add(skew);
    if expires <= seconds {
        return Err("JWT verification failed: expired");
    }
    if number("nbf").is_some_and(|begin| begin > seconds.saturating_add(skew)) {
        return Err("JWT verification failed: not yet valid");
    }
    let or = |name: &str, default: &'static str| match provider.text(name) {
        "" => default.to_owned(),
        given => given.to_owned(),
    };
    let subject = text(&or("user_claim", "sub")).to_owned();
    let user = records::one(store, "sys_user", &or("user_field", "user_name"), &subject);
    let user = user.filter(|_| !subject.is_empty()).ok_or("JWT verification failed: the claim matches no user")?;
    let found =
        (user.id().to_owned(), Means::Bearer { entity: entity.id().to_owned(), expires: expires.saturating_mul(1000) });
    if provider.is("enable_jti_verification") {
        let jti = text(&or("jti_claim", "jti")).to_owned();
        let provider = provider.id().to_owned();
        if jti.is_empty() || !spend(instance, format!("{provider}/{jti}"), expires, seconds) {
            return Err("Failed in jti(JWT token_id) claim verification. Token is already used.");
        }
    }
    Ok(found)
}

fn is_for(claims: &Value, client_id: &str) -> bool {
    let is = |one: &Value| !client_id.is_empty() && one.as_str() == Some(client_id);
    match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(is),
        Some(one) => is(one),
        None => false,
    }
}

fn is_signed(token: &str, provider: &Record<'_>) -> bool {
    let key = || {
        let header = decode_header(token).ok()?;
        let symmetric = matches!(header.alg, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512);
        let keys: JwkSet = serde_json::from_str(provider.text("jwks")).ok()?;
        let key = match &header.kid {
            Some(kid) => keys.find(kid)?,
            None => keys.keys.first()?,
        };
        (!symmetric).then_some(())?;
        Some((header.alg, DecodingKey::from_jwk(key).ok()?))
    };
    let Some((algorithm, key)) = key() else {
        return false;
    };
    let mut validation = Validation::new(algorithm);
    // The claims are checked against the instance's own clock and records, not the machine's.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    decode::<Value>(token, &key, &validation).is_ok()
}
