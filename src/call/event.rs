//! Events of a client: data to show or to log, without secrets.

use crate::diagnose::Failure;
use crate::json::JsonObject;
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

impl ClientEvent {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = JsonObject::default();
        out.text("type", self.name);
        out.number("at", self.at.0);
        if let Some(detail) = &self.detail {
            out.text("detail", detail);
        }
        out.optional_number("until", self.until.filter(|until| *until != Millis::NEVER).map(|until| until.0));
        if let Some(failure) = &self.failure {
            failure.write(&mut out);
        }
        out.end()
    }
}
