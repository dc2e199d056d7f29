//! The fields of requests and replies that hold secrets. A secret is recognized by its field, never by a pattern.

#[cfg(any(feature = "circumstances", feature = "doctor"))]
use crate::request::from_base64;
use crate::secret::Secret;

/// Parameters of forms and addresses, and members of JSON bodies, that hold a secret.
pub(crate) const FIELDS: &[&str] = &[
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "password",
    "refresh_token",
    "sysparm_ck",
    "token",
    "user_password",
    "x-sn-apikey",
    "api_key",
];

/// A value with its scheme, the pairs of a cookie, and the password of Basic.
#[cfg(any(feature = "circumstances", feature = "doctor"))]
pub fn from_header(value: &str, found: &mut Vec<Secret>) {
    for part in value.split([' ', ';', ',']) {
        let pair = from_base64(part).and_then(|bytes| String::from_utf8(bytes).ok());
        let behind = |text: &'_ str, mark| text.split_once(mark).map(|(_, behind)| behind.to_owned());
        let texts = [Some(part.to_owned()), behind(part, '='), pair.and_then(|pair| behind(&pair, ':'))];
        found.extend(texts.into_iter().flatten().map(Secret::new));
    }
    found.retain(|part| !["bearer", "basic"].iter().any(|scheme| part.expose().eq_ignore_ascii_case(scheme)));
}

/// The parameters of a form or an address, without decoding.
pub fn from_form(text: &str, found: &mut Vec<Secret>) {
    let pairs = text.split(['?', '&', '#']).filter_map(|pair| pair.split_once('='));
    found.extend(pairs.filter(|(name, _)| FIELDS.contains(name)).map(|(_, value)| Secret::new(value.to_owned())));
}
