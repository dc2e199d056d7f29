//! The client's tokens: the current one, what is known of it, and why there is no other.

use crate::auth::{Availability, Field, GrantType, Granted, Obtains, StoredTokens, TokenState};
use crate::call::accepted_apis::{AcceptedApis, TokenIssue};
use crate::call::context::Context;
use crate::call::pending_call::Request;
use crate::code::Code;
use crate::diagnose::{Circumstances, Facts, Failure, Kind, Retry, diagnose_in};
use crate::secret::Secret;
use crate::time::Millis;

/// After this number of consecutive failures the pause is longest and the user is notified.
const ATTENTION_AFTER: u32 = 7;
/// A pause that the token endpoint asks for delays every call, so it is bounded.
const LONGEST_ASKED: Millis = Millis::from_seconds(3600);
/// A stored token with less than this left is not adopted.
const MARGIN: Millis = Millis::from_seconds(30);

/// The end of a renewal that waiting calls wait for.
#[derive(Debug)]
pub(in crate::call) enum RenewalEnd {
    Granted,
    Failed(Box<Failure>),
    /// `left_in_store`: the store could not be written.
    SignedOut {
        left_in_store: bool,
    },
}

#[derive(Debug)]
pub(in crate::call) struct Tokens {
    pub(super) state: TokenState,
    /// When the current tokens were obtained, by the host's clock.
    pub(super) obtained_at: Millis,
    pub(super) refused: Option<Secret>,
    accepted_apis: AcceptedApis,
    /// When the current token was issued to this client, and its lifetime.
    issued: Option<TokenIssue>,
    failure: Option<Box<Failure>>,
    /// A failure that needs an action of the user.
    attention: Option<Box<Failure>>,
}

impl Tokens {
    pub(in crate::call) fn new(context: &Context) -> Self {
        Self {
            state: TokenState::new(&context.settings.grant, context.settings.expires_at),
            obtained_at: Millis(0),
            refused: None,
            accepted_apis: AcceptedApis::default(),
            issued: None,
            failure: None,
            attention: None,
        }
    }

    pub(in crate::call) const fn state(&self) -> &TokenState {
        &self.state
    }

    pub(in crate::call) const fn accepted_apis(&self) -> &AcceptedApis {
        &self.accepted_apis
    }

    pub(in crate::call) fn issued(&self, generation: u32) -> Option<TokenIssue> {
        self.issued.filter(|_| self.accepted_apis.is_of(generation))
    }

    /// The failure of the latest renewal.
    pub(in crate::call) const fn failure(&self) -> Option<&Failure> {
        match &self.failure {
            Some(failure) => Some(failure),
            None => None,
        }
    }

    pub(in crate::call) fn attention(&self) -> Option<Box<Failure>> {
        self.attention.clone()
    }

    /// The secrets of grant and tokens.
    pub(in crate::call) fn confidential(&self, context: &Context) -> Vec<Secret> {
        let mut all = context.settings.grant.confidential();
        let tokens = [self.state.token(), self.state.refresh(), self.refused.as_ref()];
        all.extend(tokens.into_iter().flatten().cloned());
        all
    }

    pub(in crate::call) fn is_renewable(&self, context: &Context) -> bool {
        self.state.is_renewable(&context.settings.grant)
    }

    /// When a call can be sent. Before the store is read, it may hold a token.
    pub(in crate::call) fn availability(&self, context: &Context) -> Availability {
        let settings = &context.settings;
        let may_be_stored = settings.stored && settings.grant.obtains() == Obtains::Requested;
        self.state.availability(context.time(), self.is_renewable(context) || may_be_stored)
    }

    pub(in crate::call) const fn mark_used(&mut self) {
        self.state.mark_used();
    }

    /// Records that a reply accepted the token of this generation; with a request, that its API did.
    pub(in crate::call) fn accepted(&mut self, generation: u32, request: Option<&Request>, context: &Context) {
        self.state.accepted(generation);
        if let Some(request) = request {
            self.accepted_apis.accepted(generation, request.method, &request.path, context.time());
        }
    }

    /// Records a read that ended with a refusal.
    pub(in crate::call) fn refused_read(&mut self, generation: u32, request: &Request, context: &Context) {
        self.accepted_apis.refused(generation, request.method, &request.path, context.time());
    }

    /// Records that the token of this generation was refused. True: a repetition with the next token may succeed.
    pub(in crate::call) fn refused(&mut self, generation: u32, context: &Context) -> bool {
        let held = self.state.token().filter(|_| generation == self.state.generation()).cloned();
        let again = self.state.refused(generation, context.time(), self.is_renewable(context));
        if again {
            // Kept until another token comes: the source must not supply this one again.
            self.refused = held.or_else(|| self.refused.take());
        }
        again
    }

    /// Takes the authorization code of a sign-in, which replaces the token.
    pub(in crate::call) fn take_code(&mut self, code: Secret, verifier: Secret, context: &mut Context) {
        context.settings.grant.set_single_use(Field::Code, code);
        context.settings.grant.set_single_use(Field::CodeVerifier, verifier);
        self.state.forget();
        self.failure = None;
    }

    /// Removes the token.
    pub(in crate::call) fn close(&mut self) {
        self.state.forget();
        self.accepted_apis = AcceptedApis::default();
    }

    /// Diagnoses a failed token request; `sent`: the refresh token in it.
    pub(super) fn diagnosed(&self, facts: &Facts<'_>, sent: Option<Secret>, context: &Context) -> Box<Failure> {
        let grant = &context.settings.grant;
        let around = Circumstances {
            grant: if sent.is_some() { Some(GrantType::RefreshToken) } else { grant.grant_type() },
            scope: sent.is_none() && !grant.credentials().text(Field::Scope).is_empty(),
            token_before: self.state.generation() > 0,
            ..Circumstances::UNKNOWN
        };
        let attempts = u8::try_from(self.state.failures()).unwrap_or(u8::MAX).saturating_add(1);
        let mut failure = diagnose_in(facts, &around, attempts, context.host_time());
        let mut secrets = self.confidential(context);
        secrets.extend(sent);
        failure.hide(&secrets);
        failure
    }

    pub(super) fn failed(&mut self, failure: Box<Failure>, context: &mut Context) -> RenewalEnd {
        let asked = if let Retry::After(wait) = failure.diagnosis.retry { wait.min(LONGEST_ASKED) } else { Millis(0) };
        self.state.failed(asked, context.time());
        let until = self.state.paused_until().map(|until| context.clock().host(until));
        if !self.awaits_first_sign_in(&failure) {
            context.emit("token.failed", None, until, Some(failure.clone()));
        }
        if needs_user_action(&failure) || self.state.failures() >= ATTENTION_AFTER {
            self.request_attention(&failure, context);
        }
        self.failure = Some(failure.clone());
        RenewalEnd::Failed(failure)
    }

    /// Reports a failure that needs the user, once for each cause until a token comes.
    pub(in crate::call) fn request_attention(&mut self, failure: &Failure, context: &mut Context) {
        let reported = self.attention.as_ref().is_some_and(|reported| reported.has_cause_of(failure));
        if !reported && !self.awaits_first_sign_in(failure) {
            self.attention = Some(Box::new(failure.clone()));
            context.emit("attention", None, None, Some(Box::new(failure.clone())));
        }
    }

    /// Whether nobody has signed in yet, which every visitor of a page begins with: no renewal has failed.
    fn awaits_first_sign_in(&self, failure: &Failure) -> bool {
        self.state.generation() == 0 && failure.diagnosis.code == Code::TOKEN_SIGN_IN_NEEDED
    }

    pub(super) fn adopt(&mut self, granted: Granted, from: &'static str, context: &mut Context) -> RenewalEnd {
        // Only a reply is evidence of a lifetime, not a source or a store.
        self.issued = TokenIssue::of(&granted).filter(|_| from == "request");
        self.accepted_apis.adopted(&granted.token, self.state.generation().wrapping_add(1));
        self.state.granted(granted, &mut context.random);
        (self.failure, self.attention, self.refused) = (None, None, None);
        let until = self.state.held().map(|held| context.clock().host_or_never(held.expires_at));
        context.emit("token.renewed", Some(from.to_owned()), until, None);
        context.warn_of_credentials();
        RenewalEnd::Granted
    }

    /// The stored tokens, if they must replace the current ones.
    pub(super) fn newer(&mut self, stored: StoredTokens, context: &mut Context) -> Option<Granted> {
        let host = context.host_time();
        // If the clock was set back since, the order of times means nothing.
        if stored.at < self.obtained_at && self.obtained_at <= host {
            return None;
        }
        let Some(token) = stored.access else {
            // Another context signed out. A refresh token from the options is discarded only if this client has used it: it
            // may be newer than the sign-out.
            if self.state.token().is_some() || self.state.refresh().is_some() {
                self.signed_out_elsewhere(stored.at, context);
            }
            return None;
        };
        // A sign-in that has just completed is newer than the stored tokens.
        if context.settings.grant.has_code() {
            return None;
        }
        if stored.refresh.is_some() {
            self.state.set_refresh(stored.refresh.clone());
        }
        let known = |known: Option<&Secret>| known.is_some_and(|known| known.is(token.expose()));
        // If the clock was set back since, the remaining time must not exceed the lifetime.
        let left = stored.expires_at.less(host).min(stored.expires_at.less(stored.at));
        if known(self.state.token()) || known(self.refused.as_ref()) || left <= MARGIN {
            return None;
        }
        self.obtained_at = stored.at;
        let lifetime = Some(if stored.expires_at == Millis::NEVER { Millis::NEVER } else { left });
        Some(Granted { token, lifetime, refresh: stored.refresh, requested_at: context.time() })
    }

    fn signed_out_elsewhere(&mut self, at: Millis, context: &mut Context) {
        self.state.forget_tokens();
        if !context.settings.grant.has_code() {
            context.settings.grant.sign_out();
        }
        self.obtained_at = at;
        context.emit("signed-out", None, None, None);
    }

    /// Removes all tokens after a sign-out.
    pub(super) fn signed_out(&mut self, left_in_store: bool, context: &mut Context) -> RenewalEnd {
        self.state.forget();
        self.accepted_apis = AcceptedApis::default();
        context.settings.grant.sign_out();
        (self.refused, self.failure, self.attention) = (None, None, None);
        self.obtained_at = context.host_time();
        context.emit("signed-out", None, None, None);
        RenewalEnd::SignedOut { left_in_store }
    }
}

pub(in crate::call) fn sign_in_needed() -> Box<Failure> {
    let title = "The user must sign in: there was no sign-in, or it has ended";
    let mut failure =
        Failure::unsent(Code::TOKEN_SIGN_IN_NEEDED, Kind::Authentication, title, Retry::AfterRenewal, String::new());
    failure.of_token = true;
    failure
}

pub(in crate::call) fn not_cleared() -> Box<Failure> {
    let title = "Signed out here, but the store still holds the tokens, which sign in the next page. Make it writable and sign out again";
    Failure::unsent(Code::STORE_NOT_CLEARED, Kind::Authentication, title, Retry::Backoff, String::new())
}

/// Whether a retry cannot succeed without an action of the user.
pub(in crate::call) fn needs_user_action(failure: &Failure) -> bool {
    matches!(failure.diagnosis.retry, Retry::Never | Retry::AfterRenewal)
}
