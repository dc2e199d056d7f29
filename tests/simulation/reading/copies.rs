//! Keeps a copy with repeated syncs that crash at any point while others write. In the end the copy must equal the source.

use std::collections::{BTreeMap, BTreeSet};

use sysparm::page::{Checkpoint, Deletions, Delivered, Options, PageError, Reading, RowKeys, Sync};
use sysparm::time::Millis;

use super::Outcome;
use super::sabotage::Mistake;
use super::source::{Came, Source, Version, parameter};
use crate::administration::Administration;
use crate::world::Random;

const QUERIES: [&str; 4] =
    ["", "active=true^ORactive=false", "priority<=2^NQpriority>2", "impact=1^NQimpact=2^NQimpact=3^ORDERBYnumber"];

/// The application's store: rows, and the checkpoint as text.
#[derive(Default)]
struct Copy {
    rows: BTreeMap<String, Version>,
    checkpoint: Option<String>,
}

/// How a run ended.
enum End {
    Over { complete: bool },
    Crashed,
}

/// Keeps a copy for a seed and checks the invariants. The error names the violated one.
pub(crate) fn copy(seed: u64, mistake: Mistake) -> Outcome {
    let mut random = Random(seed);
    let mut pick = |bound: u64| random.below(bound);
    let rows = if super::is_large(seed) { 20_000 } else { pick(90) as usize };
    let hidden = [0.0, 0.0, 0.1, 0.6, 0.95][pick(5) as usize];
    let page_size = if super::is_large(seed) { 1000 } else { 1 + pick(20) };
    let query = QUERIES[pick(4) as usize];
    let skew = [0, 0, 90_000, -3_600_000, 7_200_000][pick(5) as usize];
    let deletions = pick(4) > 0;
    let mut source = Source::new(seed, random, rows, hidden, skew);
    if deletions {
        source.admit_to_deletions();
    }
    source.faults = source.random.below(10);
    let reading = Reading { query: query.to_owned(), page_size, ..Reading::of("incident".to_owned()) };
    let outcome = check_invariants(&mut source, &reading, deletions, mistake);
    source.note(format!(
        "seed {seed}: {rows} rows, {hidden} hidden, pages of {page_size}, query {query:?}, clock off by {skew} ms"
    ));
    match outcome {
        Ok(()) => Ok(source.trace),
        Err(violation) => Err((violation, source.trace)),
    }
}

fn check_invariants(source: &mut Source, reading: &Reading, deletions: bool, mistake: Mistake) -> Result<(), String> {
    let mut copy = Copy::default();
    for run in 0..3 + source.random.below(4) {
        // More crashes in the first run, when nothing is stored yet.
        let crashes = [0, if run == 0 { 35 } else { 12 }][source.random.below(2) as usize];
        let end = run_once(source, &mut copy, reading, crashes, run > 0, mistake)?;
        if let (End::Crashed, Some(id)) = (end, copy.rows.keys().next()) {
            // A row that a crashed run stored may be deleted before the next run.
            source.write("DELETE", &format!("/api/now/table/incident/{id}"), "", 0);
            source.now += 4_000;
        }
        let pause = [300, 4_000][source.random.below(2) as usize];
        source.now += source.random.below(pause);
        if source.random.below(20) == 0 {
            source.now += 100_000_000;
        }
        writes(source);
    }
    // No more writes, and time for them to become visible. Then a run brings the copy up to date.
    source.now += 10_000;
    for _ in 0..200 {
        if let End::Over { complete: true } = run_once(source, &mut copy, reading, 0, false, mistake)? {
            return compared(source, &copy, reading, deletions);
        }
    }
    Err("the copy never becomes complete".to_owned())
}

fn compared(source: &mut Source, copy: &Copy, reading: &Reading, deletions: bool) -> Result<(), String> {
    let expected: BTreeMap<String, Version> =
        source.readable(&reading.query).into_iter().map(|row| (row.id.clone(), row)).collect();
    for (id, row) in &expected {
        match copy.rows.get(id) {
            None => return Err(format!("{row:?} is not in the copy")),
            Some(held) if held != row => return Err(format!("the copy holds {held:?}, the source {row:?}")),
            Some(_) => {}
        }
    }
    let gone = copy.rows.keys().find(|id| deletions && !expected.contains_key(*id));
    gone.map_or(Ok(()), |id| Err(format!("{id} was deleted and is still in the copy")))
}

/// One run from the stored checkpoint. `crashes` is the percentage of possible places with a crash.
fn run_once(
    source: &mut Source,
    copy: &mut Copy,
    reading: &Reading,
    crashes: u64,
    busy: bool,
    mistake: Mistake,
) -> Result<End, String> {
    let stored: Option<Checkpoint> = copy.checkpoint.as_ref().map(|text| serde_json::from_str(text).unwrap());
    let known: BTreeSet<String> = stored.iter().flat_map(|stored| &stored.row_keys).map(|key| key.id.clone()).collect();
    let mut options = Options::of(reading.clone());
    match mistake {
        Mistake::DropTheOverlap => options.overlap = 0,
        Mistake::ForgetDeletions => options.classes.clear(),
        _ => {}
    }
    // The instance's clock, from any reply.
    let any = "/api/now/table/incident?sysparm_query=&sysparm_limit=1&sysparm_offset=0";
    while matches!(source.page(any), Came::Nothing) {}
    let time = if mistake == Mistake::TrustTheHostsClock { source.now } else { source.server_time };
    let mut sync = Sync::begin(options, stored, Millis(time)).map_err(|reason| reason.to_string())?;
    source.note(format!("a run begins; the instance's time is {}", sysparm::time::calendar::stamp(time / 1000)));
    if let Some(opening) = sync.opening().filter(|_| mistake != Mistake::SkipTheOpening) {
        copy.checkpoint = Some(serde_json::to_string(&opening.checkpoint).unwrap());
    }
    let mut delivered = BTreeSet::new();
    let (mut kept, mut requests) = (0, 0);
    while let Some(path) = sync.path() {
        requests += 1;
        if requests > 3000 {
            return Err("a run does not end".to_owned());
        }
        let path = mistake.path(path, &mut kept);
        let came = source.page(&path);
        if crash(source, crashes, "before the page was looked at") {
            return Ok(End::Crashed);
        }
        let asked: u64 = parameter(&path, "sysparm_limit").unwrap().parse().unwrap();
        match came {
            Came::Page(rows, counted) => {
                let deletions = path.contains("/sys_audit_delete?");
                let (at, changes) =
                    if deletions { ("sys_created_on", "documentkey") } else { ("sys_updated_on", "sys_mod_count") };
                let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
                let all: Vec<Delivered> = rows
                    .iter()
                    .map(|row| Delivered { id: text(row, "sys_id"), at: text(row, at), changes: text(row, changes) })
                    .collect();
                let first = all.first().map(|row| RowKeys { value: &row.at, id: &row.id });
                // Only the versions that the sync needs: most rows of a long reading need no version.
                let from = sync.versions_from(all.last().map_or("", |row| &row.at));
                let last = all.len().saturating_sub(1);
                let needed = all.iter().position(|row| row.at >= from).unwrap_or(last);
                let mut batch = sync
                    .received(rows.len() as u64, counted, first, &all[needed..])
                    .map_err(|reason| reason.to_string())?;
                if mistake == Mistake::StopOnAShortPage && !batch.deletions && (rows.len() as u64) < asked {
                    batch.more = false;
                }
                if crash(source, crashes, "before the batch was stored") {
                    return Ok(End::Crashed);
                }
                let checkpoint = serde_json::to_string(&batch.checkpoint).unwrap();
                if mistake == Mistake::StoreTheCheckpointFirst {
                    copy.checkpoint = Some(checkpoint.clone());
                    if crash(source, crashes, "between the checkpoint and its batch") {
                        return Ok(End::Crashed);
                    }
                }
                for (place, row) in all.into_iter().enumerate().take(batch.keep as usize) {
                    let skip = batch.skip.contains(&place)
                        || mistake == Mistake::ForgetTheVersion && !deletions && known.contains(&row.id);
                    if skip {
                        continue;
                    }
                    if batch.deletions {
                        copy.rows.remove(&row.changes);
                        continue;
                    }
                    let version = Version { id: row.id, at: row.at, changes: row.changes };
                    if !delivered.insert(version.clone()) {
                        return Err(format!("{version:?} was delivered twice in a run"));
                    }
                    copy.rows.insert(version.id.clone(), version);
                }
                if crash(source, crashes, "between the batch and its checkpoint") {
                    return Ok(End::Crashed);
                }
                copy.checkpoint = Some(checkpoint);
                if !batch.more {
                    let complete = sync.progress().complete || mistake == Mistake::StopOnAShortPage;
                    return Ok(End::Over { complete });
                }
            }
            Came::Cut => {
                sync.failed(PageError::TooHeavy);
            }
            Came::Forbidden => {
                if !sync.failed(PageError::Forbidden) || sync.progress().deletions != Deletions::Unread {
                    return Err("refused".to_owned());
                }
            }
            Came::Nothing => {}
        }
        if busy && source.random.below(4) == 0 {
            writes(source);
        }
    }
    Ok(End::Over { complete: sync.progress().complete })
}

fn crash(source: &mut Source, crashes: u64, place: &str) -> bool {
    let crashed = source.random.below(100) < crashes;
    if crashed {
        source.note(format!("crash {place}"));
    }
    crashed
}

/// Writes of others: changed, created and deleted rows, many of them in one second, some of them visible only some time after
/// their timestamp.
fn writes(source: &mut Source) {
    let ids = source.all_ids();
    let late = if source.random.below(2) == 0 { 0 } else { source.random.below(1900) };
    let bulk = source.random.below(8) == 0;
    for _ in 0..if bulk { 40 } else { source.random.below(5) } {
        if !bulk {
            source.now += source.random.below(400);
        }
        let id = ids.get(source.random.below(ids.len() as u64 + 1) as usize);
        let notes = source.random.below(1_000_000);
        match (id, source.random.below(10)) {
            (Some(id), 0..3) => source.write("DELETE", &format!("/api/now/table/incident/{id}"), "", late),
            (Some(id), 3..9) => {
                let body = format!(r#"{{"close_notes":"changed {notes}"}}"#);
                source.write("PATCH", &format!("/api/now/table/incident/{id}"), &body, late)
            }
            _ => source.write("POST", "/api/now/table/incident", r#"{"short_description":"new","impact":"1"}"#, late),
        };
    }
}
