//! A request answered under the faults that affect it.

use super::{Fault, FaultKind, Journey, affecting, body, headers, refusals};
use crate::exchange::{Body, Reply, Request};
use crate::instance::Instance;
use crate::route;

/// The reply, and the faults that are applied to it when it is complete.
pub(crate) fn answered(instance: &mut Instance, request: &Request, now: u64) -> (Reply, Vec<FaultKind>) {
    if request.path.starts_with("/__practice") || instance.switches.faults.is_empty() {
        return (route::answer(instance, request, now), Vec::new());
    }
    let faults = affecting(&mut instance.switches.faults, request, &mut instance.rng);
    let mut arriving = None;
    for fault in &faults {
        match fault {
            FaultKind::RevokeTokens => instance.tokens.revoke_access(&mut instance.store),
            FaultKind::LostHeader { name } => {
                arriving = Some(headers::without(arriving.as_ref().unwrap_or(request), *name));
            }
            _ => {}
        }
    }
    let request = arriving.as_ref().unwrap_or(request);
    let instead = faults.iter().rev().find_map(|fault| instead(instance, request, fault, now));
    let reply = match instead {
        Some(reply) => reply,
        None => {
            for _ in faults.iter().filter(|fault| **fault == FaultKind::Duplicate) {
                route::answer(instance, request, now);
                instance.requests += 1;
            }
            let reply = route::answer(instance, request, now);
            let is_cache = |fault: &Fault| matches!(fault.kind, FaultKind::Stale { .. });
            if instance.switches.faults.iter().any(is_cache) {
                instance.cache.keep(request, &reply, now);
            }
            reply
        }
    };
    (reply, faults)
}

/// The reply that comes although the instance does not process the request.
fn instead(instance: &Instance, request: &Request, fault: &FaultKind, now: u64) -> Option<Reply> {
    match fault {
        FaultKind::Status { status, retry_after } => Some(route::failure(*status, *retry_after, now)),
        FaultKind::Echo { status, form } => Some(crate::echo::echoed(request, *status, *form)),
        FaultKind::Gateway { status, by } => Some(by.reply(*status)),
        FaultKind::Redirect { status, to } => Some(refusals::redirect(request, *status, *to)),
        FaultKind::RetryAfter { status, form } => Some(refusals::with_retry_after(*status, *form, now)),
        FaultKind::Stale { key } => instance.cache.reply(request, *key, now),
        FaultKind::Lose => Some(Reply::empty(500)),
        _ => None,
    }
}

/// Applies a fault to a complete reply.
pub(crate) fn apply_fault(reply: &mut Reply, fault: &FaultKind) {
    match fault {
        FaultKind::Delay { ms } => reply.delay_ms = reply.delay_ms.saturating_add(*ms),
        FaultKind::Drop | FaultKind::Lose => reply.journey = Journey::Dropped,
        FaultKind::Reset => reply.journey = Journey::Reset,
        FaultKind::Truncate => reply.journey = Journey::Truncated,
        FaultKind::Trickle { bytes_per_second } => reply.journey = Journey::Slow(*bytes_per_second),
        FaultKind::Wire { form } => reply.journey = Journey::Wire(*form),
        FaultKind::ContentType { value } => {
            reply.headers.retain(|(name, _)| *name != "Content-Type");
            reply.headers.push(("Content-Type", value.clone()));
            if let Body::Whole(body) = &mut reply.body
                && body.is_empty()
            {
                body.push(b' ');
            }
        }
        FaultKind::Empty { status } => {
            reply.status = *status;
            reply.body = Body::Whole(Vec::new());
        }
        FaultKind::Body { change } => body::change_body(reply, *change),
        FaultKind::Headers { change } => headers::change_headers(reply, *change),
        FaultKind::Duplicate
        | FaultKind::Status { .. }
        | FaultKind::Echo { .. }
        | FaultKind::RevokeTokens
        | FaultKind::Gateway { .. }
        | FaultKind::Redirect { .. }
        | FaultKind::RetryAfter { .. }
        | FaultKind::LostHeader { .. }
        | FaultKind::Stale { .. } => {}
    }
}
