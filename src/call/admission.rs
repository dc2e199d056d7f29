//! Admission of calls: when the pacer lets the next one leave, and how it fails if it is not admitted.

use super::context::Context;
use super::effect::CallId;
use super::pending_call::{PendingCall, Purpose};
use crate::code::Code;
use crate::diagnose::{Failure, Kind, RULE_REACHED, Retry};
use crate::pace::{Allowed, Next, Outcome, Pacer, Reason, Then, resource_of};
use crate::request::Headers;
use crate::time::Millis;

/// A shorter wait for an hourly rule is not reported.
const SHORTEST_REPORTED_WAIT: Millis = Millis::from_seconds(10);

#[derive(Debug)]
pub(super) struct Admission {
    pacer: Pacer,
    /// When the pacer must be asked again.
    due: Millis,
    /// What opened the breaker.
    pub(super) opened_by: Option<Box<Failure>>,
    /// The latest end of an hourly limit that an event has reported.
    limit_reported: Millis,
}

/// What the pacer decided of a queued call.
#[derive(Debug)]
pub(super) enum Admitted {
    Start(CallId),
    Reject(CallId, Box<Failure>),
}

impl Admission {
    pub(super) fn new(context: &Context) -> Self {
        let pacer = Pacer::new(context.settings.pace, None, Millis(0));
        Self { pacer, due: Millis::NEVER, opened_by: None, limit_reported: Millis(0) }
    }

    pub(super) const fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    pub(super) const fn due(&self) -> Millis {
        self.due
    }

    /// Takes the open breaker of an earlier process over.
    pub(super) fn restore(&mut self, context: &mut Context) {
        if let Some(saved) = context.settings.breaker.take() {
            self.pacer = Pacer::new(context.settings.pace, Some(saved), context.time());
        }
    }

    /// Queues a call. False if the queue is full.
    pub(super) fn enter(&mut self, call: &PendingCall, context: &Context) -> bool {
        let Purpose::Request(request) = &call.purpose else { return false };
        let resource = resource_of(request.method, &request.path);
        self.due = Millis(0);
        self.pacer.enter(call.id.0, call.class(), call.stream, resource, context.time())
    }

    /// The next call that leaves the queue.
    pub(super) fn next(&mut self, context: &mut Context) -> Option<Admitted> {
        let time = context.time();
        if time < self.due {
            return None;
        }
        match self.pacer.next(time) {
            Next::Start(id) => Some(Admitted::Start(CallId(id))),
            Next::Reject(id, reason, at) => Some(Admitted::Reject(CallId(id), self.rejection(reason, at, context))),
            Next::Nothing(at) => {
                self.due = at;
                if let Some(allowed_at) = self.pacer.allowed_at() {
                    self.report_limit(allowed_at, context);
                }
                None
            }
        }
    }

    /// Removes an abandoned call, queued or sent. Leaving the middle of the queue admits no other call.
    pub(super) fn withdraw(&mut self, id: CallId, context: &Context) {
        if self.pacer.withdraw(id.0, context.time()) {
            self.due = Millis(0);
        }
    }

    /// Records the end of a request, with its failure if it failed.
    pub(super) fn left(
        &mut self,
        id: CallId,
        outcome: Outcome,
        headers: &Headers,
        failure: Option<&Failure>,
        context: &mut Context,
    ) {
        let before = self.pacer.saved();
        self.pacer.left(id.0, outcome, headers, context.time());
        self.due = Millis(0);
        let after = self.pacer.saved();
        if before != after {
            let name = if after.is_some() { "breaker.opened" } else { "breaker.closed" };
            let until = after.map(|open| context.clock().host(Millis(open.until_ms)));
            context.emit(name, None, until, failure.map(|failure| Box::new(failure.clone())));
            self.opened_by = failure.filter(|_| after.is_some()).map(|failure| Box::new(failure.clone()));
        }
        let rate = failure.map(|failure| (failure.diagnosis.kind, failure.diagnosis.retry));
        if let Some((Kind::Rate, Retry::After(wait))) = rate {
            self.report_limit(context.time() + wait, context);
        }
    }

    /// Decides what follows the failed request of a call.
    pub(super) fn again(&mut self, call: &PendingCall, allowed: Allowed, context: &mut Context) -> Then {
        let random = u32::try_from(context.random.next() >> 32).unwrap_or(u32::MAX);
        self.pacer.again(call.class(), call.attempts, call.began, allowed, random, context.time())
    }

    fn rejection(&self, reason: Reason, at: Millis, context: &Context) -> Box<Failure> {
        let retry = Retry::After(at.less(context.time()));
        let mut failure = match reason {
            Reason::CircuitOpen => {
                let title = "The instance has failed repeatedly; the circuit breaker is open, so nothing was sent";
                let because = self.opened_by.as_ref().filter(|opened_by| opened_by.exchange.is_none());
                let because = because.map_or_else(String::new, |opened_by| {
                    let cause = &opened_by.diagnosis;
                    let evidence = cause.evidence.first();
                    [cause.code.as_str(), evidence.map_or("", |_| ": "), evidence.map_or("", String::as_str)].concat()
                });
                Failure::unsent(Code::INSTANCE_CIRCUIT_OPEN, Kind::Instance, title, retry, because)
            }
            Reason::RateLimited => {
                let title = "The hourly limit of a rate limit rule is used up, so this request was not sent";
                let mut failure = Failure::unsent(Code::RATE_RULE, Kind::Rate, title, retry, String::new());
                failure.diagnosis.causes = RULE_REACHED;
                failure
            }
        };
        if let Some(opened_by) = self.opened_by.as_ref().filter(|_| reason == Reason::CircuitOpen) {
            let cause = &opened_by.diagnosis;
            (failure.diagnosis.key, failure.diagnosis.causes) = (cause.key, cause.causes);
            failure.exchange.clone_from(&opened_by.exchange);
        }
        failure.resumes_at = Some(context.clock().host(at));
        failure
    }

    /// Reports the end of an hourly limit once.
    fn report_limit(&mut self, until: Millis, context: &mut Context) {
        if until >= context.time() + SHORTEST_REPORTED_WAIT && until > self.limit_reported {
            self.limit_reported = until;
            let until = context.clock().host(until);
            context.emit("rate.limited", None, Some(until), None);
        }
    }
}
