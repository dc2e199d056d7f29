//! What a client shows of itself. Never the token.

use serde::Serialize;

use crate::diagnose::Diagnosis;

/// A client's state.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The token's state.
    pub token: TokenStatus,
    /// Calls started and not finished.
    pub calls_under_way: usize,
    /// Of the latest failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_diagnosis: Option<Diagnosis>,
}

/// A token's state. Times are by the host's clock.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenStatus {
    /// "absent", "renewing", "held" or "failed".
    pub state: &'static str,
    /// How many tokens were obtained.
    pub generation: u32,
    /// When the token held dies; absent when nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<f64>,
    /// When another may be asked for after a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<f64>,
}
