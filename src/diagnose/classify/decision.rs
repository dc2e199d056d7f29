//! What a client must know of a failure at once: whether to send again, and what to report. The rows of the catalogue that differ in
//! words and causes alone are one case here. A test compares both for every kind of exchange.
//!
//! The code is that of the catalogue's most general row. It is shown only where the file that explains failures cannot be loaded.

use crate::diagnose::catalogue::{has_body, is_json, is_list_broken_off, is_page_for_reply, is_whole, meets_lock};
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage, Transport};
use crate::request::Body;

/// Code, kind and advice.
pub(super) type Decision = (&'static str, Kind, Retry);

const TOKEN_REFUSED: Decision = ("token.refused", Kind::Authentication, Retry::Never);
const TOO_LONG: &str = "maximum execution time exceeded";
/// What a script that reaches into another scope says, whatever the status.
const CROSS_SCOPE: [&str; 4] = ["cross-scope", "CrossScope", "ScopeAccess", "from scope"];
/// What rules say that refuse a record and not the user.
const RECORD_RULES: [&str; 3] = ["aborted by Business Rule", "Data Policy", "fields are mandatory"];

/// Decides as the catalogue does.
pub(super) fn decide(seen: &Seen<'_>) -> Decision {
    let Some(status) = seen.status() else { return without_reply(seen) };
    if seen.has_refusal_code() {
        return TOKEN_REFUSED;
    }
    if let Some(decision) = of_instance(seen, status) {
        return decision;
    }
    if seen.stage == Stage::Token { of_token(seen, status) } else { of_api(seen, status) }
}

fn without_reply(seen: &Seen<'_>) -> Decision {
    let transport = seen.outcome.err();
    match transport {
        Some(Transport::SourceFailed) => ("token.source-failed", Kind::Authentication, Retry::Backoff),
        Some(Transport::SigningFailed) => ("token.not-signed", Kind::Authentication, Retry::Never),
        Some(Transport::Unreachable | Transport::TimedOut) if seen.writes() => unknown_outcome(Kind::Network),
        _ if seen.around.lasted_five_minutes() => ("network.cut-at-five-minutes", Kind::Network, Retry::Never),
        Some(Transport::TimedOut) => ("network.timeout", Kind::Network, Retry::Backoff),
        _ => ("network.unreachable", Kind::Network, Retry::Backoff),
    }
}

const fn unknown_outcome(kind: Kind) -> Decision {
    ("write.unknown-outcome", kind, Retry::LookFirst)
}

/// What any stage can show, and the writes that may have happened.
fn of_instance(seen: &Seen<'_>, status: u16) -> Option<Decision> {
    let (writes, is_page, is_success) = (seen.writes(), seen.is_html(), seen.is_success());
    let kept = matches!(seen.outcome.map(|reply| &reply.body), Ok(Body::Untouched));
    let unserved = || seen.endpoint().ends_with("/batch") && seen.is_unserviced_batch();
    let found = match status {
        _ if seen.says("Missing State parameter") => ("authorize.state-missing", Kind::Request, Retry::Never),
        _ if meets_lock(seen) => ("record.locked", Kind::Record, Retry::Backoff),
        409 if seen.stage == Stage::Api => ("record.conflict", Kind::Record, Retry::LookFirst),
        425 => ("request.too-early", Kind::Capacity, Retry::Backoff),
        501 => ("request.not-implemented", Kind::Request, Retry::Never),
        _ if seen.says("hibernating") && (is_page || matches!(status, 502 | 503)) => {
            ("instance.hibernating", Kind::Instance, Retry::Backoff)
        }
        407 | 511 => ("network.proxy-sign-in", Kind::Network, Retry::Never),
        403 if is_page => ("instance.address-refused", Kind::Authorization, Retry::Never),
        408 | 500.. if writes => unknown_outcome(Kind::Instance),
        _ if writes && seen.says(TOO_LONG) => unknown_outcome(Kind::Instance),
        _ if seen.says(TOO_LONG) || is_list_broken_off(seen) => ("quota.cancelled", Kind::Capacity, Retry::Never),
        0 | 300..=399 => ("instance.redirected", Kind::Instance, Retry::Never),
        502..=504 => ("instance.unavailable", Kind::Instance, Retry::Backoff),
        429 if seen.headers().value("x-ratelimit-limit").is_some() || seen.says("Rate limit") => {
            ("rate.rule", Kind::Rate, Retry::Backoff)
        }
        429 => ("capacity.queue-full", Kind::Capacity, Retry::Backoff),
        202 if seen.is_empty() => ("capacity.session-queue", Kind::Capacity, Retry::Backoff),
        202 if writes && !kept && !is_page => unknown_outcome(Kind::Instance),
        _ if is_page_for_reply(seen) => ("instance.not-its-api", Kind::Instance, Retry::Never),
        _ if writes && is_success && !unserved() => unknown_outcome(Kind::Instance),
        _ => return None,
    };
    Some(found)
}

fn of_token(seen: &Seen<'_>, status: u16) -> Decision {
    if seen.refuses_token() {
        TOKEN_REFUSED
    } else if status >= 500 || seen.says("temporarily_unavailable") {
        ("token.unavailable", Kind::Instance, Retry::Backoff)
    } else {
        ("token.unreadable", Kind::Instance, Retry::Never)
    }
}

fn of_api(seen: &Seen<'_>, status: u16) -> Decision {
    let says_any = |words: &[&str]| words.iter().any(|words| seen.says(words));
    match status {
        401 => ("authentication.refused", Kind::Authentication, Retry::Never),
        _ if says_any(&CROSS_SCOPE) => ("script.cross-scope", Kind::Record, Retry::Never),
        403 if says_any(&RECORD_RULES) => ("record.rule-refused", Kind::Record, Retry::Never),
        403 => ("acl.refused", Kind::Authorization, Retry::Never),
        404 => ("record.not-found", Kind::Record, Retry::Never),
        408 => ("network.timeout", Kind::Network, Retry::Backoff),
        400..=499 => ("request.unreadable", Kind::Request, Retry::Never),
        500.. => ("instance.error", Kind::Instance, Retry::Backoff),
        200..=299 => of_success(seen, status),
        _ => ("unknown", Kind::Unknown, Retry::Never),
    }
}

/// A success that is not what the API promises.
fn of_success(seen: &Seen<'_>, status: u16) -> Decision {
    match status {
        204 if !seen.writes() => ("instance.no-content", Kind::Instance, Retry::Never),
        _ if seen.is_unserviced_batch() => {
            let retry = if seen.writes() && seen.has_serviced() { Retry::LookFirst } else { Retry::Backoff };
            ("batch.unserviced", Kind::Capacity, retry)
        }
        _ if has_body(seen) && !is_json(seen.text()) => ("instance.not-json", Kind::Instance, Retry::Never),
        _ if has_body(seen) && is_whole(seen.text()) => ("instance.other-reply", Kind::Instance, Retry::Never),
        _ => ("instance.cut-reply", Kind::Instance, Retry::Backoff),
    }
}
