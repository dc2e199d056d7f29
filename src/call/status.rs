//! What a client shows of itself. Never the token.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::diagnose::Diagnosis;

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
    /// When another may be asked for after a failure.
    pub retry_at: Option<f64>,
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
        out.end()
    }
}
