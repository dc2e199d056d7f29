//! Hourly rate limit rules: the requests left in an hour for each class of calls, so that the instance need not refuse one.
//!
//! A rule counts requests per user in fixed hours and says its limit and the end of its hour with every reply, but never how many
//! are left ("Inbound REST API rate limiting"), so the requests are counted here. Bulk reading leaves the last twentieth of an
//! hour to interactive calls, and gets it back gradually as the hour ends, so that nothing is wasted. Other programs may use
//! the same account: a refusal means that the hour is used up, whatever was counted.
//!
//! Which rule covers a request is known once a reply has named it: by the resource, such as GET of `/api/now/table/incident`. It is
//! known for that hour and no longer, because rules are removed. A reply without a name is no sign of that: list and record may
//! have different rules, and share a resource here.

use super::Class;
use crate::request::{Headers, Method};
use crate::time::Millis;

const HOUR: Millis = Millis::from_seconds(3600);

/// The part of an hour's requests that is kept for interactive calls at its beginning: one in twenty.
const RESERVE: u64 = 20;

/// More rules and resources than this are not tracked; their refusals are obeyed anyway.
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

    /// Records a request, which counts in the hour in which it is sent.
    pub fn sent(&mut self, resource: u32, now: Millis) {
        self.forget(now);
        if let Some(rule) = self.rule_of(resource) {
            rule.used += 1;
        }
    }

    /// Records a reply, which names the rule of its resource and the end of its hour. `refused`: because the hour is used up. True: the
    /// requests in flight to this resource were not counted, because no rule was known to cover it in this hour.
    pub fn replied(&mut self, resource: u32, headers: &Headers, refused: bool, now: Millis) -> bool {
        let (Some(limit), Some(name)) = (headers.number("x-ratelimit-limit"), headers.value("x-ratelimit-rule")) else {
            // A 429 without these headers is a full queue, which is no matter of hours.
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
        // A late reply speaks of the hour before.
        if resets <= now {
            return false;
        }
        self.forget(now);
        let is_new = !self.covered.contains(&(resource, name)) && self.covered.len() < MOST;
        if is_new {
            self.covered.retain(|(other, _)| *other != resource);
            self.covered.push((resource, name));
        }
        if self.rules.len() < MOST && self.rules.iter().all(|rule| rule.name != name) {
            self.rules.push(Rule { name, limit, used: 0, resets });
        }
        if let Some(rule) = self.rules.iter_mut().find(|rule| rule.name == name) {
            (rule.limit, rule.resets) = (limit, resets);
            rule.used += u64::from(is_new);
            if refused {
                rule.used = rule.used.max(limit);
            }
        }
        is_new
    }

    /// When an hour ends, which it does for all rules at once, they are forgotten: those that still hold are named by the first replies
    /// of the next.
    fn forget(&mut self, now: Millis) {
        if self.rules.iter().any(|rule| rule.resets <= now) {
            self.rules.clear();
            self.covered.clear();
        }
    }

    /// When a request may be sent to this resource, if not now.
    #[must_use]
    pub fn allowed_at(&self, resource: u32, class: Class, now: Millis) -> Option<Millis> {
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

    /// Whether there is a rule that lets nothing through at all.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.rules.iter().any(|rule| rule.used >= rule.limit)
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

/// FNV-1a: two resources that share a number are held back together.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests;
