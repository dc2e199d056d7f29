//! Classifies an exchange by its request, its reply and the exchanges before it.

use super::body_text::contains_ignoring_case;
use super::circumstances::{Circumstances, Credential, GrantType, MOMENT, api_of, is_signed};
use super::diagnosis::Diagnosis;
use super::facts::{Facts, Stage, Transport};
use super::failure::diagnose_in;
use super::path::Path;
use super::redaction::Secrets;
use super::row_scanner::{is_whole_without, member};
use super::secret_fields::of_exchanges;
use super::success::{Answer, parameter, suspect};
use crate::request::{Body, Method, Reply};
use crate::time::Millis;

/// The number of earlier exchanges that are examined: the latest ones.
const MOST_EARLIER: usize = 64;

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

/// Diagnoses an exchange; `earlier` holds those before it, oldest first. `None` if there is no evidence of a failure.
#[must_use]
pub fn classify(exchange: &Exchange<'_>, earlier: &[Exchange<'_>]) -> Option<Diagnosis> {
    let earlier = earlier.get(earlier.len().saturating_sub(MOST_EARLIER)..).unwrap_or_default();
    let past: Vec<Past<'_>> = earlier.iter().map(Past::of).collect();
    let around = exchange.circumstances(&past);
    if !exchange.succeeded() {
        let facts =
            Facts { stage: exchange.stage(), method: exchange.method, path: exchange.path, outcome: exchange.outcome };
        let diagnosis = diagnose_in(&facts, &around, 1, exchange.at).diagnosis;
        return Some(masked(diagnosis, exchange, earlier));
    }
    let reply = exchange.outcome.ok()?;
    // The host kept the body, or it is XML: its rows cannot be examined here.
    if matches!(reply.body, Body::Untouched)
        || exchange.text().is_some_and(|text| text.trim_ascii_start().starts_with('<'))
    {
        return None;
    }
    let pages: Vec<&str> =
        past.iter().filter(|other| other.is_like(exchange)).filter_map(|past| past.of.text()).collect();
    let suspicion = suspect(&Answer {
        method: exchange.method,
        path: exchange.path,
        status: reply.status,
        total: reply.headers.counted(exchange.path),
        text: exchange.text().unwrap_or_default(),
        rows: match reply.body {
            Body::Rows(rows) => Some(u64::from(rows)),
            _ => None,
        },
        sent: exchange.body,
        around,
        earlier: &pages,
    })?;
    Some(masked(suspicion, exchange, earlier))
}

/// Facts of an earlier exchange, read once.
struct Past<'a> {
    of: &'a Exchange<'a>,
    credential: Option<(Credential, &'a str)>,
    is_token: bool,
    succeeded: bool,
    ended: Millis,
}

impl<'a> Past<'a> {
    fn of(of: &'a Exchange<'a>) -> Self {
        let is_token = of.stage() == Stage::Token;
        Self { of, credential: of.credential(), is_token, succeeded: of.succeeded(), ended: of.ended() }
    }

    fn accepted(&self) -> bool {
        self.succeeded && !self.is_token
    }

    fn refused(&self, status: u16) -> bool {
        !self.is_token && self.of.outcome.is_ok_and(|reply| reply.status == status)
    }

    /// The token that it brought.
    fn issued(&self) -> Option<&'a str> {
        let text = self.of.text().filter(|_| self.is_token && self.succeeded)?;
        member(text, "access_token").map(|token| token.trim_matches('"'))
    }

    fn is_like(&self, other: &Exchange<'_>) -> bool {
        self.succeeded && self.of.is_to(other)
    }
}

/// A reply may repeat the request, so a quoted field may hold a secret.
fn masked(mut diagnosis: Diagnosis, exchange: &Exchange<'_>, earlier: &[Exchange<'_>]) -> Diagnosis {
    diagnosis.hide(&Secrets::of(&of_exchanges(earlier.iter().chain([exchange]))));
    diagnosis
}

impl<'a> Exchange<'a> {
    fn endpoint(&self) -> &'a str {
        self.path.split('?').next().unwrap_or_default()
    }

    fn stage(&self) -> Stage {
        if self.endpoint().ends_with("/oauth_token.do") { Stage::Token } else { Stage::Api }
    }

    fn ended(&self) -> Millis {
        self.at + self.duration.unwrap_or_default()
    }

    fn is_to(&self, other: &Exchange<'_>) -> bool {
        self.method == other.method && self.endpoint() == other.endpoint()
    }

    fn text(&self) -> Option<&'a str> {
        match self.outcome.map(|reply| &reply.body) {
            Ok(Body::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    fn credential(&self) -> Option<(Credential, &'a str)> {
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
    fn succeeded(&self) -> bool {
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

    fn circumstances(&self, past: &[Past<'_>]) -> Circumstances<'a> {
        let credential = self.credential();
        let form = |name: &str| {
            let body = ["?", self.body.unwrap_or_default()].concat();
            parameter(&body, name).or_else(|| parameter(self.path, name))
        };
        let of_token = self.stage() == Stage::Token;
        let token = credential.filter(|(kind, _)| *kind == Credential::Bearer).map(|(_, token)| token);
        let same = |other: &&Past<'_>| credential.is_some() && other.credential == credential;
        let other_kind = |other: &Past<'_>| other.credential.map(|(kind, _)| kind) != credential.map(|(kind, _)| kind);
        let here = |other: &Past<'_>| api_of(other.of.path) == api_of(self.path);
        let accepted = || past.iter().filter(|other| other.accepted());
        let issuing = past.iter().rposition(|other| token.is_some() && other.issued() == token);
        let issued = issuing.and_then(|at| past.get(at)).map(|other| {
            let seconds = other.of.text().and_then(|text| member(text, "expires_in"));
            (other.of.at, seconds.and_then(|seconds| seconds.trim_matches('"').parse().ok()))
        });
        // A token was refused before this one was issued, and nothing has accepted this one.
        let renewed = issuing.is_some_and(|at| {
            let (before, since) = past.split_at(at);
            let refused = before.iter().rev().take_while(|other| !other.accepted()).any(|other| other.refused(401));
            refused && !since.iter().filter(same).any(Past::accepted)
        });
        let under_way = |other: &&Past<'_>| other.ended > self.at;
        let like = past.iter().filter(|other| other.is_like(self));
        Circumstances {
            grant: form("grant_type").filter(|_| of_token).and_then(|name| GrantType::parse(&name)),
            scope: of_token && form("scope").is_some_and(|scope| !scope.is_empty()),
            token_before: past.iter().any(|other| other.is_token && other.succeeded),
            credential: credential.map(|(kind, _)| kind),
            renewed: renewed || self.around.renewed,
            token_age: issued.map(|(at, _)| self.at.less(at)).or(self.around.token_age),
            token_lifetime: issued
                .and_then(|(_, seconds)| seconds)
                .map(Millis::from_seconds)
                .or(self.around.token_lifetime),
            accepted_here: accepted().filter(same).any(here),
            accepted_elsewhere: accepted().filter(same).any(|other| !here(other)),
            others_accepted: accepted().any(|other| here(other) && other_kind(other)),
            accepted_lately: self.accepted_lately(past, same),
            foreign: issuing.is_none() && token.is_some_and(is_signed),
            cookies: self.header("cookie").is_some(),
            content_type: self.header("content-type").filter(|_| self.body.is_some()),
            duration: self.duration,
            usual_duration: like.filter_map(|other| other.of.duration).min(),
            together: 1 + u32::try_from(past.iter().filter(under_way).count()).unwrap_or(u32::MAX - 1),
            ..self.around
        }
    }

    /// Whether the same credential was accepted a moment ago, and this request has not been refused since.
    fn accepted_lately(&self, past: &[Past<'_>], same: impl Fn(&&Past<'_>) -> bool) -> bool {
        let Some(at) = past.iter().rposition(|other| other.accepted() && same(&other)) else { return false };
        let (_, since) = past.split_at(at);
        let lately = |other: &Past<'_>| other.ended <= self.ended() && self.ended().less(other.ended) <= MOMENT;
        since.first().is_some_and(lately) && !since.iter().any(|other| other.refused(403) && other.of.is_to(self))
    }
}
