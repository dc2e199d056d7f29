//! Exchanges of other HTTP clients, described by the caller. Every description gets a diagnosis. What is left out is not assumed.

use super::exchange::Exchange;
use super::history::classify;
use crate::code::Code;
use crate::diagnose::model::circumstances::Circumstances;
use crate::diagnose::model::diagnosis::{Diagnosis, Kind, Retry};
use crate::diagnose::model::facts::Transport;
use crate::request::{Method, Reply};
use crate::time::Millis;

/// How the exchange ended.
#[derive(Debug, Clone)]
pub enum Ending {
    /// A reply came; its body is `Body::Untouched` where it is unknown.
    Reply(Reply),
    /// No reply came.
    Unreachable,
    /// It timed out.
    TimedOut,
    /// In a page: the browser kept the reply back, and the same address answers a request of the mode "no-cors".
    Unreadable,
    /// In a page: no reply, and none to a request of the mode "no-cors" either.
    Silent,
    /// In a page that came by https, from an address that is http.
    MixedContent,
}

/// One exchange. It holds credentials as sent, so it is never printed.
#[derive(Clone)]
pub struct Observed {
    /// In capitals; another text than a method of ServiceNow's means that it is not known.
    pub method: String,
    /// Path and query string.
    pub path: String,
    /// The request's headers.
    pub headers: Vec<(String, String)>,
    /// The request's body, where it is text.
    pub body: Option<String>,
    /// How the exchange ended.
    pub ending: Ending,
    /// When it was sent.
    pub at: Millis,
    /// The duration.
    pub duration: Option<Millis>,
}

/// Diagnoses the last exchange; `earlier` holds those before it. Without evidence of a failure, the diagnosis says so.
#[must_use]
pub fn classify_observed(last: &Observed, earlier: &[Observed]) -> Diagnosis {
    let headers: Vec<Vec<(&str, &str)>> = earlier.iter().map(Observed::pairs).collect();
    let before: Vec<Exchange<'_>> =
        earlier.iter().zip(&headers).map(|(other, headers)| other.exchange(other.method(), headers)).collect();
    let headers = last.pairs();
    let as_if = |method| classify(&last.exchange(method, &headers), &before);
    let mut diagnosis = as_if(last.method()).unwrap_or_else(|| last.nothing_wrong());
    // Without a known method it may have been a write, so the advice is never to repeat it blindly.
    let is_known = Method::parse(&last.method).is_some();
    if !is_known && as_if(Method::Post).is_some_and(|diagnosis| diagnosis.retry == Retry::LookFirst) {
        diagnosis.retry = Retry::LookFirst;
    }
    diagnosis
}

impl Observed {
    fn method(&self) -> Method {
        Method::parse(&self.method).unwrap_or(Method::Get)
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn exchange<'a>(&'a self, method: Method, headers: &'a [(&'a str, &'a str)]) -> Exchange<'a> {
        let in_browser = matches!(self.ending, Ending::Unreadable | Ending::Silent | Ending::MixedContent);
        Exchange {
            method,
            path: &self.path,
            headers,
            body: self.body.as_deref(),
            outcome: match &self.ending {
                Ending::Reply(reply) => Ok(reply),
                Ending::TimedOut => Err(Transport::TimedOut),
                _ => Err(Transport::Unreachable),
            },
            at: self.at,
            duration: self.duration,
            around: Circumstances {
                in_browser,
                answers_unreadably: matches!(self.ending, Ending::Unreadable),
                is_silent: matches!(self.ending, Ending::Silent),
                mixed_content: matches!(self.ending, Ending::MixedContent),
                ..Circumstances::default()
            },
        }
    }

    fn nothing_wrong(&self) -> Diagnosis {
        let status = match &self.ending {
            Ending::Reply(reply) => reply.status.to_string(),
            _ => String::new(),
        };
        let path = self.path.split('?').next().unwrap_or_default();
        let seen = [self.method.as_str(), " ", path, " answered ", &status].concat();
        Diagnosis {
            code: Code::REPLY_IN_ORDER,
            key: 0,
            kind: Kind::Unknown,
            title: "Nothing in this reply speaks against it",
            retry: Retry::Never,
            causes: &[],
            evidence: vec![seen.trim_ascii_start().to_owned()],
        }
    }
}

#[cfg(test)]
mod tests;
