//! The assertion of the JWT bearer grant (RFC 7523): builds the signing input. The host signs it, so the key stays with the host.

use super::base64::base64url;
use super::credentials::{Credentials, Field};
use super::random::Random;
use crate::secret::Secret;
use crate::time::Millis;

/// Lifetime of an assertion: long enough for a slow connection and a small clock skew.
const LIFETIME: Millis = Millis::from_seconds(300);

/// The JWS signing input: encoded header and claims (RFC 7515 section 5.1).
///
/// ServiceNow checks `iss` and `aud` against the client id, `sub` against a field of the user, and accepts each `jti` once
/// (documentation page "Create an OAuth JWT API endpoint for external clients"). Therefore every assertion has a unique `jti`.
#[must_use]
pub fn signing_input(credentials: &Credentials, random: &mut Random, now: Millis) -> String {
    let text = |field| credentials.text(field);
    let client_id = text(Field::ClientId);
    let audience = if text(Field::Audience).is_empty() { client_id } else { text(Field::Audience) };
    let seconds = |time: Millis| (time.0 / 1000).to_string();
    let mut jti = seconds(now);
    for _ in 0..2 {
        jti.push('-');
        jti.push_str(&random.next().to_string());
    }
    let mut header = String::from("{\"typ\":\"JWT\"");
    member(&mut header, "alg", text(Field::Algorithm));
    if !text(Field::KeyId).is_empty() {
        member(&mut header, "kid", text(Field::KeyId));
    }
    header.push('}');
    let mut claims = ["{\"iat\":", &seconds(now), ",\"exp\":", &seconds(now + LIFETIME)].concat();
    for (name, value) in [("iss", client_id), ("sub", text(Field::Subject)), ("aud", audience), ("jti", &jti)] {
        member(&mut claims, name, value);
    }
    claims.push('}');
    [&base64url(header.as_bytes()), ".", &base64url(claims.as_bytes())].concat()
}

/// The signed assertion in compact serialization (RFC 7515 section 7.1).
#[must_use]
pub fn assertion(signing_input: &str, signature: &str) -> Secret {
    Secret::new([signing_input, ".", signature].concat())
}

/// Appends `,"name":"value"` with JSON escapes (RFC 8259 section 7).
fn member(json: &mut String, name: &str, value: &str) {
    for part in [",\"", name, "\":\""] {
        json.push_str(part);
    }
    for letter in value.chars() {
        if matches!(letter, '"' | '\\') {
            json.push('\\');
        }
        // Names and URLs hold no control characters. A pasted line break is dropped instead of being signed.
        if !letter.is_control() {
            json.push(letter);
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn credentials(subject: &str) -> Credentials {
        let mut credentials = Credentials::default();
        for (field, text) in
            [(Field::ClientId, "client"), (Field::Subject, subject), (Field::KeyId, "k1"), (Field::Algorithm, "ES256")]
        {
            credentials.add(field, Secret::new(text.to_owned()));
        }
        credentials
    }

    fn decoded(part: &str) -> serde_json::Value {
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let (mut bits, mut count, mut bytes) = (0_u32, 0, vec![]);
        for letter in part.chars() {
            bits = bits << 6 | u32::try_from(ALPHABET.find(letter).unwrap()).unwrap();
            count += 6;
            if count >= 8 {
                count -= 8;
                bytes.push(u8::try_from(bits >> count & 255).unwrap());
            }
        }
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn claims_are_those_that_servicenow_checks() {
        let input = signing_input(&credentials("a@b.example"), &mut Random::new(7), Millis(1_700_000_000_999));
        let (header, claims) = input.split_once('.').unwrap();
        assert_eq!(decoded(header), serde_json::json!({ "typ": "JWT", "alg": "ES256", "kid": "k1" }));
        let mut claims = decoded(claims);
        let jti = claims.as_object_mut().unwrap().remove("jti").unwrap();
        assert!(jti.as_str().unwrap().len() > 30);
        let expected = serde_json::json!({
            "iss": "client", "aud": "client", "sub": "a@b.example", "iat": 1_700_000_000, "exp": 1_700_000_300,
        });
        assert_eq!(claims, expected);
    }

    #[test]
    fn jti_is_unique() {
        let mut random = Random::new(1);
        let mut seen = std::collections::HashSet::new();
        assert!((0..10_000).all(|_| seen.insert(signing_input(&credentials("s"), &mut random, Millis(5)))));
    }

    proptest! {
        #[test]
        fn any_subject_stays_one_claim(subject in "[^\\p{Cc}]*") {
            let input = signing_input(&credentials(&subject), &mut Random::new(1), Millis(0));
            let claims = decoded(input.split_once('.').unwrap().1);
            prop_assert_eq!(claims["sub"].as_str().unwrap(), &subject);
            prop_assert_eq!(claims.as_object().unwrap().len(), 6);
        }
    }
}
