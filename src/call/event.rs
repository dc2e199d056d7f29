//! What a client tells of its own accord: data that can be shown, logged or sent on as it is. Never a secret.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::diagnose::Failure;
use crate::time::Millis;

/// Something that happened.
#[derive(Debug)]
pub struct ClientEvent {
    /// What: "token.renewed", "token.failed", "attention", "store.failed", "credential.expiring", "signed-out",
    /// "revocation.failed",
    /// "request.retried", "rate.limited", "breaker.opened", "breaker.closed".
    pub name: &'static str,
    /// When, by the host's clock.
    pub at: Millis,
    /// More about it, in one word.
    pub detail: Option<String>,
    /// Until when it holds, by the host's clock: a token's death, the end of a pause, a credential's end.
    pub until: Option<Millis>,
    /// Why, for what failed.
    pub failure: Option<Box<Failure>>,
}

impl Serialize for ClientEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("type", self.name)?;
        out.serialize_entry("at", &as_number(self.at))?;
        if let Some(detail) = &self.detail {
            out.serialize_entry("detail", detail)?;
        }
        if let Some(until) = self.until.filter(|until| *until != Millis::NEVER) {
            out.serialize_entry("until", &as_number(until))?;
        }
        if let Some(failure) = &self.failure {
            out.serialize_entry("message", &failure.message())?;
            out.serialize_entry("diagnosis", &failure.diagnosis)?;
        }
        out.end()
    }
}

/// JavaScript has one kind of number; times and lengths fit it for the next 280,000 years.
#[expect(clippy::cast_precision_loss, reason = "milliseconds stay below 2^53")]
pub(super) const fn as_number(time: Millis) -> f64 {
    time.0 as f64
}
