//! Tokens in the state machine: when one is requested, and how waiting calls continue or fail.

use super::circumstances::{AcceptedApis, TokenIssue};
use super::effect::{CallId, Completion, Effect};
use super::machine::Client;
use super::pending_call::{CallStage, Purpose};
use super::renewal::RenewalStep;
use crate::auth::{Field, Granted, TOKEN_PATH};
use crate::diagnose::{self, Facts, Failure, Kind, Retry, Transport, diagnose_in};
use crate::request::{Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// After this number of consecutive failures the pause is longest and the user is notified.
const ATTENTION_AFTER: u32 = 7;

/// A pause that the token endpoint asks for delays every call, so it is bounded.
const LONGEST_ASKED: Millis = Millis::from_seconds(3600);

impl Client {
    /// Requests a token with the authorization code of a sign-in, even if a token is held.
    pub fn start_code(&mut self, code: Secret, verifier: Secret, now: Millis) -> CallId {
        self.context.settings.grant.set_single_use(Field::Code, code);
        self.context.settings.grant.set_single_use(Field::CodeVerifier, verifier);
        // The code replaces any earlier or pending renewal.
        self.end_renewal();
        // A pending sign-out is complete: the new tokens replace those that it would have removed.
        self.finish_sign_outs(false);
        self.token_state.forget();
        self.token_failure = None;
        self.start_token(None, now)
    }

    /// Starts the renewal in the background if it is due.
    pub(super) fn renew_if_due(&mut self, time: Millis) {
        if self.renewal_due_at(time) <= time {
            self.renew_token();
        }
    }

    /// When the renewal in the background is due.
    pub(super) fn renewal_due_at(&self, time: Millis) -> Millis {
        if self.renewal.is_some() || !self.token_state.is_renewable(&self.context.settings.grant) {
            return Millis::NEVER;
        }
        self.token_state.renewal_due().filter(|_| self.token_state.is_unexpired(time)).unwrap_or(Millis::NEVER)
    }

    /// Cancels a renewal that no call waits for: otherwise an unrelated later call would fail with its error. A request with a
    /// refresh token is not cancelled: if the server rotates it, the reply holds the only valid one.
    pub(super) fn drop_unwanted_renewal(&mut self) {
        let waited_for = |client: &Self| client.calls.iter().any(|call| call.stage == CallStage::Waiting);
        let kept =
            |step, refreshing: bool| step == RenewalStep::Saving || (step == RenewalStep::Requesting && refreshing);
        let unwanted = |client: &Self| {
            client.token_state.token().is_none()
                && client.renewal.as_ref().is_some_and(|renewal| !kept(renewal.step, renewal.sent_refresh.is_some()))
        };
        let wanted = self.renewal.as_ref().is_some_and(|renewal| renewal.wanted);
        // Reading a changed store never had a waiting call.
        if wanted && unwanted(self) && !waited_for(self) {
            self.end_renewal();
            self.token_state.cancel_request();
        }
    }

    /// Cancels the pending renewal and releases its lock.
    pub(super) fn end_renewal(&mut self) {
        if let Some(renewal) = self.renewal.take() {
            self.context.cancel(renewal.id);
            self.unlock(&renewal);
        }
    }

    /// Continues a call with the current token, usable or not.
    pub(super) fn proceed(&mut self, id: CallId) {
        let Some(call) = self.calls.of(id) else { return };
        match (&call.purpose, self.token_state.token()) {
            (Purpose::Request(_), _) => self.enqueue(id),
            (_, Some(token)) => {
                let token = token.clone();
                self.token_state.mark_used();
                self.take(id);
                self.context.push(Effect::Finish { call: id, outcome: Ok(Completion::Token(token)) });
            }
            (_, None) => {}
        }
    }

    pub(super) fn adopt(&mut self, granted: Granted, from: &'static str) {
        if let Some(renewal) = self.renewal.take() {
            self.unlock(&renewal);
        }
        // Only a reply is evidence of a lifetime, not a source or a store.
        self.issued = TokenIssue::of(&granted).filter(|_| from == "request");
        self.accepted_apis.adopted(&granted.token, self.token_state.generation().wrapping_add(1));
        self.token_state.granted(granted, &mut self.context.random);
        self.token_failure = None;
        self.attention = None;
        self.refused = None;
        let until = self.token_state.held().map(|held| self.context.clock().host_or_never(held.expires_at));
        self.context.emit("token.renewed", Some(from.to_owned()), until, None);
        self.warn_of_credentials();
        // Waiting calls use it even if it expires soon; otherwise a short-lived token would be requested in a loop.
        for id in self.waiting() {
            self.proceed(id);
        }
    }

    pub(super) fn token_failed(&mut self, outcome: Result<&Reply, Transport>) {
        let host = self.context.host_time();
        let facts = Facts { stage: diagnose::Stage::Token, method: Method::Post, path: TOKEN_PATH, outcome };
        let attempts = u8::try_from(self.token_state.failures()).unwrap_or(u8::MAX).saturating_add(1);
        let renewal = self.renewal.as_ref().is_some_and(|renewal| renewal.sent_refresh.is_some());
        let mut failure = diagnose_in(&facts, &self.token_circumstances(renewal), attempts, host);
        failure.diagnosis.hide(&self.secrets(None));
        self.renewal_failed(failure);
    }

    /// Fails the renewal because no credential is left: the user must sign in.
    pub(super) fn fail_without_sign_in(&mut self) {
        let failure = Self::sign_in_needed();
        self.renewal_failed(failure);
    }

    pub(super) fn sign_in_needed() -> Box<Failure> {
        let title = "The user must sign in: there was no sign-in, or it has ended";
        let mut failure =
            Failure::unsent("token.sign-in-needed", Kind::Authentication, title, Retry::AfterRenewal, String::new());
        failure.of_token = true;
        failure
    }

    fn renewal_failed(&mut self, failure: Box<Failure>) {
        let time = self.context.time();
        if let Some(renewal) = self.renewal.take() {
            self.unlock(&renewal);
        }
        let asked = if let Retry::After(wait) = failure.diagnosis.retry { wait.min(LONGEST_ASKED) } else { Millis(0) };
        self.token_state.failed(asked, time);
        let until = self.token_state.paused_until().map(|until| self.context.clock().host(until));
        self.context.emit("token.failed", None, until, Some(failure.clone()));
        if needs_user_action(&failure) || self.token_state.failures() >= ATTENTION_AFTER {
            self.request_attention(&failure);
        }
        // The current token is used until it expires.
        let unexpired = self.token_state.is_unexpired(time);
        for id in self.waiting() {
            if unexpired { self.proceed(id) } else { self.token_unavailable(id, failure.clone()) }
        }
        self.token_failure = Some(failure);
    }

    /// Reports a failure that needs the user, once for each cause until a token comes.
    pub(super) fn request_attention(&mut self, failure: &Failure) {
        // One code has several causes: first the refresh token may be refused, then the grant.
        let reported = self.attention.as_ref().is_some_and(|reported| {
            reported.diagnosis.code == failure.diagnosis.code && reported.diagnosis.key == failure.diagnosis.key
        });
        if !reported {
            self.attention = Some(Box::new(failure.clone()));
            self.context.emit("attention", None, None, Some(Box::new(failure.clone())));
        }
    }

    pub(super) fn signed_out(&mut self, left_in_store: bool) {
        let Some(renewal) = self.renewal.take() else { return };
        self.unlock(&renewal);
        self.forget_all_tokens();
        self.finish_sign_outs(left_in_store);
        // Waiting calls request a new token, or fail because the user must sign in.
        for id in self.waiting() {
            self.advance(id);
        }
    }

    /// Ends every pending sign-out. It fails if tokens are left in the store, because they would sign the next page in.
    fn finish_sign_outs(&mut self, left_in_store: bool) {
        let ended: Vec<CallId> = self.calls.iter().filter(|call| !call.wants_token()).map(|call| call.id).collect();
        for call in ended {
            self.take(call);
            let outcome = if left_in_store { Err(not_cleared()) } else { Ok(Completion::SignedOut) };
            self.context.push(Effect::Finish { call, outcome });
        }
    }

    /// Removes all tokens after a sign-out, here or in another context.
    pub(super) fn forget_all_tokens(&mut self) {
        self.token_state.forget();
        self.accepted_apis = AcceptedApis::default();
        self.context.settings.grant.sign_out();
        (self.refused, self.token_failure, self.attention) = (None, None, None);
        self.obtained_at = self.context.host_time();
        self.context.emit("signed-out", None, None, None);
    }

    /// Reports the credentials that expire soon, once for each warning.
    pub(super) fn warn_of_credentials(&mut self) {
        let host = self.context.host_time();
        let due: Vec<(String, Millis)> = self
            .context
            .settings
            .expiring
            .iter_mut()
            .filter_map(|credential| credential.is_due(host).then(|| (credential.name.clone(), credential.at)))
            .collect();
        for (name, at) in due {
            self.context.emit("credential.expiring", Some(name), Some(at), None);
        }
    }

    pub(super) fn emit_store_failure(&mut self, what: &'static str) {
        self.context.emit("store.failed", Some(what.to_owned()), None, None);
    }

    fn waiting(&self) -> Vec<CallId> {
        self.calls
            .iter()
            .filter(|call| call.stage == CallStage::Waiting && call.wants_token())
            .map(|call| call.id)
            .collect()
    }
}

fn not_cleared() -> Box<Failure> {
    let title = "Signed out here, but the store still holds the tokens, which sign in the next page. Make it writable and sign out again";
    Failure::unsent("store.not-cleared", Kind::Authentication, title, Retry::Backoff, String::new())
}

/// Whether a retry cannot succeed without an action of the user.
pub(super) fn needs_user_action(failure: &Failure) -> bool {
    matches!(failure.diagnosis.retry, Retry::Never | Retry::AfterRenewal)
}
