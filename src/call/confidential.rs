//! The secrets to redact from failures: those of the client and those of a call's requests.

use super::context::Context;
use super::pending_call::{PendingCall, Purpose};
use super::token::{TokenRenewal, Tokens};
use crate::diagnose::from_form;
use crate::secret::Secret;

pub(super) fn secrets(
    call: Option<&PendingCall>,
    renewal: &TokenRenewal,
    tokens: &Tokens,
    context: &Context,
) -> Vec<Secret> {
    let mut all = tokens.confidential(context);
    all.extend(renewal.confidential().cloned());
    if let Some(call) = call {
        all.extend(call.credentials.iter().cloned());
        if let Purpose::Request(request) = &call.purpose {
            from_form(&request.path, &mut all);
        }
    }
    all
}
