//! Tokens in the host's store: how long they are kept and used. A store that fails is reported and skipped.

use super::step::PendingEffect;
use crate::auth::StoredTokens;
use crate::call::context::Context;
use crate::call::effect::{Effect, Input};
use crate::time::Millis;

/// A store that takes longer is skipped.
const STORE_LIMIT: Millis = Millis::from_seconds(2);
/// Lifetime of stored tokens with an unknown expiry: ServiceNow's refresh tokens live 100 days.
const LONGEST_KEPT: Millis = Millis::from_seconds(8_640_000);

pub(super) fn load(context: &mut Context) -> PendingEffect {
    let pending = PendingEffect::begin(STORE_LIMIT, context);
    context.push(Effect::Load { id: pending.id });
    pending
}

pub(super) fn loaded(input: &Input, context: &mut Context) -> Option<StoredTokens> {
    match input {
        Input::Loaded(None) => None,
        Input::Loaded(Some(text)) => {
            let stored = StoredTokens::parse(text.expose());
            if stored.is_none() {
                report_failure("unreadable", context);
            }
            stored
        }
        _ => {
            report_failure("load", context);
            None
        }
    }
}

pub(super) fn save(stored: &StoredTokens, context: &mut Context) -> PendingEffect {
    let at = stored.at;
    let kept = stored.refresh.is_some() || stored.access.is_none();
    let expires_at = if kept { at + LONGEST_KEPT } else { stored.expires_at.min(at + LONGEST_KEPT) };
    let pending = PendingEffect::begin(STORE_LIMIT, context);
    context.push(Effect::Save { id: pending.id, envelope: stored.print(), expires_at });
    pending
}

pub(super) fn report_failure(what: &'static str, context: &mut Context) {
    context.emit("store.failed", Some(what.to_owned()), None, None);
}
