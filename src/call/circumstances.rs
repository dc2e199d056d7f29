//! The circumstances of a failed call: the grant, the credential, and the APIs that accepted it. Diagnoses are ranked by them, so that
//! a thrown error matches what `classify()` returns for the same exchanges.

use super::context::Context;
use super::pending_call::{CallStage, PendingCall};
use super::token::Tokens;
use crate::auth::Presents;
use crate::diagnose::{Circumstances, Credential, api_of, is_signed};

pub(super) fn call_circumstances(
    call: &PendingCall,
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
        accepted_lately: !call.resent && known.accepted_lately(generation, path, time),
        duration: Some(time.less(sent_at)),
        ..Circumstances::UNKNOWN
    }
}
