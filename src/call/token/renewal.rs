//! Renews the token: one renewal at a time in this client, and through the lock one at a time among all clients that share a store.
//!
//! New tokens are stored before they are used, and replace the old ones atomically: a client that is killed in between leaves
//! either the old or the new tokens. Each step has its own time limit. A store or a lock that fails or times out is skipped and
//! reported: it never blocks a call.

use super::step::{Attempt, Goal, PendingEffect, RenewalStep};
use super::stored;
use super::tokens::{RenewalEnd, Tokens, sign_in_needed};
use crate::auth::{
    Field, Granted, Obtains, StoredTokens, TOKEN_PATH, assertion, is_header_text, revocation, signing_input,
};
use crate::call::context::Context;
use crate::call::effect::{Effect, EffectId, Input};
use crate::diagnose::{self, Facts, Failure, Transport};
use crate::request::{Body, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// Longer than the holder of the lock needs for two token requests.
const LOCK_LIMIT: Millis = Millis::from_seconds(35);
/// A signature that takes longer counts as failed.
const SIGN_LIMIT: Millis = Millis::from_seconds(5);

/// None while calls wait on, or if none waited.
type MaybeEnd = Option<RenewalEnd>;

#[derive(Debug, Default)]
pub(in crate::call) struct TokenRenewal {
    step: RenewalStep,
    /// The effect that holds the lock. A store whose lock failed is used without it.
    lock: Option<EffectId>,
    /// Whether the store was read.
    store_read: bool,
    /// Index of the client secret that is sent.
    secret_index: usize,
}

impl TokenRenewal {
    /// The secrets of the pending renewal.
    pub(in crate::call) fn confidential(&self) -> impl Iterator<Item = &Secret> {
        let granted = self.step.granted();
        let refresh = granted.and_then(|granted| granted.refresh.as_ref());
        [self.step.sent(), granted.map(|granted| &granted.token), refresh].into_iter().flatten()
    }

    pub(in crate::call) const fn is_idle(&self) -> bool {
        self.step.pending().is_none()
    }

    pub(in crate::call) fn waits_for(&self, effect: EffectId) -> bool {
        self.step.pending().is_some_and(|pending| pending.id == effect)
    }

    /// When the pending step times out.
    pub(in crate::call) fn deadline(&self) -> Millis {
        self.step.pending().map_or(Millis::NEVER, |pending| pending.deadline)
    }

    /// When the renewal in the background is due.
    pub(in crate::call) fn due(&self, tokens: &Tokens, context: &Context) -> Millis {
        if !self.is_idle() || !tokens.is_renewable(context) || !tokens.state.is_unexpired(context.time()) {
            return Millis::NEVER;
        }
        tokens.state.renewal_due().unwrap_or(Millis::NEVER)
    }

    /// Starts a renewal, or joins the pending one.
    pub(in crate::call) fn renew(&mut self, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        tokens.state.requested();
        if let RenewalStep::ReadingStore { wanted, .. } = &mut self.step {
            *wanted = true;
        }
        if !self.is_idle() {
            None
        } else if !context.settings.stored {
            self.request(Attempt::default(), tokens, context)
        } else if self.store_read {
            self.wait_for_lock(Goal::Token, context)
        } else {
            self.read_store(true, context)
        }
    }

    /// Records that another context has changed the store.
    pub(in crate::call) fn store_changed(&mut self, context: &mut Context) {
        // A pending renewal reads the store itself, and what it saves is newer. A pending read may return the older data, so it is
        // repeated.
        if let RenewalStep::ReadingStore { stale, .. } = &mut self.step {
            *stale = true;
        } else if self.is_idle() && context.settings.stored {
            self.read_store(false, context);
        }
    }

    /// Whether a sign-out joins the pending one. One that also revokes starts again, because the first may be past that step.
    pub(in crate::call) fn is_signing_out(&self, revoke: bool) -> bool {
        self.step.sign_out().is_some_and(|revoking| revoking || !revoke)
    }

    /// Starts to remove all tokens, here and in the store. With `revoke` the instance revokes them too.
    pub(in crate::call) fn sign_out(&mut self, revoke: bool, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        // Tokens that are being saved must be revoked too.
        if let Some(granted) = self.step.granted() {
            let token = granted.refresh.as_ref().unwrap_or(&granted.token).clone();
            tokens.state.set_refresh(Some(token));
        }
        self.cancel(context);
        tokens.state.requested();
        if context.settings.stored {
            self.wait_for_lock(Goal::SignOut { revoke }, context)
        } else {
            self.revoke(revoke, tokens, context)
        }
    }

    /// Whether the pending renewal is of no use without a waiting call.
    pub(in crate::call) const fn needs_a_call(&self, tokens: &Tokens) -> bool {
        tokens.state.held().is_none() && self.step.needs_a_call()
    }

    pub(in crate::call) fn cancel_unneeded(&mut self, tokens: &mut Tokens, context: &mut Context) {
        self.cancel(context);
        tokens.state.cancel_request();
    }

    /// Cancels the pending renewal and releases its lock.
    pub(in crate::call) fn cancel(&mut self, context: &mut Context) {
        let renewal = core::mem::take(&mut self.step);
        if let Some(pending) = renewal.pending() {
            context.cancel(pending.id);
        }
        self.unlock(context);
    }

    /// Handles a step that has timed out.
    pub(in crate::call) fn time_out(&mut self, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        context.cancel(self.step.pending()?.id);
        self.resume(Input::Slept, tokens, context)
    }

    /// Handles the result of the pending effect.
    pub(in crate::call) fn resume(&mut self, input: Input, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        if matches!(input, Input::Lost) && self.step.granted().is_none() {
            // No failure: a sign-out begins again here, and a renewal with the first call that waits for it.
            let sign_out = self.step.sign_out();
            self.cancel_unneeded(tokens, context);
            return sign_out.and_then(|revoke| self.sign_out(revoke, tokens, context));
        }
        let failed = matches!(input, Input::Failed | Input::Slept | Input::Lost);
        match core::mem::take(&mut self.step) {
            RenewalStep::Idle => None,
            RenewalStep::ReadingStore { wanted, stale, .. } => {
                let stored = self.loaded(&input, context);
                if stale {
                    return self.read_store(wanted, context);
                }
                match stored.and_then(|stored| tokens.newer(stored, context)) {
                    Some(granted) => self.adopt(granted, "store", tokens, context),
                    None if wanted => self.wait_for_lock(Goal::Token, context),
                    None => None,
                }
            }
            RenewalStep::WaitingForLock { pending, goal } => {
                if failed {
                    stored::report_failure("lock", context);
                } else {
                    self.lock = Some(pending.id);
                }
                // After a page load the tokens to revoke are only in the store.
                if goal == (Goal::SignOut { revoke: false }) {
                    return self.save_sign_out(false, tokens, context);
                }
                self.step = RenewalStep::RereadingStore { pending: stored::load(context), goal };
                None
            }
            RenewalStep::RereadingStore { goal, .. } => {
                let stored = self.loaded(&input, context);
                if let Goal::SignOut { revoke } = goal {
                    if let Some(token) = stored.and_then(|stored| stored.refresh.or(stored.access)) {
                        tokens.state.set_refresh(Some(token));
                    }
                    return self.revoke(revoke, tokens, context);
                }
                match stored.and_then(|stored| tokens.newer(stored, context)) {
                    Some(granted) => self.adopt(granted, "store", tokens, context),
                    None => self.request(Attempt::default(), tokens, context),
                }
            }
            RenewalStep::Signing { attempt, text, .. } => {
                let Input::Signed(signature) = input else {
                    return self.request_failed(Err(Transport::SigningFailed), attempt, tokens, context);
                };
                context.settings.grant.set_single_use(Field::Assertion, assertion(&text, &signature));
                self.request(attempt, tokens, context)
            }
            RenewalStep::Requesting { pending, attempt } => {
                self.replied(input, pending.since, attempt, tokens, context)
            }
            RenewalStep::Revoking { .. } => {
                // The tokens are removed in any case. A failed revocation is reported.
                if !matches!(&input, Input::Reply(reply) if (200..300).contains(&reply.status)) {
                    context.emit("revocation.failed", None, None, None);
                }
                self.save_sign_out(true, tokens, context)
            }
            RenewalStep::Saving { granted, .. } => {
                if failed {
                    stored::report_failure("save", context);
                }
                self.adopt(granted, "request", tokens, context)
            }
            RenewalStep::SavingSignOut { .. } => {
                if failed {
                    stored::report_failure("save", context);
                }
                self.signed_out(failed, tokens, context)
            }
        }
    }

    fn read_store(&mut self, wanted: bool, context: &mut Context) -> MaybeEnd {
        self.step = RenewalStep::ReadingStore { pending: stored::load(context), wanted, stale: false };
        None
    }

    fn loaded(&mut self, input: &Input, context: &mut Context) -> Option<StoredTokens> {
        self.store_read = true;
        stored::loaded(input, context)
    }

    fn wait_for_lock(&mut self, goal: Goal, context: &mut Context) -> MaybeEnd {
        let pending = PendingEffect::begin(LOCK_LIMIT, context);
        context.push(Effect::Lock { id: pending.id });
        self.step = RenewalStep::WaitingForLock { pending, goal };
        None
    }

    fn request(&mut self, mut attempt: Attempt, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        let limit = context.settings.limits.token;
        let host = context.host_time();
        let Context { settings, random, .. } = context;
        let grant = &mut settings.grant;
        if grant.obtains() == Obtains::Supplied {
            let pending = PendingEffect::begin(limit, context);
            context.push(Effect::AskSource { id: pending.id, refused: tokens.refused.clone() });
            self.step = RenewalStep::Requesting { pending, attempt };
            return None;
        }
        let refresh = tokens.state.refresh().filter(|_| !attempt.fell_back && !grant.has_code()).cloned();
        if refresh.is_none() && !grant.is_ready() {
            return self.fail(sign_in_needed(), tokens, context);
        }
        if refresh.is_none() && grant.needs_assertion() && grant.credentials().value(Field::Assertion).is_none() {
            let text = signing_input(grant.credentials(), random, host);
            let pending = PendingEffect::begin(SIGN_LIMIT, context);
            context.push(Effect::Sign { id: pending.id, text: text.clone() });
            self.step = RenewalStep::Signing { pending, attempt, text };
            return None;
        }
        let outgoing = grant.request(&settings.instance, refresh.as_ref(), self.secret_index);
        if refresh.is_none() {
            grant.clear_single_use();
        }
        attempt.sent = refresh;
        let pending = PendingEffect::begin(limit, context);
        context.push(Effect::Fetch { id: pending.id, call: None, outgoing });
        self.step = RenewalStep::Requesting { pending, attempt };
        None
    }

    fn replied(
        &mut self,
        input: Input,
        requested_at: Millis,
        mut attempt: Attempt,
        tokens: &mut Tokens,
        context: &mut Context,
    ) -> MaybeEnd {
        let outcome = match &input {
            Input::Reply(Reply {
                status: 200..=299,
                body: Body::Token { access_token, expires_in, refresh_token },
                ..
            }) if is_header_text(access_token.expose()) => {
                // A reply without a refresh token keeps the old one valid (RFC 6749 section 6).
                let refresh = refresh_token.clone().filter(|token| is_header_text(token.expose())).or(attempt.sent);
                let granted = Granted { token: access_token.clone(), lifetime: *expires_in, refresh, requested_at };
                return self.save(granted, tokens, context);
            }
            Input::Supplied { token, expires_at } if is_header_text(token.expose()) => {
                let lifetime = expires_at.map_or(Millis::NEVER, |at| context.clock().own(at).less(requested_at));
                let granted = Granted { token: token.clone(), lifetime: Some(lifetime), refresh: None, requested_at };
                return self.adopt(granted, "source", tokens, context);
            }
            Input::Reply(reply) => Ok(reply),
            Input::Unreachable | Input::Failed => Err(Transport::Unreachable),
            Input::Slept => Err(Transport::TimedOut),
            _ => Err(Transport::SourceFailed),
        };
        // ServiceNow does not say which credential it refused, so the alternatives are tried.
        let refused = outcome.is_ok() && token_facts(outcome).refuses_token();
        if refused && self.try_next_credential(&mut attempt, context) {
            self.request(attempt, tokens, context)
        } else {
            self.request_failed(outcome, attempt, tokens, context)
        }
    }

    /// Selects the other client secret, then the grant itself instead of the refresh token; each once.
    fn try_next_credential(&mut self, attempt: &mut Attempt, context: &Context) -> bool {
        let grant = &context.settings.grant;
        let secrets = grant.secret_count();
        attempt.secrets += 1;
        if attempt.secrets < secrets {
            self.secret_index = (self.secret_index + 1) % secrets;
            return grant.is_ready() || attempt.sent.is_some();
        }
        attempt.secrets = 0;
        attempt.fell_back =
            attempt.sent.as_ref().is_some_and(|sent| grant.is_ready() && !grant.has_refresh_token(sent));
        attempt.fell_back
    }

    fn request_failed(
        &mut self,
        outcome: Result<&Reply, Transport>,
        attempt: Attempt,
        tokens: &mut Tokens,
        context: &mut Context,
    ) -> MaybeEnd {
        let failure = tokens.diagnosed(&token_facts(outcome), attempt.sent, context);
        self.fail(failure, tokens, context)
    }

    fn save(&mut self, granted: Granted, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        tokens.obtained_at = context.clock().host(granted.requested_at);
        if !context.settings.stored {
            return self.adopt(granted, "request", tokens, context);
        }
        let lifetime = granted.lifetime.unwrap_or(Millis::from_seconds(1800));
        let stored = StoredTokens {
            at: tokens.obtained_at,
            expires_at: tokens.obtained_at + lifetime,
            access: Some(granted.token.clone()),
            refresh: granted.refresh.clone(),
        };
        self.step = RenewalStep::Saving { pending: stored::save(&stored, context), granted };
        None
    }

    fn revoke(&mut self, revoke: bool, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        let token = tokens.state.refresh().or_else(|| tokens.state.token()).filter(|_| revoke);
        let Some(token) = token.filter(|_| context.settings.grant.obtains() == Obtains::Requested) else {
            return self.save_sign_out(revoke, tokens, context);
        };
        let outgoing = revocation(&context.settings.instance, token);
        let pending = PendingEffect::begin(context.settings.limits.token, context);
        context.push(Effect::Fetch { id: pending.id, call: None, outgoing });
        self.step = RenewalStep::Revoking { pending };
        None
    }

    fn save_sign_out(&mut self, revoke: bool, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        if !context.settings.stored {
            return self.signed_out(false, tokens, context);
        }
        let at = context.host_time();
        let none = StoredTokens { at, expires_at: at, access: None, refresh: None };
        self.step = RenewalStep::SavingSignOut { pending: stored::save(&none, context), revoke };
        None
    }

    fn adopt(&mut self, granted: Granted, from: &'static str, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        self.unlock(context);
        Some(tokens.adopt(granted, from, context))
    }

    fn fail(&mut self, failure: Box<Failure>, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        self.unlock(context);
        Some(tokens.failed(failure, context))
    }

    fn signed_out(&mut self, left_in_store: bool, tokens: &mut Tokens, context: &mut Context) -> MaybeEnd {
        self.unlock(context);
        Some(tokens.signed_out(left_in_store, context))
    }

    /// Releases the lock if it is held.
    fn unlock(&mut self, context: &mut Context) {
        if let Some(id) = self.lock.take() {
            context.push(Effect::Cancel { id });
        }
    }
}

const fn token_facts(outcome: Result<&Reply, Transport>) -> Facts<'_> {
    Facts { stage: diagnose::Stage::Token, method: Method::Post, path: TOKEN_PATH, outcome }
}
