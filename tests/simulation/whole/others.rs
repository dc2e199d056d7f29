//! Other people: an administrator who changes, deletes and creates rows, and users of the same program who wait for an answer.

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
    /// The rows that were readable at the beginning and have stayed where a walk looks for them.
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
            until: START + plan.weather.calm_after.min(if plan.writes_every < 1000 { 20_000 } else { 60_000 }),
            next: START,
        }
    }

    pub(crate) fn go_on(&mut self, host: &mut Host) {
        if host.now < self.next || host.now >= self.until {
            return;
        }
        self.next = host.now + 40 + host.chance.below(self.every);
        host.alarm(self.next);
        if host.chance.below(12) == 0 {
            // The next list ends in the middle with the message of a cancelled transaction.
            host.instance.switches_mut().truncate_next = 1;
        }
        if self.writes == Writes::None {
            return;
        }
        // A row is stamped before it can be seen: seldom by as much as a sync allows for, which is where it is held to that.
        let late = match host.chance.below(4) {
            0 | 1 => 0,
            2 => host.chance.below(2_900),
            _ => 2_600 + host.chance.below(300),
        };
        let many = host.chance.below(10) == 0;
        for _ in 0..if many { 30 } else { host.chance.below(4) } {
            self.write(host, late);
        }
    }

    fn write(&mut self, host: &mut Host, late: u64) {
        let at = host.chance.below(self.ids.len() as u64 + 1) as usize;
        let kind = host.chance.below(10);
        match (self.ids.get(at).cloned(), kind) {
            (Some(id), 0..3) if self.writes != Writes::Arrive => self.delete(host, &id, late),
            (Some(id), 0..8) => {
                let body = format!(r#"{{"close_notes":"changed {}"}}"#, host.chance.below(1_000_000));
                host.administer("PATCH", &format!("/api/now/table/incident/{id}?sysparm_fields=sys_id"), &body, late);
                // It moves in an order by what changes, and may come before or after that, or twice in two versions.
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

/// Users who wait: they look at a row, and create some.
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
        // Rows that arrive would hide from a walk that others vanish.
        let creates = !plan.walks || plan.writes == Writes::Arrive;
        let until = START + plan.weather.calm_after;
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
        self.next = host.now + host.chance.below(2 * every);
        host.alarm(self.next);
        let together = if host.chance.below(20) == 0 { 12 } else { 1 };
        for _ in 0..together {
            let create = self.creates && host.chance.below(4) == 0;
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

    /// No record was created twice, unless the network itself sends twice.
    pub(crate) fn created_once(&self, host: &mut Host, plan: &Plan) -> Result<(), String> {
        let doubles = plan.weather.strikes(&FaultKind::Duplicate);
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

/// The switches without trouble, for who wants to know what is really there.
pub(crate) fn without_trouble(host: &mut Host) -> Switches {
    core::mem::replace(host.instance.switches_mut(), host.calm.clone())
}
