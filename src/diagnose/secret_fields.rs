//! The fields of requests and replies that hold secrets. A secret is recognized by its field, never by a pattern.

#[cfg(feature = "circumstances")]
use super::exchange::Exchange;
#[cfg(feature = "circumstances")]
use super::row_scanner::each_member;
#[cfg(feature = "circumstances")]
use crate::request::Body;
#[cfg(any(feature = "circumstances", feature = "doctor"))]
use crate::request::from_base64;
use crate::secret::Secret;

/// Parameters of forms and addresses, and members of JSON bodies, that hold a secret.
const FIELDS: [&str; 14] = [
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

#[cfg(feature = "circumstances")]
/// Headers that hold a secret; of the first two what follows the scheme.
const HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-sn-apikey", "x-usertoken", "x-usertoken-response"];

/// The secrets of some exchanges.
#[cfg(feature = "circumstances")]
pub(super) fn of_exchanges<'a>(exchanges: impl Iterator<Item = &'a Exchange<'a>>) -> Vec<Secret> {
    let mut found = Vec::new();
    for exchange in exchanges {
        for (name, value) in exchange.headers {
            if HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                from_header(value, &mut found);
            }
        }
        for text in [Some(exchange.path), exchange.body].into_iter().flatten() {
            from_form(text, &mut found);
            from_members(text, &mut found);
        }
        if let Ok(reply) = exchange.outcome {
            found.extend(reply.headers.value("x-usertoken-response").map(|value| Secret::new(value.to_owned())));
            if let Body::Text(text) = &reply.body {
                from_members(text, &mut found);
            }
        }
    }
    found
}

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

#[cfg(feature = "circumstances")]
fn from_members(text: &str, found: &mut Vec<Secret>) {
    each_member(text, |name, value| {
        if FIELDS.contains(&name) {
            found.push(Secret::new(value.trim_matches('"').to_owned()));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::{Circumstances, Secrets};
    use crate::request::{Headers, Method, Reply};
    use crate::time::Millis;

    fn exchange<'a>(headers: &'a [(&'a str, &'a str)], body: &'a str, reply: &'a Reply) -> Exchange<'a> {
        Exchange {
            method: Method::Post,
            path: "/oauth_token.do?refresh_token=r%2Fefresh",
            headers,
            body: Some(body),
            outcome: Ok(reply),
            at: Millis(0),
            duration: None,
            around: Circumstances::default(),
        }
    }

    #[test]
    fn secret_of_every_field_is_redacted_in_any_text() {
        let body = Body::Text(r#"{"access_token":"granted-one","scope":"useraccount"}"#.into());
        let reply = Reply { status: 401, headers: Headers::NONE, body };
        let headers = [
            ("AUTHORIZATION", "Basic dXNlcjpiYXNpYy1wYXNzd29yZA=="),
            ("Cookie", "JSESSIONID=session-one; glide_user=two"),
            ("X-sn-apikey", "key-of-mine"),
        ];
        let sent = "grant_type=password&client_id=the-client&client_secret=hush%20hush&password=p%26ss";
        let made = exchange(&headers, sent, &reply);
        let secrets = Secrets::of(&of_exchanges([&made].into_iter()));
        for secret in [
            "dXNlcjpiYXNpYy1wYXNzd29yZA==",
            "basic-password",
            "session-one",
            "key-of-mine",
            "hush hush",
            "hush%20hush",
            "p&ss",
            "r/efresh",
            "granted-one",
        ] {
            let redacted = secrets.masked(&format!("said {secret}."));
            assert_eq!(redacted.as_deref(), Some("said [redacted]."), "{secret}");
        }
        assert_eq!(secrets.masked("the-client, useraccount, Basic"), None);
        assert_eq!(secrets.masked("cut: granted-o…").as_deref(), Some("cut: [redacted]…"));
    }
}
