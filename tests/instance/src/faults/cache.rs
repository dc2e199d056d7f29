//! A cache between client and instance that keeps what it must not keep: replies to requests with credentials.

use std::collections::VecDeque;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::http_date;
use crate::exchange::{Body, Reply, Request};

/// What two requests must share for one cached reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CacheKey {
    /// The address with its query.
    Address,
    /// The path; the query is ignored, as by a content delivery network that was set up for files.
    Path,
}

/// The kept replies, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Cache(VecDeque<Kept>);

#[derive(Debug)]
struct Kept {
    path: String,
    query: String,
    at: u64,
    reply: Reply,
}

const MAX_KEPT: usize = 64;
const LARGEST: usize = 1 << 20;
const LONGEST_AGE_MS: u64 = 300_000;

impl Cache {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The kept reply for this request, with its age.
    pub(crate) fn reply(&self, request: &Request, key: CacheKey, now: u64) -> Option<Reply> {
        let is_meant = |kept: &&Kept| {
            kept.path == request.path
                && (key == CacheKey::Path || kept.query == request.query)
                && now.saturating_sub(kept.at) <= LONGEST_AGE_MS
        };
        let kept = self.0.iter().find(is_meant).filter(|_| request.method == "GET")?;
        let age = now.saturating_sub(kept.at) / 1000;
        let reply = kept.reply.clone().with_header("Date", http_date(kept.at));
        Some(reply.with_header("Age", age.to_string()))
    }

    /// Keeps the reply to a GET, unless there is a younger one for the same address.
    pub(crate) fn keep(&mut self, request: &Request, reply: &Reply, now: u64) {
        let fits = matches!(&reply.body, Body::Whole(bytes) if bytes.len() <= LARGEST);
        self.0.retain(|kept| now.saturating_sub(kept.at) <= LONGEST_AGE_MS);
        let is_kept = self.0.iter().any(|kept| kept.path == request.path && kept.query == request.query);
        if request.method != "GET" || reply.status != 200 || !fits || is_kept {
            return;
        }
        if self.0.len() == MAX_KEPT {
            self.0.pop_front();
        }
        let (path, query) = (request.path.clone(), request.query.clone());
        self.0.push_back(Kept { path, query, at: now, reply: reply.clone() });
    }
}
