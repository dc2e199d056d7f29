//! Reads the incidents of the practice instance while others write, rows are hidden, and replies are lost and truncated.

use std::collections::{BTreeMap, BTreeSet};

use sysparm::page::{Page, PageError, Pagination, Progress, Reading, RowKeys, Walk};

use super::sabotage::Mistake;
use super::source::{Came, Source, Version, parameter};
use crate::administration::Administration;
use crate::world::Random;

const QUERIES: [&str; 5] = [
    "",
    "active=true",
    "priority=1^NQpriority=2^ORpriority=3",
    "category=software^NQstate=7^active=false^NQimpact=1",
    "short_descriptionISNOTEMPTY^priority<=3^ORurgency=1",
];

const ORDERS: [&str; 6] = [
    "",
    "",
    "ORDERBYsys_updated_on",
    "ORDERBYDESCsys_updated_on",
    "ORDERBYDESCsys_created_on^ORDERBYsys_id",
    "ORDERBYresolved_at",
];

/// The reading of a seed.
struct Plan {
    rows: usize,
    hidden: f64,
    page_size: u64,
    query: &'static str,
    order: &'static str,
    /// Whether rows are deleted between the requests (true) or created (false). None without changes.
    vanish: Option<bool>,
}

fn plan(random: &mut Random, seed: u64) -> Plan {
    let mut pick = |bound: u64| random.below(bound);
    let large = super::is_large(seed);
    if seed % 5 == 4 && !large {
        // Long ranges of hidden rows, some of which are deleted during the reading.
        let (rows, page_size) = (60 + pick(100) as usize, 1 + pick(3));
        return Plan { rows, hidden: 0.9, page_size, query: "", order: "", vanish: Some(true) };
    }
    Plan {
        rows: if large { 20_000 + pick(80_000) as usize } else { pick(160) as usize },
        hidden: [0.0, 0.04, 0.3, 0.7, 0.93, 1.0][pick(6) as usize],
        page_size: if large { 500 + pick(1500) } else { 1 + pick(24) },
        query: QUERIES[pick(5) as usize],
        order: ORDERS[pick(6) as usize],
        vanish: [None, Some(true), Some(false)][pick(3) as usize],
    }
}

/// Reads once for a seed and checks the invariants. The error names the violated one.
pub(crate) fn walk(seed: u64, mistake: Mistake) -> Result<Vec<String>, (String, Vec<String>)> {
    let mut random = Random(seed);
    let plan = plan(&mut random, seed);
    let mut source = Source::new(seed, random, plan.rows, plan.hidden, 0);
    bulk_updates(&mut source);
    source.faults = source.random.below(12);
    let outcome = check_invariants(&mut source, &plan, mistake);
    source.note(format!(
        "seed {seed}: {} rows, {} hidden, pages of {}, query {:?}, order {:?}, vanish {:?}",
        plan.rows, plan.hidden, plan.page_size, plan.query, plan.order, plan.vanish
    ));
    match outcome {
        Ok(()) => Ok(source.trace),
        Err(violation) => Err((violation, source.trace)),
    }
}

/// Gives many rows the same second, a few times.
fn bulk_updates(source: &mut Source) {
    let ids = source.all_ids();
    for round in 0..source.random.below(4) {
        source.now += 7_000;
        let share = 2 + source.random.below(6);
        for id in ids.iter().take(200) {
            if source.random.below(share) == 0 {
                let body = format!(r#"{{"close_notes":"bulk update {round}"}}"#);
                source.write("PATCH", &format!("/api/now/table/incident/{id}"), &body, 0);
            }
        }
    }
    source.now += 7_000;
    source.trace.clear();
}

fn check_invariants(source: &mut Source, plan: &Plan, mistake: Mistake) -> Result<(), String> {
    let query = [plan.query, plan.order].join("^");
    let reading = Reading {
        query: query.trim_matches('^').to_owned(),
        fields: "number,sys_updated_on,sys_mod_count".to_owned(),
        page_size: plan.page_size,
        ..Reading::of("incident".to_owned())
    };
    let before = source.readable(plan.query);
    let mut stay: BTreeMap<String, Version> = before.iter().map(|row| (row.id.clone(), row.clone())).collect();
    let mut walk = Walk::new(reading, true);
    let (mut got, mut last): (Vec<Version>, Option<Progress>) = (vec![], None);
    let (mut kept, mut requests, mut bad, mut step, mut largest) = (0, 0, 0, None, None);
    let mut cut_pieces = 0;
    let most = 60 + 6 * (plan.rows as u64 / plan.page_size + 1) + 2 * before.len() as u64;
    while let Some(path) = walk.path() {
        requests += 1;
        if requests - bad > most {
            return Err(format!("the reading does not end: {requests} requests"));
        }
        let path = mistake.path(path, &mut kept);
        let asked: u64 = parameter(&path, "sysparm_limit").unwrap().parse().unwrap();
        let piece = mistake == Mistake::TakeStepsForThePiece && asked > plan.page_size;
        match step.take().filter(|_| piece).unwrap_or_else(|| source.page(&path)) {
            Came::Page(rows, counted) => {
                if !path.contains("sysparm_offset=0") {
                    step = Some(Came::Page(rows.clone(), counted));
                }
                let key = walk.key_field().map(str::to_owned);
                let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
                let keys = |row: &serde_json::Value| {
                    (key.as_ref().map_or_else(String::new, |key| text(row, key)), text(row, "sys_id"))
                };
                let (first, end) = (rows.first().map(keys), rows.last().map(keys));
                let stepping = !path.contains("sysparm_offset=0") || piece;
                largest = counted.max(largest).filter(|_| stepping && mistake == Mistake::TakeStepsForThePiece);
                let page = Page {
                    rows: rows.len() as u64,
                    counted: counted.max(largest),
                    first: first.as_ref().map(|(value, id)| RowKeys { value, id }),
                    last: end.as_ref().map(|(value, id)| RowKeys { value, id }),
                    ..Page::default()
                };
                let passed = walk.received(&page);
                let keep = if mistake == Mistake::TakeWhatIsAskedForAgain { rows.len() } else { passed.keep as usize };
                got.extend(rows.iter().take(keep).map(Version::of));
                last = Some(passed);
                let short = mistake == Mistake::StopOnAShortPage && (rows.len() as u64) < asked;
                if short || mistake == Mistake::StopOnAnEmptyPage && rows.is_empty() {
                    break;
                }
            }
            Came::Cut => {
                bad += 1;
                cut_pieces += u32::from(asked > plan.page_size);
                walk.failed(PageError::TooHeavy);
            }
            Came::Forbidden => return Err("refused".to_owned()),
            Came::Nothing => bad += 1,
        }
        meanwhile(source, plan, &mut stay);
    }
    let last = last.ok_or("no page came")?;
    let unique: BTreeSet<&Version> = got.iter().collect();
    if unique.len() < got.len() {
        return Err(format!("{} versions came twice", got.len() - unique.len()));
    }
    let ids: BTreeSet<&str> = got.iter().map(|row| row.id.as_str()).collect();
    let lost: Vec<&Version> = stay.values().filter(|row| !ids.contains(row.id.as_str())).collect();
    if !lost.is_empty() {
        return Err(format!("{} rows that were there throughout never came: {:?}", lost.len(), lost[0]));
    }
    // A hidden range that was not read in one piece proves nothing if rows move.
    let may_doubt = cut_pieces > 1 && !plan.order.is_empty();
    if !last.complete && !may_doubt {
        return Err("it is complete and does not report that".to_owned());
    }
    if plan.vanish.is_none() {
        let outside = got.iter().filter(|row| !stay.contains_key(&row.id)).count();
        if outside > 0 {
            return Err(format!("{outside} rows do not match the query"));
        }
        let hidden = last.total.unwrap_or_default() - got.len() as u64;
        if last.hidden != Some(hidden) {
            return Err(format!("{hidden} rows are hidden and it reports {:?}", last.hidden));
        }
    }
    if walk.pagination() != Pagination::Keyset { Err("it used offset pagination".to_owned()) } else { Ok(()) }
}

/// Writes of others between two requests.
fn meanwhile(source: &mut Source, plan: &Plan, stay: &mut BTreeMap<String, Version>) {
    let Some(vanish) = plan.vanish else { return };
    if source.random.below(3) > 0 {
        return;
    }
    let ids = source.all_ids();
    for _ in 0..source.random.below(4) {
        let change = source.random.below(3).min(if plan.page_size < 4 && vanish { 1 } else { 2 });
        let Some(id) = ids.get(source.random.below(ids.len() as u64) as usize).filter(|_| change > 0) else {
            if !vanish {
                source.write("POST", "/api/now/table/incident", r#"{"short_description":"new","impact":"1"}"#, 0);
            }
            continue;
        };
        let target = format!("/api/now/table/incident/{id}");
        if change == 1 && vanish {
            source.write("DELETE", &target, "", 0);
            stay.remove(id);
        } else {
            let notes = source.random.below(1000);
            source.write("PATCH", &target, &format!(r#"{{"close_notes":"changed {notes}"}}"#), 0);
            // In an order by a changing field the row moves: it may be missed, or come twice in two versions.
            if !plan.order.is_empty() {
                stay.remove(id);
            }
        }
    }
}

/// If ranges over a field are forbidden, the reading uses the next best strategy and reports it.
#[test]
fn reading_avoids_ranges_that_query_rules_forbid() {
    for (field, order, pagination) in [
        ("sys_updated_on", "ORDERBYsys_updated_on", Pagination::Keyset),
        ("sys_id", "", Pagination::Unordered),
        ("number", "active=true^NQactive=false", Pagination::Keyset),
    ] {
        let mut source = Source::new(7, Random(7), 120, 0.3, 0);
        source.forbid_ranges(field);
        let expected: BTreeSet<Version> = source.readable("").into_iter().collect();
        let reading = Reading { query: order.to_owned(), page_size: 10, ..Reading::of("incident".to_owned()) };
        let mut walk = Walk::new(reading, false);
        let mut got = BTreeSet::new();
        while let Some(path) = walk.path() {
            match source.page(&path) {
                Came::Page(rows, counted) => {
                    let keys: Vec<Version> = rows.iter().map(Version::of).collect();
                    let updated = walk.key_field() == Some("sys_updated_on");
                    let keys_of =
                        |row: &'_ Version| (if updated { row.at.clone() } else { String::new() }, row.id.clone());
                    let (first, last) = (keys.first().map(keys_of), keys.last().map(keys_of));
                    let page = Page {
                        rows: rows.len() as u64,
                        counted,
                        first: first.as_ref().map(|(value, id)| RowKeys { value, id }),
                        last: last.as_ref().map(|(value, id)| RowKeys { value, id }),
                        ..Page::default()
                    };
                    let keep = walk.received(&page).keep as usize;
                    got.extend(keys.into_iter().take(keep));
                }
                Came::Forbidden => assert!(walk.failed(PageError::Forbidden)),
                _ => panic!("no faults here"),
            }
        }
        assert_eq!((walk.pagination(), got), (pagination, expected), "{}", source.trace.join("\n"));
        assert_eq!(walk.pagination().caveat().is_some(), pagination != Pagination::Keyset);
    }
}
