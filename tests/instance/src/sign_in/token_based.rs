//! API keys and HMAC signatures ("API Key and HMAC Authentication for inbound REST APIs"): both name a record that names a user,
//! both come in a header or in the query, and neither works without a policy of the API that lists its profile.
//!
//! The documentation shows neither what is signed nor how the Key ID is sent. Clients in the field sign the body as it goes out
//! and send `KEYID=<id>,SIGNATURE=<base64>`; with a Default Key ID in the profile the signature alone suffices.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha384, Sha512};

use crate::clock::stamp;
use crate::exchange::Request;
use crate::instance::Instance;
use crate::records::{self, Record};

use super::{Means, Unknown};

const API_KEY: &str = "x-sn-apikey";
const SIGNATURE: &str = "x-sn-hmac-signature-256";

/// The user of a key or a signature; `None` when the request has neither.
pub(super) fn user(instance: &Instance, request: &Request, now: u64) -> Option<Result<(String, Means), Unknown>> {
    let parameters = request.parameters();
    let given = |name: &str| {
        let in_header = request.header(name).map(|text| (text, false));
        in_header.or_else(|| parameters.text(name).map(|text| (text, true)))
    };
    let found = match (given(API_KEY), given(SIGNATURE)) {
        (Some((key, in_query)), _) => by_key(instance, key, in_query, now),
        (None, Some((signature, in_query))) => by_signature(instance, request, signature, in_query, now),
        (None, None) => return None,
    };
    let plugin = records::one(&instance.store, "v_plugin", "id", "com.glide.tokenbased_auth");
    let usable = plugin.is_some_and(|plugin| plugin.text("active") == "active");
    Some(found.filter(|_| usable).ok_or_else(Unknown::plainly))
}

fn by_key(instance: &Instance, given: &str, in_query: bool, now: u64) -> Option<(String, Means)> {
    let key = records::one(&instance.store, "rest_api_key", "token", given);
    let key = key.filter(|key| !given.is_empty() && in_force(key, now))?;
    Some((key.text("user").to_owned(), Means::ApiKey { in_query, scope: key.text("auth_scope").to_owned() }))
}

fn by_signature(
    instance: &Instance,
    request: &Request,
    given: &str,
    in_query: bool,
    now: u64,
) -> Option<(String, Means)> {
    let mut parts = given.split(',').map(str::trim);
    let named = |part: &str, name: &str| {
        let (left, right) = part.split_once('=')?;
        left.eq_ignore_ascii_case(name).then(|| right.to_owned())
    };
    let key_id = parts.clone().find_map(|part| named(part, "KEYID"));
    let signature = parts.find_map(|part| named(part, "SIGNATURE")).unwrap_or_else(|| given.to_owned());
    let signature = STANDARD.decode(signature.as_bytes()).ok()?;
    let store = &instance.store;
    let place = if in_query { "query" } else { "header" };
    let profiles = records::with(store, "inbound_auth_profile", "type", "hmac");
    let mut fitting = profiles.filter(|profile| profile.text("auth_parameter") == place).filter_map(|profile| {
        let key_id = key_id.as_deref().unwrap_or_else(|| profile.text("default_key_id"));
        let secret = records::one(store, "rest_api_hmac_secret", "key_id", key_id);
        let secret = secret.filter(|secret| !key_id.is_empty() && in_force(secret, now))?;
        let algorithm = algorithm(instance, &profile);
        let fits = is_signed(algorithm, secret.text("shared_secret").as_bytes(), &request.body, &signature);
        fits.then(|| (secret.text("user").to_owned(), Means::Signature { in_query, algorithm }))
    });
    fitting.next()
}

/// `HmacSHA256` unless the profile's configuration says otherwise.
pub(super) fn algorithm(instance: &Instance, profile: &Record<'_>) -> &'static str {
    let configuration = records::by_id(&instance.store, "hmac_configuration", profile.text("hmac_configuration"));
    match configuration.map_or("", |configuration| configuration.text("hash_algorithm")) {
        "HmacSHA384" => "HmacSHA384",
        "HmacSHA512" => "HmacSHA512",
        _ => "HmacSHA256",
    }
}

fn is_signed(algorithm: &str, secret: &[u8], text: &[u8], signature: &[u8]) -> bool {
    if secret.is_empty() {
        return false;
    }
    match algorithm {
        "HmacSHA384" => Hmac::<Sha384>::new_from_slice(secret)
            .is_ok_and(|code| code.chain_update(text).verify_slice(signature).is_ok()),
        "HmacSHA512" => Hmac::<Sha512>::new_from_slice(secret)
            .is_ok_and(|code| code.chain_update(text).verify_slice(signature).is_ok()),
        _ => Hmac::<Sha256>::new_from_slice(secret)
            .is_ok_and(|code| code.chain_update(text).verify_slice(signature).is_ok()),
    }
}

/// A record with an empty expiry never expires.
fn in_force(record: &Record<'_>, now: u64) -> bool {
    let expires = record.text("expires");
    record.is("active") && (expires.is_empty() || expires > stamp(now).as_str())
}
