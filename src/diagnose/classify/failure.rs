//! Diagnoses a failure by the catalogue: its evidence, its retry advice and when calls may resume.

use super::decision::{decide, key_of};
use crate::code::Code;
use crate::diagnose::catalogue;
use crate::diagnose::model::body_text;
use crate::diagnose::model::circumstances::Circumstances;
use crate::diagnose::model::diagnosis::{Diagnosis, Kind, Retry, WORDED};
use crate::diagnose::model::facts::{Facts, Seen, Stage, Transport};
use crate::diagnose::model::failed_exchange::FailedExchange;
use crate::diagnose::model::failure::{Failure, Tried};
use crate::time::Millis;

/// As much of a path as tells which it was: a caller may have made it of anything, and an error has to stay readable.
const LONGEST_SHOWN: usize = 200;

/// Diagnoses a failure by the first row of the catalogue that fits.
#[must_use]
pub fn diagnose(facts: &Facts<'_>, attempts: u8, now: Millis) -> Box<Failure> {
    diagnose_in(facts, &Circumstances::default(), attempts, now)
}

/// The same, with the circumstances of the reply. Without the catalogue, only what a client must decide at once: the exchange is explained
/// by the file that holds it.
#[must_use]
pub fn diagnose_in(facts: &Facts<'_>, around: &Circumstances<'_>, attempts: u8, now: Millis) -> Box<Failure> {
    if WORDED { explained(facts, around, attempts, now) } else { decided(facts, around, attempts, now) }
}

/// A failure without its explanation.
pub(crate) fn decided(facts: &Facts<'_>, around: &Circumstances<'_>, attempts: u8, now: Millis) -> Box<Failure> {
    let seen = Seen { facts, around, now };
    let (code, kind, retry) = decide(&seen);
    let retry = advice(&seen, kind, retry);
    let diagnosis = Diagnosis { code, key: key_of(&seen, code), kind, title: "", retry, causes: &[], evidence: vec![] };
    let mut failure = failure_of(&seen, diagnosis, Tried { status: facts.status(), attempts, ..Tried::default() });
    failure.exchange = Some(FailedExchange::of(facts, around, attempts, now));
    failure
}

/// A failure by the first row of the catalogue that fits.
pub(crate) fn explained(facts: &Facts<'_>, around: &Circumstances<'_>, attempts: u8, now: Millis) -> Box<Failure> {
    let seen = Seen { facts, around, now };
    let row = catalogue::first_fitting(&seen);
    let endpoint = facts.endpoint();
    let endpoint = endpoint.get(..LONGEST_SHOWN).unwrap_or(endpoint);
    let request = [facts.method.as_str(), " ", endpoint].concat().trim_ascii_end().to_owned();
    let summary = match facts.outcome {
        Ok(reply) => [&request, " answered ", &reply.status.to_string()].concat(),
        Err(Transport::TimedOut) => [&request, " got no answer in time"].concat(),
        Err(Transport::Unsent) => [&request, " was not sent"].concat(),
        Err(Transport::Unreachable) => [&request, " got no answer"].concat(),
        Err(Transport::SourceFailed) => "the token source failed".to_owned(),
        Err(Transport::SigningFailed) => "the key gave no signature".to_owned(),
    };
    let mut evidence = vec![summary];
    evidence.extend(body_text::explanations(facts.explanation()));
    if row.code == Code::REQUEST_PARAMETER {
        evidence.extend(
            body_text::named_parameter(facts.explanation(), facts.path).map(|name| ["parameter: ", name].concat()),
        );
    }
    for name in ["www-authenticate", "x-mfa_token", "retry-after", "x-ratelimit-rule"] {
        if let Some(value) = facts.headers().value(name) {
            evidence.push([name, ": ", value].concat());
        }
    }
    if let Some(to) = facts.headers().value("location").filter(|_| row.code == Code::INSTANCE_REDIRECTED) {
        // What stands behind ? may be a code or a token.
        evidence.push(["location: ", to.split(['?', '#']).next().unwrap_or_default()].concat());
    }
    if let Some(seconds) = seen.clock_off().filter(|_| row.code == Code::TOKEN_CLOCK) {
        evidence.push(["the clocks differ by ", &seconds.to_string(), " seconds"].concat());
    }
    if seen.is_of_the_moment() && row.kind == Kind::Authorization {
        evidence.push("the same credential was accepted a moment before, so this may pass".to_owned());
    }
    let diagnosis = Diagnosis {
        code: row.code,
        key: row.key,
        kind: row.kind,
        title: row.title,
        retry: advice(&seen, row.kind, row.retry),
        causes: row.causes,
        evidence,
    };
    failure_of(&seen, diagnosis, Tried { request, status: facts.status(), attempts })
}

/// The advice of a row, with what the reply and its circumstances say of the time.
fn advice(seen: &Seen<'_>, kind: Kind, retry: Retry) -> Retry {
    if seen.is_of_the_moment() && kind == Kind::Authorization {
        return Retry::Backoff;
    }
    let headers = seen.headers();
    let clock = headers.server_clock().unwrap_or(seen.now);
    // The end of a rule's hour is the end of no other trouble.
    let reset = headers.number("x-ratelimit-reset").filter(|_| kind == Kind::Rate);
    let after = headers.retry_after(seen.now).or_else(|| reset.map(|at| Millis::from_seconds(at).less(clock)));
    // "At once", or a time that has passed, says nothing of how long: the pauses grow as they do without it.
    match (retry, after.filter(|after| after.0 > 0)) {
        (Retry::Backoff, Some(after)) => Retry::After(after),
        (retry, _) => retry,
    }
}

fn failure_of(seen: &Seen<'_>, diagnosis: Diagnosis, tried: Tried) -> Box<Failure> {
    Box::new(Failure {
        resumes_at: match diagnosis.retry {
            Retry::After(after) => Some(seen.now + after),
            _ => None,
        },
        unknown_outcome: diagnosis.code == Code::WRITE_UNKNOWN_OUTCOME,
        of_token: seen.stage == Stage::Token,
        diagnosis,
        tried,
        exchange: None,
    })
}
