//! Calls before the gate of the instance: when each is sent, when again, and what those are told who are turned away.
//!
//! ```text
//!  Waiting --token--> Queued --gate opens--> Sent --answer--> Finish(Ok)
//!     ^                  |                     |
//!     |                  `--turned away--------+--nothing more to try--> Finish(Err)
//!     `---- the pause is over ---- BackingOff <---'  the diagnosis allows another try, and so do attempts, time and budget
//! ```
//!
//! While no token can be had calls stay in `Waiting`: each failed renewal sets their deadline to the end of the pause after it, and the
//! first of them that comes to it has the next renewal begun.
//!
//! [`Pacer`](crate::pace::Pacer) decides about the gate, the diagnosis whether a repetition can help and harms nobody. A token
//! that died in line is renewed before the request leaves, and the call stands in line again.

use super::effect::{CallId, Effect, Input};
use super::event::ClientEvent;
use super::machine::Client;
use super::pending_call::{CallStage, Purpose, Request};
use super::token::needs_user_action;
use crate::auth::{Availability, Obtains};
use crate::diagnose::{self, Facts, Failure, Kind, Retry, Transport, diagnose_in};
use crate::pace::{Allowed, Class, Next, Outcome, Reason, Then, resource_of};
use crate::request::{BATCH_PATH, Expect, Headers, LONGEST_URL, Method, Outgoing, Reply, batch_of_one};
use crate::secret::Secret;
use crate::time::Millis;

/// A wait for an hourly rule that is shorter is not told.
const SHORTEST_REPORTED_WAIT: Millis = Millis::from_seconds(10);

impl Client {
    /// Puts a call that has its token in line.
    pub(super) fn enqueue(&mut self, id: CallId) {
        let time = self.clock.time();
        let usable = self.token_state.availability(time, self.can_get_token()) == Availability::Usable;
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

    /// Sends what the gate lets through, and ends what it turns away.
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
        let usable = self.token_state.availability(time, self.can_get_token()) == Availability::Usable;
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
        let Some(token) = self.token_state.token().cloned() else { return };
        if self.settings.grant.obtains() == Obtains::Never {
            self.warn_of_credentials();
        }
        self.token_state.mark_used();
        let effect = self.next_effect();
        let generation = self.token_state.generation();
        let Some(call) = self.calls.of_mut(id) else { return };
        let Purpose::Request(request) = &call.purpose else { return };
        call.stage = CallStage::Sent { effect, generation };
        if !call.shown.iter().any(|shown| shown.is(token.expose())) {
            call.shown.push(token.clone());
        }
        call.attempts = call.attempts.saturating_add(1);
        call.deadline = self.clock.time() + self.settings.limits.call;
        self.earliest = self.earliest.min(call.deadline);
        let mut outgoing = Outgoing {
            method: request.method,
            url: [self.settings.instance.as_str(), &request.path].concat(),
            headers: vec![("Accept", "application/json".to_owned())],
            authorization: None,
            query: None,
            form: None,
            expect: request.expect,
        };
        // A caller's own request is sent as it is: its headers could not all travel inside a Batch.
        if request.method == Method::Get && request.expect != Expect::Untouched && outgoing.url.len() > LONGEST_URL {
            outgoing.method = Method::Post;
            outgoing.url = [self.settings.instance.as_str(), BATCH_PATH].concat();
            outgoing.headers.push(("Content-Type", "application/json".to_owned()));
            outgoing.form = Some(Secret::new(batch_of_one(&request.path)));
        }
        self.settings.grant.present(&token, &mut outgoing);
        self.push(Effect::Fetch { id: effect, call: Some(id), outgoing });
    }

    /// A request ended; `failure` says how badly.
    pub(super) fn request_finished(
        &mut self,
        id: CallId,
        outcome: Outcome,
        headers: &Headers,
        failure: Option<&Failure>,
    ) {
        let time = self.clock.time();
        let before = self.pacer.saved();
        self.pacer.left(id.0, outcome, headers, time);
        self.admit_at = Millis(0);
        if let Some(call) = self.calls.of_mut(id) {
            call.stage = CallStage::BackingOff;
        }
        let after = self.pacer.saved();
        if before != after {
            let name = if after.is_some() { "breaker.opened" } else { "breaker.closed" };
            let until = after.map(|open| self.clock.host(Millis(open.until_ms)));
            self.emit(name, None, until, failure.map(|failure| Box::new(failure.clone())));
            self.opened_by = failure.filter(|_| after.is_some()).map(|failure| failure.diagnosis.clone());
        }
    }

    /// A request brought no answer that could be used: it is sent again later, or the call ends.
    pub(super) fn attempt_failed(&mut self, id: CallId, failure: Box<Failure>, outcome: Result<&Reply, Transport>) {
        let nothing = Headers::NONE;
        let headers = outcome.map_or(&nothing, |reply| &reply.headers);
        let left = outcome_of(&failure);
        self.request_finished(id, left, headers, Some(&failure));
        let allowed = self.allowed(id, &failure);
        if let (Kind::Rate, Retry::After(wait)) = (failure.diagnosis.kind, failure.diagnosis.retry) {
            self.emit_rate_limit(self.clock.time() + wait);
        }
        self.retry_or_fail(id, failure, allowed);
    }

    /// What went wrong, by what is known of the call.
    pub(super) fn explain(&self, id: CallId, outcome: Result<&Reply, Transport>) -> Option<Box<Failure>> {
        let call = self.calls.of(id)?;
        let (method, path) = match &call.purpose {
            Purpose::Request(request) => (request.method, request.path.as_str()),
            Purpose::Token { .. } | Purpose::SignOut => (Method::Post, crate::auth::TOKEN_PATH),
        };
        // While a call waits for its token nothing of it has left: no write can have happened.
        let stage = if call.stage == CallStage::Waiting { diagnose::Stage::Token } else { diagnose::Stage::Api };
        let facts = Facts { stage, method, path, outcome };
        let now = self.clock.host(self.clock.time());
        let mut failure = diagnose_in(&facts, &self.call_circumstances(call, path), call.attempts, now);
        if failure.tried.status == Some(401)
            && self.settings.grant.is_bearer()
            && !self.token_state.is_renewable(&self.settings.grant)
        {
            failure.diagnosis.evidence.push("this client cannot renew it".to_owned());
        }
        failure.diagnosis.hide(&self.secrets(Some(id)));
        Some(failure)
    }

    /// What the diagnosis and the kind of request allow.
    fn allowed(&self, id: CallId, failure: &Failure) -> Allowed {
        let Some(call) = self.calls.of(id) else { return Allowed::Nothing };
        let Purpose::Request(request) = &call.purpose else { return Allowed::Nothing };
        // What creates is sent again only if it surely was not processed: it never left (what may have is to be looked up), was turned
        // away at the door, or was met by a sleeper.
        let unprocessed = matches!(failure.tried.status, None | Some(202 | 425 | 429 | 503))
            || failure.diagnosis.code == "instance.hibernating";
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
        let time = self.clock.time();
        let Some(call) = self.calls.of_mut(id) else { return };
        let random = u32::try_from(self.random.next() >> 32).unwrap_or(u32::MAX);
        match self.pacer.again(call.class(), call.attempts, call.began, allowed, random, time) {
            Then::Send(at) => {
                call.deadline = at;
                self.earliest = self.earliest.min(at);
                let until = Some(self.clock.host(at));
                self.emit("request.retried", None, until, Some(failure));
            }
            Then::End(at) => {
                failure.resumes_at = at.map(|at| self.clock.host(at)).or(failure.resumes_at);
                self.fail(id, failure);
            }
        }
    }

    /// No token could be had. Whoever waits tries again, as after a reply that failed. But once the pauses have grown long, and for
    /// what a source of tokens could not give, which knows best, somebody who waits for the answer is told.
    pub(super) fn token_unavailable(&mut self, id: CallId, failure: Box<Failure>) {
        let is_reading = self.calls.of(id).is_some_and(|call| call.stream != 0);
        let most = u32::from(self.pacer.policy(Class::Interactive).attempts);
        if is_reading || (self.token_state.failures() < most && failure.diagnosis.kind != Kind::Authentication) {
            self.wait_or_fail(id, failure);
        } else {
            self.fail(id, failure);
        }
    }

    /// Lets a call wait until another token may be asked for, unless a person must see to it first.
    pub(super) fn wait_or_fail(&mut self, id: CallId, failure: Box<Failure>) {
        match self.token_state.paused_until() {
            Some(until) if !needs_user_action(&failure) && self.token_state.is_renewable(&self.settings.grant) => {
                self.retry_or_fail(id, failure, Allowed::ForAll(until.less(self.clock.time())));
            }
            _ => self.fail(id, failure),
        }
    }

    fn reject(&mut self, id: CallId, reason: Reason, at: Millis) {
        let retry = Retry::After(at.less(self.clock.time()));
        let mut failure = match reason {
            Reason::CircuitOpen => {
                let title = "The instance has failed so often that it is left alone for a while, so nothing was sent";
                let because = self.opened_by.as_ref().map_or(String::new(), |cause| {
                    [cause.code, ": ", cause.evidence.first().map_or("", String::as_str)].concat()
                });
                Failure::unsent("instance.circuit-open", Kind::Instance, title, retry, because)
            }
            Reason::RateLimited => {
                let title = "The hourly limit of a rate limit rule is used up, so nothing was sent";
                Failure::unsent("rate.rule", Kind::Rate, title, retry, String::new())
            }
        };
        if let Some(cause) = self.opened_by.as_ref().filter(|_| reason == Reason::CircuitOpen) {
            (failure.diagnosis.key, failure.diagnosis.causes) = (cause.key, cause.causes);
        }
        failure.resumes_at = Some(self.clock.host(at));
        self.fail(id, failure);
    }

    /// Ends what has run out of time, sends on what has rested, and finds the next deadline.
    pub(super) fn expire(&mut self, time: Millis) {
        if let Some(renewal) = self.renewal.as_ref().filter(|renewal| renewal.deadline <= time) {
            self.cancel_effect(renewal.id);
            self.renewal_answered(Input::Slept);
        }
        let late: Vec<(CallId, CallStage, Class)> = self
            .calls
            .iter()
            .filter(|call| call.deadline <= time)
            .map(|call| (call.id, call.stage, call.class()))
            .collect();
        // Whoever waits and has nobody who asks waited for the end of a pause. A look at a changed store asks for nothing.
        let asked = self.renewal.is_some() && self.token_state.paused_until().is_none();
        for (id, stage, class) in late {
            match stage {
                CallStage::Queued { .. } => {
                    let title = "The call waited in line until its time was over, and nothing was sent";
                    let failure =
                        Failure::unsent("capacity.line", Kind::Capacity, title, Retry::Backoff, String::new());
                    self.fail(id, failure);
                }
                CallStage::Sent { effect, .. } => {
                    let Some(failure) = self.explain(id, Err(Transport::TimedOut)) else { continue };
                    self.push(Effect::Cancel { id: effect });
                    self.attempt_failed(id, failure, Err(Transport::TimedOut));
                }
                // The renewal ends in its own time: a reading waits for that.
                CallStage::Waiting if asked && class == Class::Interactive => {
                    let Some(failure) = self.explain(id, Err(Transport::TimedOut)) else { continue };
                    self.fail(id, failure);
                }
                CallStage::Waiting | CallStage::BackingOff => self.wait_for_token(id, time),
            }
        }
        self.drop_unwanted_renewal();
        let deadlines =
            self.calls.iter().map(|call| call.deadline).chain(self.renewal.iter().map(|renewal| renewal.deadline));
        self.earliest = deadlines.min().unwrap_or(Millis::NEVER);
    }

    /// Whether another token may be had. What the store holds is not known before it was read.
    pub(super) fn can_get_token(&self) -> bool {
        self.token_state.is_renewable(&self.settings.grant)
            || (self.settings.stored && self.settings.grant.obtains() == Obtains::Requested)
    }

    pub(super) fn fail_for_too_many(&mut self, id: CallId) {
        let title = "10,000 calls are under way already";
        let failure = Failure::unsent("capacity.too-many-calls", Kind::Capacity, title, Retry::Backoff, String::new());
        self.fail(id, failure);
    }

    /// Once for each hour's end.
    fn emit_rate_limit(&mut self, until: Millis) {
        if until >= self.clock.time() + SHORTEST_REPORTED_WAIT && until > self.limit_reported {
            self.limit_reported = until;
            let (at, until) = (self.clock.host(self.clock.time()), Some(self.clock.host(until)));
            self.push(Effect::Emit(ClientEvent { name: "rate.limited", at, detail: None, until, failure: None }));
        }
    }
}

/// Whether a body ended too early: that says something of its size, or of the way, and nothing against the instance. 202 is a queue's.
fn is_cut(failure: &Failure) -> bool {
    failure.diagnosis.code == "instance.cut-reply" && failure.tried.status != Some(202)
}

/// Up to so many rows a page is tried again as it is: the instance's time and a sync's first looks are asked for so.
const SMALL_PAGE: u64 = 8;

/// Whether it reads a page of a table that can be halved.
fn is_page(request: &Request) -> bool {
    let limit = request.path.split(['?', '&']).find_map(|part| part.strip_prefix("sysparm_limit="));
    let rows = limit.and_then(|limit| limit.parse::<u64>().ok());
    request.expect == Expect::Rows && request.path.contains("/table/") && rows.is_some_and(|rows| rows > SMALL_PAGE)
}

/// What a failure says of the instance, as its diagnosis reads it: the catalogue alone knows what a status stands for. Only 503 has
/// two meanings that no diagnosis tells apart: it has enough, or it is not there.
pub(super) fn outcome_of(failure: &Failure) -> Outcome {
    if is_cut(failure) {
        return Outcome::Served;
    }
    match (failure.diagnosis.kind, failure.diagnosis.retry, failure.tried.status) {
        (Kind::Rate, ..) => Outcome::Limited,
        // It cancelled this one request at its time limit, or left it out of a Batch: too heavy a query shuts nobody else out.
        (Kind::Capacity, Retry::Never, _) | (Kind::Capacity, _, Some(200 | 425)) => Outcome::Served,
        // A request that cannot work says nothing against the instance, whatever its status.
        (Kind::Request, ..) => Outcome::Served,
        (Kind::Capacity, ..) => Outcome::Throttled,
        (_, _, Some(503)) => Outcome::Unavailable,
        // No answer, or none of a working instance: a page of one that sleeps.
        (_, _, None | Some(0 | 500..)) | (Kind::Instance, Retry::Backoff, _) => Outcome::Failed,
        _ => Outcome::Served,
    }
}
