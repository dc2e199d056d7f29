//! The last requests, so that a test or a person can see what a client really sent. Secrets are masked by the name of
//! the parameter they come under.

use std::collections::VecDeque;

use serde::Serialize;

use crate::exchange::Request;

/// One request and how it was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, decoded, secrets masked.
    pub query: String,
    /// The status of the reply.
    pub status: u16,
    /// How long the work took, in milliseconds, as the shell measured it; the delay that was asked for comes on top.
    pub ms: f64,
}

const MOST_ENTRIES: usize = 1000;
const LONGEST_QUERY: usize = 2000;
const SECRET: [&str; 10] = [
    "client_secret",
    "password",
    "access_token",
    "refresh_token",
    "token",
    "code",
    "code_verifier",
    "assertion",
    "x-sn-apikey",
    "x-sn-hmac-signature-256",
];

/// The ring of the last entries.
#[derive(Debug, Default)]
pub(crate) struct Journal(VecDeque<Entry>);

impl Journal {
    pub(crate) fn note(&mut self, request: &Request, status: u16, now: u64) {
        if self.0.len() == MOST_ENTRIES {
            self.0.pop_front();
        }
        self.0.push_back(Entry {
            at: now,
            method: request.method.chars().take(16).collect(),
            path: request.path.chars().take(LONGEST_QUERY).collect(),
            query: masked(request),
            status,
            ms: 0.0,
        });
    }

    pub(crate) fn took(&mut self, ms: f64) {
        if let Some(last) = self.0.back_mut() {
            last.ms = ms;
        }
    }

    pub(crate) fn entries(&self) -> &VecDeque<Entry> {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

fn masked(request: &Request) -> String {
    let mut query = String::new();
    for (name, value) in &request.parameters().0 {
        if query.len() > LONGEST_QUERY {
            query.push_str("...");
            break;
        }
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        match SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
            true => query.push_str("[masked]"),
            false => query.extend(value.chars().take(LONGEST_QUERY)),
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::Journal;
    use crate::Request;

    #[test]
    fn secrets_are_masked_and_the_ring_is_bounded() {
        let mut journal = Journal::default();
        for _ in 0..1200 {
            let request = Request::new("GET", "/api/now/table/incident?sysparm_query=a%3D1&access_token=hush");
            journal.note(&request, 200, 5);
        }
        assert_eq!(journal.entries().len(), 1000);
        let last = journal.entries().back().map(|entry| entry.query.clone());
        assert_eq!(last.as_deref(), Some("sysparm_query=a=1&access_token=[masked]"));
    }
}
