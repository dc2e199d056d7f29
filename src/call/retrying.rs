//! Whether a failed request is sent again, and what its failure means for the pacing of others.

use super::pending_call::{PendingCall, Purpose, Request};
use crate::code::Code;
use crate::diagnose::{Failure, Kind, Retry};
use crate::pace::{Allowed, Outcome};
use crate::request::{Expect, Method};

/// Whether the diagnosis and the kind of request allow a retry.
pub(super) fn allowed(call: &PendingCall, failure: &Failure) -> Allowed {
    let Purpose::Request(request) = &call.purpose else { return Allowed::Nothing };
    // A POST is sent again only if it was certainly not processed: it never left (one that may have left must be looked
    // up), was refused before processing, or reached a hibernating instance.
    let unprocessed = matches!(failure.tried.status, None | Some(202 | 425 | 429 | 503))
        || failure.diagnosis.code == Code::INSTANCE_HIBERNATING;
    let harmless = request.method != Method::Post || unprocessed;
    // What cuts a body once mostly does so again. A page is asked for in halves at once; the rest is tried twice more.
    if is_cut(failure) && (is_page(request) || call.attempts >= 3) {
        return Allowed::Nothing;
    }
    match failure.diagnosis.retry {
        _ if !request.repeatable || !harmless => Allowed::Nothing,
        Retry::Backoff => Allowed::Again,
        Retry::After(wait) => Allowed::AgainAfter(wait),
        Retry::Never | Retry::AfterRenewal | Retry::LookFirst => Allowed::Nothing,
    }
}

/// Whether a body was truncated: a sign of its size or of the network, not of the instance. 202 is the reply of a queue.
pub(super) fn is_cut(failure: &Failure) -> bool {
    failure.diagnosis.code == Code::INSTANCE_CUT_REPLY && failure.tried.status != Some(202)
}

/// Smaller pages are retried unchanged, such as the request for the instance's time and the first ones of a sync.
const SMALL_PAGE: u64 = 8;

/// Whether the request reads a page of a table that can be halved.
fn is_page(request: &Request) -> bool {
    let limit = request.path.split(['?', '&']).find_map(|part| part.strip_prefix("sysparm_limit="));
    let rows = limit.and_then(|limit| limit.parse::<u64>().ok());
    request.expect == Expect::Rows
        && request.path.starts_with("/api/now/table/")
        && rows.is_some_and(|rows| rows > SMALL_PAGE)
}

/// What a failure means for the pacer, by its diagnosis: only the catalogue knows what a status means. The exception is 503, for
/// which no diagnosis separates an overloaded instance from an absent one.
pub(super) fn outcome_of(failure: &Failure) -> Outcome {
    if is_cut(failure) {
        return Outcome::Served;
    }
    match (failure.diagnosis.kind, failure.diagnosis.retry, failure.tried.status) {
        (Kind::Rate, ..) => Outcome::Limited,
        // The instance cancelled this request at its time limit, or left it out of a Batch: other requests are not affected.
        (Kind::Capacity, Retry::Never, _) | (Kind::Capacity, _, Some(200 | 425)) => Outcome::Served,
        // An invalid request is no sign of an instance problem, whatever its status.
        (Kind::Request, ..) => Outcome::Served,
        (Kind::Capacity, ..) => Outcome::Throttled,
        (_, _, Some(503)) => Outcome::Unavailable,
        // No reply, or not from a working instance: a hibernation page.
        (_, _, None | Some(0 | 500..)) | (Kind::Instance, Retry::Backoff, _) => Outcome::Failed,
        _ => Outcome::Served,
    }
}
