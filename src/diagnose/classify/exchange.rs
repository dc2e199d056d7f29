//! An exchange as it was recorded: what it was for, which credential it carried, and whether it succeeded.

use crate::diagnose::model::body_text::contains_ignoring_case;
use crate::diagnose::model::circumstances::{Circumstances, Credential};
use crate::diagnose::model::facts::{Stage, Transport};
use crate::diagnose::model::path::Path;
use crate::diagnose::model::row_scanner::{is_whole_without, member};
use crate::diagnose::model::success::parameter;
use crate::request::{Body, Method, Reply};
use crate::time::Millis;

/// A request and its outcome. It holds credentials as sent, so it is never printed.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The method.
    pub method: Method,
    /// Path and query string.
    pub path: &'a str,
    /// The request's headers, names in any case.
    pub headers: &'a [(&'a str, &'a str)],
    /// The request's body, where it is text.
    pub body: Option<&'a str>,
    /// The outcome.
    pub outcome: Result<&'a Reply, Transport>,
    /// When it was sent.
    pub at: Millis,
    /// The duration.
    pub duration: Option<Millis>,
    /// Circumstances known to the caller. Those that the exchanges show are added.
    pub around: Circumstances<'a>,
}

impl<'a> Exchange<'a> {
    fn endpoint(&self) -> &'a str {
        self.path.split('?').next().unwrap_or_default()
    }

    pub(super) fn stage(&self) -> Stage {
        if self.endpoint().ends_with("/oauth_token.do") { Stage::Token } else { Stage::Api }
    }

    pub(super) fn ended(&self) -> Millis {
        self.at + self.duration.unwrap_or_default()
    }

    pub(super) fn is_to(&self, other: &Exchange<'_>) -> bool {
        self.method == other.method && self.endpoint() == other.endpoint()
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        match self.outcome.map(|reply| &reply.body) {
            Ok(Body::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    pub(super) fn credential(&self) -> Option<(Credential, &'a str)> {
        let scheme = |value: &'a str| {
            let (name, secret) = value.split_once(' ')?;
            let known = [("bearer", Credential::Bearer), ("basic", Credential::Basic)];
            known
                .iter()
                .find(|(known, _)| name.eq_ignore_ascii_case(known))
                .map(|(_, credential)| (*credential, secret))
        };
        let of_header = self.header("authorization").and_then(scheme);
        let key = || Some((Credential::ApiKey, self.header("x-sn-apikey")?));
        let in_address = || self.path.contains("x-sn-apikey=").then_some((Credential::ApiKey, self.path));
        let cookie = || Some((Credential::Cookie, self.header("cookie")?));
        let unshown = || (!self.headers.is_empty()).then_some((Credential::Unshown, ""));
        of_header.or_else(key).or_else(in_address).or_else(cookie).or_else(unshown)
    }

    /// Whether the reply is the whole of what such a request promises, by its form alone.
    pub(super) fn succeeded(&self) -> bool {
        let Ok(reply) = self.outcome else { return false };
        let Body::Text(text) = &reply.body else { return (200..300).contains(&reply.status) };
        if reply.status == 302 {
            // The end of a sign-in, at the address that was asked for.
            let asked = parameter(self.path, "redirect_uri").unwrap_or_default();
            return !asked.is_empty() && reply.headers.value("location").is_some_and(|to| to.starts_with(&asked));
        }
        if reply.status == 204 {
            // No content is what a deletion promises, and less than a read does.
            return self.stage() == Stage::Api && !(self.method == Method::Get && Path::of(self.path).is_base_api());
        }
        let page = reply.headers.value("content-type").is_some_and(|kind| contains_ignoring_case(kind, "html"));
        // The APIs of tables answer 200 or 201: accepted is not done.
        let accepted = reply.status == 202 && self.method.writes() && Path::of(self.path).is_base_api();
        if !(200..300).contains(&reply.status) || page || accepted {
            return false;
        }
        match (self.stage(), text.trim_ascii_start().bytes().next()) {
            (Stage::Token, _) => {
                let kind = member(text, "token_type").unwrap_or("bearer").trim_matches('"');
                member(text, "access_token").is_some() && (kind == "null" || kind.eq_ignore_ascii_case("bearer"))
            }
            (Stage::Api, None) => reply.status == 201 || self.method == Method::Head,
            (Stage::Api, Some(b'{' | b'[')) => is_whole_without(text, "error") && self.has_promised_form(text),
            (Stage::Api, Some(b'<')) => {
                !contains_ignoring_case(text.get(..64).unwrap_or(text), "html") && self.may_be_xml()
            }
            // The Table API answers in JSON, or in XML if that was asked for.
            (Stage::Api, Some(_)) => reply.status != 202 && !Path::of(self.path).is_of_table_api(),
        }
    }

    /// Whether JSON of the Table API has the form that the request promises: a list for a list of rows, else a record.
    fn has_promised_form(&self, text: &str) -> bool {
        let path = Path::of(self.path);
        let is_list = self.method == Method::Get && path.names_record() == Some(false);
        let begins = if is_list { '[' } else { '{' };
        !path.is_of_table_api() || member(text, "result").is_some_and(|result| result.starts_with(begins))
    }

    /// Whether XML may be what was asked for. Unknown without the request's headers: then nothing is concluded from it.
    fn may_be_xml(&self) -> bool {
        let asked = self.header("accept").is_some_and(|accept| contains_ignoring_case(accept, "xml"));
        asked || self.headers.is_empty() || !Path::of(self.path).is_of_table_api()
    }
}
