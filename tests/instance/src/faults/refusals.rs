//! Redirects, and unusual forms of `Retry-After`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::headers::INTERNAL;
use crate::clock::http_date;
use crate::exchange::{Reply, Request};
use crate::route::{base, failure};

/// The target of a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RedirectTarget {
    /// The sign-in page of an identity provider on another host.
    SignIn,
    /// The page of a network where a person must first accept its terms.
    CaptivePortal,
    /// The same address with another host: a proxy shows a name that only its network knows.
    InternalHost,
    /// The same address once more, without end.
    Itself,
}

/// The redirect of this request.
pub(crate) fn redirect(request: &Request, status: u16, target: RedirectTarget) -> Reply {
    let asked = match request.query.as_str() {
        "" => request.path.clone(),
        query => format!("{}?{query}", request.path),
    };
    let location = match target {
        RedirectTarget::SignIn => "https://login.example/saml2/sso?SAMLRequest=fVLLTsMw".to_owned(),
        RedirectTarget::CaptivePortal => "http://portal.example/accept".to_owned(),
        RedirectTarget::InternalHost => format!("{INTERNAL}{asked}"),
        RedirectTarget::Itself => format!("{}{asked}", base(request)),
    };
    let text = format!("<a href=\"https://login.example/\">{status}</a>");
    Reply::html(status, "Moved", &text).with_header("Location", location)
}

/// The value of `Retry-After` (RFC 9110 section 10.2.3 allows seconds and a date).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// A date two seconds ahead.
    Date,
    /// A date that has passed.
    PastDate,
    /// 0.
    Zero,
    /// A negative number.
    Negative,
    /// A fraction of a second.
    Fraction,
    /// Words.
    Words,
    /// More seconds than fit into 64 bits.
    Huge,
    /// Nothing.
    Empty,
    /// Two values, as two proxies write them.
    Two,
}

/// An error with this status whose `Retry-After` has this form.
pub(crate) fn with_retry_after(status: u16, form: RetryAfter, now: u64) -> Reply {
    let reply = failure(status, None, now);
    let value = match form {
        RetryAfter::Date => http_date(now.saturating_add(2_000)),
        RetryAfter::PastDate => http_date(now.saturating_sub(3_600_000)),
        RetryAfter::Zero => "0".to_owned(),
        RetryAfter::Negative => "-1".to_owned(),
        RetryAfter::Fraction => "1.5".to_owned(),
        RetryAfter::Words => "soon".to_owned(),
        RetryAfter::Huge => "99999999999999999999".to_owned(),
        RetryAfter::Empty => String::new(),
        RetryAfter::Two => "1, 2".to_owned(),
    };
    reply.with_header("Retry-After", value)
}
