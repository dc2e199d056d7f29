//! A probe's request to the host, and its outcome. No request holds a secret: it names the one that the host fills in.

use serde::Serialize;
use serde_json::Value;

/// The credentials that a request is sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Identity {
    /// No credentials.
    Anonymous,
    /// Client credentials in the form of a token request.
    Client,
    /// The integration's token, Basic header or API key.
    Integration,
    /// The administrator's credentials.
    Administrator,
}

/// A secret that the host holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretName {
    /// `client_secret`.
    ClientSecret,
    /// `password` of the password grant.
    Password,
    /// `refresh_token`.
    RefreshToken,
    /// `assertion` of the JWT bearer grant.
    Assertion,
}

/// A value of a form: a literal, or the name of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Filled {
    /// A literal value.
    Text(String),
    /// A secret that the host fills in. The host omits the field if it has no such secret.
    Secret(SecretName),
}

/// A field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormField {
    /// `client_id` and the like.
    pub name: &'static str,
    /// Its value.
    pub value: Filled,
}

/// One request for the host: without redirects and without cookies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// The id to return with the outcome.
    pub id: u32,
    /// The code of the check.
    pub check: &'static str,
    /// The question that the check answers.
    pub question: &'static str,
    /// `GET`, `OPTIONS`, or `POST` for a token.
    pub method: &'static str,
    /// Path and query on the instance.
    pub path: String,
    /// Headers without those of the credentials.
    pub headers: Vec<(&'static str, String)>,
    /// The credentials to send.
    pub who: Identity,
    /// The body, as a form; empty for none.
    pub form: Vec<FormField>,
    /// A page sends it with `mode: "no-cors"` to learn whether the address replies at all.
    pub blind: bool,
    /// The timeout in milliseconds.
    pub time_limit_ms: u64,
}

/// The timeout of a probe in milliseconds. The instance's own limit is a minute, so a longer wait shows nothing more.
const TIME_LIMIT_MS: u64 = 20_000;

impl Probe {
    pub(super) fn new(method: &'static str, path: impl Into<String>, who: Identity) -> Self {
        Self {
            id: 0,
            check: "",
            question: "",
            method,
            path: path.into(),
            headers: vec![("Accept", "application/json".into())],
            who,
            form: vec![],
            blind: false,
            time_limit_ms: TIME_LIMIT_MS,
        }
    }

    pub(super) fn get(path: impl Into<String>, who: Identity) -> Self {
        Self::new("GET", path, who)
    }

    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn with_text(mut self, name: &'static str, value: &str) -> Self {
        self.form.push(FormField { name, value: Filled::Text(value.to_owned()) });
        self
    }

    pub(super) fn with_secret(mut self, name: &'static str, secret: SecretName) -> Self {
        self.form.push(FormField { name, value: Filled::Secret(secret) });
        self
    }

    /// The probe of this check, with the id to return.
    pub(super) fn of_check(self, id: u32, check: &'static str, question: &'static str) -> Self {
        Self { id, check, question, ..self }
    }
}

/// The outcome of a probe. The host has removed tokens from the body.
#[derive(Debug, Clone)]
pub enum ProbeOutcome {
    /// A reply that can be read.
    Reply {
        /// Status code.
        status: u16,
        /// Headers, names in lower case.
        headers: Vec<(String, String)>,
        /// At most its first 64 KiB.
        body: String,
    },
    /// An opaque reply: a page may not read it.
    Answered,
    /// A redirect that a page may not read.
    Redirected,
    /// No reply, with the platform's own words; in a page that may also be a reply that CORS withholds.
    NoReply {
        /// "fetch failed", "getaddrinfo ENOTFOUND ..." and the like.
        reason: String,
    },
    /// The time limit passed.
    TimedOut,
}

impl ProbeOutcome {
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Reply { status, .. } => *status,
            _ => 0,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let Self::Reply { headers, .. } = self else { return None };
        headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn body(&self) -> &str {
        match self {
            Self::Reply { body, .. } => body,
            _ => "",
        }
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_str(self.body()).ok()
    }

    /// Message and detail of the platform's error envelope.
    pub(super) fn error(&self) -> String {
        let Some(json) = self.json() else { return String::new() };
        let part = |name: &str| json.pointer(&format!("/error/{name}")).and_then(Value::as_str).map(str::to_owned);
        let parts: Vec<String> = [part("message"), part("detail")].into_iter().flatten().collect();
        parts.join(": ")
    }

    pub(super) fn is_page(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
            || self.body().trim_start().starts_with("<")
    }

    /// The records of a list, and how many more there are than the caller may see.
    pub(super) fn rows(&self) -> Option<(Vec<Value>, u64)> {
        if self.status() != 200 {
            return None;
        }
        let rows = self.json()?.get("result")?.as_array()?.clone();
        let total: u64 = self.header("x-total-count").and_then(|count| count.parse().ok()).unwrap_or(rows.len() as u64);
        let hidden = total.saturating_sub(rows.len() as u64);
        Some((rows, hidden))
    }

    /// A summary for evidence.
    pub(super) fn summary(&self) -> String {
        match self {
            Self::Reply { status, .. } => {
                let error = self.error();
                let page = if self.is_page() { " with an HTML page" } else { "" };
                match error.is_empty() {
                    true => format!("status {status}{page}"),
                    false => format!("status {status}: {error}"),
                }
            }
            Self::Answered => "something answered".into(),
            Self::Redirected => "a redirect".into(),
            Self::NoReply { reason } => format!("no reply ({reason})"),
            Self::TimedOut => "no reply within the time limit".into(),
        }
    }
}

/// A field of a record, whether it came as a text or as an object of value and link; empty when it is not there.
pub(super) fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    let value = row.get(field);
    let inner = value.and_then(|value| value.get("value")).or(value);
    inner.and_then(Value::as_str).unwrap_or_default()
}
