//! What a client is opened with, checked at the door.

use crate::auth::{Credentials, ExpiringCredential, Field, Grant, Obtains, Random};
use crate::diagnose::Failure;
use crate::pace::{self, Concurrency, OpenBreaker};
use crate::request::{InstanceUrl, percent_encode};
use crate::secret::Secret;
use crate::time::Millis;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// One attempt of a call: the wait for its token, and that for its reply. The instance's own limit is 60 s.
    pub call: Millis,
    /// One request for a token.
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
    /// Where tokens come from.
    pub grant: Grant,
    /// When the token that was brought along dies, by the host's clock.
    pub expires_at: Option<Millis>,
    /// How long things may take.
    pub limits: TimeLimits,
    /// When requests are sent, and when again.
    pub pace: pace::Settings,
    /// The breaker of an earlier life, by the host's clock.
    pub breaker: Option<OpenBreaker>,
    /// The host's chance: spreads renewals and names assertions.
    pub seed: u64,
    /// Whether the host has a store and a lock for tokens.
    pub stored: bool,
    /// Credentials whose end is known.
    pub expiring: Vec<ExpiringCredential>,
}

impl ClientSettings {
    /// Defaults for everything else: nothing is stored, and renewals are spread alike in every client.
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

    /// Tells whose tokens are whose: what is obtained for other credentials lies elsewhere. Not a secret, but the user's name stands
    /// in it: a host names what it stores, locks and watches by its hash.
    #[must_use]
    pub fn key(&self) -> String {
        let mut key = ["sysparm ", self.instance.as_str(), " ", self.grant.name()].concat();
        for field in [Field::ClientId, Field::Username, Field::Subject, Field::Scope] {
            key.push(' ');
            percent_encode(self.grant.credentials().text(field), &mut key);
        }
        // A refresh token brought along is the only thing that tells whose tokens these are. 64 bits of it tell it apart,
        // and are far too few to tell it.
        if let Some(brought) = self.grant.credentials().value(Field::RefreshToken) {
            let mark = brought.expose().bytes().fold(0, |mark, byte| Random::new(mark ^ u64::from(byte)).next());
            key.push(' ');
            key.push_str(&mark.to_string());
        }
        key
    }
}

/// The options of `connect()` as they come from outside, nothing checked: names as in JavaScript with a dot before each level,
/// such as `auth.clientId`; a number's name begins with `#`. What only the host can hold is there as the word "true". No
/// deserialiser: serde's costs 12 KB compressed here, the printing of floats among it.
#[derive(Debug, Default)]
pub struct ConnectOptions(Vec<(String, Secret)>);

/// Longer than anyone waits, shorter than a timer's largest length (2^31 ms).
const LONGEST_LIMIT: u64 = 3_600_000;
/// A day: longer than any outage that a program should sit out by itself.
const LONGEST_PATIENCE: u64 = 86_400_000;
const MOST_AT_ONCE: u64 = 100;

impl ConnectOptions {
    /// Names and values in turn, each ended by a NUL, which is in neither: how options cross the boundary in one text.
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
    /// The option that cannot work, and why.
    pub fn check(self, seed: u64) -> Result<ClientSettings, Box<Failure>> {
        let (mut url, mut grant, mut stored) = (String::new(), String::new(), false);
        let mut credentials = Credentials::default();
        let mut limits = TimeLimits::default();
        let (mut expires_at, mut expiring) = (None, vec![]);
        let (mut pace, mut open) = (pace::Settings::default(), OpenBreaker { until_ms: 0, pause_ms: 0 });
        for (name, value) in self.0 {
            let text = value.expose();
            let number = Millis(text.parse().unwrap_or(0));
            match (name.as_str(), name.strip_prefix("auth.").and_then(Field::parse)) {
                ("url", _) => text.clone_into(&mut url),
                ("auth.grant", _) => text.clone_into(&mut grant),
                ("store", _) => stored = true,
                (_, Some(field)) => credentials.add(field, value),
                ("#timeLimits.callMs", _) => limits.call = limit(number)?,
                ("#timeLimits.tokenMs", _) => limits.token = limit(number)?,
                ("#auth.expiresAt", _) => expires_at = Some(number),
                ("#pace.concurrency", _) => {
                    let limit = u32::try_from(within(number, MOST_AT_ONCE)?.0).unwrap_or(1);
                    pace.concurrency = Concurrency::new(limit, limit);
                }
                ("#pace.attempts", _) => {
                    let attempts = u8::try_from(within(number, u64::from(u8::MAX))?.0).unwrap_or(1);
                    (pace.interactive.attempts, pace.bulk.attempts) = (attempts, attempts);
                }
                ("#pace.budgetMs", _) => {
                    let budget = within(number, LONGEST_PATIENCE)?;
                    (pace.interactive.budget, pace.bulk.budget) = (budget, budget);
                }
                ("#pace.maxWaitMs", _) => {
                    let wait = within(number, LONGEST_PATIENCE)?;
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
        let instance = InstanceUrl::parse(&url).map_err(|reason| {
            Failure::invalid("options.url", "The instance's address cannot be used", reason.to_string())
        })?;
        let grant = Grant::open(&grant, credentials)
            .map_err(|detail| Failure::invalid("options.auth", "The auth option cannot be used", detail))?;
        // What is shown as it is, or supplied by the host, has no life that could be shared.
        let stored = stored && grant.obtains() == Obtains::Requested;
        let breaker = (open.until_ms > 0).then_some(open);
        Ok(ClientSettings { instance, grant, expires_at, limits, pace, breaker, seed, stored, expiring })
    }
}

/// Either no such option, or one that is a number where text is needed, or text where a number is.
fn unusable(name: &str) -> Box<Failure> {
    let bare = name.strip_prefix('#').unwrap_or(name);
    let known = bare.strip_prefix("auth.").and_then(Field::parse).is_some()
        || matches!(bare, "url" | "auth.grant" | "auth.expiresAt" | "timeLimits.callMs" | "timeLimits.tokenMs")
        || matches!(bare, "pace.concurrency" | "pace.attempts" | "pace.budgetMs" | "pace.maxWaitMs" | "pace.breaker");
    let (code, title) = if known {
        let number = bare.len() < name.len();
        (
            "options.type",
            if number { "A text is needed, and a number given" } else { "A number is needed, and a text given" },
        )
    } else {
        ("options.unknown", "connect() knows no such option")
    };
    Failure::invalid(code, title, bare.to_owned())
}

/// A bound of pacing.
fn within(number: Millis, most: u64) -> Result<Millis, Box<Failure>> {
    if (1..=most).contains(&number.0) {
        return Ok(number);
    }
    let detail = ["1 to ", &most.to_string()].concat();
    Err(Failure::invalid("options.pace", "A bound of pacing is out of range", detail))
}

fn limit(length: Millis) -> Result<Millis, Box<Failure>> {
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
