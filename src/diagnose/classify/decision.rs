//! What a client must know of a failure at once: whether to send again, and what to report. The rows of the catalogue that differ in
//! words and causes alone are one case here. A test compares both for every kind of exchange.
//!
//! Where callers decide by the code, it is the catalogue's. Otherwise it is that of the most general row, which is shown only where the
//! file that explains failures cannot be loaded.

use crate::auth::GrantType;
use crate::code::Code;
use crate::diagnose::catalogue::{
    fails_order, has_body, is_absent_record, is_json, is_list_broken_off, is_page_for_reply, is_unknown_table,
    is_whole, meets_lock,
};
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage, Transport};
use crate::request::Body;

/// Code, kind and advice.
pub(super) type Decision = (Code, Kind, Retry);

const TOKEN_REFUSED: Decision = (Code::TOKEN_REFUSED, Kind::Authentication, Retry::Never);
const TOO_LONG: &str = "maximum execution time exceeded";
/// What a script that reaches into another scope says, whatever the status.
const CROSS_SCOPE: [&str; 4] = ["cross-scope", "CrossScope", "ScopeAccess", "from scope"];
/// What a 403 says whose code a reader of pages may need, in the catalogue's order.
const FORBIDDEN: [(&str, Code); 6] = [
    ("Field(s) present in the query", Code::QUERY_FIELD_NOT_READABLE),
    ("api access scope", Code::SCOPE_MISSING),
    ("unscoped api", Code::SCOPE_UNSCOPED_API),
    ("API level ACL", Code::ACL_API),
    ("No permission to read table", Code::ACL_TABLE_COUNTS),
    ("web service", Code::TABLE_NOT_FOR_WEB_SERVICES),
];
/// What the token endpoint says of its reason, whatever the grant.
const REASONS: [&str; 6] = [
    "unsupported_grant_type",
    "unauthorized_client",
    "invalid_client",
    "invalid_scope",
    "User not found",
    "to admin is not allowed",
];
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

/// Tells the causes of a refused token apart: the reason that is given, otherwise the grant and whether the clock is off.
pub(super) fn key_of(seen: &Seen<'_>, code: Code) -> u16 {
    if code != Code::TOKEN_REFUSED {
        return 0;
    }
    if let Some(place) = REASONS.iter().position(|words| seen.says(words)) {
        return 0x100 | place as u16;
    }
    let by_clock = seen.around.grant == Some(GrantType::JwtBearer) && seen.clock_off().is_some();
    seen.around.grant.map_or(0, |grant| grant as u16) | u16::from(by_clock) << 9
}

fn without_reply(seen: &Seen<'_>) -> Decision {
    let transport = seen.outcome.err();
    match transport {
        Some(Transport::SourceFailed) => (Code::TOKEN_SOURCE_FAILED, Kind::Authentication, Retry::Backoff),
        Some(Transport::SigningFailed) => (Code::TOKEN_NOT_SIGNED, Kind::Authentication, Retry::Never),
        Some(Transport::Unreachable | Transport::TimedOut) if seen.writes() => unknown_outcome(Kind::Network),
        _ if seen.around.lasted_five_minutes() => (Code::NETWORK_CUT_AT_FIVE_MINUTES, Kind::Network, Retry::Never),
        Some(Transport::TimedOut) => (Code::NETWORK_TIMEOUT, Kind::Network, Retry::Backoff),
        _ => (Code::NETWORK_UNREACHABLE, Kind::Network, Retry::Backoff),
    }
}

const fn unknown_outcome(kind: Kind) -> Decision {
    (Code::WRITE_UNKNOWN_OUTCOME, kind, Retry::LookFirst)
}

/// What any stage can show, and the writes that may have happened.
fn of_instance(seen: &Seen<'_>, status: u16) -> Option<Decision> {
    let (writes, is_page, is_success) = (seen.writes(), seen.is_html(), seen.is_success());
    let kept = matches!(seen.outcome.map(|reply| &reply.body), Ok(Body::Untouched));
    let unserved = || seen.endpoint().ends_with("/batch") && seen.is_unserviced_batch();
    let found = match status {
        _ if seen.says("Missing State parameter") => (Code::AUTHORIZE_STATE_MISSING, Kind::Request, Retry::Never),
        _ if meets_lock(seen) => (Code::RECORD_LOCKED, Kind::Record, Retry::Backoff),
        409 if seen.stage == Stage::Api => (Code::RECORD_CONFLICT, Kind::Record, Retry::LookFirst),
        425 => (Code::REQUEST_TOO_EARLY, Kind::Capacity, Retry::Backoff),
        501 => (Code::REQUEST_NOT_IMPLEMENTED, Kind::Request, Retry::Never),
        _ if seen.says("hibernating") && (is_page || matches!(status, 502 | 503)) => {
            (Code::INSTANCE_HIBERNATING, Kind::Instance, Retry::Backoff)
        }
        407 | 511 => (Code::NETWORK_PROXY_SIGN_IN, Kind::Network, Retry::Never),
        403 if is_page => (Code::INSTANCE_ADDRESS_REFUSED, Kind::Authorization, Retry::Never),
        408 | 500.. if writes => unknown_outcome(Kind::Instance),
        _ if writes && seen.says(TOO_LONG) => unknown_outcome(Kind::Instance),
        _ if seen.says(TOO_LONG) || is_list_broken_off(seen) => (Code::QUOTA_CANCELLED, Kind::Capacity, Retry::Never),
        0 | 300..=399 => (Code::INSTANCE_REDIRECTED, Kind::Instance, Retry::Never),
        502..=504 => (Code::INSTANCE_UNAVAILABLE, Kind::Instance, Retry::Backoff),
        429 if seen.headers().value("x-ratelimit-limit").is_some() || seen.says("Rate limit") => {
            (Code::RATE_RULE, Kind::Rate, Retry::Backoff)
        }
        429 => (Code::CAPACITY_QUEUE_FULL, Kind::Capacity, Retry::Backoff),
        202 if seen.is_empty() => (Code::CAPACITY_SESSION_QUEUE, Kind::Capacity, Retry::Backoff),
        202 if writes && !kept && !is_page => unknown_outcome(Kind::Instance),
        _ if is_page_for_reply(seen) => (Code::INSTANCE_NOT_ITS_API, Kind::Instance, Retry::Never),
        _ if writes && is_success && !unserved() => unknown_outcome(Kind::Instance),
        _ => return None,
    };
    Some(found)
}

fn of_token(seen: &Seen<'_>, status: u16) -> Decision {
    if seen.refuses_token() {
        TOKEN_REFUSED
    } else if status >= 500 || seen.says("temporarily_unavailable") {
        (Code::TOKEN_UNAVAILABLE, Kind::Instance, Retry::Backoff)
    } else {
        (Code::TOKEN_UNREADABLE, Kind::Instance, Retry::Never)
    }
}

fn of_api(seen: &Seen<'_>, status: u16) -> Decision {
    let says_any = |words: &[&str]| words.iter().any(|words| seen.says(words));
    let forbidden = || FORBIDDEN.iter().find(|(words, _)| seen.says(words));
    match status {
        401 => (Code::AUTHENTICATION_REFUSED, Kind::Authentication, Retry::Never),
        403 if let Some((_, code)) = forbidden() => (*code, Kind::Authorization, Retry::Never),
        _ if says_any(&CROSS_SCOPE) => (Code::SCRIPT_CROSS_SCOPE, Kind::Record, Retry::Never),
        403 if says_any(&RECORD_RULES) => (Code::RECORD_RULE_REFUSED, Kind::Record, Retry::Never),
        403 => (Code::ACL_REFUSED, Kind::Authorization, Retry::Never),
        404 if fails_order(seen) => (Code::CATALOG_ORDER_FAILED, Kind::Request, Retry::Never),
        404 if is_absent_record(seen) => (Code::RECORD_NOT_FOUND, Kind::Record, Retry::Never),
        _ if is_unknown_table(seen) => (Code::TABLE_UNKNOWN, Kind::Request, Retry::Never),
        404 => (Code::PATH_UNKNOWN, Kind::Request, Retry::Never),
        408 => (Code::NETWORK_TIMEOUT, Kind::Network, Retry::Backoff),
        400..=499 => (Code::REQUEST_UNREADABLE, Kind::Request, Retry::Never),
        500.. => (Code::INSTANCE_ERROR, Kind::Instance, Retry::Backoff),
        200..=299 => of_success(seen, status),
        _ => (Code::UNKNOWN, Kind::Unknown, Retry::Never),
    }
}

/// A success that is not what the API promises.
fn of_success(seen: &Seen<'_>, status: u16) -> Decision {
    match status {
        204 if !seen.writes() => (Code::INSTANCE_NO_CONTENT, Kind::Instance, Retry::Never),
        _ if seen.is_unserviced_batch() => {
            let retry = if seen.writes() && seen.has_serviced() { Retry::LookFirst } else { Retry::Backoff };
            (Code::BATCH_UNSERVICED, Kind::Capacity, retry)
        }
        _ if has_body(seen) && !is_json(seen.text()) => (Code::INSTANCE_NOT_JSON, Kind::Instance, Retry::Never),
        _ if has_body(seen) && is_whole(seen.text()) => (Code::INSTANCE_OTHER_REPLY, Kind::Instance, Retry::Never),
        _ => (Code::INSTANCE_CUT_REPLY, Kind::Instance, Retry::Backoff),
    }
}
