//! The machine's dealings with tokens: when another is asked for, and what those who wait are told.

use super::circumstances::{AcceptedApis, TokenIssue};
use super::effect::{CallId, Completion, Effect};
use super::event::ClientEvent;
use super::machine::Client;
use super::pending_call::{CallStage, Purpose};
use super::renewal::RenewalStep;
use crate::auth::{Field, Granted, TOKEN_PATH};
use crate::diagnose::{self, Facts, Failure, Kind, Retry, Transport, diagnose_in};
use crate::request::{Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// So many failures in a row bring the longest pause, and a person's attention.
const ATTENTION_AFTER: u32 = 7;

/// The instance binds every call with the pause that it asks for after a token, so there is an end to what it may ask.
const LONGEST_ASKED: Millis = Millis::from_seconds(3600);

impl Client {
    /// Asks for a token with the code of a sign-in that has come back, whatever is held.
    pub fn start_code(&mut self, code: Secret, verifier: Secret, now: Millis) -> CallId {
        self.settings.grant.set_single_use(Field::Code, code);
        self.settings.grant.set_single_use(Field::CodeVerifier, verifier);
        // Whatever was tried without it, and failed or goes on, is of no interest any more.
        self.end_renewal();
        // A sign-out under way has forgotten what it was to forget: the new tokens take the place of the old.
        self.finish_sign_outs(false);
        self.token_state.forget();
        self.token_failure = None;
        self.start_token(None, now)
    }

    /// What a renewal in the background makes due.
    pub(super) fn renew_if_due(&mut self, time: Millis) {
        if self.renewal_due_at(time) <= time {
            self.ask_for_token();
        }
    }

    /// When a token is due although no call begins.
    pub(super) fn renewal_due_at(&self, time: Millis) -> Millis {
        if self.renewal.is_some() || !self.token_state.is_renewable(&self.settings.grant) {
            return Millis::NEVER;
        }
        self.token_state.renewal_due().filter(|_| self.token_state.is_unexpired(time)).unwrap_or(Millis::NEVER)
    }

    /// A renewal that nobody waits for any more is given up: left alone, its failure would one day be told to a call that
    /// had nothing to do with it. But not while a refresh token is out: where a server replaces it, the reply holds the only
    /// one that is left.
    pub(super) fn drop_unwanted_renewal(&mut self) {
        let waited_for = |client: &Self| client.calls.iter().any(|call| call.stage == CallStage::Waiting);
        let kept =
            |step, refreshing: bool| step == RenewalStep::Saving || (step == RenewalStep::Requesting && refreshing);
        let unwanted = |client: &Self| {
            client.token_state.token().is_none()
                && client.renewal.as_ref().is_some_and(|renewal| !kept(renewal.step, renewal.sent_refresh.is_some()))
        };
        let wanted = self.renewal.as_ref().is_some_and(|renewal| renewal.wanted);
        // A look at a changed store was wanted by nobody to begin with.
        if wanted && unwanted(self) && !waited_for(self) {
            self.end_renewal();
            self.token_state.cancel_request();
        }
    }

    /// Gives up the renewal that is under way, and its lock.
    pub(super) fn end_renewal(&mut self) {
        if let Some(renewal) = self.renewal.take() {
            self.cancel_effect(renewal.id);
            self.unlock(&renewal);
        }
    }

    /// Goes on with the token in hand, fit for use or not.
    pub(super) fn proceed(&mut self, id: CallId) {
        let Some(call) = self.calls.of(id) else { return };
        match (&call.purpose, self.token_state.token()) {
            (Purpose::Request(_), _) => self.enqueue(id),
            (_, Some(token)) => {
                let token = token.clone();
                self.token_state.mark_used();
                self.take(id);
                self.push(Effect::Finish { call: id, outcome: Ok(Completion::Token(token)) });
            }
            (_, None) => {}
        }
    }

    pub(super) fn adopt(&mut self, granted: Granted, from: &'static str) {
        if let Some(renewal) = self.renewal.take() {
            self.unlock(&renewal);
        }
        // What a source or a store says of a token's life is no evidence that a reply shows.
        self.issued = TokenIssue::of(&granted).filter(|_| from == "request");
        self.accepted_apis.adopted(&granted.token, self.token_state.generation().wrapping_add(1));
        self.token_state.granted(granted, &mut self.random);
        self.token_failure = None;
        self.attention = None;
        self.refused = None;
        let until = self.token_state.held().map(|held| self.clock.host_or_never(held.expires_at));
        self.emit("token.renewed", Some(from.to_owned()), until, None);
        self.warn_of_credentials();
        // Whoever waits uses it, however short its life: that is what keeps a nearly dead token from being fetched in a loop.
        for id in self.waiting() {
            self.proceed(id);
        }
    }

    pub(super) fn token_failed(&mut self, outcome: Result<&Reply, Transport>) {
        let host = self.clock.host(self.clock.time());
        let facts = Facts { stage: diagnose::Stage::Token, method: Method::Post, path: TOKEN_PATH, outcome };
        let attempts = u8::try_from(self.token_state.failures()).unwrap_or(u8::MAX).saturating_add(1);
        let renewal = self.renewal.as_ref().is_some_and(|renewal| renewal.sent_refresh.is_some());
        let mut failure = diagnose_in(&facts, &self.token_circumstances(renewal), attempts, host);
        failure.diagnosis.hide(&self.secrets(None));
        self.renewal_failed(failure);
    }

    /// Nothing is left that could be sent: a person must sign in.
    pub(super) fn fail_without_sign_in(&mut self) {
        let failure = Self::sign_in_needed();
        self.renewal_failed(failure);
    }

    pub(super) fn sign_in_needed() -> Box<Failure> {
        let title = "A person must sign in: nobody has, or the sign-in has ended";
        let mut failure =
            Failure::unsent("token.sign-in-needed", Kind::Authentication, title, Retry::AfterRenewal, String::new());
        failure.of_token = true;
        failure
    }

    fn renewal_failed(&mut self, failure: Box<Failure>) {
        let time = self.clock.time();
        if let Some(renewal) = self.renewal.take() {
            self.unlock(&renewal);
        }
        let asked = if let Retry::After(wait) = failure.diagnosis.retry { wait.min(LONGEST_ASKED) } else { Millis(0) };
        self.token_state.failed(asked, time);
        let until = self.token_state.paused_until().map(|until| self.clock.host(until));
        self.emit("token.failed", None, until, Some(failure.clone()));
        if needs_user_action(&failure) || self.token_state.failures() >= ATTENTION_AFTER {
            self.request_attention(&failure);
        }
        // The last good token is used while it lives.
        let alive = self.token_state.is_unexpired(time);
        for id in self.waiting() {
            if alive { self.proceed(id) } else { self.token_unavailable(id, failure.clone()) }
        }
        self.token_failure = Some(failure);
    }

    /// Once for each cause, until a token comes.
    pub(super) fn request_attention(&mut self, failure: &Failure) {
        // One code has several titles: what is refused may first be the refresh token and then the grant.
        let told = self.attention.as_ref().is_some_and(|told| {
            told.diagnosis.code == failure.diagnosis.code && told.diagnosis.key == failure.diagnosis.key
        });
        if !told {
            self.attention = Some(Box::new(failure.clone()));
            self.emit("attention", None, None, Some(Box::new(failure.clone())));
        }
    }

    pub(super) fn signed_out(&mut self, left_in_store: bool) {
        let Some(renewal) = self.renewal.take() else { return };
        self.unlock(&renewal);
        self.forget_all_tokens();
        self.finish_sign_outs(left_in_store);
        // Whoever waits meanwhile signs in anew, or learns that a person must.
        for id in self.waiting() {
            self.advance(id);
        }
    }

    /// Every sign-out that waits has ended. Tokens that are left in the store sign the next page in again: that is no success.
    fn finish_sign_outs(&mut self, left_in_store: bool) {
        let ended: Vec<CallId> = self.calls.iter().filter(|call| !call.wants_token()).map(|call| call.id).collect();
        for call in ended {
            self.take(call);
            let outcome = if left_in_store { Err(not_cleared()) } else { Ok(Completion::SignedOut) };
            self.push(Effect::Finish { call, outcome });
        }
    }

    /// After a sign-out, here or elsewhere, nothing of it is left.
    pub(super) fn forget_all_tokens(&mut self) {
        self.token_state.forget();
        self.accepted_apis = AcceptedApis::default();
        self.settings.grant.sign_out();
        (self.refused, self.token_failure, self.attention) = (None, None, None);
        self.obtained_at = self.clock.host(self.clock.time());
        self.emit("signed-out", None, None, None);
    }

    /// Says once at each distance which credential ends soon.
    pub(super) fn warn_of_credentials(&mut self) {
        let host = self.clock.host(self.clock.time());
        let due: Vec<(String, Millis)> = self
            .settings
            .expiring
            .iter_mut()
            .filter_map(|credential| credential.is_due(host).then(|| (credential.name.clone(), credential.at)))
            .collect();
        for (name, at) in due {
            self.emit("credential.expiring", Some(name), Some(at), None);
        }
    }

    pub(super) fn emit_store_failure(&mut self, what: &'static str) {
        self.emit("store.failed", Some(what.to_owned()), None, None);
    }

    pub(super) fn emit(
        &mut self,
        name: &'static str,
        detail: Option<String>,
        until: Option<Millis>,
        failure: Option<Box<Failure>>,
    ) {
        let at = self.clock.host(self.clock.time());
        self.push(Effect::Emit(ClientEvent { name, at, detail, until, failure }));
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
    let title = "Signed out here, but the store kept the tokens, which sign in again whoever opens it. Make it writable and sign out again";
    Failure::unsent("store.not-cleared", Kind::Authentication, title, Retry::Backoff, String::new())
}

/// Whether trying again by itself is of no use.
pub(super) fn needs_user_action(failure: &Failure) -> bool {
    matches!(failure.diagnosis.retry, Retry::Never | Retry::AfterRenewal)
}
