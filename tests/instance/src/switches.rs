//! Settings that can be changed while the instance runs: lifetimes of tokens, treatment of unknown fields, and faults.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::faults::Fault;

/// All switches, with the behaviour of an ordinary developer instance as default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Every URL answers with the page of a sleeping developer instance, status 200.
    pub hibernating: bool,
    /// Every URL answers with a login page, status 200, as behind a wrong host or an expired browser session.
    pub html: bool,
    /// The lifetime of a new access token in seconds.
    pub token_lifetime: u64,
    /// Whether a grant returns the token that is still valid instead of a new one (KB0791140).
    pub token_reuse: bool,
    /// The treatment of a condition on an unknown field.
    pub invalid_field_regime: InvalidFields,
    /// The share of incidents that row access rules hide from the integration user, 0 to 1; which ones depends on their `sys_id` only.
    pub hidden: f64,
    /// Milliseconds by which every request is delayed.
    pub delay_ms: u64,
    /// The next requests that fail, such as `{"count": 2, "status": 503}`.
    pub fail_next: Option<Failures>,
    /// The number of next lists that end in the middle with the message of a cancelled transaction, status 200 (KB1297438).
    pub truncate_next: u32,
    /// The message of a 401: older and newer builds differ.
    pub unauthenticated_message: String,
    /// The language of refusals.
    pub language: Language,
    /// The order of a list without `ORDERBY`.
    pub default_order: DefaultOrder,
    /// The treatment of an unknown choice in a write; `glide.rest.choice.allow_non_existing_value` allows all.
    pub unknown_choice: UnknownChoice,
    /// Whether password fields can be written with `sysparm_input_display_value=true` only.
    pub secrets_by_display_value: bool,
    /// Whether callers see the rows of their own domain, of those below it and of the global one only.
    pub domain_separation: bool,
    /// Whether offset paging costs what it costs in a database: every row before the offset is read.
    pub offset_scan: bool,
    /// Whether the practice rule admits every loopback origin to the REST APIs. Without it only the rows of `sys_cors_rule` do,
    /// as on a real instance; `glide.rest.cors.enabled` switches off both.
    pub cors: bool,
    /// Milliseconds between the writes of a node's request counts: only written counts are checked against a rule of
    /// `sys_rate_limit_rules`, so a rule applies that much later and is overshot.
    pub rate_lag_ms: u64,
    /// CORS for the token endpoint (`glide.oauth.cors.allowed.origin`): empty, one origin, `*`, or `loopback`, which stands for
    /// any loopback origin, as a real instance would be set up for a console on this machine.
    pub oauth_cors_origin: String,
    /// The longest target with its headers that is accepted, in bytes; beyond it the reply is the web server's page, 400 (KB0817506).
    pub longest_url: usize,
    /// The largest body that is accepted, in bytes (`glide.rest.max_content_length`).
    pub largest_body: usize,
    /// Sets every default that differs between releases; switches set in the same request keep their values.
    pub release: Release,
    /// Whether a client may authenticate in a Basic header at the token endpoint; only the form is documented.
    pub client_in_basic_header: bool,
    /// The port of a redirect URI on this machine.
    pub loopback_port: LoopbackPort,
    /// The reply to the client credentials grant for a registry record without OAuth Application User: reports differ.
    pub application_user_missing: ApplicationUserMissing,
    /// The number of the key that signs access tokens in JWT form. Another number rotates: the key before stays listed at
    /// `/api/now/oauth/jwks` for 105 days.
    pub signing_key: u32,
    /// The wording of refusals of the token endpoint.
    pub token_error_style: TokenErrorStyle,
    /// Every URL answers 403 with a page, as IP access control does for an address that is not allowed.
    pub address_blocked: bool,
    /// API calls are sent to `/logout_success.do`, as by an expired browser session or single sign-on.
    pub logged_out: bool,
    /// The number of next API calls with a session cookie whose session lacks its user's roles, as one that was restored on
    /// another node is for a moment (KB2466644).
    pub roles_lost: u32,
    /// Whether the requests of one session wait for each other, with 202 for those that find its queue full.
    pub session_queue: bool,
    /// The `API_INT` threads and their queue, such as `{"threads": 4, "queue": 50}`; none means unlimited.
    pub semaphore: Option<Semaphore>,
    /// A request that would wait longer than this for a thread is answered with 500, in milliseconds (KB1297438).
    pub quota_ms: u64,
    /// Milliseconds by which the instance's clock is ahead of this machine's, or behind.
    pub clock_skew_ms: i64,
    /// The bound on what one Batch call may take, in milliseconds; each item costs what a request does.
    pub batch_ms: u64,
    /// Faults, tried in this order for every request.
    pub faults: Vec<Fault>,
}

/// Requests that are answered with an error before any other check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failures {
    /// The number of requests.
    pub count: u32,
    /// The status, 400 to 599, or 202 for a full session queue.
    pub status: u16,
    /// Only requests whose path begins with this; all when absent.
    #[serde(default)]
    pub path: Option<String>,
    /// Seconds in `Retry-After`. With status 429 this makes it a rate-limit rule with its `X-RateLimit-*` headers; without, a full queue.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

/// A pool of threads and its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Semaphore {
    /// Requests that run at the same time; 4 on an ordinary node.
    pub threads: usize,
    /// Requests that may wait; 50 on an ordinary node. One more is answered with 429.
    pub queue: usize,
}

/// A family of releases, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "server", derive(clap::ValueEnum), value(rename_all = "lower"))]
#[serde(rename_all = "lowercase")]
pub enum Release {
    /// The client credentials grant gives tokens of the guest.
    Vancouver,
    /// Client credentials, API keys and HMAC work.
    WashingtonDC,
    /// Query ACLs.
    Xanadu,
    /// The newer words of a 401, tokens in JWT form, no one-time codes for Basic.
    Yokohama,
    /// ES256 assertions, published metadata, machine identity access controls.
    Zurich,
    /// The restriction of Basic is enforced, and query ACLs come loaded.
    Australia,
    /// An access rule without its roles admits nobody.
    Brazil,
}

/// The comparison of a redirect URI on 127.0.0.1, [::1] or localhost with the registered ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoopbackPort {
    /// Any port is accepted, as RFC 8252 section 7.3 requires, so that programs with a free port can sign in here.
    Any,
    /// The port must be the registered one: ServiceNow documents an exact comparison ("Create an OAuth API endpoint for external
    /// clients").
    Registered,
}

/// The reply to the client credentials grant without an OAuth Application User.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationUserMissing {
    /// The usual refusal.
    Refused,
    /// A token that no API accepts.
    Useless,
}

/// The wording of refusals of the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenErrorStyle {
    /// 401 `server_error` for everything.
    Servicenow,
    /// The codes of RFC 6749 section 5.2.
    Rfc6749,
}

/// The treatment of a query that names an unknown field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvalidFields {
    /// The condition is dropped and the others apply.
    Ignore,
    /// No rows (`glide.invalid_query.returns_no_rows`).
    NoRows,
    /// 403.
    Forbid,
}

/// The treatment of an unknown choice in a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnknownChoice {
    /// The field stays as it is and the rest is written.
    Ignored,
    /// 403.
    Refused,
    /// Written as any other value.
    Accepted,
}

/// The language in which an instance words a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As documented.
    English,
    /// A user whose language is German.
    German,
    /// A user whose language is French.
    French,
    /// What the request's `Accept-Language` prefers of these three.
    Caller,
}

/// The order of a list without `ORDERBY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefaultOrder {
    /// As the rows were inserted.
    Insertion,
    /// Different from one request to the next, as since RaptorDB.
    Shuffled,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            hibernating: false,
            html: false,
            token_lifetime: 1800,
            token_reuse: true,
            invalid_field_regime: InvalidFields::Ignore,
            hidden: 0.0,
            delay_ms: 0,
            fail_next: None,
            truncate_next: 0,
            unauthenticated_message: "User is not authenticated".into(),
            language: Language::English,
            default_order: DefaultOrder::Insertion,
            unknown_choice: UnknownChoice::Ignored,
            secrets_by_display_value: false,
            domain_separation: false,
            offset_scan: false,
            cors: true,
            rate_lag_ms: 30_000,
            oauth_cors_origin: "loopback".into(),
            longest_url: 8192,
            largest_body: 10 * 1024 * 1024,
            release: Release::Zurich,
            client_in_basic_header: true,
            loopback_port: LoopbackPort::Any,
            application_user_missing: ApplicationUserMissing::Refused,
            signing_key: 1,
            token_error_style: TokenErrorStyle::Servicenow,
            address_blocked: false,
            logged_out: false,
            roles_lost: 0,
            session_queue: true,
            semaphore: None,
            quota_ms: 60_000,
            clock_skew_ms: 0,
            batch_ms: 30_000,
            faults: Vec::new(),
        }
    }
}

/// The longest wait of a request.
const LONGEST_DELAY_MS: u64 = 120_000;

impl Switches {
    /// A copy of these switches with some changed.
    ///
    /// # Errors
    /// What is wrong with the change; then nothing is changed.
    pub fn changed(&self, change: &serde_json::Value) -> Result<Self, String> {
        let serde_json::Value::Object(change) = change else {
            return Err("expected a JSON object of switches".into());
        };
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let serde_json::Value::Object(all) = &mut all {
            all.extend(change.clone());
        }
        let mut switches: Self = serde_json::from_value(all).map_err(|error| error.to_string())?;
        if switches.release != self.release && !change.contains_key("unauthenticated_message") {
            switches.unauthenticated_message = switches.release.unauthenticated_message().into();
        }
        switches.checked()
    }

    fn checked(self) -> Result<Self, String> {
        if !(0.0..=1.0).contains(&self.hidden) {
            return Err("hidden is a share between 0 and 1".into());
        }
        if self.delay_ms > LONGEST_DELAY_MS {
            return Err(format!("delay_ms is at most {LONGEST_DELAY_MS}"));
        }
        if self.rate_lag_ms > 3_600_000 {
            return Err("rate_lag_ms is at most 3600000".into());
        }
        if self.token_lifetime == 0 || self.token_lifetime > 10_000_000 {
            return Err("token_lifetime is between 1 and 10000000 seconds".into());
        }
        if self.largest_body > 25 * 1024 * 1024 {
            return Err("largest_body is at most 26214400, the platform's own maximum".into());
        }
        if let Some(failures) = &self.fail_next
            && !matches!(failures.status, 202 | 400..=599)
        {
            return Err("fail_next.status is 202 or between 400 and 599".into());
        }
        if self.clock_skew_ms.unsigned_abs() > LARGEST_SKEW_MS {
            return Err(format!("clock_skew_ms is at most {LARGEST_SKEW_MS} either way"));
        }
        self.faults.iter().try_for_each(Fault::check)?;
        if self.faults.len() > MAX_FAULTS {
            return Err(format!("at most {MAX_FAULTS} faults"));
        }
        Ok(self)
    }
}

/// Ten years.
const LARGEST_SKEW_MS: u64 = 315_360_000_000;
const MAX_FAULTS: usize = 100;

impl Release {
    /// The family's name as `glide.buildname` has it.
    pub(crate) fn build_name(self) -> &'static str {
        match self {
            Self::Vancouver => "Vancouver",
            Self::WashingtonDC => "Washington DC",
            Self::Xanadu => "Xanadu",
            Self::Yokohama => "Yokohama",
            Self::Zurich => "Zurich",
            Self::Australia => "Australia",
            Self::Brazil => "Brazil",
        }
    }

    /// The message of a 401: KB0745184 has the older words, newer builds say it differently.
    fn unauthenticated_message(self) -> &'static str {
        match self {
            Self::Vancouver | Self::WashingtonDC | Self::Xanadu => "User Not Authenticated",
            _ => "User is not authenticated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidFields, Switches};
    use serde_json::json;

    #[test]
    fn one_switch_changes_and_the_others_stay() {
        let switches = Switches::default();
        let changed = switches.changed(&json!({"hidden": 0.04, "invalid_field_regime": "no_rows"}));
        let expected = Switches { hidden: 0.04, invalid_field_regime: InvalidFields::NoRows, ..switches };
        assert_eq!(changed, Ok(expected));
    }

    #[test]
    fn invalid_change_is_refused_with_the_reason() {
        let switches = Switches::default();
        for (change, reason) in [
            (json!({"hiden": 0.5}), "unknown field `hiden`"),
            (json!({"hidden": 2}), "between 0 and 1"),
            (json!({"delay_ms": 1_000_000}), "at most 120000"),
            (json!({"fail_next": {"count": 1, "status": 200}}), "202 or between 400"),
            (json!([]), "a JSON object"),
        ] {
            let refused = switches.changed(&change).err().unwrap_or_default();
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
