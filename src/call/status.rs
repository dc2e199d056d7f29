//! What a client shows of itself. Never the token.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::event::as_number;
use super::machine::Client;
use crate::auth::Standing;
use crate::diagnose::{Diagnosis, Failure};
use crate::time::Millis;

/// A client's state.
#[derive(Debug)]
pub struct Status {
    /// The token's state.
    pub token: TokenStatus,
    /// Calls started and not finished.
    pub calls_under_way: usize,
    /// Of the latest failure.
    pub last_diagnosis: Option<Diagnosis>,
}

/// A token's state. Times are by the host's clock, in milliseconds.
#[derive(Debug)]
pub struct TokenStatus {
    /// "absent", "renewing", "held" or "failed".
    pub state: &'static str,
    /// How many tokens were obtained.
    pub generation: u32,
    /// When the token held dies; absent when nobody said.
    pub expires_at: Option<f64>,
    /// When another may be asked for after a failure; a token may be held meanwhile.
    pub retry_at: Option<f64>,
    /// How many renewals failed in a row.
    pub failures: u32,
    /// What a person must see to.
    pub attention: Option<Box<Failure>>,
}

impl Client {
    /// What this client shows of itself.
    #[must_use]
    pub fn status(&self) -> Status {
        let host = |time: Millis| (time != Millis::NEVER).then(|| as_number(self.clock.host(time)));
        let state = match self.keeper.standing() {
            Standing::Absent => "absent",
            Standing::Obtaining => "renewing",
            Standing::Failed => "failed",
            Standing::Fresh | Standing::Renewing | Standing::Struggling => "held",
        };
        Status {
            token: TokenStatus {
                state,
                generation: self.keeper.generation(),
                expires_at: self.keeper.held().and_then(|held| host(held.expires_at)),
                retry_at: self.keeper.paused_until().and_then(host),
                failures: self.keeper.failures(),
                attention: self.attention.clone(),
            },
            calls_under_way: self.calls.len(),
            last_diagnosis: self.last_failure.as_ref().map(|failure| failure.diagnosis.clone()),
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("token", &self.token)?;
        out.serialize_entry("callsUnderWay", &self.calls_under_way)?;
        if let Some(diagnosis) = &self.last_diagnosis {
            out.serialize_entry("lastDiagnosis", diagnosis)?;
        }
        out.end()
    }
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
