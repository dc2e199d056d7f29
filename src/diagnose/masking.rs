//! Takes out of what is told whatever stood in a secret's place of the requests and replies that it tells of: by field, never by
//! the look of a text.

use super::exchange::Exchange;
use super::listing::each_member;
use crate::request::{Body, from_base64};

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

/// Headers that hold a secret; of the first two what follows the scheme.
const HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-sn-apikey", "x-usertoken", "x-usertoken-response"];

const MASK: &str = "[redacted]";

/// Shorter ones stand in any sentence by chance: masked, they would only be spelt out.
const SHORTEST: usize = 3;

/// The secrets of some exchanges, the longest first, so that none is left in halves.
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn of<'a>(exchanges: impl Iterator<Item = &'a Exchange<'a>>) -> Self {
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
                found.extend(reply.headers.value("x-usertoken-response").map(str::to_owned));
                if let Body::Text(text) = &reply.body {
                    from_members(text, &mut found);
                }
            }
        }
        found.retain(|secret| secret.len() >= SHORTEST);
        found.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        found.dedup();
        Self(found)
    }

    /// The text without them; a secret that the text's own end cuts off is taken out too.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for secret in &self.0 {
            if out.contains(secret.as_str()) {
                out = out.replace(secret.as_str(), MASK);
            }
        }
        let (whole, cut) = out.strip_suffix('…').map_or((out.as_str(), ""), |whole| (whole, "…"));
        let beginnings = |secret: &String| {
            let ends = secret.char_indices().map(|(at, _)| at).skip(SHORTEST).collect::<Vec<_>>();
            ends.into_iter().rev().find(|end| whole.ends_with(secret.get(..*end).unwrap_or(secret)))
        };
        match self.0.iter().filter_map(beginnings).max() {
            Some(length) => [whole.get(..whole.len() - length).unwrap_or_default(), MASK, cut].concat(),
            None => out,
        }
    }
}

/// A value with its scheme, the pairs of a cookie, and the password of Basic.
fn from_header(value: &str, found: &mut Vec<String>) {
    for part in value.split([' ', ';', ',']) {
        found.push(part.to_owned());
        if let Some((_, value)) = part.split_once('=') {
            found.push(value.to_owned());
        }
        let pair = from_base64(part).and_then(|bytes| String::from_utf8(bytes).ok());
        found.extend(pair.as_deref().and_then(|pair| pair.split_once(':')).map(|(_, password)| password.to_owned()));
    }
    for scheme in ["bearer", "basic"] {
        found.retain(|part| !part.eq_ignore_ascii_case(scheme));
    }
}

fn from_form(text: &str, found: &mut Vec<String>) {
    let pairs = text.split(['?', '&', '#']).filter_map(|pair| pair.split_once('='));
    for (name, value) in pairs.filter(|(name, _)| FIELDS.contains(name)) {
        found.push(value.to_owned());
        let whole = ["?", name, "=", value].concat();
        found.extend(super::answer::parameter(&whole, name));
    }
}

fn from_members(text: &str, found: &mut Vec<String>) {
    each_member(text, |name, value| {
        if FIELDS.contains(&name) {
            found.push(value.trim_matches('"').to_owned());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::Circumstances;
    use crate::request::{Headers, Method, Reply};
    use crate::time::Millis;
    use proptest::prelude::*;

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
    fn every_secret_place_is_masked_wherever_it_is_told() {
        let body = Body::Text(r#"{"access_token":"granted-one","scope":"useraccount"}"#.into());
        let reply = Reply { status: 401, headers: Headers::NONE, body };
        let headers = [
            ("AUTHORIZATION", "Basic dXNlcjpiYXNpYy1wYXNzd29yZA=="),
            ("Cookie", "JSESSIONID=session-one; glide_user=two"),
            ("X-sn-apikey", "key-of-mine"),
        ];
        let sent = "grant_type=password&client_id=the-client&client_secret=hush%20hush&password=p%26ss";
        let told = exchange(&headers, sent, &reply);
        let secrets = Secrets::of([&told].into_iter());
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
            assert_eq!(secrets.masked(&format!("said {secret}.")), format!("said {MASK}."), "{secret}");
        }
        assert_eq!(secrets.masked("the-client, useraccount, Basic"), "the-client, useraccount, Basic");
        assert_eq!(secrets.masked("cut: granted-o…"), format!("cut: {MASK}…"));
    }

    proptest! {
        #[test]
        fn no_secret_is_left_in_any_text(secret in "[a-zA-Z0-9]{3,40}", before in "\\PC{0,40}", after in "\\PC{0,40}") {
            let reply = Reply { status: 401, headers: Headers::NONE, body: Body::Untouched };
            let sent = format!("client_secret={secret}");
            let told = exchange(&[], &sent, &reply);
            let masked = Secrets::of([&told].into_iter()).masked(&format!("{before}{secret}{after}"));
            prop_assert!(MASK.contains(&secret) || !masked.contains(&secret), "{masked}");
        }
    }
}
