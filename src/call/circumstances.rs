//! Diagnoses failed calls by their circumstances: the grant, the credential, and the APIs that accepted it. Diagnoses are ranked by them, so that
//! a thrown error matches what `classify()` returns for the same exchanges.

use super::confidential::secrets;
use super::context::Context;
use super::pending_call::{CallStage, PendingCall, Purpose};
use super::token::{TokenRenewal, Tokens};
use crate::auth::{Presents, TOKEN_PATH};
use crate::diagnose::{self, Circumstances, Credential, Facts, Failure, Transport, api_of, diagnose_in, is_signed};
use crate::request::{Method, Reply};

fn call_circumstances(
    call: &PendingCall,
    method: Method,
    path: &str,
    tokens: &Tokens,
    context: &Context,
) -> Circumstances<'static> {
    let CallStage::Sent { generation, .. } = call.stage else { return Circumstances::UNKNOWN };
    let (time, grant) = (context.time(), &context.settings.grant);
    // The deadline of a sent request counts from its sending.
    let sent_at = call.deadline.less(context.settings.limits.call);
    let known = tokens.accepted_apis();
    let apis = known.apis(generation);
    let is_here = |api: &String| api == api_of(path);
    let issued = tokens.issued(generation);
    Circumstances {
        credential: Some(match grant.presents() {
            Presents::Bearer => Credential::Bearer,
            Presents::Basic => Credential::Basic,
            Presents::ApiKey => Credential::ApiKey,
            Presents::Nothing => Credential::Unshown,
        }),
        renewed: call.renewed || tokens.state().is_suspect(time),
        token_age: issued.map(|issued| sent_at.less(issued.requested_at)),
        token_lifetime: issued.map(|issued| issued.lifetime),
        foreign: grant.grant_type().is_none() && tokens.state().token().is_some_and(|token| is_signed(token.expose())),
        accepted_here: apis.iter().any(is_here),
        accepted_elsewhere: apis.iter().any(|api| !is_here(api)),
        accepted_lately: !call.resent && known.accepted_lately(generation, method, path, time),
        duration: Some(time.less(sent_at)),
        ..Circumstances::UNKNOWN
    }
}

/// Diagnoses a failed attempt.
pub(super) fn explain(
    call: &PendingCall,
    outcome: Result<&Reply, Transport>,
    renewal: &TokenRenewal,
    tokens: &Tokens,
    context: &Context,
) -> Box<Failure> {
    let (method, path) = match &call.purpose {
        Purpose::Request(request) => (request.method, request.path.as_str()),
        Purpose::Token { .. } | Purpose::SignOut => (Method::Post, TOKEN_PATH),
    };
    // While a call waits for its token, its request was not sent: no write can have happened.
    let stage = if call.stage == CallStage::Waiting { diagnose::Stage::Token } else { diagnose::Stage::Api };
    let facts = Facts { stage, method, path, outcome };
    let around = call_circumstances(call, method, path, tokens, context);
    let mut failure = diagnose_in(&facts, &around, call.attempts, context.host_time());
    if failure.tried.status == Some(401) && context.settings.grant.is_bearer() && !tokens.is_renewable(context) {
        failure.diagnosis.evidence.push("this client cannot renew it".to_owned());
    }
    failure.hide(&secrets(Some(call), renewal, tokens, context));
    failure
}
