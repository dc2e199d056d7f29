//! Limits: hourly rate-limit rules by record, and the `API_INT` threads with their queue.
//!
//! A node writes its counts every 30 seconds and checks them against the rules only then, so a limit is overshot. A changed
//! limit restarts its count. A rule counts per user and fixed hour; of the matching rules, one for the user comes before those for
//! roles, those before one for all, and of several the lowest limit applies ("Inbound REST API rate limiting").

use std::collections::{HashMap, VecDeque};

use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::sign_in::{Principal, Target};
use crate::store::Store;
use crate::switches::Switches;

const HOUR_MS: u64 = 3_600_000;
/// Beyond this number, counters of past hours are dropped.
const MAX_COUNTERS: usize = 10_000;

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Requests, by rule and user.
    counts: HashMap<(String, String), Count>,
    /// The times at which the running and waiting requests will be done, earliest first.
    ends: VecDeque<u64>,
}

/// One user's requests under one rule.
#[derive(Debug, Default)]
struct Count {
    hour: u64,
    /// The limit when the count began.
    limit: u64,
    requests: u64,
    /// The number of written requests, and the interval between two writes that it belongs to.
    written: u64,
    stretch: u64,
}

impl Count {
    /// Counts one more request and returns whether the written ones leave capacity for it.
    fn admits(&mut self, limit: u64, lag_ms: u64, now: u64) -> bool {
        let (hour, stretch) = (now / HOUR_MS, now / lag_ms.max(1));
        if self.hour != hour || self.limit != limit {
            *self = Self { hour, limit, stretch, ..Self::default() };
        }
        if self.stretch != stretch || lag_ms == 0 {
            self.stretch = stretch;
            self.written = self.requests;
        }
        self.requests += 1;
        self.written < limit
    }
}

/// An admitted or refused request.
pub(crate) struct Rate {
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) refusal: Option<Refusal>,
}

impl Load {
    pub(crate) fn clear(&mut self) {
        self.counts.clear();
        self.ends.clear();
    }

    /// Counts a request under the rule that matches it.
    pub(crate) fn count(
        &mut self,
        store: &Store,
        principal: &Principal,
        target: &Target<'_>,
        lag_ms: u64,
        now: u64,
    ) -> Rate {
        let Some(rule) = rule(store, principal, target) else {
            return Rate { headers: Vec::new(), refusal: None };
        };
        let limit = rule.number("request_limit").unwrap_or(u64::MAX);
        let hour = now / HOUR_MS;
        if self.counts.len() >= MAX_COUNTERS {
            self.counts.retain(|_, count| count.hour == hour);
        }
        let entry = self.counts.entry((rule.id().to_owned(), principal.user_id.clone())).or_default();
        let admitted = entry.admits(limit, lag_ms, now);
        let reset = (hour + 1) * HOUR_MS / 1000;
        let mut headers = vec![
            ("X-RateLimit-Limit", limit.to_string()),
            ("X-RateLimit-Reset", reset.to_string()),
            ("X-RateLimit-Rule", rule.id().to_owned()),
        ];
        let refusal = (!admitted).then(|| {
            headers.push(("Retry-After", reset.saturating_sub(now / 1000).max(1).to_string()));
            let detail = format!("Rate limit of {limit} requests per hour for {} exceeded", target.api);
            Refusal::new(429, "Rate limit exceeded", Some(&detail))
        });
        Rate { headers, refusal }
    }

    /// Takes a place in the queue for a thread: the milliseconds that it waits, or the status of its refusal.
    pub(crate) fn queue(&mut self, switches: &Switches, work: u64, now: u64) -> Result<u64, u16> {
        let Some(semaphore) = switches.semaphore else {
            return Ok(0);
        };
        while self.ends.front().is_some_and(|end| *end <= now) {
            self.ends.pop_front();
        }
        if self.ends.len() >= semaphore.threads.saturating_add(semaphore.queue) {
            return Err(429);
        }
        // It starts when the first of the last `threads` is done.
        let ahead = self.ends.len().checked_sub(semaphore.threads.max(1));
        let start = ahead.and_then(|place| self.ends.get(place)).copied().unwrap_or(now);
        let wait = start.saturating_sub(now);
        if wait > switches.quota_ms {
            return Err(500);
        }
        let end = start.saturating_add(work);
        let place = self.ends.partition_point(|other| *other <= end);
        self.ends.insert(place, end);
        Ok(wait)
    }
}

fn rule<'a>(store: &'a Store, principal: &Principal, target: &Target<'_>) -> Option<Record<'a>> {
    let rank = |rule: &Record<'_>| match rule.text("apply_to") {
        "user" => (rule.text("user") == principal.user_id).then_some(0),
        "role" => {
            let role = records::by_id(store, "sys_user_role", rule.text("role"))?;
            principal.roles.contains(role.text("name")).then_some(1)
        }
        _ => Some(2),
    };
    let fits = records::with(store, "sys_rate_limit_rules", "active", "true").filter_map(|rule| {
        target.fit(&rule)?;
        Some((rank(&rule)?, rule.number("request_limit").unwrap_or(u64::MAX), rule))
    });
    fits.min_by_key(|(rank, limit, _)| (*rank, *limit)).map(|(.., rule)| rule)
}
