//! What a client is opened with, checked at the door.

use crate::auth::{ClientAuthentication, ClientCredentials, Grant};
use crate::diagnose::Failure;
use crate::request::InstanceUrl;
use crate::secret::Secret;
use crate::time::Millis;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A call with its token and its repetition. The instance's own limit is 60 s.
    pub call: Millis,
    /// One request for a token.
    pub token: Millis,
}

impl Default for Limits {
    fn default() -> Self {
        Self { call: Millis::from_seconds(70), token: Millis::from_seconds(15) }
    }
}

/// A client's settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The instance.
    pub instance: InstanceUrl,
    /// Where tokens come from.
    pub grant: Grant,
    /// How long things may take.
    pub limits: Limits,
}

/// The options of `connect()`, as they come from outside: nothing checked, and a token source reduced to `true`. Plain
/// fields and no deserialiser: serde's costs 12 KB compressed here, the printing of floats among it.
#[derive(Debug, Default)]
pub struct Options {
    /// The instance's address.
    pub url: String,
    /// The grant's name, if one was given.
    pub grant: Option<String>,
    /// For client credentials.
    pub client_id: Option<String>,
    /// For client credentials.
    pub client_secret: Option<Secret>,
    /// For client credentials.
    pub scope: Option<String>,
    /// "body" or "basic".
    pub client_auth: Option<String>,
    /// A token brought along.
    pub token: Option<Secret>,
    /// Whether tokens come from a source.
    pub token_source: bool,
    /// When the token brought along dies, in milliseconds since 1970.
    pub expires_at: Option<f64>,
    /// Milliseconds for a call.
    pub call_ms: Option<f64>,
    /// Milliseconds for a request for a token.
    pub token_ms: Option<f64>,
}

/// Longer than anyone waits, shorter than a timer's largest length (2^31 ms).
const LONGEST_LIMIT: u64 = 3_600_000;

impl Options {
    /// # Errors
    /// The option that cannot work, and why.
    pub fn check(self) -> Result<Settings, Box<Failure>> {
        let instance = InstanceUrl::parse(&self.url).map_err(|reason| {
            Failure::invalid("options.url", "The instance's address cannot be used", reason.to_string())
        })?;
        let default = Limits::default();
        let limits = Limits { call: limit(self.call_ms, default.call)?, token: limit(self.token_ms, default.token)? };
        Ok(Settings { instance, grant: self.grant()?, limits })
    }

    fn grant(self) -> Result<Grant, Box<Failure>> {
        let refused =
            |detail: &str| Failure::invalid("options.auth", "The auth option cannot be used", detail.to_owned());
        match (self.grant.as_deref(), self.token, self.token_source) {
            (Some("client_credentials"), None, false) => {
                let client_id =
                    self.client_id.filter(|id| !id.is_empty()).ok_or_else(|| refused("clientId is missing"))?;
                let client_secret = self.client_secret.filter(|secret| !secret.expose().is_empty());
                let client_secret = client_secret.ok_or_else(|| refused("clientSecret is missing"))?;
                let client_authentication = match self.client_auth.as_deref() {
                    None | Some("body") => ClientAuthentication::Body,
                    Some("basic") => ClientAuthentication::Basic,
                    Some(_) => return Err(refused("clientAuth is \"body\" or \"basic\"")),
                };
                Ok(Grant::ClientCredentials(ClientCredentials {
                    client_id,
                    client_secret,
                    scope: self.scope,
                    client_authentication,
                }))
            }
            (None, Some(token), false) if is_header_text(token.expose()) => {
                Ok(Grant::Supplied { token, expires_at: self.expires_at.map(from_number) })
            }
            (None, Some(_), false) => Err(refused("the token holds characters that no header can carry, or nothing")),
            (None, None, true) => Ok(Grant::Source),
            _ => Err(refused("give { grant: \"client_credentials\", clientId, clientSecret } or { token }")),
        }
    }
}

/// Printable ASCII without spaces: what a bearer token is made of (RFC 6750 section 2.1), and nothing that ends a header.
pub(super) fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn limit(given: Option<f64>, default: Millis) -> Result<Millis, Box<Failure>> {
    let Some(given) = given else { return Ok(default) };
    let length = from_number(given);
    if (1..=LONGEST_LIMIT).contains(&length.0) {
        return Ok(length);
    }
    Err(Failure::invalid("options.time-limits", "A time limit is 1 to 3,600,000 milliseconds", String::new()))
}

/// JavaScript's numbers; what is negative or none becomes 0, what is too large the largest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is what is wanted here"
)]
#[must_use]
pub const fn from_number(number: f64) -> Millis {
    Millis(number as u64)
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
