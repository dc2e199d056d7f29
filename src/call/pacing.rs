//! Pacing of calls: when each is sent, when it is sent again, and how it fails if it is not admitted.
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

use super::circumstances::call_circumstances;
use super::effect::{CallId, Completion, Effect};
use super::machine::Client;
use super::pending_call::{CallStage, Purpose, Request};
use super::token::needs_user_action;
use crate::auth::{Availability, Obtains};
use crate::code::Code;
use crate::diagnose::{self, Facts, Failure, Kind, Retry, Transport, diagnose_in};
use crate::pace::{Allowed, Class, Next, Outcome, Reason, Then, resource_of};
use crate::request::{BATCH_PATH, Expect, Headers, LONGEST_URL, Method, Outgoing, Reply, batch_of_one};
use crate::secret::Secret;
use crate::time::Millis;

/// A shorter wait for an hourly rule is not reported.
const SHORTEST_REPORTED_WAIT: Millis = Millis::from_seconds(10);

impl Client {
    /// Continues a call with the current token, usable or not.
    pub(super) fn proceed(&mut self, id: CallId) {
        let Some(call) = self.calls.of(id) else { return };
        match (&call.purpose, self.tokens.state().token()) {
            (Purpose::Request(_), _) => self.enqueue(id),
            (_, Some(token)) => {
                let token = token.clone();
                self.tokens.mark_used();
                self.take(id);
                self.context.push(Effect::Finish { call: id, outcome: Ok(Completion::Token(token)) });
            }
            (_, None) => {}
        }
    }

    /// Queues a call for admission.
    pub(super) fn enqueue(&mut self, id: CallId) {
        let time = self.context.time();
        let usable = self.tokens.availability(&self.context) == Availability::Usable;
        let Some(call) = self.calls.of_mut(id) else { return };
        let Purpose::Request(request) = &call.purpose else { return };
        let resource = resource_of(request.method, &request.path);
        if !self.pacer.enter(id.0, call.class(), call.stream, resource, time) {
            return self.fail_for_too_many(id);
        }
        call.stage = CallStage::Queued { usable };
        call.deadline = call.began + self.pacer.policy(call.class()).budget;
        self.earliest = self.earliest.min(call.deadline);
        self.admit_at = Millis(0);
    }

    /// Sends the calls that the pacer admits, and fails those that it rejects.
    pub(super) fn admit(&mut self, time: Millis) {
        while time >= self.admit_at {
            match self.pacer.next(time) {
                Next::Start(id) => self.admitted(CallId(id), time),
                Next::TurnAway(id, reason, at) => self.reject(CallId(id), reason, at),
                Next::Nothing(at) => {
                    self.admit_at = at;
                    if let Some(wall) = self.pacer.wall() {
                        self.emit_rate_limit(wall);
                    }
                    return;
                }
            }
        }
    }

    fn admitted(&mut self, id: CallId, time: Millis) {
        let usable = self.tokens.availability(&self.context) == Availability::Usable;
        let Some(call) = self.calls.of(id) else {
            self.pacer.withdraw(id.0, time);
            return;
        };
        if call.stage == (CallStage::Queued { usable: true }) && !usable {
            self.pacer.withdraw(id.0, time);
            return self.wait_for_token(id, time);
        }
        self.send(id);
    }

    fn send(&mut self, id: CallId) {
        let Some(token) = self.tokens.state().token().cloned() else { return };
        if self.context.settings.grant.obtains() == Obtains::Never {
            self.context.warn_of_credentials();
        }
        self.tokens.mark_used();
        let effect = self.context.next_effect();
        let generation = self.tokens.state().generation();
        let Some(call) = self.calls.of_mut(id) else { return };
        let Purpose::Request(request) = &call.purpose else { return };
        call.stage = CallStage::Sent { effect, generation };
        if !call.credentials.iter().any(|sent| sent.is(token.expose())) {
            call.credentials.push(token.clone());
        }
        call.attempts = call.attempts.saturating_add(1);
        call.deadline = self.context.time() + self.context.settings.limits.call;
        self.earliest = self.earliest.min(call.deadline);
        let mut outgoing = Outgoing {
            method: request.method,
            url: [self.context.settings.instance.as_str(), &request.path].concat(),
            headers: vec![("Accept", "application/json".to_owned())],
            authorization: None,
            query: None,
            form: None,
            expect: request.expect,
        };
        // A request with the caller's own headers stays as it is: a Batch cannot carry all of them.
        if request.method == Method::Get && request.expect != Expect::Untouched && outgoing.url.len() > LONGEST_URL {
            outgoing.method = Method::Post;
            outgoing.url = [self.context.settings.instance.as_str(), BATCH_PATH].concat();
            outgoing.headers.push(("Content-Type", "application/json".to_owned()));
            outgoing.form = Some(Secret::new(batch_of_one(&request.path)));
        }
        self.context.settings.grant.present(&token, &mut outgoing);
        self.context.push(Effect::Fetch { id: effect, call: Some(id), outgoing });
    }

    /// Records the end of a request, with its failure if it failed.
    pub(super) fn request_finished(
        &mut self,
        id: CallId,
        outcome: Outcome,
        headers: &Headers,
        failure: Option<&Failure>,
    ) {
        let time = self.context.time();
        let before = self.pacer.saved();
        self.pacer.left(id.0, outcome, headers, time);
        self.admit_at = Millis(0);
        if let Some(call) = self.calls.of_mut(id) {
            call.stage = CallStage::BackingOff;
        }
        let after = self.pacer.saved();
        if before != after {
            let name = if after.is_some() { "breaker.opened" } else { "breaker.closed" };
            let until = after.map(|open| self.context.clock().host(Millis(open.until_ms)));
            self.context.emit(name, None, until, failure.map(|failure| Box::new(failure.clone())));
            self.opened_by = failure.filter(|_| after.is_some()).map(|failure| Box::new(failure.clone()));
        }
    }

    /// Handles a failed attempt: a later retry, or the end of the call.
    pub(super) fn attempt_failed(&mut self, id: CallId, failure: Box<Failure>, outcome: Result<&Reply, Transport>) {
        let nothing = Headers::NONE;
        let headers = outcome.map_or(&nothing, |reply| &reply.headers);
        let request_outcome = outcome_of(&failure);
        self.request_finished(id, request_outcome, headers, Some(&failure));
        let allowed = self.allowed(id, &failure);
        if let (Kind::Rate, Retry::After(wait)) = (failure.diagnosis.kind, failure.diagnosis.retry) {
            self.emit_rate_limit(self.context.time() + wait);
        }
        self.retry_or_fail(id, failure, allowed);
    }

    /// Diagnoses a failed attempt.
    pub(super) fn explain(&self, id: CallId, outcome: Result<&Reply, Transport>) -> Option<Box<Failure>> {
        let call = self.calls.of(id)?;
        let (method, path) = match &call.purpose {
            Purpose::Request(request) => (request.method, request.path.as_str()),
            Purpose::Token { .. } | Purpose::SignOut => (Method::Post, crate::auth::TOKEN_PATH),
        };
        // While a call waits for its token, its request was not sent: no write can have happened.
        let stage = if call.stage == CallStage::Waiting { diagnose::Stage::Token } else { diagnose::Stage::Api };
        let facts = Facts { stage, method, path, outcome };
        let now = self.context.host_time();
        let mut failure =
            diagnose_in(&facts, &call_circumstances(call, path, &self.tokens, &self.context), call.attempts, now);
        if failure.tried.status == Some(401)
            && self.context.settings.grant.is_bearer()
            && !self.tokens.is_renewable(&self.context)
        {
            failure.diagnosis.evidence.push("this client cannot renew it".to_owned());
        }
        failure.hide(&self.secrets(Some(id)));
        Some(failure)
    }

    /// Whether the diagnosis and the kind of request allow a retry.
    fn allowed(&self, id: CallId, failure: &Failure) -> Allowed {
        let Some(call) = self.calls.of(id) else { return Allowed::Nothing };
        let Purpose::Request(request) = &call.purpose else { return Allowed::Nothing };
        // A POST is sent again only if it was certainly not processed: it never left (one that may have left must be looked
        // up), was refused before processing, or reached a hibernating instance.
        let unprocessed = matches!(failure.tried.status, None | Some(202 | 425 | 429 | 503))
            || failure.diagnosis.code == Code::INSTANCE_HIBERNATING;
        let harmless = request.method != Method::Post || unprocessed;
        // What cuts a body once mostly does so again. A page is asked for in halves at once; the rest is tried twice more.
        if is_cut(failure) && (is_page(request) || call.attempts >= 3) {
            return Allowed::Nothing;
        }
        match failure.diagnosis.retry {
            _ if !request.repeatable || !harmless => Allowed::Nothing,
            Retry::Backoff => Allowed::Again,
            Retry::After(wait) => Allowed::AgainAfter(wait),
            Retry::Never | Retry::AfterRenewal | Retry::LookFirst => Allowed::Nothing,
        }
    }

    fn retry_or_fail(&mut self, id: CallId, mut failure: Box<Failure>, allowed: Allowed) {
        let time = self.context.time();
        let Some(call) = self.calls.of_mut(id) else { return };
        let random = u32::try_from(self.context.random.next() >> 32).unwrap_or(u32::MAX);
        match self.pacer.again(call.class(), call.attempts, call.began, allowed, random, time) {
            Then::Send(at) => {
                call.deadline = at;
                self.earliest = self.earliest.min(at);
                let until = Some(self.context.clock().host(at));
                self.context.emit("request.retried", None, until, Some(failure));
            }
            Then::End(at) => {
                failure.resumes_at = at.map(|at| self.context.clock().host(at)).or(failure.resumes_at);
                self.fail(id, failure);
            }
        }
    }

    /// Handles a failed renewal for a waiting call: it waits for the next attempt, as after a failed reply. An interactive call
    /// fails once the pauses are long, or if another attempt cannot succeed.
    pub(super) fn token_unavailable(&mut self, id: CallId, failure: Box<Failure>) {
        let is_reading = self.calls.of(id).is_some_and(|call| call.stream != 0);
        let most = u32::from(self.pacer.policy(Class::Interactive).attempts);
        if is_reading || (self.tokens.state().failures() < most && failure.diagnosis.kind != Kind::Authentication) {
            self.wait_or_fail(id, failure);
        } else {
            self.fail(id, failure);
        }
    }

    /// Lets a call wait for the end of the pause, unless the user must act first.
    pub(super) fn wait_or_fail(&mut self, id: CallId, failure: Box<Failure>) {
        match self.tokens.state().paused_until() {
            Some(until) if !needs_user_action(&failure) && self.tokens.is_renewable(&self.context) => {
                self.retry_or_fail(id, failure, Allowed::ForAll(until.less(self.context.time())));
            }
            _ => self.fail(id, failure),
        }
    }

    fn reject(&mut self, id: CallId, reason: Reason, at: Millis) {
        let retry = Retry::After(at.less(self.context.time()));
        let mut failure = match reason {
            Reason::CircuitOpen => {
                let title = "The instance has failed repeatedly; the circuit breaker is open, so nothing was sent";
                let because = self.opened_by.as_ref().filter(|opened_by| opened_by.exchange.is_none());
                let because = because.map_or_else(String::new, |opened_by| {
                    let cause = &opened_by.diagnosis;
                    [cause.code.as_str(), ": ", cause.evidence.first().map_or("", String::as_str)].concat()
                });
                Failure::unsent(Code::INSTANCE_CIRCUIT_OPEN, Kind::Instance, title, retry, because)
            }
            Reason::RateLimited => {
                let title = "The hourly limit of a rate limit rule is used up, so nothing was sent";
                Failure::unsent(Code::RATE_RULE, Kind::Rate, title, retry, String::new())
            }
        };
        if let Some(opened_by) = self.opened_by.as_ref().filter(|_| reason == Reason::CircuitOpen) {
            let cause = &opened_by.diagnosis;
            (failure.diagnosis.key, failure.diagnosis.causes) = (cause.key, cause.causes);
            failure.exchange.clone_from(&opened_by.exchange);
        }
        failure.resumes_at = Some(self.context.clock().host(at));
        self.fail(id, failure);
    }

    /// Handles all deadlines that have passed, and finds the next one.
    pub(super) fn expire(&mut self, time: Millis) {
        if time < self.earliest.min(self.renewal.deadline()) {
            return;
        }
        if self.renewal.deadline() <= time {
            let end = self.renewal.time_out(&mut self.tokens, &mut self.context);
            self.renewal_ended(end);
        }
        let late: Vec<(CallId, CallStage, Class)> = self
            .calls
            .iter()
            .filter(|call| call.deadline <= time)
            .map(|call| (call.id, call.stage, call.class()))
            .collect();
        // Without a token request, calls wait for the end of a pause. Reading a changed store is not one.
        let asked = !self.renewal.is_idle() && self.tokens.state().paused_until().is_none();
        for (id, stage, class) in late {
            match stage {
                CallStage::Queued { .. } => {
                    let title = "Timed out waiting for a free request slot; nothing was sent";
                    let failure =
                        Failure::unsent(Code::CAPACITY_LINE, Kind::Capacity, title, Retry::Backoff, String::new());
                    self.fail(id, failure);
                }
                CallStage::Sent { effect, .. } => {
                    let Some(failure) = self.explain(id, Err(Transport::TimedOut)) else { continue };
                    self.context.push(Effect::Cancel { id: effect });
                    self.attempt_failed(id, failure, Err(Transport::TimedOut));
                }
                // A reading waits for the renewal, which has its own time limit.
                CallStage::Waiting if asked && class == Class::Interactive => {
                    let Some(failure) = self.explain(id, Err(Transport::TimedOut)) else { continue };
                    self.fail(id, failure);
                }
                CallStage::Waiting | CallStage::BackingOff => self.wait_for_token(id, time),
            }
        }
        self.drop_unwanted_renewal();
        self.earliest = self.calls.iter().map(|call| call.deadline).min().unwrap_or(Millis::NEVER);
    }

    /// Cancels a renewal that is of no use without a waiting call.
    pub(super) fn drop_unwanted_renewal(&mut self) {
        if self.renewal.needs_a_call(&self.tokens) && !self.calls.iter().any(|call| call.stage == CallStage::Waiting) {
            self.renewal.cancel_unneeded(&mut self.tokens, &mut self.context);
        }
    }

    pub(super) fn fail_for_too_many(&mut self, id: CallId) {
        let title = "10,000 calls are pending already";
        let failure =
            Failure::unsent(Code::CAPACITY_TOO_MANY_CALLS, Kind::Capacity, title, Retry::Backoff, String::new());
        self.fail(id, failure);
    }

    /// Reports the end of an hourly limit once.
    fn emit_rate_limit(&mut self, until: Millis) {
        if until >= self.context.time() + SHORTEST_REPORTED_WAIT && until > self.limit_reported {
            self.limit_reported = until;
            let until = self.context.clock().host(until);
            self.context.emit("rate.limited", None, Some(until), None);
        }
    }
}

/// Whether a body was truncated: a sign of its size or of the network, not of the instance. 202 is the reply of a queue.
pub(super) fn is_cut(failure: &Failure) -> bool {
    failure.diagnosis.code == Code::INSTANCE_CUT_REPLY && failure.tried.status != Some(202)
}

/// Smaller pages are retried unchanged, such as the request for the instance's time and the first ones of a sync.
const SMALL_PAGE: u64 = 8;

/// Whether the request reads a page of a table that can be halved.
fn is_page(request: &Request) -> bool {
    let limit = request.path.split(['?', '&']).find_map(|part| part.strip_prefix("sysparm_limit="));
    let rows = limit.and_then(|limit| limit.parse::<u64>().ok());
    request.expect == Expect::Rows && request.path.contains("/table/") && rows.is_some_and(|rows| rows > SMALL_PAGE)
}

/// What a failure means for the pacer, by its diagnosis: only the catalogue knows what a status means. The exception is 503, for
/// which no diagnosis separates an overloaded instance from an absent one.
pub(super) fn outcome_of(failure: &Failure) -> Outcome {
    if is_cut(failure) {
        return Outcome::Served;
    }
    match (failure.diagnosis.kind, failure.diagnosis.retry, failure.tried.status) {
        (Kind::Rate, ..) => Outcome::Limited,
        // The instance cancelled this request at its time limit, or left it out of a Batch: other requests are not affected.
        (Kind::Capacity, Retry::Never, _) | (Kind::Capacity, _, Some(200 | 425)) => Outcome::Served,
        // An invalid request is no sign of an instance problem, whatever its status.
        (Kind::Request, ..) => Outcome::Served,
        (Kind::Capacity, ..) => Outcome::Throttled,
        (_, _, Some(503)) => Outcome::Unavailable,
        // No reply, or not from a working instance: a hibernation page.
        (_, _, None | Some(0 | 500..)) | (Kind::Instance, Retry::Backoff, _) => Outcome::Failed,
        _ => Outcome::Served,
    }
}
