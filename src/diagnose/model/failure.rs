//! A failure as it leaves the core: the diagnosis, the attempts made, and the advice.

use super::diagnosis::{Diagnosis, Kind, Retry, WORDED};
use super::failed_exchange::FailedExchange;
use crate::code::Code;
use crate::diagnose::redaction::Secrets;
use crate::secret::Secret;
use crate::time::Millis;

/// What was tried before it failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    /// `GET /api/now/table/incident`, without the query string; empty when nothing was sent.
    pub request: String,
    /// The HTTP status; absent when no reply came.
    pub status: Option<u16>,
    /// Requests sent for this call.
    pub attempts: u8,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct Failure {
    /// What it means.
    pub diagnosis: Diagnosis,
    /// What was tried.
    pub tried: Tried,
    /// When calls may resume, if the instance said so.
    pub resumes_at: Option<Millis>,
    /// Whether it was a write that may have happened.
    pub unknown_outcome: bool,
    /// Whether it was the request for a token that failed, and nothing of the call itself was sent.
    pub of_token: bool,
    /// The exchange, where this build does not hold the catalogue that explains it.
    pub exchange: Option<FailedExchange>,
}

impl Failure {
    /// A request or an option that cannot work, found before anything was sent. The message names the value, says what is
    /// wrong with it, and then what to do; it has no full stop at its end.
    #[must_use]
    pub fn invalid(code: Code, message: &[&str]) -> Box<Self> {
        Self::unsent(code, Kind::Request, "", Retry::Never, message.concat())
    }

    /// Something that kept a request from being sent.
    #[must_use]
    pub fn unsent(code: Code, kind: Kind, title: &'static str, retry: Retry, detail: String) -> Box<Self> {
        let evidence = if detail.is_empty() { vec![] } else { vec![detail] };
        let diagnosis = Diagnosis { code, key: 0, kind, title, retry, causes: &[], evidence };
        Box::new(Self {
            diagnosis,
            tried: Tried::default(),
            resumes_at: None,
            unknown_outcome: false,
            of_token: false,
            exchange: None,
        })
    }

    /// Whether another failure has the same cause. One code has several: first the refresh token may be refused, then the grant.
    pub(crate) fn has_cause_of(&self, other: &Self) -> bool {
        self.diagnosis.code == other.diagnosis.code && self.diagnosis.key == other.diagnosis.key
    }

    /// Keeps these secrets out of the evidence, or out of what will be explained of the exchange.
    pub fn hide(&mut self, secrets: &[Secret]) {
        match &mut self.exchange {
            Some(exchange) => exchange.keep_from_it(secrets),
            None if WORDED => self.diagnosis.hide(&Secrets::of(secrets)),
            None => {}
        }
    }

    /// What happened, what was tried, what to do first, and what is about as likely. Where the title is not compiled in, the code stands in
    /// its place. A failure without title and row has its whole message as evidence.
    #[must_use]
    pub fn message(&self) -> String {
        let Diagnosis { code, key, title, .. } = self.diagnosis;
        let mut message = if title.is_empty() { code.as_str() } else { title }.to_owned();
        if key == 0 && title.is_empty() {
            message = self.diagnosis.evidence.concat();
        } else if !self.diagnosis.evidence.is_empty() {
            for (place, line) in self.diagnosis.evidence.iter().enumerate() {
                message.push_str(if place == 0 { " (" } else { "; " });
                message.push_str(line);
            }
            if WORDED && self.tried.attempts > 1 {
                message.push_str("; attempts: ");
                message.push_str(&self.tried.attempts.to_string());
            }
            message.push(')');
        }
        message.push('.');
        if let Some(advice) = self
            .diagnosis
            .causes
            .first()
            .and_then(|first| first.advice(self.diagnosis.causes.get(1)))
            .filter(|_| WORDED)
        {
            message.push(' ');
            message.push_str(&advice);
        }
        message
    }
}
