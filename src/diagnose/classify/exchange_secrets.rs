//! The secrets of recorded exchanges, which a diagnosis of them must not repeat.

use super::exchange::Exchange;
use crate::diagnose::model::row_scanner::each_member;
use crate::diagnose::redaction::{FIELDS, from_form, from_header};
use crate::request::Body;
use crate::secret::Secret;

/// Headers that hold a secret; of the first two what follows the scheme.
const HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "cookie", "x-sn-apikey", "x-usertoken", "x-usertoken-response"];

/// The secrets of some exchanges.
pub(crate) fn of_exchanges<'a>(exchanges: impl Iterator<Item = &'a Exchange<'a>>) -> Vec<Secret> {
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
    use crate::diagnose::model::circumstances::Circumstances;
    use crate::diagnose::redaction::Secrets;
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
