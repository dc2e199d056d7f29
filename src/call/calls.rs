//! The calls in progress: when each is sent, when it is sent again, and how it fails if it is not admitted.
//!
//! ```text
//!  Waiting --token--> Queued --admitted--> Sent --reply--> Finish(Ok)
//!     ^                 |                   |
//!     |                 `--rejected---------+--no further attempt--> Finish(Err)
//!     `---- backoff over ---- BackingOff <--'  diagnosis, attempts, time and retry budget allow another attempt
//! ```
//!
//! While no token can be obtained, calls stay in `Waiting`: each failed renewal sets their deadline to the end of its pause, and
//! the first call that reaches it starts the next renewal.
//!
//! [`Pacer`](crate::pace::Pacer) admits calls; the diagnosis decides whether a retry can help and is safe. If the token expires in
//! the queue, it is renewed and the call is queued again.

use super::admission::{Admission, Admitted};
use super::call_list::CallList;
use super::circumstances::explain;
use super::context::Context;
use super::effect::{CallId, Completion, Effect, EffectId, Input};
use super::pending_call::{CallStage, PendingCall, Purpose, is_answer};
use super::retrying::{allowed, outcome_of};
use super::token::{TokenRenewal, Tokens, needs_user_action, not_cleared};
use crate::auth::{Availability, Obtains};
use crate::code::Code;
use crate::diagnose::{Failure, Kind, Retry, Transport};
use crate::pace::{Allowed, Class, Outcome, Then};
use crate::request::{Headers, Reply};
use crate::time::Millis;

/// Further calls are refused: the queue is bounded.
pub(super) const MOST_CALLS: usize = 10_000;

/// One refusal that a renewal resolves, and one late refusal of an older token.
const MOST_REFUSALS: u8 = 2;

/// The calls in progress. Where one needs another token, its id is returned: only the client can have the token renewed.
#[derive(Debug)]
pub(super) struct Calls {
    list: CallList,
    pub(super) admission: Admission,
    /// No deadline of a call lies before this.
    earliest: Millis,
    pub(super) last_failure: Option<Box<Failure>>,
}

impl Calls {
    pub(super) fn new(context: &Context) -> Self {
        let admission = Admission::new(context);
        Self { list: CallList::default(), admission, earliest: Millis::NEVER, last_failure: None }
    }

    pub(super) const fn list(&self) -> &CallList {
        &self.list
    }

    pub(super) const fn list_mut(&mut self) -> &mut CallList {
        &mut self.list
    }

    /// When the earliest stage of a call times out.
    pub(super) fn deadline(&self) -> Millis {
        if self.list.is_empty() { Millis::NEVER } else { self.earliest }
    }

    pub(super) fn begin(&mut self, purpose: Purpose, context: &mut Context) -> CallId {
        self.admission.restore(context);
        let id = CallId(context.next_id());
        let began = context.time();
        let deadline = began + context.settings.limits.call;
        let full = self.list.len() >= MOST_CALLS;
        self.list.push(PendingCall {
            id,
            purpose,
            stage: CallStage::Waiting,
            began,
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
            self.fail_for_too_many(id, context);
        }
        id
    }

    /// The call whose request this is. Only the few admitted calls are searched.
    pub(super) fn sent_as(&self, effect: EffectId) -> Option<CallId> {
        let is_it = |id: &CallId| self.list.of(*id).is_some_and(|call| call.is_sent_as(effect));
        self.admission.pacer().out().map(CallId).find(is_it)
    }

    /// Lets a call wait for a token.
    pub(super) fn wait(&mut self, id: CallId, context: &Context) {
        if let Some(call) = self.list.of_mut(id) {
            call.stage = CallStage::Waiting;
            call.deadline = context.time() + context.settings.limits.call;
            self.earliest = self.earliest.min(call.deadline);
        }
    }

    /// Continues a call with the current token, usable or not.
    pub(super) fn proceed(&mut self, id: CallId, tokens: &mut Tokens, context: &mut Context) {
        let Some(call) = self.list.of(id) else { return };
        match (&call.purpose, tokens.state().token()) {
            (Purpose::Request(_), _) => self.enqueue(id, tokens, context),
            (_, Some(token)) => {
                let token = token.clone();
                tokens.mark_used();
                self.take(id, context);
                context.push(Effect::Finish { call: id, outcome: Ok(Completion::Token(token)) });
            }
            (_, None) => {}
        }
    }

    /// Queues a call for admission.
    fn enqueue(&mut self, id: CallId, tokens: &Tokens, context: &mut Context) {
        let usable = tokens.availability(context) == Availability::Usable;
        let Some(call) = self.list.of_mut(id) else { return };
        if !self.admission.enter(call, context) {
            return self.fail_for_too_many(id, context);
        }
        call.stage = CallStage::Queued { usable };
        call.deadline = call.began + self.admission.pacer().policy(call.class()).budget;
        self.earliest = self.earliest.min(call.deadline);
    }

    /// Sends the calls that the pacer admits, and fails those that it rejects. Returns one whose token has expired in the queue.
    pub(super) fn admit(&mut self, tokens: &mut Tokens, context: &mut Context) -> Option<CallId> {
        loop {
            let id = match self.admission.next(context)? {
                Admitted::Start(id) => id,
                Admitted::Reject(id, failure) => {
                    self.fail(id, failure, context);
                    continue;
                }
            };
            let usable = tokens.availability(context) == Availability::Usable;
            match self.list.of(id).map(|call| call.stage) {
                None => self.admission.withdraw(id, context),
                Some(CallStage::Queued { usable: true }) if !usable => {
                    self.admission.withdraw(id, context);
                    self.wait(id, context);
                    return Some(id);
                }
                Some(_) => self.send(id, tokens, context),
            }
        }
    }

    fn send(&mut self, id: CallId, tokens: &mut Tokens, context: &mut Context) {
        let Some(token) = tokens.state().token().cloned() else { return };
        if context.settings.grant.obtains() == Obtains::Never {
            context.warn_of_credentials();
        }
        tokens.mark_used();
        let effect = context.next_effect();
        let generation = tokens.state().generation();
        let Some(call) = self.list.of_mut(id) else { return };
        let Purpose::Request(request) = &call.purpose else { return };
        call.stage = CallStage::Sent { effect, generation };
        if !call.credentials.iter().any(|sent| sent.is(token.expose())) {
            call.credentials.push(token.clone());
        }
        call.attempts = call.attempts.saturating_add(1);
        call.deadline = context.time() + context.settings.limits.call;
        self.earliest = self.earliest.min(call.deadline);
        let outgoing = request.outgoing(&token, &context.settings);
        context.push(Effect::Fetch { id: effect, call: Some(id), outgoing });
    }

    /// Handles the result of a request. True: the call waits for another token.
    pub(super) fn answered(
        &mut self,
        id: CallId,
        input: &Input,
        renewal: &TokenRenewal,
        tokens: &mut Tokens,
        context: &mut Context,
    ) -> bool {
        let Some(call) = self.list.of_mut(id) else { return false };
        let (CallStage::Sent { generation, .. }, Purpose::Request(request)) = (call.stage, &call.purpose) else {
            return false;
        };
        let outcome = match input {
            Input::Reply(reply) => Ok(reply),
            Input::Failed => Err(Transport::Unsent),
            _ => Err(Transport::Unreachable),
        };
        if let Ok(reply) = outcome {
            if reply.status == 401 {
                let held = generation == tokens.state().generation();
                let again = request.repeatable && call.refusals < MOST_REFUSALS && !(held && call.renewed);
                if tokens.refused(generation, context) && again {
                    call.renewed |= held;
                    call.refusals += 1;
                    self.left(id, Outcome::Served, &reply.headers, None, context);
                    self.wait(id, context);
                    return true;
                }
            } else {
                (call.refusals, call.renewed) = (0, false);
                let answer = is_answer(reply, request.expect);
                tokens.accepted(generation, answer.then_some(request), context);
                if answer {
                    self.left(id, Outcome::Served, &reply.headers, None, context);
                    self.take(id, context);
                    context.push(Effect::Finish { call: id, outcome: Ok(Completion::Reply) });
                    return false;
                }
            }
        }
        let Some(call) = self.list.of_mut(id) else { return false };
        let failure = explain(call, outcome, renewal, tokens, context);
        let mut refused = None;
        if let (Some(403), Purpose::Request(request)) = (failure.tried.status, &call.purpose) {
            call.resent = true;
            refused = (!request.method.writes()).then(|| request.clone());
        }
        self.attempt_failed(id, failure, outcome, context);
        if let Some(request) = refused.filter(|_| self.list.of(id).is_none()) {
            tokens.refused_read(generation, &request, context);
        }
        false
    }

    /// Records the end of a request, with its failure if it failed.
    fn left(
        &mut self,
        id: CallId,
        outcome: Outcome,
        headers: &Headers,
        failure: Option<&Failure>,
        context: &mut Context,
    ) {
        self.admission.left(id, outcome, headers, failure, context);
        if let Some(call) = self.list.of_mut(id) {
            call.stage = CallStage::BackingOff;
        }
    }

    /// Handles a failed attempt: a later retry, or the end of the call.
    fn attempt_failed(
        &mut self,
        id: CallId,
        failure: Box<Failure>,
        outcome: Result<&Reply, Transport>,
        context: &mut Context,
    ) {
        let nothing = Headers::NONE;
        let headers = outcome.map_or(&nothing, |reply| &reply.headers);
        self.left(id, outcome_of(&failure), headers, Some(&failure), context);
        let allowed = self.list.of(id).map_or(Allowed::Nothing, |call| allowed(call, &failure));
        self.retry_or_fail(id, failure, allowed, context);
    }

    fn retry_or_fail(&mut self, id: CallId, mut failure: Box<Failure>, allowed: Allowed, context: &mut Context) {
        let Some(call) = self.list.of_mut(id) else { return };
        match self.admission.again(call, allowed, context) {
            Then::Send(at) => {
                call.deadline = at;
                self.earliest = self.earliest.min(at);
                let until = Some(context.clock().host(at));
                context.emit("request.retried", None, until, Some(failure));
            }
            Then::End(at) => {
                failure.resumes_at = at.map(|at| context.clock().host(at)).or(failure.resumes_at);
                self.fail(id, failure, context);
            }
        }
    }

    /// Handles a failed renewal for a waiting call: it waits for the next attempt, as after a failed reply. An interactive call
    /// fails once the pauses are long, or if another attempt cannot succeed.
    pub(super) fn token_unavailable(
        &mut self,
        id: CallId,
        failure: Box<Failure>,
        tokens: &Tokens,
        context: &mut Context,
    ) {
        let is_reading = self.list.of(id).is_some_and(|call| call.stream != 0);
        let most = u32::from(self.admission.pacer().policy(Class::Interactive).attempts);
        if is_reading || (tokens.state().failures() < most && failure.diagnosis.kind != Kind::Authentication) {
            self.wait_or_fail(id, failure, tokens, context);
        } else {
            self.fail(id, failure, context);
        }
    }

    /// Lets a call wait for the end of the pause, unless the user must act first.
    pub(super) fn wait_or_fail(&mut self, id: CallId, failure: Box<Failure>, tokens: &Tokens, context: &mut Context) {
        match tokens.state().paused_until() {
            Some(until) if !needs_user_action(&failure) && tokens.is_renewable(context) => {
                self.retry_or_fail(id, failure, Allowed::ForAll(until.less(context.time())), context);
            }
            _ => self.fail(id, failure, context),
        }
    }

    /// Handles all deadlines that have passed. Returns the calls whose waiting is over: they continue with a token.
    pub(super) fn expire(&mut self, renewal: &TokenRenewal, tokens: &Tokens, context: &mut Context) -> Vec<CallId> {
        let time = context.time();
        let late: Vec<(CallId, CallStage, Class)> = self
            .list
            .iter()
            .filter(|call| call.deadline <= time)
            .map(|call| (call.id, call.stage, call.class()))
            .collect();
        // Without a token request, calls wait for the end of a pause. Reading a changed store is not one.
        let asked = !renewal.is_idle() && tokens.state().paused_until().is_none();
        let mut over = vec![];
        for (id, stage, class) in late {
            let Some(call) = self.list.of(id) else { continue };
            match stage {
                CallStage::Queued { .. } => {
                    let title = "Timed out waiting for a free request slot; nothing was sent. Start fewer at once or raise `pace.budgetMs`";
                    let failure =
                        Failure::unsent(Code::CAPACITY_LINE, Kind::Capacity, title, Retry::Backoff, String::new());
                    self.fail(id, failure, context);
                }
                CallStage::Sent { effect, .. } => {
                    let failure = explain(call, Err(Transport::TimedOut), renewal, tokens, context);
                    context.push(Effect::Cancel { id: effect });
                    self.attempt_failed(id, failure, Err(Transport::TimedOut), context);
                }
                // A reading waits for the renewal, which has its own time limit.
                CallStage::Waiting if asked && class == Class::Interactive => {
                    let failure = explain(call, Err(Transport::TimedOut), renewal, tokens, context);
                    self.fail(id, failure, context);
                }
                CallStage::Waiting | CallStage::BackingOff => {
                    self.wait(id, context);
                    over.push(id);
                }
            }
        }
        over
    }

    /// Finds the next deadline.
    pub(super) fn find_deadline(&mut self) {
        self.earliest = self.list.iter().map(|call| call.deadline).min().unwrap_or(Millis::NEVER);
    }

    /// Ends every pending sign-out. It fails if tokens are left in the store, because they would sign the next page in.
    /// Past failures keep no exchange, which holds tokens and the client's secrets.
    pub(super) fn finish_sign_outs(&mut self, left_in_store: bool, context: &mut Context) {
        let ended: Vec<CallId> = self.list.iter().filter(|call| !call.wants_token()).map(|call| call.id).collect();
        for call in ended {
            self.take(call, context);
            let outcome = if left_in_store { Err(not_cleared()) } else { Ok(Completion::SignedOut) };
            context.push(Effect::Finish { call, outcome });
        }
        for failure in self.last_failure.iter_mut().chain(&mut self.admission.opened_by) {
            failure.exchange = None;
        }
    }

    /// Aborts a call; no `Finish` follows.
    pub(super) fn abort(&mut self, id: CallId, context: &mut Context) {
        let Some(call) = self.take(id, context) else { return };
        if let CallStage::Sent { effect, .. } = call.stage {
            context.cancel(effect);
        }
        context.drop_finish(id);
    }

    pub(super) fn fail(&mut self, id: CallId, failure: Box<Failure>, context: &mut Context) {
        if self.take(id, context).is_some() {
            context.push(Effect::Finish { call: id, outcome: Err(failure.clone()) });
            self.last_failure = Some(failure);
        }
    }

    fn fail_for_too_many(&mut self, id: CallId, context: &mut Context) {
        let title = "10,000 calls are pending already. Start fewer at once";
        let failure =
            Failure::unsent(Code::CAPACITY_TOO_MANY_CALLS, Kind::Capacity, title, Retry::Backoff, String::new());
        self.fail(id, failure, context);
    }

    fn take(&mut self, id: CallId, context: &Context) -> Option<Box<PendingCall>> {
        let call = self.list.take(id)?;
        if matches!(call.stage, CallStage::Queued { .. } | CallStage::Sent { .. }) {
            self.admission.withdraw(id, context);
        }
        Some(call)
    }
}
