//! The options of a client, and their validation.

use crate::auth::{Credentials, ExpiringCredential, Field, Grant, Obtains, Random};
use crate::code::Code;
use crate::diagnose::Failure;
use crate::pace::{self, Concurrency, OpenBreaker};
use crate::request::{InstanceUrl, percent_encode};
use crate::secret::Secret;
use crate::time::Millis;

/// Time limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// For one attempt of a call: the wait for its token, and the wait for its reply. The instance's own limit is 60 s.
    pub call: Millis,
    /// For one token request.
    pub token: Millis,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self { call: Millis::from_seconds(70), token: Millis::from_seconds(15) }
    }
}

/// A client's settings.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The instance.
    pub instance: InstanceUrl,
    /// The grant.
    pub grant: Grant,
    /// When the token given in the options expires, by the host's clock.
    pub expires_at: Option<Millis>,
    /// Time limits.
    pub limits: TimeLimits,
    /// Pacing and retries.
    pub pace: pace::Settings,
    /// The open circuit breaker of an earlier process, by the host's clock.
    pub breaker: Option<OpenBreaker>,
    /// A random seed: spreads renewals and makes `jti` values.
    pub seed: u64,
    /// Whether the host has a store and a lock for tokens.
    pub stored: bool,
    /// Credentials with a known expiry.
    pub expiring: Vec<ExpiringCredential>,
}

impl ClientSettings {
    /// Settings with defaults: no store, and a fixed seed.
    #[must_use]
    pub fn new(instance: InstanceUrl, grant: Grant) -> Self {
        Self {
            instance,
            grant,
            expires_at: None,
            limits: TimeLimits::default(),
            pace: pace::Settings::default(),
            breaker: None,
            seed: 0,
            stored: false,
            expiring: vec![],
        }
    }

    /// Identifies the tokens of these credentials in a store. Not a secret, but it holds the user's name: a host uses its hash
    /// as the name of the stored item, the lock and the channel.
    #[must_use]
    pub fn key(&self) -> String {
        let mut key = ["sysparm ", self.instance.as_str(), " ", self.grant.name()].concat();
        for field in [Field::ClientId, Field::Username, Field::Subject, Field::Scope] {
            key.push(' ');
            percent_encode(self.grant.credentials().text(field), &mut key);
        }
        // Only a refresh token from the options identifies its user. A 64-bit hash distinguishes it and does not reveal it.
        if let Some(given) = self.grant.credentials().value(Field::RefreshToken) {
            let mark = given.expose().bytes().fold(0, |mark, byte| Random::new(mark ^ u64::from(byte)).next());
            key.push(' ');
            key.push_str(&mark.to_string());
        }
        key
    }
}

/// The options of `connect()`, not validated: dotted names as in JavaScript, such as `auth.clientId`; the name of a number begins
/// with `#`. An object that only the host can hold is the text "true". Not deserialised by serde, which costs 12 KB compressed
/// here, mostly for printing floats.
#[derive(Debug, Default)]
pub struct ConnectOptions(Vec<(String, Secret)>);

/// Longer than any useful limit, shorter than the longest timer (2^31 ms).
const LONGEST_LIMIT: u64 = 3_600_000;
/// A day: longer than any outage that a program should wait out.
const LONGEST_OUTAGE: u64 = 86_400_000;
const MOST_AT_ONCE: u64 = 100;

impl ConnectOptions {
    /// Parses alternating names and values, each terminated by a NUL, which neither can hold. One text is cheap to pass to
    /// WebAssembly.
    #[must_use]
    pub fn from_text(text: &Secret) -> Self {
        let mut options = Self::default();
        let mut parts = text.expose().split_terminator('\0');
        while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            options.add(name, Secret::new(value.to_owned()));
        }
        options
    }

    /// Adds an option.
    pub fn add(&mut self, name: &str, value: Secret) {
        self.0.push((name.to_owned(), value));
    }

    /// # Errors
    /// The invalid option and the reason.
    pub fn check(self, seed: u64) -> Result<ClientSettings, Box<Failure>> {
        let (mut url, mut grant, mut stored) = (String::new(), String::new(), false);
        let mut credentials = Credentials::default();
        let mut limits = TimeLimits::default();
        let (mut expires_at, mut expiring) = (None, vec![]);
        let (mut pace, mut open) = (pace::Settings::default(), OpenBreaker { until_ms: 0, pause_ms: 0 });
        for (name, value) in self.0 {
            let text = value.expose();
            let number = Millis(text.parse().unwrap_or(0));
            let limit = || within(Code::OPTIONS_TIME_LIMITS, &name, text, LONGEST_LIMIT);
            let pacing = |most| within(Code::OPTIONS_PACE, &name, text, most);
            match (name.as_str(), name.strip_prefix("auth.").and_then(Field::parse)) {
                ("url", _) => text.clone_into(&mut url),
                ("auth.grant", _) => text.clone_into(&mut grant),
                ("store", _) => stored = true,
                (_, Some(field)) => credentials.add(field, value),
                ("#timeLimits.callMs", _) => limits.call = limit()?,
                ("#timeLimits.tokenMs", _) => limits.token = limit()?,
                ("#auth.expiresAt", _) => expires_at = Some(number),
                ("#pace.concurrency", _) => {
                    let limit = u32::try_from(pacing(MOST_AT_ONCE)?.0).unwrap_or(1);
                    pace.concurrency = Concurrency::new(limit, limit);
                }
                ("#pace.attempts", _) => {
                    let attempts = u8::try_from(pacing(u64::from(u8::MAX))?.0).unwrap_or(1);
                    (pace.interactive.attempts, pace.bulk.attempts) = (attempts, attempts);
                }
                ("#pace.budgetMs", _) => {
                    let budget = pacing(LONGEST_OUTAGE)?;
                    (pace.interactive.budget, pace.bulk.budget) = (budget, budget);
                }
                ("#pace.maxWaitMs", _) => {
                    let wait = pacing(LONGEST_OUTAGE)?;
                    (pace.interactive.longest_wait, pace.bulk.longest_wait) = (wait, wait);
                }
                ("#pace.breaker.opensAt", _) => open.until_ms = number.0,
                ("#pace.breaker.pauseMs", _) => open.pause_ms = number.0,
                ("pace.breaker.state", _) => {}
                ("pace.breaker", _) if text == "off" => pace.breaker = false,
                _ => match name.strip_prefix("#auth.expires.") {
                    Some(credential) => expiring.push(ExpiringCredential::new(credential.to_owned(), number)),
                    None => return Err(unusable(&name)),
                },
            }
        }
        let instance = InstanceUrl::parse(&url)
            .map_err(|reason| Failure::invalid(Code::OPTIONS_URL, &["Invalid option `url`: ", &reason.to_string()]))?;
        let grant =
            Grant::open(&grant, credentials).map_err(|message| Failure::invalid(Code::OPTIONS_AUTH, &[&message]))?;
        // A static credential, or a token that the host supplies, cannot be shared through a store.
        let stored = stored && grant.obtains() == Obtains::Requested;
        let breaker = (open.until_ms > 0).then_some(open);
        Ok(ClientSettings { instance, grant, expires_at, limits, pace, breaker, seed, stored, expiring })
    }
}

/// The failure for an unknown option, or for one of the wrong type.
fn unusable(name: &str) -> Box<Failure> {
    let bare = name.strip_prefix('#').unwrap_or(name);
    let known = bare.strip_prefix("auth.").and_then(Field::parse).is_some()
        || matches!(bare, "url" | "auth.grant" | "auth.expiresAt" | "timeLimits.callMs" | "timeLimits.tokenMs")
        || matches!(bare, "pace.concurrency" | "pace.attempts" | "pace.budgetMs" | "pace.maxWaitMs" | "pace.breaker");
    let (code, wrong, expected) = if known {
        // The name of a number begins with #.
        let expected = if bare.len() < name.len() { "a string" } else { "a number" };
        (Code::OPTIONS_TYPE, "Invalid option `", ["`. Pass ", expected].concat())
    } else {
        (Code::OPTIONS_UNKNOWN, "Unknown option `", "`. Remove it or correct its name".to_owned())
    };
    Failure::invalid(code, &[wrong, bare, &expected])
}

/// Checks the range of a number.
fn within(code: Code, name: &str, text: &str, most: u64) -> Result<Millis, Box<Failure>> {
    let number = text.parse().unwrap_or(0);
    if (1..=most).contains(&number) {
        return Ok(Millis(number));
    }
    let (bare, most) = (name.trim_start_matches('#'), most.to_string());
    Err(Failure::invalid(code, &["Invalid option `", bare, "`: ", text, ". Pass a number from 1 to ", &most]))
}

/// Converts a JavaScript number. Negative numbers and NaN become 0, numbers that are too large the largest.
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
mod tests;
