//! The state machine. The crate's documentation has the rules for its drivers.
//!
//! ```text
//!  start --> Waiting --token--> Queued --> Sent --2xx--> Finish(Ok)
//!               ^                            |--401, first, held or older token--> Waiting
//!               |                            `--anything else--> BackingOff, or Finish(Err): see `pacing`
//!               `-- one token request serves all waiting calls
//! ```

use super::calls::Calls;
use super::circumstances::{AcceptedApis, TokenIssue};
use super::context::Context;
use super::effect::{CallId, Completion, Effect, EffectId, Input};
use super::pending_call::{CallStage, PendingCall, Purpose, Request, is_answer};
use super::renewal::Renewal;
use super::settings::ClientSettings;
use crate::auth::{Availability, Credentials, Obtains, TokenState};
use crate::diagnose::{Diagnosis, Failure, Kind, Retry, Transport};
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
    pub(super) token_state: TokenState,
    pub(super) pacer: Pacer,
    /// When the pacer must be asked again for admissions.
    pub(super) admit_at: Millis,
    /// What opened the breaker.
    pub(super) opened_by: Option<Diagnosis>,
    /// The latest end of an hourly limit that an event has reported.
    pub(super) limit_reported: Millis,
    pub(super) calls: Calls,
    pub(super) renewal: Option<Renewal>,
    /// When the current tokens were obtained, by the host's clock.
    pub(super) obtained_at: Millis,
    /// Whether the store was read.
    pub(super) store_read: bool,
    /// Index of the client secret that is sent.
    pub(super) secret_index: usize,
    pub(super) refused: Option<Secret>,
    /// The APIs that accepted the current token.
    pub(super) accepted_apis: AcceptedApis,
    /// When the current token was issued to this client, and its lifetime.
    pub(super) issued: Option<TokenIssue>,
    /// No deadline lies before this.
    pub(super) earliest: Millis,
    pub(super) token_failure: Option<Box<Failure>>,
    /// A failure that needs an action of the user.
    pub(super) attention: Option<Box<Failure>>,
    pub(super) last_failure: Option<Box<Failure>>,
}

impl Client {
    /// A new client.
    #[must_use]
    pub fn new(settings: ClientSettings) -> Self {
        Self {
            token_state: TokenState::new(&settings.grant, settings.expires_at),
            pacer: Pacer::new(settings.pace, None, Millis(0)),
            admit_at: Millis::NEVER,
            opened_by: None,
            limit_reported: Millis(0),
            context: Context::new(settings),
            calls: Calls::default(),
            renewal: None,
            obtained_at: Millis(0),
            store_read: false,
            secret_index: 0,
            refused: None,
            accepted_apis: AcceptedApis::default(),
            issued: None,
            earliest: Millis::NEVER,
            token_failure: None,
            attention: None,
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
        self.end_renewal();
        self.token_state.forget();
        self.accepted_apis = AcceptedApis::default();
    }

    /// The next effect to perform, if any. Call it again until it returns `None`.
    pub fn poll(&mut self, now: Millis) -> Option<Effect> {
        let time = self.context.observe(now);
        if time >= self.earliest {
            self.expire(time);
        }
        self.renew_if_due(time);
        self.admit(time);
        if let Some(effect) = self.context.pop() {
            return Some(effect);
        }
        let deadline = if self.calls.is_empty() && self.renewal.is_none() { Millis::NEVER } else { self.earliest };
        let until = deadline.min(self.renewal_due_at(time)).min(self.admit_at);
        self.context.sleep(until, self.calls.is_empty())
    }

    /// Reports the result of an effect.
    pub fn resume(&mut self, id: EffectId, input: Input, now: Millis) {
        if self.context.slept(id, now) {
            return;
        }
        self.context.observe(now);
        if self.renewal.as_ref().is_some_and(|renewal| renewal.id == id) {
            self.renewal_answered(input);
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
        if time >= self.earliest {
            self.expire(time);
        }
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
        let time = self.context.time();
        let renewable = self.token_state.is_renewable(&self.context.settings.grant);
        if let Purpose::Token { refused } = &mut call.purpose {
            if !self.context.settings.grant.is_bearer() {
                let title = "This client authenticates without an OAuth token, so there is none to return";
                return self.fail(id, Failure::invalid("token.none", title, String::new()));
            }
            if let (Some(refused), Some(held)) = (refused.take(), self.token_state.token())
                && held.is(refused.expose())
                && self.token_state.refused(self.token_state.generation(), time, renewable)
            {
                self.refused = Some(refused);
            }
        }
        match self.token_state.availability(time, self.can_get_token()) {
            Availability::Usable => self.proceed(id),
            Availability::Due => self.renew_token(),
            Availability::Pending => {}
            // The next attempt may succeed: the call waits for the result of one that starts after the call did.
            Availability::Paused(_) => {
                if let Some(failure) = self.token_failure.clone() {
                    self.wait_or_fail(id, failure);
                }
            }
            Availability::Unobtainable if self.context.settings.grant.obtains() == Obtains::Requested => {
                let failure = Self::sign_in_needed();
                self.request_attention(&failure);
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
            let (time, renewable) = (self.context.time(), self.token_state.is_renewable(&self.context.settings.grant));
            if reply.status == 401 {
                let held = generation == self.token_state.generation();
                let again = request.repeatable && call.refusals < MOST_REFUSALS && !(held && call.renewed);
                let token = held.then(|| self.token_state.token().cloned()).flatten();
                if self.token_state.refused(generation, time, renewable) {
                    // Kept until another token comes: the source must not supply this one again.
                    self.refused = token.or_else(|| self.refused.take());
                    if again {
                        call.renewed |= held;
                        call.refusals += 1;
                        self.request_finished(id, Outcome::Served, &reply.headers, None);
                        return self.wait_for_token(id, time);
                    }
                }
            } else {
                self.token_state.accepted(generation);
                (call.refusals, call.renewed) = (0, false);
                if is_answer(reply, request.expect) {
                    self.accepted_apis.accepted(generation, &request.path, time);
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
            self.accepted_apis.refused(generation, &path, self.context.time());
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
