//! The status of a client, without the token.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::calls::Calls;
use super::context::Context;
use super::event::as_number;
use super::token::Tokens;
use crate::auth::TokenPhase;
use crate::diagnose::{Diagnosis, FailedExchange, Failure};
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
    pub rate: Vec<[f64; 3]>,
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
    pub expires_at: Option<f64>,
    /// End of the pause after a failed renewal; a token may be held meanwhile.
    pub retry_at: Option<f64>,
    /// The number of consecutive failed renewals.
    pub failures: u32,
    /// A failure that needs an action of the user.
    pub attention: Option<Box<Failure>>,
}

impl Status {
    pub(super) fn of(calls: &Calls, tokens: &Tokens, context: &Context) -> Self {
        let pacer = calls.admission().pacer();
        let host = |time: Millis| (time != Millis::NEVER).then(|| as_number(context.clock().host(time)));
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
        let rule =
            |rule: &Rule| [Millis(rule.limit), Millis(rule.used), context.clock().host(rule.resets)].map(as_number);
        let rate = pacer.rules().iter().map(rule).collect();
        Self {
            token: TokenStatus {
                state,
                generation: tokens.state().generation(),
                expires_at: tokens.state().held().and_then(|held| host(held.expires_at)),
                retry_at: tokens.state().paused_until().and_then(host),
                failures: tokens.state().failures(),
                attention: tokens.attention(),
            },
            pending_calls: calls.list().len(),
            breaker: (breaker, open),
            pacing: pacer.pacing(),
            rate,
            last_diagnosis: calls.last_failure().map(|failure| failure.diagnosis.clone()),
            last_exchange: calls.last_failure().and_then(|failure| failure.exchange.clone()),
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("token", &self.token)?;
        out.serialize_entry("callsUnderWay", &self.pending_calls)?;
        out.serialize_entry("breaker", &BreakerStatus(self.breaker))?;
        let Pacing { limit, out: sent, waiting, .. } = self.pacing;
        out.serialize_entry(
            "concurrency",
            &NumberFields(["limit", "out", "waiting"], [limit.into(), count(sent), count(waiting)]),
        )?;
        let rate: Vec<_> = self.rate.iter().map(|rule| NumberFields(["limit", "used", "resetsAt"], *rule)).collect();
        out.serialize_entry("rate", &rate)?;
        if let Some(diagnosis) = &self.last_diagnosis {
            out.serialize_entry("lastDiagnosis", diagnosis)?;
        }
        if let Some(exchange) = &self.last_exchange {
            out.serialize_entry("lastExchange", exchange.expose())?;
        }
        out.end()
    }
}

struct BreakerStatus((&'static str, Option<OpenBreaker>));

impl Serialize for BreakerStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (state, open) = self.0;
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("state", state)?;
        if let Some(open) = open {
            out.serialize_entry("opensAt", &as_number(Millis(open.until_ms)))?;
            out.serialize_entry("pauseMs", &as_number(Millis(open.pause_ms)))?;
        }
        out.end()
    }
}

struct NumberFields([&'static str; 3], [f64; 3]);

impl Serialize for NumberFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        for (name, number) in self.0.iter().zip(self.1) {
            out.serialize_entry(name, &number)?;
        }
        out.end()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
const fn count(number: usize) -> f64 {
    number as f64
}

impl Serialize for TokenStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("state", self.state)?;
        out.serialize_entry("generation", &self.generation)?;
        if let Some(expires_at) = self.expires_at {
            out.serialize_entry("expiresAt", &expires_at)?;
        }
        if let Some(retry_at) = self.retry_at {
            out.serialize_entry("retryAt", &retry_at)?;
        }
        if self.failures > 0 {
            out.serialize_entry("failures", &self.failures)?;
        }
        if let Some(attention) = &self.attention {
            out.serialize_entry("attention", attention)?;
        }
        out.end()
    }
}
