//! The state machine. The crate's documentation has the rules for its drivers. It owns the parts and passes on between them what each
//! returns: the calls, the tokens, the renewal of the token, and what all of them share.
//!
//! ```text
//!  start --> Waiting --token--> Queued --> Sent --2xx--> Finish(Ok)
//!               ^                            |--401, first, held or older token--> Waiting
//!               |                            `--anything else--> BackingOff, or Finish(Err): see `calls`
//!               `-- one token request serves all waiting calls
//! ```

use super::calls::Calls;
use super::confidential::secrets;
use super::context::Context;
use super::effect::{CallId, Effect, EffectId, Input};
use super::pending_call::{Purpose, Request};
use super::settings::ClientSettings;
use super::status::Status;
use super::token::{RenewalEnd, TokenRenewal, Tokens, sign_in_needed};
use crate::auth::{Availability, Credentials, Obtains};
use crate::code::Code;
use crate::diagnose::{Failure, Kind, Retry};
use crate::request::{InstanceUrl, checked_path};
use crate::secret::Secret;
use crate::time::Millis;

/// All calls to one instance, and the token that they share.
#[derive(Debug)]
pub struct Client {
    context: Context,
    tokens: Tokens,
    renewal: TokenRenewal,
    pub(super) calls: Calls,
}

impl Client {
    /// A new client.
    #[must_use]
    pub fn new(settings: ClientSettings) -> Self {
        let context = Context::new(settings);
        Self { tokens: Tokens::new(&context), renewal: TokenRenewal::default(), calls: Calls::new(&context), context }
    }

    /// The instance that all calls go to.
    #[must_use]
    pub const fn instance(&self) -> &InstanceUrl {
        &self.context.settings.instance
    }

    /// The client's credentials.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        self.context.settings.grant.credentials()
    }

    /// Names the client's tokens in a store, and their lock.
    #[must_use]
    pub fn key(&self) -> String {
        self.context.settings.key()
    }

    /// Starts a call. It always ends with [`Effect::Finish`].
    pub fn start(&mut self, request: Request, now: Millis) -> CallId {
        self.start_in(request, 0, now)
    }

    fn start_in(&mut self, request: Request, stream: u32, now: Millis) -> CallId {
        let unusable = checked_path(&request.path).err();
        let id = self.begin(Purpose::Request(request), now);
        if let Some(call) = self.calls.list_mut().of_mut(id) {
            call.stream = stream;
        }
        if let Some(reason) = unusable {
            let failure = Failure::invalid(Code::REQUEST_PATH, &[&reason.to_string()]);
            self.calls.fail(id, failure, &mut self.context);
        }
        self.advance(id);
        id
    }

    /// Starts a page of a long reading: interactive calls are sent first, and the page waits out outages and hourly limits.
    /// The pages of one reading share a `stream`, so that readings share the capacity fairly.
    pub fn start_bulk(&mut self, request: Request, stream: u32, now: Millis) -> CallId {
        self.start_in(request, stream.max(1), now)
    }

    /// Requests a usable token. With `refused`, one that differs from it: the token is renewed if it is still the current one.
    pub fn start_token(&mut self, refused: Option<Secret>, now: Millis) -> CallId {
        let id = self.begin(Purpose::Token { refused }, now);
        self.advance(id);
        id
    }

    /// Aborts a call; no `Finish` follows.
    pub fn abort(&mut self, call: CallId) {
        self.calls.abort(call, &mut self.context);
        self.drop_unwanted_renewal();
    }

    /// Aborts all calls and removes the token; no `Finish` follows.
    pub fn close(&mut self) {
        self.context.drop_all();
        while let Some(id) = self.calls.list().last().map(|call| call.id) {
            self.calls.abort(id, &mut self.context);
        }
        self.renewal.cancel(&mut self.context);
        self.tokens.close();
    }

    /// The next effect to perform, if any. Call it again until it returns `None`.
    pub fn poll(&mut self, now: Millis) -> Option<Effect> {
        let time = self.context.observe(now);
        self.expire(time);
        if self.renewal.due(&self.tokens, &self.context) <= time {
            self.renew_token();
        }
        while let Some(id) = self.calls.admit(&mut self.tokens, &mut self.context) {
            self.advance(id);
        }
        if let Some(effect) = self.context.pop() {
            return Some(effect);
        }
        let renewal = self.renewal.deadline().min(self.renewal.due(&self.tokens, &self.context));
        let until = self.calls.deadline().min(renewal).min(self.calls.admission.due());
        self.context.sleep(until, self.calls.list().is_empty())
    }

    /// Reports the result of an effect.
    pub fn resume(&mut self, id: EffectId, input: Input, now: Millis) {
        if self.context.slept(id, now) {
            return;
        }
        self.context.observe(now);
        if self.renewal.waits_for(id) {
            let lost = matches!(input, Input::Lost);
            let end = self.renewal.resume(input, &mut self.tokens, &mut self.context);
            self.renewal_ended(end);
            if lost {
                // The first call that waits begins the renewal again.
                for id in self.calls.list().waiting() {
                    self.advance(id);
                }
            }
        } else if let Some(call) = self.calls.sent_as(id)
            && self.calls.answered(call, &input, &self.renewal, &mut self.tokens, &mut self.context)
        {
            self.advance(call);
        }
    }

    fn begin(&mut self, purpose: Purpose, now: Millis) -> CallId {
        let time = self.context.observe(now);
        // After the computer slept: a renewal that has timed out ends before a new call can join it.
        self.expire(time);
        self.calls.begin(purpose, &mut self.context)
    }

    /// Handles all deadlines that have passed.
    fn expire(&mut self, time: Millis) {
        if time < self.calls.deadline().min(self.renewal.deadline()) {
            return;
        }
        if self.renewal.deadline() <= time {
            let end = self.renewal.time_out(&mut self.tokens, &mut self.context);
            self.renewal_ended(end);
        }
        for id in self.calls.expire(&self.renewal, &self.tokens, &mut self.context) {
            self.advance(id);
        }
        self.drop_unwanted_renewal();
        self.calls.find_deadline();
    }

    /// Cancels a renewal that is of no use without a waiting call.
    fn drop_unwanted_renewal(&mut self) {
        if self.renewal.needs_a_call(&self.tokens) && !self.calls.list().is_any_waiting() {
            self.renewal.cancel_unneeded(&mut self.tokens, &mut self.context);
        }
    }

    /// Queues a call if the token allows it. Otherwise the call waits for the requested token.
    fn advance(&mut self, id: CallId) {
        let Some(call) = self.calls.list_mut().of_mut(id) else { return };
        if let Purpose::Token { refused } = &mut call.purpose {
            if !self.context.settings.grant.is_bearer() {
                let message = "This client authenticates without an OAuth token. Use an OAuth grant";
                let failure = Failure::invalid(Code::TOKEN_NONE, &[message]);
                return self.calls.fail(id, failure, &mut self.context);
            }
            if let (Some(refused), Some(held)) = (refused.take(), self.tokens.state().token())
                && held.is(refused.expose())
            {
                self.tokens.refused(self.tokens.state().generation(), &self.context);
            }
        }
        match self.tokens.availability(&self.context) {
            Availability::Usable => self.calls.proceed(id, &mut self.tokens, &mut self.context),
            Availability::Due => self.renew_token(),
            Availability::Pending => {}
            // The next attempt may succeed: the call waits for the result of one that starts after the call did.
            Availability::Paused(_) => {
                if let Some(failure) = self.tokens.failure().cloned() {
                    self.calls.wait_or_fail(id, Box::new(failure), &self.tokens, &mut self.context);
                }
            }
            Availability::Unobtainable if self.context.settings.grant.obtains() == Obtains::Requested => {
                let failure = sign_in_needed();
                self.tokens.request_attention(&failure, &mut self.context);
                self.calls.fail(id, failure, &mut self.context);
            }
            Availability::Unobtainable => {
                let title =
                    "The supplied token has expired or was refused, and this client cannot renew it. Pass a new one";
                let failure =
                    Failure::unsent(Code::TOKEN_GONE, Kind::Authentication, title, Retry::AfterRenewal, String::new());
                self.calls.fail(id, failure, &mut self.context);
            }
        }
    }

    /// Starts a renewal, or joins the pending one.
    fn renew_token(&mut self) {
        if self.renewal.is_idle() {
            self.restart_waiting();
        }
        let end = self.renewal.renew(&mut self.tokens, &mut self.context);
        self.renewal_ended(end);
    }

    /// Calls that waited for the end of a pause now wait for a renewal that begins.
    fn restart_waiting(&mut self) {
        self.calls.list_mut().restart_waiting(self.context.time() + self.context.settings.limits.call);
    }

    /// Lets the waiting calls continue or fail.
    fn renewal_ended(&mut self, end: Option<RenewalEnd>) {
        let Some(end) = end else { return };
        if let RenewalEnd::SignedOut { left_in_store } = end {
            self.calls.finish_sign_outs(left_in_store, &mut self.context);
        }
        // The current token is used until it expires, also one that expires soon: otherwise a short-lived token would be requested in
        // a loop.
        let unexpired = self.tokens.state().is_unexpired(self.context.time());
        for id in self.calls.list().waiting() {
            let (tokens, context) = (&mut self.tokens, &mut self.context);
            match &end {
                RenewalEnd::Granted => self.calls.proceed(id, tokens, context),
                RenewalEnd::Failed(_) if unexpired => self.calls.proceed(id, tokens, context),
                RenewalEnd::Failed(failure) => self.calls.token_unavailable(id, failure.clone(), tokens, context),
                // They request a new token, or fail because the user must sign in.
                RenewalEnd::SignedOut { .. } => self.advance(id),
            }
        }
    }

    /// Starts a sign-out: removes all tokens, here and in the store. With `revoke` the instance revokes them too, for every
    /// process with the same client and user, because ServiceNow shares tokens.
    pub fn start_sign_out(&mut self, revoke: bool, now: Millis) -> CallId {
        let id = self.begin(Purpose::SignOut, now);
        if !self.renewal.is_signing_out(revoke) {
            self.restart_waiting();
            let end = self.renewal.sign_out(revoke, &mut self.tokens, &mut self.context);
            self.renewal_ended(end);
        }
        id
    }

    /// Requests a token with the authorization code of a sign-in, even if a token is held.
    pub fn start_code(&mut self, code: Secret, verifier: Secret, now: Millis) -> CallId {
        self.renewal.cancel(&mut self.context);
        // A pending sign-out is complete: the new tokens replace those that it would have removed.
        self.calls.finish_sign_outs(false, &mut self.context);
        self.tokens.take_code(code, verifier, &mut self.context);
        self.start_token(None, now)
    }

    /// Records that another context has changed the store.
    pub fn store_changed(&mut self, now: Millis) {
        self.context.observe(now);
        self.renewal.store_changed(&mut self.context);
    }

    /// Records a header of the caller that authenticates the request.
    pub fn shows(&mut self, call: CallId, value: &str) {
        if let Some(call) = self.calls.list_mut().of_mut(call) {
            call.credentials.push(Secret::new(value.to_owned()));
        }
    }

    /// The secrets that no report about this call may hold; without a call, no report about a token request.
    #[must_use]
    pub fn secrets(&self, call: Option<CallId>) -> Vec<Secret> {
        let call = call.and_then(|id| self.calls.list().of(id));
        secrets(call, &self.renewal, &self.tokens, &self.context)
    }

    /// The status of this client.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::of(&self.calls, &self.tokens, self.renewal.due(&self.tokens, &self.context), &self.context)
    }
}

#[cfg(test)]
mod tests;
