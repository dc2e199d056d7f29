//! What has to hold whatever happens, watched from outside: nothing here asks the client what it believes.

use std::collections::HashMap;

use sysparm::call::{CallId, EffectId};
use sysparm::diagnose::Failure;
use sysparm::secret::Secret;
use sysparm_instance::{Journey, Reply};

use super::network::{Arrived, Way};

/// Requests out at once, whatever comes (design: at most 8).
const MOST_AT_ONCE: usize = 8;
/// Somebody who waits is answered or told within the call's budget and one attempt more.
const LONGEST_WAIT: u64 = 375_000;
/// A clock that is set back may hide so much of the time that has passed.
const UNHEARD: u64 = 60_000;
/// Attempts of a call that somebody waits for: five, and for each a refusal of a token in hand and of an older one.
const MOST_REQUESTS: u32 = 5 + 2 * 5;
const HOUR: u64 = 3_600_000;

#[derive(Default)]
pub(crate) struct Laws {
    /// The first law that was broken.
    pub(crate) broken: Option<String>,
    pub(crate) requests: u64,
    pub(crate) tokens_asked_for: u64,
    /// Replies 401 to calls.
    pub(crate) refusals: u64,
    /// Requests for anything but a token that arrived while the instance was away.
    pub(crate) into_outage: u64,
    pub(crate) is_away: bool,
    /// Refusals by an hourly rule, in this hour and life.
    over_the_limit: (u64, u64),
    out: HashMap<(u32, u32), Option<CallId>>,
    /// Of those that were sent to find out.
    probe: Option<(u32, u32)>,
    /// When the calls that somebody waits for began, how often the clock had been set back, and their requests.
    begun: HashMap<u32, (u64, u64, u32)>,
    unauthorized: HashMap<u32, u32>,
    not_before: HashMap<u32, u64>,
    /// How often the clock of the client's machine was set back.
    set_back: u64,
}

impl Laws {
    fn broke(&mut self, law: String) {
        self.broken.get_or_insert(law);
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
            self.broke(format!("{out} requests are out at once"));
        }
        if let Some(at) = self.not_before.remove(&call.0).filter(|at| now < *at) {
            self.broke(format!(
                "call {} was sent again {} ms before the time that the instance told",
                call.0,
                at - now
            ));
        }
        if probing {
            if self.probe.is_some_and(|probe| self.out.contains_key(&probe)) {
                self.broke("two requests find out whether the instance is back".to_owned());
            }
            self.probe = Some((way.life, way.effect.0));
        }
        if let Some((.., requests)) = self.begun.get_mut(&call.0) {
            *requests += 1;
            if *requests > MOST_REQUESTS {
                let law = format!("call {} was sent {requests} times", call.0);
                self.broke(law);
            }
        }
    }

    /// A request reached the instance. Gives what is worth telling.
    pub(crate) fn arrived(&mut self, way: &Way, reply: &Reply, now: u64) -> &'static str {
        let Some(call) = way.call else { return "" };
        self.into_outage += u64::from(self.is_away);
        let in_a_row = self.unauthorized.entry(call.0).or_default();
        // A refusal that is lost on its way is no refusal to who waits for it.
        let seen = matches!(reply.journey, Journey::Safe | Journey::Slow(_));
        *in_a_row = if reply.status == 401 { *in_a_row + u32::from(seen) } else { 0 };
        let in_a_row = *in_a_row;
        if reply.status == 401 {
            self.refusals += 1;
            // The token in hand, an older one, and the one that was renewed.
            if in_a_row > 3 {
                self.broke(format!("call {} met {in_a_row} refusals of its token in a row", call.0));
            }
        }
        // A limit of 100 is that of a fault, not of a rule.
        if reply.status == 429 && reply.header("X-RateLimit-Limit").is_some_and(|limit| limit != "100") {
            let hour = now / HOUR;
            let (known, refused) = self.over_the_limit;
            self.over_the_limit = (hour, if known == hour { refused + 1 } else { 1 });
            // Those that were out together when the first refusal came, and whoever waits tries each hour's end.
            if self.over_the_limit.1 > 2 * MOST_AT_ONCE as u64 {
                self.broke(format!("{} requests beyond the limit of one hour", self.over_the_limit.1));
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
                self.broke(format!("somebody waited {took} ms for call {}", call.0));
            }
            let code = failure.map_or("", |failure| failure.diagnosis.code);
            let back = failure.is_none_or(|failure| failure.resumes_at.is_some());
            if matches!(code, "instance.circuit-open" | "rate.rule") && !back {
                self.broke(format!("{code} without a word on when to come back"));
            }
        }
    }

    /// No secret is in what is told.
    pub(crate) fn told(&mut self, text: &str, stored: Option<&Secret>) {
        let token = stored.and_then(|stored| {
            let parts =
                stored.expose().split(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
            parts.max_by_key(|part| part.len()).filter(|part| part.len() > 20).map(str::to_owned)
        });
        if text.contains("practice-secret") || token.is_some_and(|token| text.contains(&token)) {
            self.broke(format!("a secret was told: {text}"));
        }
    }

    /// The clock of the client's machine was set. Forward: nothing there can tell that from time that passed while the machine slept.
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
