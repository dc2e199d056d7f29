//! Classifies an exchange by its request, its reply and the exchanges before it.

use super::exchange::Exchange;
use super::exchange_secrets::of_exchanges;
use super::failure::diagnose_in;
use super::success::suspect;
use crate::auth::GrantType;
use crate::diagnose::model::circumstances::{Circumstances, Credential, LASTING, MOMENT, api_of, is_signed};
use crate::diagnose::model::diagnosis::Diagnosis;
use crate::diagnose::model::facts::{Facts, Stage};
use crate::diagnose::model::row_scanner::member;
use crate::diagnose::model::success::{Answer, parameter};
use crate::diagnose::redaction::Secrets;
use crate::request::Body;
use crate::time::Millis;

/// The number of earlier exchanges that are examined: the latest ones.
const MOST_EARLIER: usize = 64;

/// Diagnoses an exchange; `earlier` holds those before it, oldest first. `None` if there is no evidence of a failure.
#[must_use]
pub fn classify(exchange: &Exchange<'_>, earlier: &[Exchange<'_>]) -> Option<Diagnosis> {
    let earlier = earlier.get(earlier.len().saturating_sub(MOST_EARLIER)..).unwrap_or_default();
    let past: Vec<Past<'_>> = earlier.iter().map(Past::of).collect();
    let around = circumstances(exchange, &past);
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

fn circumstances<'a>(exchange: &Exchange<'a>, past: &[Past<'_>]) -> Circumstances<'a> {
    let credential = exchange.credential();
    let form = |name: &str| {
        let body = ["?", exchange.body.unwrap_or_default()].concat();
        parameter(&body, name).or_else(|| parameter(exchange.path, name))
    };
    let of_token = exchange.stage() == Stage::Token;
    let token = credential.filter(|(kind, _)| *kind == Credential::Bearer).map(|(_, token)| token);
    let same = |other: &&Past<'_>| credential.is_some() && other.credential == credential;
    let other_kind = |other: &Past<'_>| other.credential.map(|(kind, _)| kind) != credential.map(|(kind, _)| kind);
    let here = |other: &Past<'_>| api_of(other.of.path) == api_of(exchange.path);
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
    let under_way = |other: &&Past<'_>| other.ended > exchange.at;
    let like = past.iter().filter(|other| other.is_like(exchange));
    Circumstances {
        grant: form("grant_type").filter(|_| of_token).and_then(|name| GrantType::parse(&name)),
        scope: of_token && form("scope").is_some_and(|scope| !scope.is_empty()),
        token_before: past.iter().any(|other| other.is_token && other.succeeded),
        credential: credential.map(|(kind, _)| kind),
        renewed: renewed || exchange.around.renewed,
        token_age: issued.map(|(at, _)| exchange.at.less(at)).or(exchange.around.token_age),
        token_lifetime: issued
            .and_then(|(_, seconds)| seconds)
            .map(Millis::from_seconds)
            .or(exchange.around.token_lifetime),
        accepted_here: accepted().filter(same).any(here),
        accepted_elsewhere: accepted().filter(same).any(|other| !here(other)),
        others_accepted: accepted().any(|other| here(other) && other_kind(other)),
        accepted_lately: accepted_lately(exchange, past, same),
        foreign: issuing.is_none() && token.is_some_and(is_signed),
        cookies: exchange.header("cookie").is_some(),
        content_type: exchange.header("content-type").filter(|_| exchange.body.is_some()),
        duration: exchange.duration,
        usual_duration: like.filter_map(|other| other.of.duration).min(),
        together: 1 + u32::try_from(past.iter().filter(under_way).count()).unwrap_or(u32::MAX - 1),
        ..exchange.around
    }
}

/// Whether the same credential was accepted a moment ago, and no lasting refusal of this endpoint is known.
fn accepted_lately(exchange: &Exchange<'_>, past: &[Past<'_>], same: impl Fn(&&Past<'_>) -> bool) -> bool {
    let ended = exchange.ended();
    let within = |other: &Past<'_>, length| other.ended <= ended && ended.less(other.ended) <= length;
    let decided =
        |other: &&Past<'_>| same(other) && other.of.is_to(exchange) && (other.accepted() || other.refused(403));
    past.iter().rfind(|other| other.accepted() && same(other)).is_some_and(|other| within(other, MOMENT))
        && !past.iter().rfind(decided).is_some_and(|other| other.refused(403) && within(other, LASTING))
}
