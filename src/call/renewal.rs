//! One token renewal, from start to end. One runs at a time in this client, and through the lock one at a time among all clients
//! that share a store.
//!
//! ```text
//!  ReadingStore --newer token------------------------------> done    once, and after each change of the store
//!     | none
//!     v
//!  Locking --> RereadingStore --newer token----------------> done    the previous holder of the lock has renewed
//!                 | none
//!                 v
//!              Signing --> Requesting --granted--> Saving -> done    Signing: for an assertion only
//!                 ^           | refused
//!                 `-----------' with the other client secret; without the refresh token, once
//!
//!  without a store: Signing --> Requesting --> done                  a sign-out: Locking --> Revoking --> Saving --> done
//! ```
//!
//! New tokens are stored before they are used, and replace the old ones atomically: a client that is killed in between leaves
//! either the old or the new tokens. Each step has its own time limit. A store or a lock that fails or times out is skipped and
//! reported: it never blocks a call.

use super::effect::{CallId, Effect, EffectId, Input};
use super::machine::Client;
use super::pending_call::CallStage;
use crate::auth::{Field, Granted, Obtains, TOKEN_PATH, assertion, is_header_text, revocation, signing_input};
use crate::diagnose::{self, Facts, Transport};
use crate::request::{Body, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// Longer than the holder of the lock needs for two token requests.
const LOCK_LIMIT: Millis = Millis::from_seconds(35);
/// A signature that takes longer counts as failed.
const SIGN_LIMIT: Millis = Millis::from_seconds(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RenewalStep {
    ReadingStore,
    Locking,
    RereadingStore,
    Signing,
    Requesting,
    Revoking,
    Saving,
}

#[derive(Debug)]
pub(super) struct Renewal {
    pub(super) step: RenewalStep,
    /// The pending effect of the step.
    pub(super) id: EffectId,
    /// When the step began, and when it times out.
    pub(super) since: Millis,
    pub(super) deadline: Millis,
    /// The effect that holds the lock.
    pub(super) lock: Option<EffectId>,
    /// Whether a token is needed. Reading a changed store needs none.
    pub(super) wanted: bool,
    /// The refresh token that was sent.
    pub(super) sent_refresh: Option<Secret>,
    /// Whether the refresh token was refused, so that the grant itself is sent.
    fell_back: bool,
    /// Whether the store has changed since the reading began.
    pub(super) stale: bool,
    /// The number of client secrets tried.
    tried: usize,
    /// The signing input of the assertion.
    text: String,
    /// The granted tokens, while they are saved.
    pub(super) granted: Option<Granted>,
    /// Set for a sign-out: whether it revokes the tokens.
    pub(super) sign_out: Option<bool>,
}

impl Client {
    /// Starts a renewal, or joins the pending one.
    pub(super) fn renew_token(&mut self) {
        self.token_state.requested();
        if let Some(renewal) = &mut self.renewal {
            renewal.wanted = true;
            return;
        }
        self.renewal = Some(self.new_renewal(true));
        if !self.context.settings.stored {
            self.request_token();
        } else if self.store_read {
            self.lock();
        } else {
            self.load(RenewalStep::ReadingStore);
        }
    }

    /// Starts a sign-out: removes all tokens, here and in the store. With `revoke` the instance revokes them too, for every
    /// process with the same client and user, because ServiceNow shares tokens.
    pub fn start_sign_out(&mut self, revoke: bool, now: Millis) -> CallId {
        let id = self.begin(super::pending_call::Purpose::SignOut, now);
        // A second sign-out joins the first. One that also revokes starts again, because the first may be past that step.
        let pending = self.renewal.as_ref().and_then(|renewal| renewal.sign_out);
        if pending.is_some_and(|revoking| revoking || !revoke) {
            return id;
        }
        // Tokens that are being saved must be revoked too.
        if let Some(granted) = self.renewal.as_mut().and_then(|renewal| renewal.granted.take()) {
            self.token_state.set_refresh(granted.refresh.or(Some(granted.token)));
        }
        self.end_renewal();
        self.token_state.requested();
        let mut renewal = self.new_renewal(true);
        renewal.sign_out = Some(revoke);
        self.renewal = Some(renewal);
        if self.context.settings.stored {
            self.lock();
        } else {
            self.revoke();
        }
        id
    }

    pub(super) fn new_renewal(&mut self, wanted: bool) -> Renewal {
        let since = self.context.time();
        // Calls that waited for the end of a pause now wait for this renewal, sign-in or sign-out.
        for call in self.calls.iter_mut().filter(|call| wanted && call.stage == CallStage::Waiting) {
            call.deadline = since + self.context.settings.limits.call;
        }
        Renewal {
            step: RenewalStep::ReadingStore,
            id: EffectId(0),
            since,
            deadline: since,
            lock: None,
            wanted,
            sent_refresh: None,
            fell_back: false,
            stale: false,
            tried: 0,
            text: String::new(),
            granted: None,
            sign_out: None,
        }
    }

    /// Enters a step and returns the id for its effect.
    pub(super) fn enter_step(&mut self, step: RenewalStep, limit: Millis) -> EffectId {
        let (id, since) = (self.context.next_effect(), self.context.time());
        let deadline = since + limit;
        self.earliest = self.earliest.min(deadline);
        if let Some(renewal) = &mut self.renewal {
            (renewal.step, renewal.id, renewal.since, renewal.deadline) = (step, id, since, deadline);
        }
        id
    }

    pub(super) fn lock(&mut self) {
        let id = self.enter_step(RenewalStep::Locking, LOCK_LIMIT);
        self.context.push(Effect::Lock { id });
    }

    pub(super) fn renewal_answered(&mut self, input: Input) {
        let Some(renewal) = &mut self.renewal else { return };
        let (step, id, failed) = (renewal.step, renewal.id, matches!(input, Input::Failed | Input::Slept));
        match (step, input) {
            (RenewalStep::Locking, _) => {
                if failed {
                    self.emit_store_failure("lock");
                } else {
                    renewal.lock = Some(id);
                }
                // After a page load the tokens to revoke are only in the store.
                if self.renewal.as_ref().is_some_and(|renewal| renewal.sign_out == Some(false)) {
                    self.save_sign_out();
                } else {
                    self.load(RenewalStep::RereadingStore);
                }
            }
            (RenewalStep::ReadingStore | RenewalStep::RereadingStore, input) => self.loaded(step, &input),
            (RenewalStep::Signing, Input::Signed(signature)) => {
                let assertion = assertion(&renewal.text, &signature);
                self.context.settings.grant.set_single_use(Field::Assertion, assertion);
                self.request_token();
            }
            (RenewalStep::Signing, _) => self.token_failed(Err(Transport::SigningFailed)),
            (RenewalStep::Requesting, input) => self.token_answered(input),
            (RenewalStep::Revoking, input) => {
                // The tokens are removed in any case. A failed revocation is reported.
                let revoked = matches!(&input, Input::Reply(reply) if (200..300).contains(&reply.status));
                if !revoked {
                    self.context.emit("revocation.failed", None, None, None);
                }
                self.save_sign_out();
            }
            (RenewalStep::Saving, _) => {
                if failed {
                    self.emit_store_failure("save");
                }
                match self.renewal.as_mut().and_then(|renewal| renewal.granted.take()) {
                    Some(granted) => self.adopt(granted, "request"),
                    None => self.signed_out(failed),
                }
            }
        }
    }

    pub(super) fn request_token(&mut self) {
        let Some(renewal) = &mut self.renewal else { return };
        let host = self.context.host_time();
        let grant = &mut self.context.settings.grant;
        if grant.obtains() == Obtains::Supplied {
            let refused = self.refused.clone();
            let limit = self.context.settings.limits.token;
            let id = self.enter_step(RenewalStep::Requesting, limit);
            return self.context.push(Effect::AskSource { id, refused });
        }
        let refresh = self.token_state.refresh().filter(|_| !renewal.fell_back && !grant.has_code()).cloned();
        if refresh.is_none() && !grant.is_ready() {
            return self.fail_without_sign_in();
        }
        if refresh.is_none() && grant.needs_assertion() && grant.credentials().value(Field::Assertion).is_none() {
            let text = signing_input(grant.credentials(), &mut self.context.random, host);
            renewal.text.clone_from(&text);
            let id = self.enter_step(RenewalStep::Signing, SIGN_LIMIT);
            return self.context.push(Effect::Sign { id, text });
        }
        let outgoing = grant.request(&self.context.settings.instance, refresh.as_ref(), self.secret_index);
        if refresh.is_none() {
            grant.clear_single_use();
        }
        renewal.sent_refresh = refresh;
        let limit = self.context.settings.limits.token;
        let id = self.enter_step(RenewalStep::Requesting, limit);
        self.context.push(Effect::Fetch { id, call: None, outgoing });
    }

    fn token_answered(&mut self, input: Input) {
        let Some(renewal) = &mut self.renewal else { return };
        let requested_at = renewal.since;
        match input {
            Input::Reply(Reply {
                status: 200..=299,
                body: Body::Token { access_token, expires_in, refresh_token },
                ..
            }) if is_header_text(access_token.expose()) => {
                // A reply without a refresh token keeps the old one valid (RFC 6749 section 6).
                let refresh = refresh_token
                    .filter(|token| is_header_text(token.expose()))
                    .or_else(|| renewal.sent_refresh.take());
                self.save(Granted { token: access_token, lifetime: expires_in, refresh, requested_at });
            }
            Input::Supplied { token, expires_at } if is_header_text(token.expose()) => {
                let lifetime = expires_at.map_or(Millis::NEVER, |at| self.context.clock().own(at).less(requested_at));
                self.adopt(Granted { token, lifetime: Some(lifetime), refresh: None, requested_at }, "source");
            }
            Input::Reply(reply) => {
                // ServiceNow does not say which credential it refused, so the alternatives are tried.
                let outcome = Ok(&reply);
                let facts = Facts { stage: diagnose::Stage::Token, method: Method::Post, path: TOKEN_PATH, outcome };
                if facts.refuses_token() && self.try_next_credential() {
                    self.request_token();
                } else {
                    self.token_failed(Ok(&reply));
                }
            }
            Input::Unreachable | Input::Failed => self.token_failed(Err(Transport::Unreachable)),
            Input::Slept => self.token_failed(Err(Transport::TimedOut)),
            _ => self.token_failed(Err(Transport::SourceFailed)),
        }
    }

    /// Selects the other client secret, then the grant itself instead of the refresh token; each once.
    fn try_next_credential(&mut self) -> bool {
        let Some(renewal) = &mut self.renewal else { return false };
        let secrets = self.context.settings.grant.secret_count();
        renewal.tried += 1;
        if renewal.tried < secrets {
            self.secret_index = (self.secret_index + 1) % secrets;
            return self.context.settings.grant.is_ready() || renewal.sent_refresh.is_some();
        }
        renewal.tried = 0;
        let grant = &self.context.settings.grant;
        let falls_back =
            renewal.sent_refresh.as_ref().is_some_and(|sent| grant.is_ready() && !grant.has_refresh_token(sent));
        renewal.fell_back = falls_back;
        falls_back
    }

    pub(super) fn revoke(&mut self) {
        let revoked = self.renewal.as_ref().is_some_and(|renewal| renewal.sign_out == Some(true));
        let token = self.token_state.refresh().or_else(|| self.token_state.token()).filter(|_| revoked).cloned();
        let Some(token) = token.filter(|_| self.context.settings.grant.obtains() == Obtains::Requested) else {
            return self.save_sign_out();
        };
        let outgoing = revocation(&self.context.settings.instance, &token);
        let limit = self.context.settings.limits.token;
        let id = self.enter_step(RenewalStep::Revoking, limit);
        self.context.push(Effect::Fetch { id, call: None, outgoing });
    }

    /// Releases the lock if it is held.
    pub(super) fn unlock(&mut self, renewal: &Renewal) {
        if let Some(id) = renewal.lock {
            self.context.push(Effect::Cancel { id });
        }
    }
}
