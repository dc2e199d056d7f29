//! Events of a client: data to show or to log, without secrets.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::diagnose::Failure;
use crate::time::Millis;

/// An event.
#[derive(Debug)]
pub struct ClientEvent {
    /// Its type: "token.renewed", "token.failed", "attention", "store.failed", "credential.expiring", "signed-out",
    /// "revocation.failed", "request.retried", "rate.limited", "breaker.opened", "breaker.closed".
    pub name: &'static str,
    /// When, by the host's clock.
    pub at: Millis,
    /// A detail, in one word.
    pub detail: Option<String>,
    /// Its end, by the host's clock: the expiry of a token or a credential, or the end of a pause.
    pub until: Option<Millis>,
    /// The failure, if there is one.
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
            if let Some(exchange) = &failure.exchange {
                out.serialize_entry("exchange", exchange.expose())?;
            }
        }
        out.end()
    }
}

/// A time or a length as a JavaScript number, exact for the next 280,000 years.
#[expect(clippy::cast_precision_loss, reason = "milliseconds stay below 2^53")]
pub(super) const fn as_number(time: Millis) -> f64 {
    time.0 as f64
}
