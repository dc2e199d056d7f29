//! The facts of a failed request.

use crate::request::{Body, Headers, Method, Reply};
use crate::time::Millis;

use super::body_text;
use super::circumstances::Circumstances;
use super::path::Path;

/// The purpose of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A token.
    Token,
    /// The call itself.
    Api,
}

/// How a request without a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// The host could not send it or got nothing back; a browser says no more than that.
    Unreachable,
    /// The host says that nothing of it left: no name was found, or no connection was made.
    Unsent,
    /// It timed out.
    TimedOut,
    /// The source of supplied tokens failed.
    SourceFailed,
    /// The key that the host holds gave no signature.
    SigningFailed,
}

/// The facts of one failure.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The purpose of the request.
    pub stage: Stage,
    /// The method.
    pub method: Method,
    /// Path and query string.
    pub path: &'a str,
    /// What happened.
    pub outcome: Result<&'a Reply, Transport>,
}

static NO_HEADERS: Headers = Headers::NONE;

/// A failure as the rows of the catalogue see it.
pub(crate) struct Seen<'a> {
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) around: &'a Circumstances<'a>,
    /// The time here, by the clock of who diagnoses.
    pub(crate) now: Millis,
}

/// A clock that is further off than this makes assertions void.
const CLOCK_TOLERANCE: Millis = Millis::from_seconds(60);

impl Seen<'_> {
    /// How many seconds the sender's clock is off, where that is more than an assertion bears.
    pub(crate) fn clock_off(&self) -> Option<u64> {
        let server = self.headers().server_clock()?;
        let off = server.less(self.now).max(self.now.less(server));
        (off > CLOCK_TOLERANCE).then_some(off.0 / 1000)
    }

    /// Whether a read is refused by a credential that was accepted a moment before.
    pub(crate) fn is_of_the_moment(&self) -> bool {
        self.around.accepted_lately && self.is_of_api(403) && !self.method.writes() && !self.is_html()
    }
}

impl<'a> core::ops::Deref for Seen<'a> {
    type Target = Facts<'a>;

    fn deref(&self) -> &Facts<'a> {
        self.facts
    }
}

impl Facts<'_> {
    /// The HTTP status; absent without a reply.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.outcome.ok().map(|reply| reply.status)
    }

    pub(crate) fn is(&self, status: u16) -> bool {
        self.status() == Some(status)
    }

    pub(crate) fn headers(&self) -> &Headers {
        self.outcome.map_or(&NO_HEADERS, |reply| &reply.headers)
    }

    /// The body's text, empty when there is none or the host kept it.
    pub(crate) fn text(&self) -> &str {
        match self.outcome.map(|reply| &reply.body) {
            Ok(Body::Text(text)) => text,
            _ => "",
        }
    }

    /// The `error` member of a token endpoint's reply, where that has one.
    fn oauth_error(&self) -> Option<String> {
        body_text::string_after(self.text(), "\"error\"").filter(|_| self.stage == Stage::Token)
    }

    /// Whether the token endpoint says by a code of RFC 6749 that it refuses. The code counts, whatever the status: some servers and
    /// gateways send it with 200 or 500.
    pub(crate) fn has_refusal_code(&self) -> bool {
        const CODES: &[&str] = &[
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "invalid_scope",
            "unauthorized_client",
            "unsupported_grant_type",
            "access_denied",
        ];
        // ServiceNow's own words for nearly every refusal.
        let own = |code: &str| {
            let denied = body_text::contains_ignoring_case(self.text(), "access_denied");
            code == "server_error" && (self.is_success() || denied)
        };
        self.oauth_error().is_some_and(|code| CODES.contains(&code.as_str()) || own(&code))
    }

    /// Whether the token endpoint refuses what was sent, so that something else may be accepted.
    #[must_use]
    pub fn refuses_token(&self) -> bool {
        let unavailable = || self.oauth_error().is_some_and(|code| code == "temporarily_unavailable");
        let by_status = self.stage == Stage::Token && matches!(self.status(), Some(400 | 401 | 403));
        self.has_refusal_code() || by_status && !unavailable()
    }

    /// The part of the body that explains a failure. Of a success that refuses no token by its code that is what stands behind its last
    /// `"error"`: what comes before is data, which neither decides a diagnosis nor is repeated in it.
    pub(crate) fn explanation(&self) -> &str {
        if self.is_success() && !self.is_html() && !self.has_refusal_code() {
            body_text::behind_last(self.text(), "\"error\"")
        } else {
            self.text()
        }
    }

    /// Whether the explanation says this, in any case.
    pub(crate) fn says(&self, words: &str) -> bool {
        body_text::contains_ignoring_case(self.explanation(), words)
    }

    /// The path without its query string.
    pub(crate) fn endpoint(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// What the path names.
    pub(crate) fn named(&self) -> Path<'_> {
        Path::of(self.path)
    }

    /// Whether the explanation is in ServiceNow's error envelope.
    pub(crate) fn is_enveloped(&self) -> bool {
        body_text::is_envelope(self.explanation())
    }

    /// Whether the reply came from an API: a refusal of the token endpoint or of a page means something else.
    pub(crate) fn is_of_api(&self, status: u16) -> bool {
        self.stage == Stage::Api && self.is(status)
    }

    /// Whether this is a Batch that came back without the item that was in it. Rows would stand in a `result`.
    pub(crate) fn is_unserviced_batch(&self) -> bool {
        let names = |words| body_text::contains_ignoring_case(self.text(), words);
        names("\"unserviced_requests\"") && !names("\"result\"")
    }

    /// Whether a Batch served at least one of its items.
    pub(crate) fn has_serviced(&self) -> bool {
        body_text::contains_ignoring_case(self.text(), "\"status_code\"")
    }

    /// Whether a write may have been carried out although no success came back.
    pub(crate) fn writes(&self) -> bool {
        self.stage == Stage::Api && self.method.writes()
    }

    pub(crate) fn is_html(&self) -> bool {
        // 204 has no body, whatever its `Content-Type` (RFC 9110 section 15.3.5).
        if self.is(204) {
            return false;
        }
        self.headers().value("content-type").is_some_and(|kind| body_text::contains_ignoring_case(kind, "html"))
            || body_text::contains_ignoring_case(self.text().get(..64).unwrap_or_else(|| self.text()), "<html")
            || body_text::contains_ignoring_case(self.text().get(..64).unwrap_or_else(|| self.text()), "<!doctype")
    }

    /// Whether nothing is known to be in the body.
    pub(crate) fn is_empty(&self) -> bool {
        match self.outcome.map(|reply| &reply.body) {
            Ok(Body::Text(text)) => text.trim_ascii().is_empty(),
            _ => false,
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status().is_some_and(|status| (200..300).contains(&status))
    }
}
