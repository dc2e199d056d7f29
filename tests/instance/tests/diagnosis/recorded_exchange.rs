//! An exchange as a client could report it: request, reply and time, and for a page in a browser what the browser lets it see.

use sysparm::diagnose::{Circumstances, Diagnosis, Exchange, Transport, classify};
use sysparm::request::{Body, Headers, Method, Reply};
use sysparm::time::Millis;
use sysparm_instance::{Journey, Request};

pub(crate) struct RecordedExchange {
    pub(crate) request: Request,
    target: String,
    body: String,
    outcome: Result<Reply, Transport>,
    at: u64,
    duration: u64,
    in_browser: bool,
}

impl RecordedExchange {
    pub(crate) fn of((request, reply, at): &(Request, sysparm_instance::Reply, u64)) -> Self {
        let lines: Vec<String> = reply.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let bytes = reply.bytes();
        let cut = reply.journey == Journey::Truncated;
        let text = String::from_utf8_lossy(if cut { &bytes[..bytes.len() / 2] } else { bytes }).into_owned();
        // A page gets no reply without CORS headers for its origin.
        let in_browser = request.header("Origin").is_some();
        let asks_for_headers = request.header("Access-Control-Request-Headers").is_some();
        let refused = asks_for_headers && reply.header("Access-Control-Allow-Headers").is_none();
        let blocked = in_browser && (refused || reply.header("Access-Control-Allow-Origin").is_none());
        let arrives = matches!(reply.journey, Journey::Safe | Journey::Truncated) && !blocked;
        let reply_seen =
            Reply { status: reply.status, headers: Headers::from_lines(&lines.join("\n")), body: Body::Text(text) };
        let target =
            if request.query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, request.query) };
        Self {
            request: request.clone(),
            target,
            body: String::from_utf8_lossy(&request.body).into_owned(),
            outcome: if arrives { Ok(reply_seen) } else { Err(Transport::Unreachable) },
            at: *at,
            duration: reply.delay_ms,
            in_browser,
        }
    }

    /// Whether the request was to the practice instance's controls, which a real instance does not have.
    pub(crate) fn is_control(&self) -> bool {
        self.request.path.starts_with("/__practice")
    }

    /// Whether it was sent with this user's name and password.
    pub(crate) fn is_as(&self, user: &str) -> bool {
        use base64::Engine;
        let decode = |encoded: &str| base64::engine::general_purpose::STANDARD.decode(encoded).ok();
        let basic =
            self.request.header("Authorization").and_then(|value| value.strip_prefix("Basic ")).and_then(decode);
        basic.is_some_and(|pair| pair.starts_with(format!("{user}:").as_bytes()))
    }

    pub(crate) fn classified(&self, earlier: &[Self]) -> Option<Diagnosis> {
        let headers: Vec<Vec<(&str, &str)>> = earlier.iter().map(Self::headers).collect();
        let before: Vec<Exchange<'_>> =
            earlier.iter().zip(&headers).map(|(exchange, headers)| exchange.exchange(headers)).collect();
        classify(&self.exchange(&self.headers()), &before)
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn exchange<'a>(&'a self, headers: &'a [(&'a str, &'a str)]) -> Exchange<'a> {
        Exchange {
            // A preflight decides whether the page's own request is sent.
            method: Method::parse(self.request.header("Access-Control-Request-Method").unwrap_or(&self.request.method))
                .unwrap_or_else(|| panic!("{}", self.request.method)),
            path: &self.target,
            headers,
            body: (!self.body.is_empty()).then_some(self.body.as_str()),
            outcome: self.outcome.as_ref().map_err(|transport| *transport),
            at: Millis(self.at),
            duration: Some(Millis(self.duration)),
            // The page repeats the request with mode "no-cors": any reply, though unreadable, shows that the instance is there.
            around: Circumstances {
                in_browser: self.in_browser,
                answers_unreadably: self.in_browser,
                ..Circumstances::default()
            },
        }
    }
}
