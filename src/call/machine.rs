//! The state machine. The crate's documentation has the rules for its drivers.
//!
//! ```text
//!  start --> Waiting --token--> Queued --> Sent --2xx--> Finish(Ok)
//!               ^                            |--401, first, held or older token--> Waiting
//!               |                            `--anything else--> BackingOff, or Finish(Err): see `pacing`
//!               `-- one token request serves all waiting calls
//! ```

use super::calls::Calls;
use super::context::Context;
use super::effect::{CallId, Completion, Effect, EffectId, Input};
use super::pending_call::{CallStage, PendingCall, Purpose, Request, is_answer};
use super::settings::ClientSettings;
use super::token::{RenewalEnd, TokenRenewal, Tokens, not_cleared, sign_in_needed};
use crate::auth::{Availability, Credentials, Obtains};
use crate::diagnose::{Failure, Kind, Retry, Transport};
use crate::pace::{Outcome, Pacer};
use crate::request::{InstanceUrl, Method, checked_path};
use crate::secret::Secret;
use crate::time::Millis;

/// Further calls are refused: the queue is bounded.
const MOST_CALLS: usize = 10_000;

/// One refusal that a renewal resolves, and one late refusal of an older token.
const MOST_REFUSALS: u8 = 2;

/// All calls to one instance, and the token that they share.
#[derive(Debug)]
pub struct Client {
    pub(super) context: Context,
    pub(super) tokens: Tokens,
    pub(super) renewal: TokenRenewal,
    pub(super) pacer: Pacer,
    /// When the pacer must be asked again for admissions.
    pub(super) admit_at: Millis,
    /// What opened the breaker.
    pub(super) opened_by: Option<Box<Failure>>,
    /// The latest end of an hourly limit that an event has reported.
    pub(super) limit_reported: Millis,
    pub(super) calls: Calls,
    /// No deadline lies before this.
    pub(super) earliest: Millis,
    pub(super) last_failure: Option<Box<Failure>>,
}

impl Client {
    /// A new client.
    #[must_use]
    pub fn new(settings: ClientSettings) -> Self {
        let context = Context::new(settings);
        Self {
            tokens: Tokens::new(&context),
            renewal: TokenRenewal::default(),
            pacer: Pacer::new(context.settings.pace, None, Millis(0)),
            admit_at: Millis::NEVER,
            opened_by: None,
            limit_reported: Millis(0),
            context,
            calls: Calls::default(),
            earliest: Millis::NEVER,
            last_failure: None,
        }
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
        if let Some(call) = self.calls.of_mut(id) {
            call.stream = stream;
        }
        if let Some(reason) = unusable {
            self.fail(id, Failure::invalid("request.path", "The path cannot be requested", reason.to_string()));
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
        if let Some(call) = self.take(call) {
            self.cancel(&call);
            self.drop_unwanted_renewal();
        }
    }

    /// Aborts all calls and removes the token; no `Finish` follows.
    pub fn close(&mut self) {
        self.context.drop_all();
        while let Some(call) = self.calls.last().map(|call| call.id).and_then(|id| self.take(id)) {
            self.cancel(&call);
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
        self.admit(time);
        if let Some(effect) = self.context.pop() {
            return Some(effect);
        }
        let deadline = if self.calls.is_empty() { Millis::NEVER } else { self.earliest };
        let renewal = self.renewal.deadline().min(self.renewal.due(&self.tokens, &self.context));
        let until = deadline.min(renewal).min(self.admit_at);
        self.context.sleep(until, self.calls.is_empty())
    }

    /// Reports the result of an effect.
    pub fn resume(&mut self, id: EffectId, input: Input, now: Millis) {
        if self.context.slept(id, now) {
            return;
        }
        self.context.observe(now);
        if self.renewal.waits_for(id) {
            let end = self.renewal.resume(input, &mut self.tokens, &mut self.context);
            self.renewal_ended(end);
        } else if let Some(call) = self.sent_as(id) {
            self.call_answered(call, &input);
        }
    }

    /// The call whose request this is. Only the few admitted calls are searched.
    fn sent_as(&self, effect: EffectId) -> Option<CallId> {
        let is_it = |id: &CallId| self.calls.of(*id).is_some_and(|call| call.is_sent_as(effect));
        self.pacer.out().map(CallId).find(is_it)
    }

    pub(super) fn begin(&mut self, purpose: Purpose, now: Millis) -> CallId {
        let time = self.context.observe(now);
        // After the computer slept: a renewal that has timed out ends before a new call can join it.
        self.expire(time);
        if let Some(saved) = self.context.settings.breaker.take() {
            self.pacer = Pacer::new(self.context.settings.pace, Some(saved), time);
        }
        let id = CallId(self.context.next_id());
        let deadline = time + self.context.settings.limits.call;
        let full = self.calls.len() >= MOST_CALLS;
        self.calls.push(PendingCall {
            id,
            purpose,
            stage: CallStage::Waiting,
            began: time,
            stream: 0,
            deadline,
            attempts: 0,
            refusals: 0,
            renewed: false,
            resent: false,
            credentials: vec![],
        });
        self.earliest = self.earliest.min(deadline);
        if full {
            self.fail_for_too_many(id);
        }
        id
    }

    /// Queues a call if the token allows it. Otherwise the call waits for the requested token.
    pub(super) fn advance(&mut self, id: CallId) {
        let Some(call) = self.calls.of_mut(id) else { return };
        if let Purpose::Token { refused } = &mut call.purpose {
            if !self.context.settings.grant.is_bearer() {
                let title = "This client authenticates without an OAuth token, so there is none to return";
                return self.fail(id, Failure::invalid("token.none", title, String::new()));
            }
            if let (Some(refused), Some(held)) = (refused.take(), self.tokens.state().token())
                && held.is(refused.expose())
            {
                self.tokens.refused(self.tokens.state().generation(), &self.context);
            }
        }
        match self.tokens.availability(&self.context) {
            Availability::Usable => self.proceed(id),
            Availability::Due => self.renew_token(),
            Availability::Pending => {}
            // The next attempt may succeed: the call waits for the result of one that starts after the call did.
            Availability::Paused(_) => {
                if let Some(failure) = self.tokens.failure().cloned() {
                    self.wait_or_fail(id, Box::new(failure));
                }
            }
            Availability::Unobtainable if self.context.settings.grant.obtains() == Obtains::Requested => {
                let failure = sign_in_needed();
                self.tokens.request_attention(&failure, &mut self.context);
                self.fail(id, failure);
            }
            Availability::Unobtainable => {
                let title = "The supplied token has expired or was refused, and this client cannot renew it";
                self.fail(
                    id,
                    Failure::unsent("token.gone", Kind::Authentication, title, Retry::AfterRenewal, String::new()),
                );
            }
        }
    }

    fn call_answered(&mut self, id: CallId, input: &Input) {
        let Some(call) = self.calls.of_mut(id) else { return };
        let (CallStage::Sent { generation, .. }, Purpose::Request(request)) = (call.stage, &call.purpose) else {
            return;
        };
        let outcome = match input {
            Input::Reply(reply) => Ok(reply),
            Input::Failed => Err(Transport::Unsent),
            _ => Err(Transport::Unreachable),
        };
        if let Ok(reply) = outcome {
            if reply.status == 401 {
                let held = generation == self.tokens.state().generation();
                let again = request.repeatable && call.refusals < MOST_REFUSALS && !(held && call.renewed);
                if self.tokens.refused(generation, &self.context) && again {
                    call.renewed |= held;
                    call.refusals += 1;
                    self.request_finished(id, Outcome::Served, &reply.headers, None);
                    return self.wait_for_token(id, self.context.time());
                }
            } else {
                (call.refusals, call.renewed) = (0, false);
                let answer = is_answer(reply, request.expect);
                self.tokens.accepted(generation, answer.then_some(request.path.as_str()), &self.context);
                if answer {
                    self.request_finished(id, Outcome::Served, &reply.headers, None);
                    self.take(id);
                    self.context.push(Effect::Finish { call: id, outcome: Ok(Completion::Reply) });
                    return;
                }
            }
        }
        let Some(failure) = self.explain(id, outcome) else { return };
        let Some(call) = self.calls.of_mut(id) else { return };
        let mut refused = None;
        if let (Some(403), Purpose::Request(request)) = (failure.tried.status, &call.purpose) {
            call.resent = true;
            refused = (request.method == Method::Get).then(|| request.path.clone());
        }
        self.attempt_failed(id, failure, outcome);
        if let Some(path) = refused.filter(|_| self.calls.of(id).is_none()) {
            self.tokens.refused_read(generation, &path, &self.context);
        }
    }

    /// Starts a renewal, or joins the pending one.
    fn renew_token(&mut self) {
        self.restart_waiting(self.renewal.is_idle());
        let end = self.renewal.renew(&mut self.tokens, &mut self.context);
        self.renewal_ended(end);
    }

    /// Calls that waited for the end of a pause now wait for a renewal that begins.
    fn restart_waiting(&mut self, begins: bool) {
        let deadline = self.context.time() + self.context.settings.limits.call;
        for call in self.calls.iter_mut().filter(|call| begins && call.stage == CallStage::Waiting) {
            call.deadline = deadline;
        }
    }

    /// Lets the waiting calls continue or fail.
    pub(super) fn renewal_ended(&mut self, end: Option<RenewalEnd>) {
        let waits = |call: &PendingCall| call.stage == CallStage::Waiting && call.wants_token();
        let Some(end) = end else { return };
        if let RenewalEnd::SignedOut { left_in_store } = end {
            self.finish_sign_outs(left_in_store);
        }
        let waiting: Vec<CallId> = self.calls.iter().filter(|call| waits(call)).map(|call| call.id).collect();
        // The current token is used until it expires, also one that expires soon: otherwise a short-lived token would be requested in
        // a loop.
        let unexpired = self.tokens.state().is_unexpired(self.context.time());
        for id in waiting {
            match &end {
                RenewalEnd::Granted => self.proceed(id),
                RenewalEnd::Failed(_) if unexpired => self.proceed(id),
                RenewalEnd::Failed(failure) => self.token_unavailable(id, failure.clone()),
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
            self.restart_waiting(true);
            let end = self.renewal.sign_out(revoke, &mut self.tokens, &mut self.context);
            self.renewal_ended(end);
        }
        id
    }

    /// Requests a token with the authorization code of a sign-in, even if a token is held.
    pub fn start_code(&mut self, code: Secret, verifier: Secret, now: Millis) -> CallId {
        self.renewal.cancel(&mut self.context);
        // A pending sign-out is complete: the new tokens replace those that it would have removed.
        self.finish_sign_outs(false);
        self.tokens.take_code(code, verifier, &mut self.context);
        self.start_token(None, now)
    }

    /// Records that another context has changed the store.
    pub fn store_changed(&mut self, now: Millis) {
        self.context.observe(now);
        self.renewal.store_changed(&mut self.context);
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

    /// Begins another attempt of a call.
    pub(super) fn wait_for_token(&mut self, id: CallId, time: Millis) {
        if let Some(call) = self.calls.of_mut(id) {
            call.stage = CallStage::Waiting;
            call.deadline = time + self.context.settings.limits.call;
            self.earliest = self.earliest.min(call.deadline);
        }
        self.advance(id);
    }

    pub(super) fn fail(&mut self, id: CallId, failure: Box<Failure>) {
        if self.take(id).is_some() {
            self.context.push(Effect::Finish { call: id, outcome: Err(failure.clone()) });
            self.last_failure = Some(failure);
        }
    }

    pub(super) fn take(&mut self, id: CallId) -> Option<Box<PendingCall>> {
        let call = self.calls.take(id)?;
        let left = matches!(call.stage, CallStage::Queued { .. } | CallStage::Sent { .. });
        // Leaving the middle of the queue admits no other call.
        if left && self.pacer.withdraw(id.0, self.context.time()) {
            self.admit_at = Millis(0);
        }
        Some(call)
    }

    pub(super) fn cancel(&mut self, call: &PendingCall) {
        if let CallStage::Sent { effect, .. } = call.stage {
            self.context.cancel(effect);
        }
        self.context.drop_finish(call.id);
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
