//! A failed exchange as one text. The client's WebAssembly decides what happens next without the catalogue; this text goes to the file that
//! explains failures, which is loaded with the first of them.
//!
//! The text is a list: each entry is its length in bytes, a colon and the entry. The secrets that no explanation may repeat come last.

use super::circumstances::Circumstances;
use super::facts::{Facts, Stage};
use crate::request::Body;
use crate::secret::Secret;
use crate::time::Millis;

/// The printed list. It holds a reply as it came and the secrets of the client, so it is never shown.
#[derive(Debug, Clone)]
pub struct FailedExchange(Secret);

impl PartialEq for FailedExchange {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(other.0.expose())
    }
}

impl Eq for FailedExchange {}

pub(super) const TOKEN: &str = "token";
pub(super) const TEXT: &str = "text";
pub(super) const UNTOUCHED: &str = "untouched";
const NO_TEXT: &str = "none";

impl FailedExchange {
    /// Of these facts.
    #[must_use]
    pub fn of(facts: &Facts<'_>, around: &Circumstances<'_>, attempts: u8, now: Millis) -> Self {
        let mut list = Self(Secret::new(String::new()));
        let (body, text) = match facts.outcome.map(|reply| &reply.body) {
            Ok(Body::Text(text)) => (TEXT, text.as_str()),
            Ok(Body::Untouched) => (UNTOUCHED, ""),
            _ => (NO_TEXT, ""),
        };
        let transport = facts.outcome.err().map_or(0, |transport| transport as u64);
        let flags = [
            around.scope,
            around.token_before,
            around.renewed,
            around.accepted_here,
            around.accepted_elsewhere,
            around.accepted_lately,
            around.foreign,
        ];
        let flags = flags.iter().fold(0, |all, flag| all << 1 | u64::from(*flag));
        let numbers = [
            facts.status().map(u64::from),
            Some(transport),
            Some(u64::from(attempts)),
            Some(now.0),
            Some(flags),
            around.grant.map(|grant| grant as u64),
            around.credential.map(|credential| credential as u64),
            around.token_age.map(|age| age.0),
            around.token_lifetime.map(|lifetime| lifetime.0),
            around.duration.map(|duration| duration.0),
        ];
        for number in numbers {
            list.push(&number.map_or_else(String::new, |number| number.to_string()));
        }
        let stage = if facts.stage == Stage::Token { TOKEN } else { "api" };
        let headers = facts.outcome.map_or_else(|_| String::new(), |reply| reply.headers.to_lines());
        for entry in [stage, facts.method.as_str(), facts.path, &headers, body, text] {
            list.push(entry);
        }
        list
    }

    /// Adds what an explanation may not repeat.
    pub fn keep_from_it(&mut self, secrets: &[Secret]) {
        self.0 = Secret::new([self.0.expose(), listed(secrets).expose()].concat());
    }

    /// The printed list.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    fn push(&mut self, entry: &str) {
        push(&mut self.0, entry);
    }
}

/// These texts as a printed list.
#[must_use]
pub fn listed(texts: &[Secret]) -> Secret {
    let mut list = Secret::new(String::new());
    texts.iter().for_each(|text| push(&mut list, text.expose()));
    list
}

fn push(list: &mut Secret, entry: &str) {
    *list = Secret::new([list.expose(), &entry.len().to_string(), ":", entry].concat());
}
