//! A request and its reply as plain data, so that the instance needs no network.

use std::borrow::Cow;

use crate::content::Content;
use crate::faults::Journey;

/// An HTTP request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path, still percent-encoded: "/api/now/table/incident".
    pub path: String,
    /// The query without its question mark, still percent-encoded; empty if there is none.
    pub query: String,
    /// Header fields; names in any case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The body of an upload, which may be too large to be held; `body` is empty then.
    pub upload: Option<Content>,
}

impl Request {
    /// A request for a target such as "/api/now/table/incident?sysparm_limit=1".
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method: method.into(), path: path.into(), query: query.into(), ..Self::default() }
    }

    /// With one more header field.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With a body and its type.
    #[must_use]
    pub fn with_body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut request = self.with_header("Content-Type", content_type);
        request.body = body.into();
        request
    }

    /// The first header field of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body, wherever it is kept.
    pub(crate) fn content(&self) -> Content {
        self.upload.clone().unwrap_or_else(|| self.body.clone().into())
    }

    /// Whether the body is a file, which has a bound of its own.
    pub(crate) fn is_upload(&self) -> bool {
        is_upload(&self.method, &self.path)
    }

    /// The parameters behind the question mark, decoded.
    pub(crate) fn parameters(&self) -> Parameters<'_> {
        Parameters(form_urlencoded::parse(self.query.as_bytes()).collect())
    }

    /// Whether the body is of this media type, with any parameters.
    pub(crate) fn is_of_type(&self, content_type: &str) -> bool {
        let stated = self.header("content-type").unwrap_or_default();
        let stated = stated.split(';').next().unwrap_or_default();
        stated.trim().eq_ignore_ascii_case(content_type)
    }
}

/// Whether a request for this path carries a file.
pub(crate) fn is_upload(method: &str, path: &str) -> bool {
    let place = path.strip_prefix("/api/now/").unwrap_or_default();
    let place = place.strip_prefix("v1/").or_else(|| place.strip_prefix("v2/")).unwrap_or(place);
    method == "POST" && matches!(place, "attachment/file" | "attachment/upload")
}

/// Decoded parameters in the order given.
pub(crate) struct Parameters<'a>(pub(crate) Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Parameters<'_> {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_ref())
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(is_true)
    }

    /// A count; any other text than digits is ignored.
    pub(crate) fn count(&self, name: &str) -> Option<usize> {
        self.text(name)?.trim().parse().ok()
    }
}

/// Whether a flag of a request is set. Its letters may be of either case: Python writes `True`, and so does .NET.
pub(crate) fn is_true(value: &str) -> bool {
    value.trim().eq_ignore_ascii_case("true")
}

/// The usual words for a status: "Not Found".
pub(crate) fn reason_phrase(status: u16) -> Option<&'static str> {
    http::StatusCode::from_u16(status).ok()?.canonical_reason()
}

/// An HTTP reply.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header fields, `Content-Length` left to the sender.
    pub headers: Vec<(&'static str, String)>,
    /// Header fields that a scripted REST API sets.
    pub custom_headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// The processing time in milliseconds; the shell waits, a simulation advances its clock.
    pub delay_ms: u64,
    /// The effect of the network on it.
    pub journey: Journey,
}

/// The body of a reply.
#[derive(Clone, Debug)]
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// This many bytes of [`FILLER`], repeated, so that a large reply takes no memory.
    Filler(u64),
    /// A file, read piece by piece as the client takes it.
    File(Content),
}

/// The repeated content of a large reply.
pub const FILLER: [u8; 64] = *b"practice instance 0123456789 abcdefghijklmnopqrstuvwxyz filler.\n";

impl Reply {
    /// A reply with a body of this type.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", content_type.into())],
            custom_headers: Vec::new(),
            body: Body::Whole(body.into()),
            delay_ms: 0,
            journey: Journey::Safe,
        }
    }

    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json;charset=UTF-8", body)
    }

    pub(crate) fn html(status: u16, title: &str, text: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
        );
        Self::new(status, "text/html;charset=UTF-8", page)
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            custom_headers: Vec::new(),
            body: Body::Whole(Vec::new()),
            delay_ms: 0,
            journey: Journey::Safe,
        }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The first header field of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.all_headers().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    /// Every header field in the order of sending.
    pub fn all_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        own.chain(self.custom_headers.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The body as bytes; a filler or a file is not built, so for it this is empty.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.body {
            Body::Whole(bytes) => bytes,
            Body::Filler(_) | Body::File(_) => &[],
        }
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn as_json(&self) -> serde_json::Value {
        serde_json::from_slice(self.bytes()).unwrap_or_default()
    }
}
