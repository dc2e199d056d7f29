//! Other users: an administrator who changes, deletes and creates rows, and users of the same client with interactive calls.

use std::collections::BTreeMap;

use serde_json::Value;
use sysparm::call::CallId;
use sysparm_instance::{FaultKind, Request, Switches};

use super::host::{Host, Outcome};
use super::plan::{Plan, Writes};
use crate::administration::{ADMINISTRATOR, Administration};
use crate::reading::sabotage::Mistake;
use crate::reading::source::{START, Version};

impl Administration for Host {
    fn administer(&mut self, method: &str, target: &str, body: &str, late: u64) -> Value {
        let mut request = Request::new(method, target)
            .with_header("Host", "practice.example")
            .with_header("Authorization", ADMINISTRATOR);
        if !body.is_empty() {
            request = request.with_body("application/json", body);
        }
        let troubled = core::mem::replace(self.instance.switches_mut(), self.calm.clone());
        let reply = self.instance.handle(&request, self.now - late);
        *self.instance.switches_mut() = troubled;
        if method != "GET" {
            self.note(&format!("  others: {method} {target}: {}, stamped {late} ms ago", reply.status));
        }
        reply.as_json()
    }
}

/// The administrator.
pub(crate) struct Writers {
    writes: Writes,
    pub(crate) ids: Vec<String>,
    /// The rows that were readable at the beginning and kept their place in the order.
    pub(crate) stay: BTreeMap<String, Version>,
    moves: bool,
    every: u64,
    until: u64,
    next: u64,
}

impl Writers {
    pub(crate) fn new(host: &mut Host, plan: &Plan, stay: Vec<Version>) -> Self {
        let ids = if plan.writes == Writes::None { vec![] } else { host.all_ids() };
        Self {
            writes: plan.writes,
            ids,
            stay: stay.into_iter().map(|row| (row.id.clone(), row)).collect(),
            moves: !plan.order.is_empty(),
            every: plan.writes_every,
            until: START + plan.fault_plan.calm_after.min(if plan.writes_every < 1000 { 20_000 } else { 60_000 }),
            next: START,
        }
    }

    pub(crate) fn go_on(&mut self, host: &mut Host) {
        if host.now < self.next || host.now >= self.until {
            return;
        }
        self.next = host.now + 40 + host.random.below(self.every);
        host.alarm(self.next);
        if host.random.below(12) == 0 {
            // The next list is truncated by the message of a cancelled transaction.
            host.instance.switches_mut().truncate_next = 1;
        }
        if self.writes == Writes::None {
            return;
        }
        // A row's timestamp is older than its visibility, sometimes by almost as much as a sync allows for.
        let late = match host.random.below(4) {
            0 | 1 => 0,
            2 => host.random.below(2_900),
            _ => 2_600 + host.random.below(300),
        };
        let many = host.random.below(10) == 0;
        for _ in 0..if many { 30 } else { host.random.below(4) } {
            self.write(host, late);
        }
    }

    fn write(&mut self, host: &mut Host, late: u64) {
        let at = host.random.below(self.ids.len() as u64 + 1) as usize;
        let kind = host.random.below(10);
        match (self.ids.get(at).cloned(), kind) {
            (Some(id), 0..3) if self.writes != Writes::Arrive => self.delete(host, &id, late),
            (Some(id), 0..8) => {
                let body = format!(r#"{{"close_notes":"changed {}"}}"#, host.random.below(1_000_000));
                host.administer("PATCH", &format!("/api/now/table/incident/{id}?sysparm_fields=sys_id"), &body, late);
                // In an order by a changing field the row moves: it may be missed, or come twice in two versions.
                if self.moves {
                    self.stay.remove(&id);
                }
            }
            _ if self.writes != Writes::Vanish => {
                let body = r#"{"short_description":"new","impact":"1"}"#;
                let made = host.administer("POST", "/api/now/table/incident?sysparm_fields=sys_id", body, late);
                self.ids.extend(made["result"]["sys_id"].as_str().map(str::to_owned));
            }
            _ => {}
        }
    }

    pub(crate) fn delete(&mut self, host: &mut Host, id: &str, late: u64) {
        host.administer("DELETE", &format!("/api/now/table/incident/{id}"), "", late);
        self.ids.retain(|other| other != id);
        self.stay.remove(id);
    }
}

/// Users with interactive calls: they read a row, and create some.
pub(crate) struct Callers {
    every: Option<u64>,
    creates: bool,
    next: u64,
    until: u64,
    life: u32,
    asked: Vec<(CallId, Option<u64>)>,
    created: u64,
    pub(crate) served: u64,
}

impl Callers {
    pub(crate) fn new(plan: &Plan) -> Self {
        // New rows would hide deleted ones from a reading.
        let creates = !plan.walks || plan.writes == Writes::Arrive;
        let until = START + plan.fault_plan.calm_after;
        Self { every: plan.calls_every, creates, next: START, until, life: 0, asked: vec![], created: 0, served: 0 }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.asked.is_empty()
    }

    pub(crate) fn go_on(&mut self, host: &mut Host) {
        if host.life != self.life {
            (self.life, self.asked) = (host.life, vec![]);
        }
        for (call, created) in core::mem::take(&mut self.asked) {
            match host.outcome(call) {
                None => self.asked.push((call, created)),
                Some(outcome) => self.answered(host, created, &outcome),
            }
        }
        let Some(every) = self.every.filter(|_| host.now >= self.next && host.now < self.until) else { return };
        self.next = host.now + host.random.below(2 * every);
        host.alarm(self.next);
        let together = if host.random.below(20) == 0 { 12 } else { 1 };
        for _ in 0..together {
            let create = self.creates && host.random.below(4) == 0;
            self.created += u64::from(create);
            self.ask(host, create.then_some(self.created));
        }
    }

    fn ask(&mut self, host: &mut Host, created: Option<u64>) {
        let call = match created {
            Some(number) => host.call("/api/now/table/incident?sysparm_fields=sys_id", Some(body(number))),
            None => host.call("/api/now/table/incident?sysparm_limit=1&sysparm_fields=number", None),
        };
        if host.life == self.life {
            self.asked.push((call, created));
        }
    }

    fn answered(&mut self, host: &mut Host, created: Option<u64>, outcome: &Outcome) {
        self.served += u64::from(outcome.is_ok());
        let unknown = outcome.as_ref().is_err_and(|failure| failure.unknown_outcome);
        if host.mistake == Mistake::CreateOnceMore && unknown {
            self.ask(host, created);
        }
    }

    /// Checks that no record was created twice, unless the network duplicates requests.
    pub(crate) fn created_once(&self, host: &mut Host, plan: &Plan) -> Result<(), String> {
        let doubles = plan.fault_plan.strikes(&FaultKind::Duplicate);
        let rows = host.administer(
            "GET",
            "/api/now/table/incident?sysparm_query=correlation_idSTARTSWITHpractice-&sysparm_fields=correlation_id&sysparm_limit=100000",
            "",
            0,
        );
        let mut seen = BTreeMap::<&str, u32>::new();
        for row in rows["result"].as_array().unwrap() {
            *seen.entry(row["correlation_id"].as_str().unwrap_or_default()).or_default() += 1;
        }
        match seen.iter().find(|(_, times)| **times > 1) {
            Some((id, times)) if !doubles => Err(format!("{id} was created {times} times")),
            _ => Ok(()),
        }
    }
}

fn body(number: u64) -> String {
    format!(r#"{{"short_description":"created","impact":"1","correlation_id":"practice-{number}"}}"#)
}

/// Switches off all faults and returns the former switches.
pub(crate) fn without_trouble(host: &mut Host) -> Switches {
    core::mem::replace(host.instance.switches_mut(), host.calm.clone())
}
