//! Replays an event log 2,000 times as fast as it happened, while a sync with crashes keeps a copy. In the end the copy must equal the
//! source in every field. `SYSPARM_EVENT_LOG=event-log.csv` adds a real log (DOI 10.24432/C57S4H).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sysparm::page::Reading;
use sysparm_instance::{EventLog, Instance, Settings, Source};

use super::copying::Copying;
use super::host::Host;
use super::plan::{Forbidden, Plan, Writes};
use super::readable;
use crate::reading::sabotage::Mistake;
use crate::reading::source::START;
use crate::world::Random;

const SPEED: u64 = 2000;
/// The most changes in one second of the real log, replayed at this speed.
const BURST: u64 = 111;
const FIELDS: &str = "number,state,active,reassignment_count,reopen_count,made_sla,priority,assignment_group,assigned_to,close_code,\
                      opened_at,resolved_at,closed_at,sys_created_on,sys_updated_by";

const COLUMNS: &str = "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,\
    sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,\
    urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,\
    resolved_by,resolved_at,closed_at";

/// Generates a log in the same format: days of single changes, with bursts of changes in between.
fn generated(seed: u64) -> String {
    let mut random = Random(seed);
    let mut text = COLUMNS.replace(' ', "") + "\n";
    let mut changes: Vec<(u64, u64)> = vec![];
    let mut minute = 0;
    for step in 0..500 {
        minute += random.below(60);
        let many = step % 60 == 30;
        for number in 0..if many { BURST } else { 1 } {
            if changes.len() < 150 && (changes.len() < 90 || random.below(4) == 0) {
                changes.push((minute, 0));
            }
            let incident = if many { number } else { random.below(changes.len() as u64) } as usize % changes.len();
            let (opened, count) = &mut changes[incident];
            let state = ["New", "Active", "Awaiting User Info", "Resolved", "Closed"][random.below(5) as usize];
            let line = format!(
                "INC{incident:07},{state},{},{},0,{count},TRUE,Caller {},Opened by  8,{opened},Created by 6,{opened},Updated by {},{now},\
                 Phone,Location 143,Category {},Subcategory 170,Symptom 72,?,2 - Medium,2 - Medium,{},Group {},{},TRUE,FALSE,Do Not Notify,\
                 ?,?,?,?,code 5,Resolved by 149,{now},{now}\n",
                if state == "Closed" { "FALSE" } else { "TRUE" },
                random.below(5),
                random.below(40),
                random.below(30),
                random.below(9),
                ["2 - High", "3 - Moderate", "4 - Low"][random.below(3) as usize],
                random.below(20),
                ["?", "Resolver 7", "Resolver 9"][random.below(3) as usize],
                opened = stamped(*opened),
                now = stamped(minute),
            );
            *count += 1;
            text.push_str(&line);
        }
    }
    text
}

/// `day-month-year hour:minute`, as minutes after the beginning of March 2016.
fn stamped(minute: u64) -> String {
    format!("{:02}-03-2016 {:02}:{:02}", 1 + minute / 1440, minute / 60 % 24, minute % 60)
}

/// The most changes in one second, and the length of the log in milliseconds, at this speed.
fn measured(text: &str) -> (u64, u64) {
    let column = text.lines().next().unwrap().split(',').position(|name| name == "sys_updated_at").unwrap();
    let mut seconds: HashMap<u64, u64> = HashMap::new();
    let mut minutes: Vec<u64> =
        text.lines().skip(1).map(|line| minutes(line.split(',').nth(column).unwrap())).collect();
    minutes.sort_unstable();
    for minute in &minutes {
        *seconds.entry((minute - minutes[0]) * 60 / SPEED).or_default() += 1;
    }
    (*seconds.values().max().unwrap(), (minutes[minutes.len() - 1] - minutes[0]) * 60_000 / SPEED)
}

/// Minutes since 1970 of `day-month-year hour:minute`.
fn minutes(text: &str) -> u64 {
    let number = |at: core::ops::Range<usize>| text[at].parse::<u64>().unwrap();
    let iso = format!("{:04}-{:02}-{:02} {}:00", number(6..10), number(3..5), number(0..2), &text[11..16]);
    sysparm::time::calendar::from_stamp(&iso).unwrap() / 60
}

fn copied(text: &str, seed: u64) -> Result<String, (String, Vec<String>)> {
    let log = Arc::new(EventLog::read(text.as_bytes()).unwrap());
    let (burst, lasts) = measured(text);
    let settings = Settings { seed, source: Source::Replay(log, SPEED as f64), ..Settings::default() };
    let mut random = Random(seed);
    let mut plan = Plan::of(seed, &mut random);
    plan.fault_plan.episodes.clear();
    (plan.fault_plan.faults, plan.fault_plan.calm_after) = (0.004, lasts);
    (plan.writes, plan.forbidden, plan.deletions) = (Writes::None, Forbidden::Nothing, false);
    let mut host = Host::new(Instance::new(settings, START), seed, random, Mistake::None);
    host.crashes = (60, u32::MAX);
    let page_size = [20, 100, 1000][seed as usize % 3];
    let reading = Reading { fields: FIELDS.to_owned(), page_size, ..Reading::of("incident".to_owned()) };
    let mut copying = Copying::new(reading, &plan);
    copying.settled = START + lasts + 12_000;
    copying.pauses_after = u64::MAX;
    for _ in 0..20_000_000 {
        let violation = plan.fault_plan.go_on(&mut host).and_then(|()| copying.go_on(&mut host)).err();
        if let Some(violation) = violation.or_else(|| host.invariants.broken.take()) {
            return Err((violation, host.trace));
        }
        if copying.is_over() {
            let rows = readable(&mut host, "", FIELDS);
            if let Err(violation) = copying.compared(&rows) {
                return Err((violation, host.trace));
            }
            let kinds: BTreeMap<&str, usize> = host.trace.iter().fold(BTreeMap::new(), |mut kinds, line| {
                *kinds.entry(if line.contains("  crash ") { "crashes" } else { "others" }).or_default() += 1;
                kinds
            });
            return Ok(format!(
                "{} rows equal after {} runs, {:?} crashes and {} requests in {} s; up to {burst} changes in a second",
                rows.len(),
                copying.runs,
                kinds.get("crashes"),
                host.invariants.requests,
                (host.now - START) / 1000
            ));
        }
        if !host.step() {
            break;
        }
    }
    Err(("the run does not end".to_owned(), host.trace))
}

/// Three generated logs, and the real one where `SYSPARM_EVENT_LOG` names a copy of it.
#[test]
#[cfg_attr(debug_assertions, ignore = "make test runs it optimised")]
fn copy_of_a_replayed_log_equals_its_source() {
    let mut logs: Vec<(u64, String)> = (0..3).map(|seed| (seed, generated(seed))).collect();
    assert!(logs.iter().all(|(_, log)| measured(log).0 >= BURST));
    if let Ok(path) = std::env::var("SYSPARM_EVENT_LOG") {
        logs.push((1, std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))));
    }
    for (seed, log) in &logs {
        match copied(log, *seed) {
            Ok(report) => println!("{report}"),
            Err((violation, trace)) => {
                panic!("{}\nseed {seed}: {violation}", trace[trace.len().saturating_sub(300)..].join("\n"))
            }
        }
    }
}
