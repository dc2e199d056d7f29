//! The status of a client, without the token.

use super::calls::Calls;
use super::context::Context;
use super::token::Tokens;
use crate::auth::TokenPhase;
use crate::diagnose::{Diagnosis, FailedExchange, Failure};
use crate::json::{JsonObject, array};
use crate::pace::{OpenBreaker, Pacing, Rule};
use crate::time::Millis;

/// A client's status.
#[derive(Debug)]
pub struct Status {
    /// The token's state.
    pub token: TokenStatus,
    /// The number of pending calls.
    pub pending_calls: usize,
    /// "closed", "open" or "probing", and the state to save for a later process.
    pub breaker: (&'static str, Option<OpenBreaker>),
    /// The concurrency limit, the requests in flight, and the queued calls.
    pub pacing: Pacing,
    /// For each hourly rule that replies have named: its limit, its use, and the end of its hour.
    pub rate: Vec<[u64; 3]>,
    /// The diagnosis of the latest failure.
    pub last_diagnosis: Option<Diagnosis>,
    /// Its exchange, where it is still to be explained.
    pub last_exchange: Option<FailedExchange>,
}

/// A token's state. Times are by the host's clock, in milliseconds.
#[derive(Debug)]
pub struct TokenStatus {
    /// "absent", "renewing", "held" or "failed".
    pub state: &'static str,
    /// The number of tokens obtained.
    pub generation: u32,
    /// When the current token expires; `None` if unknown.
    pub expires_at: Option<u64>,
    /// When the token is renewed in the background; `None` while no call has used it, and where it cannot be renewed.
    pub renews_at: Option<u64>,
    /// End of the pause after a failed renewal; a token may be held meanwhile.
    pub retry_at: Option<u64>,
    /// The number of consecutive failed renewals.
    pub failures: u32,
    /// A failure that needs an action of the user.
    pub attention: Option<Box<Failure>>,
}

impl Status {
    pub(super) fn of(calls: &Calls, tokens: &Tokens, renewal_due: Millis, context: &Context) -> Self {
        let pacer = calls.admission.pacer();
        let host = |time: Millis| (time != Millis::NEVER).then(|| context.clock().host(time).0);
        let state = match tokens.state().phase() {
            TokenPhase::Absent => "absent",
            TokenPhase::Obtaining => "renewing",
            TokenPhase::Failed => "failed",
            TokenPhase::Fresh | TokenPhase::Renewing | TokenPhase::Struggling => "held",
        };
        // A later process restores it, so its times are by the host's clock.
        let open =
            pacer.saved().map(|open| OpenBreaker { until_ms: context.clock().host(Millis(open.until_ms)).0, ..open });
        let breaker = match open {
            None => "closed",
            Some(_) if pacer.is_probing() => "probing",
            Some(_) => "open",
        };
        let rule = |rule: &Rule| [rule.limit, rule.used, context.clock().host(rule.resets).0];
        let rate = pacer.rules().iter().map(rule).collect();
        Self {
            token: TokenStatus {
                state,
                generation: tokens.state().generation(),
                expires_at: tokens.state().held().and_then(|held| host(held.expires_at)),
                renews_at: host(renewal_due),
                retry_at: tokens.state().paused_until().and_then(host),
                failures: tokens.state().failures(),
                attention: tokens.attention(),
            },
            pending_calls: calls.list().len(),
            breaker: (breaker, open),
            pacing: pacer.pacing(),
            rate,
            last_diagnosis: calls.last_failure.as_ref().map(|failure| failure.diagnosis.clone()),
            last_exchange: calls.last_failure.as_ref().and_then(|failure| failure.exchange.clone()),
        }
    }
}

impl Status {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = JsonObject::default();
        out.json("token", &self.token.to_json());
        out.number("callsUnderWay", self.pending_calls as u64);
        let (state, open) = self.breaker;
        let mut breaker = JsonObject::default();
        breaker.text("state", state);
        breaker.optional_number("opensAt", open.map(|open| open.until_ms));
        breaker.optional_number("pauseMs", open.map(|open| open.pause_ms));
        out.json("breaker", &breaker.end());
        let Pacing { limit, out: sent, waiting, .. } = self.pacing;
        out.json("concurrency", &numbers(["limit", "out", "waiting"], [limit.into(), sent as u64, waiting as u64]));
        let rules = self.rate.iter().map(|rule| numbers(["limit", "used", "resetsAt"], *rule));
        out.json("rate", &array(rules));
        if let Some(diagnosis) = &self.last_diagnosis {
            out.json("lastDiagnosis", &diagnosis.to_json());
        }
        if let Some(exchange) = &self.last_exchange {
            out.text("lastExchange", exchange.expose());
        }
        out.end()
    }
}

fn numbers(names: [&str; 3], numbers: [u64; 3]) -> String {
    let mut out = JsonObject::default();
    for (name, number) in names.iter().zip(numbers) {
        out.number(name, number);
    }
    out.end()
}

impl TokenStatus {
    fn to_json(&self) -> String {
        let mut out = JsonObject::default();
        out.text("state", self.state);
        out.number("generation", self.generation.into());
        out.optional_number("expiresAt", self.expires_at);
        out.optional_number("renewsAt", self.renews_at);
        out.optional_number("retryAt", self.retry_at);
        out.optional_number("failures", (self.failures > 0).then_some(self.failures.into()));
        if let Some(attention) = &self.attention {
            out.json("attention", &attention.to_json());
        }
        out.end()
    }
}
