//! The last requests, so that a test or a person can see what a client sent. Secrets are masked by the name of
//! their parameter.

use std::collections::VecDeque;

use serde::Serialize;

use crate::exchange::Request;

/// One request and its reply.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// The time in milliseconds since 1970.
    pub at: u64,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, decoded, secrets masked.
    pub query: String,
    /// The status of the reply.
    pub status: u16,
    /// The processing time in milliseconds as the shell measured it, without the configured delay.
    pub ms: f64,
    /// The sender, as far as the instance knows.
    #[serde(flatten)]
    pub(crate) sender: Sender,
}

/// Where a request came from.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sender {
    /// `user_name`, or `guest` for an unknown sender.
    pub(crate) user: String,
    /// The first address of `X-Forwarded-For`, as a load balancer adds it, or loopback.
    #[serde(skip)]
    pub(crate) address: String,
    /// The `User-Agent`.
    #[serde(skip)]
    pub(crate) agent: String,
}

impl Sender {
    fn of(request: &Request, user: &str) -> Self {
        let short = |text: &str| text.trim().chars().take(LONGEST_AGENT).collect();
        let forwarded = request.header("x-forwarded-for").and_then(|list| list.split(',').next());
        Self {
            user: short(if user.is_empty() { "guest" } else { user }),
            address: short(forwarded.unwrap_or("127.0.0.1")),
            agent: short(request.header("user-agent").unwrap_or_default()),
        }
    }
}

/// A run of every case of the package in a browser, preflights included, makes some 1,500 requests.
const MAX_ENTRIES: usize = 5000;
const LONGEST_QUERY: usize = 2000;
const LONGEST_AGENT: usize = 400;
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
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    /// The number of entries ever added.
    noted: usize,
}

impl Journal {
    pub(crate) fn note(&mut self, request: &Request, status: u16, user: &str, now: u64) {
        if self.entries.len() == MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            at: now,
            method: request.method.chars().take(16).collect(),
            path: request.path.chars().take(LONGEST_QUERY).collect(),
            query: masked(request),
            status,
            ms: 0.0,
            sender: Sender::of(request, user),
        });
        self.noted = self.noted.wrapping_add(1);
    }

    pub(crate) fn took(&mut self, ms: f64) {
        if let Some(last) = self.entries.back_mut() {
            last.ms = ms;
        }
    }

    pub(crate) fn entries(&self) -> &VecDeque<Entry> {
        &self.entries
    }

    /// The entries with their places in the ring, oldest first.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let first = self.noted.wrapping_sub(self.entries.len());
        self.entries.iter().enumerate().map(move |(place, entry)| (first.wrapping_add(place) % MAX_ENTRIES, entry))
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
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
    fn secrets_are_masked_and_the_journal_is_bounded() {
        let mut journal = Journal::default();
        for _ in 0..5200 {
            let request = Request::new("GET", "/api/now/table/incident?sysparm_query=a%3D1&access_token=hush");
            journal.note(&request, 200, "", 5);
        }
        assert_eq!(journal.entries().len(), 5000);
        let last = journal.entries().back().map(|entry| entry.query.clone());
        assert_eq!(last.as_deref(), Some("sysparm_query=a=1&access_token=[masked]"));
    }
}
