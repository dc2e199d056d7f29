//! Invariants that every run must keep, checked from outside: nothing here relies on the client's own status.

use std::collections::HashMap;

use sysparm::call::{CallId, EffectId};
use sysparm::diagnose::Failure;
use sysparm::secret::Secret;
use sysparm_instance::{Journey, Reply};

use super::intermediaries::{Seen, seen};
use super::network::{Arrived, Way};

/// The most requests in flight at once.
const MOST_AT_ONCE: usize = 8;
/// An interactive call ends within its time budget and one more attempt.
const LONGEST_WAIT: u64 = 375_000;
/// A clock set back may hide this much of the elapsed time.
const UNHEARD: u64 = 60_000;
/// The most requests of an interactive call: five attempts, each with a refusal of the current token and of an older one.
const MOST_REQUESTS: u32 = 5 + 2 * 5;
const HOUR: u64 = 3_600_000;

#[derive(Default)]
pub(crate) struct Invariants {
    /// The first violation.
    pub(crate) broken: Option<String>,
    pub(crate) requests: u64,
    pub(crate) tokens_asked_for: u64,
    /// Replies 401 to calls.
    pub(crate) refusals: u64,
    /// Requests other than token requests that arrived during an outage.
    pub(crate) into_outage: u64,
    pub(crate) is_away: bool,
    /// Refusals by an hourly limit, in this hour and life.
    over_the_limit: (u64, u64),
    out: HashMap<(u32, u32), Option<CallId>>,
    /// The probe of the circuit breaker.
    probe: Option<(u32, u32)>,
    /// Interactive calls: when they began, how often the clock had been set back, and the number of their requests.
    begun: HashMap<u32, (u64, u64, u32)>,
    unauthorized: HashMap<u32, u32>,
    not_before: HashMap<u32, u64>,
    /// How often the client's clock was set back.
    set_back: u64,
}

impl Invariants {
    fn violated(&mut self, violation: String) {
        self.broken.get_or_insert(violation);
    }

    pub(crate) fn begun(&mut self, call: CallId, now: u64) {
        self.begun.insert(call.0, (now, self.set_back, 0));
    }

    pub(crate) fn is_out(&self, way: &Way) -> bool {
        self.out.contains_key(&(way.life, way.effect.0))
    }

    pub(crate) fn sent(&mut self, way: &Way, probing: bool, now: u64) {
        self.requests += 1;
        self.out.insert((way.life, way.effect.0), way.call);
        let Some(call) = way.call else {
            self.tokens_asked_for += 1;
            return;
        };
        let out = self.out.values().filter(|call| call.is_some()).count();
        if out > MOST_AT_ONCE {
            self.violated(format!("{out} requests are in flight at once"));
        }
        if let Some(at) = self.not_before.remove(&call.0).filter(|at| now < *at) {
            self.violated(format!("call {} was sent again {} ms before the end of Retry-After", call.0, at - now));
        }
        if probing {
            if self.probe.is_some_and(|probe| self.out.contains_key(&probe)) {
                self.violated("two requests probe the instance".to_owned());
            }
            self.probe = Some((way.life, way.effect.0));
        }
        if let Some((.., requests)) = self.begun.get_mut(&call.0) {
            *requests += 1;
            if *requests > MOST_REQUESTS {
                let violation = format!("call {} was sent {requests} times", call.0);
                self.violated(violation);
            }
        }
    }

    /// A request reached the instance. Returns a note for the trace.
    pub(crate) fn arrived(&mut self, way: &Way, reply: &Reply, now: u64) -> &'static str {
        let Some(call) = way.call else { return "" };
        self.into_outage += u64::from(self.is_away);
        let in_a_row = self.unauthorized.entry(call.0).or_default();
        // A lost refusal does not reach the client.
        let seen = match reply.journey {
            Journey::Safe | Journey::Slow(_) => true,
            Journey::Wire(form) => matches!(seen(form), Seen::Whole | Seen::Half),
            Journey::Dropped | Journey::Reset | Journey::Truncated => false,
        };
        *in_a_row = if reply.status == 401 { *in_a_row + u32::from(seen) } else { 0 };
        let in_a_row = *in_a_row;
        if reply.status == 401 {
            self.refusals += 1;
            // The current token, an older one, and the renewed one.
            if in_a_row > 3 {
                self.violated(format!("call {} had {in_a_row} refusals of its token in a row", call.0));
            }
        }
        // A limit of 100 comes from a fault, not from a rule.
        if reply.status == 429 && reply.header("X-RateLimit-Limit").is_some_and(|limit| limit != "100") {
            let hour = now / HOUR;
            let (known, refused) = self.over_the_limit;
            self.over_the_limit = (hour, if known == hour { refused + 1 } else { 1 });
            // Requests in flight at the first refusal, and attempts at the end of an hour.
            if self.over_the_limit.1 > 2 * MOST_AT_ONCE as u64 {
                self.violated(format!("{} requests beyond the limit of one hour", self.over_the_limit.1));
            }
            return ", by a rule";
        }
        ""
    }

    pub(crate) fn answered(&mut self, way: &Way, arrived: &Arrived, now: u64) {
        self.out.remove(&(way.life, way.effect.0));
        if let (Some(call), Some(seconds)) = (way.call, arrived.retry_after) {
            self.not_before.insert(call.0, now + seconds * 1000);
        }
    }

    pub(crate) fn cancelled(&mut self, life: u32, effect: EffectId) {
        self.out.remove(&(life, effect.0));
    }

    pub(crate) fn ended(&mut self, call: CallId, failure: Option<&Failure>, now: u64) {
        self.not_before.remove(&call.0);
        self.unauthorized.remove(&call.0);
        if let Some((since, set_back, _)) = self.begun.remove(&call.0) {
            let took = now - since;
            if took > LONGEST_WAIT + (self.set_back - set_back) * UNHEARD {
                self.violated(format!("interactive call {} took {took} ms", call.0));
            }
            let code = failure.map_or("", |failure| failure.diagnosis.code.as_str());
            let back = failure.is_none_or(|failure| failure.resumes_at.is_some());
            if matches!(code, "instance.circuit-open" | "rate.rule") && !back {
                self.violated(format!("{code} without a time to retry"));
            }
        }
    }

    /// Checks that an event holds no secret.
    pub(crate) fn reported(&mut self, text: &str, stored: Option<&Secret>) {
        let token = stored.and_then(|stored| {
            let parts =
                stored.expose().split(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
            parts.max_by_key(|part| part.len()).filter(|part| part.len() > 20).map(str::to_owned)
        });
        if text.contains("practice-secret") || token.is_some_and(|token| text.contains(&token)) {
            self.violated(format!("an event holds a secret: {text}"));
        }
    }

    /// The client's clock was set. Set forward, it looks as if the machine had slept.
    pub(crate) fn clock_was_set(&mut self, forward: bool) {
        if forward {
            self.not_before.clear();
        } else {
            self.set_back += 1;
        }
    }

    pub(crate) fn crashed(&mut self) {
        self.out.clear();
        self.begun.clear();
        self.unauthorized.clear();
        self.not_before.clear();
        self.probe = None;
        self.over_the_limit.1 = 0;
    }
}
