//! Hourly rate-limit rules: how much of an hour's requests is left for whom, before the instance has to refuse one.
//!
//! A rule counts requests per user in fixed hours and says its limit and the end of its hour with every reply, but never how many
//! are left ("Inbound REST API rate limiting"), so the requests are counted here. Bulk reading leaves the last twentieth of an
//! hour to interactive calls, and is given it back bit by bit as the hour ends, so that by then nothing is wasted. Others may use
//! the same account: a refusal tells that the hour is used up, whatever was counted.
//!
//! Which rule covers a request is known once a reply has named it: by the resource, such as GET of `/api/now/table/incident`. Every
//! answer names it again, so an answer that names none says that the rule was taken away.

use super::{Class, Outcome};
use crate::request::{Headers, Method};
use crate::time::Millis;

const HOUR: Millis = Millis::from_seconds(3600);

/// What is kept for interactive calls at the beginning of an hour: one request in so many.
const RESERVE: u64 = 20;

/// More rules and resources than this are not followed; their refusals are obeyed all the same.
const MOST: usize = 64;

/// The rules that replies have named.
#[derive(Debug, Default)]
pub struct Rates {
    rules: Vec<Rule>,
    /// Resources and the rules that cover them, both as hashes.
    covered: Vec<(u32, u32)>,
}

/// One rule and what is known of its hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    name: u32,
    /// Requests an hour.
    pub limit: u64,
    /// Requests sent in this hour, as far as they were seen.
    pub used: u64,
    /// When the hour ends.
    pub resets: Millis,
}

impl Rates {
    /// The rules known.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A request is sent: it counts in the hour in which it leaves.
    pub fn sent(&mut self, resource: u32, now: Millis) {
        if let Some(rule) = self.rule_of(resource) {
            if now >= rule.resets {
                rule.used = 0;
                // Hours are fixed, so the next ends so many hours later; the reply will say.
                let hours = now.less(rule.resets).0 / HOUR.0 + 1;
                rule.resets = rule.resets + Millis(hours * HOUR.0);
            }
            rule.used += 1;
        }
    }

    /// A reply says which rule covers its resource, and how far the hour is. True: a rule that was not known to cover it.
    pub fn replied(&mut self, resource: u32, headers: &Headers, outcome: Outcome, now: Millis) -> bool {
        let refused = outcome == Outcome::Limited;
        let (Some(limit), Some(name)) = (headers.number("x-ratelimit-limit"), headers.value("x-ratelimit-rule")) else {
            // Of what did not come so far nothing is known; and a 429 without these headers is a full queue.
            if outcome == Outcome::Served {
                self.covered.retain(|(other, _)| *other != resource);
            }
            return false;
        };
        let name = hash(name);
        // The reset is a time of the instance's clock, and an hour is no longer than an hour.
        let clock = headers.server_clock().unwrap_or(now);
        let left = match (refused, headers.retry_after(now)) {
            (true, Some(wait)) => Some(wait),
            _ => headers.number("x-ratelimit-reset").map(|at| Millis::from_seconds(at).less(clock)),
        };
        let resets = now + left.unwrap_or(HOUR).min(HOUR);
        let is_new = !self.covered.contains(&(resource, name));
        if is_new {
            self.covered.retain(|(other, _)| *other != resource);
            if self.covered.len() < MOST {
                self.covered.push((resource, name));
            }
            if self.rules.len() < MOST && self.rules.iter().all(|rule| rule.name != name) {
                self.rules.push(Rule { name, limit, used: 0, resets });
            }
            // What brought the reply was sent before this rule was known to count it.
            self.sent(resource, now);
        }
        if let Some(rule) = self.rule_of(resource) {
            rule.limit = limit;
            // A late reply still speaks of the hour before.
            if resets > now {
                rule.resets = resets;
            }
            if refused {
                rule.used = rule.used.max(limit);
            }
        }
        is_new
    }

    /// When a request may be sent to this resource, if not now.
    #[must_use]
    pub fn wall(&self, resource: u32, class: Class, now: Millis) -> Option<Millis> {
        let name = self.covered.iter().find(|(other, _)| *other == resource)?.1;
        let rule = self.rules.iter().find(|rule| rule.name == name).filter(|rule| now < rule.resets)?;
        let left = rule.limit.saturating_sub(rule.used);
        let kept = if class == Class::Bulk && rule.limit > 1 { (rule.limit / RESERVE).max(1) } else { 0 };
        if left == 0 {
            return Some(rule.resets);
        }
        // What is kept is given back evenly, the last of it half a step before the hour ends.
        let remaining = Millis(((2 * left - 1) * HOUR.0).checked_div(2 * kept).unwrap_or(HOUR.0));
        let at = rule.resets.less(remaining);
        (at > now).then_some(at)
    }

    fn rule_of(&mut self, resource: u32) -> Option<&mut Rule> {
        let name = self.covered.iter().find(|(other, _)| *other == resource)?.1;
        self.rules.iter_mut().find(|rule| rule.name == name)
    }
}

/// The resource that rules speak of: method, API and table, without record and parameters.
#[must_use]
pub fn resource_of(method: Method, path: &str) -> u32 {
    let path = path.split('?').next().unwrap_or_default();
    // "", api, now, table, incident; a version such as v1 moves them on by one.
    let versioned = path.split('/').nth(3).is_some_and(|part| matches!(part.as_bytes(), [b'v', b'0'..=b'9']));
    let end = path.match_indices('/').nth(if versioned { 5 } else { 4 }).map_or(path.len(), |(at, _)| at + 1);
    hash(path.get(..end).unwrap_or(path).trim_end_matches('/')).wrapping_add(method as u32)
}

/// FNV-1a: two resources that share a number only share a wall.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
#[path = "rates_tests.rs"]
mod tests;
