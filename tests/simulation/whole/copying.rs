//! An application that keeps a copy, as with the package's `sync()`: several pages are in flight at once, and batches wait while one is
//! stored, then its checkpoint. After any failure the next run starts with the stored checkpoint.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;
use sysparm::call::CallId;
use sysparm::page::{Batch, Checkpoint, Deletions, Delivered, Options, Reading, RowKeys, Sync};
use sysparm::request::Headers;
use sysparm::time::Millis;
use sysparm::time::calendar::stamp;

use super::host::Host;
use super::plan::{Plan, Writes};
use crate::administration::Administration;
use crate::reading::sabotage::Mistake;
use crate::reading::source::{Version, parameter};

const STREAM: u32 = 1;
const TIME: &str = "/api/now/table/incident?sysparm_limit=1&sysparm_fields=sys_id&sysparm_no_count=true&sysparm_suppress_pagination_header=true";

enum Stage {
    Resting(u64),
    /// Requests the instance's clock.
    Time(CallId),
    Pages,
    Over,
}

/// A page in flight.
struct Asked {
    /// The due path, and the path that a client with this run's mistake requests.
    due: String,
    path: String,
    joins: bool,
    call: CallId,
}

/// A batch that waits until earlier ones are stored.
struct Held {
    batch: Batch,
    versions: Vec<Delivered>,
    rows: Vec<Value>,
    short: bool,
}

pub(crate) struct Copying {
    pub(crate) rows: BTreeMap<String, (Version, Value)>,
    checkpoint: Option<String>,
    reading: Reading,
    pub(crate) deletions: bool,
    /// Whether others delete rows.
    vanish: bool,
    sync: Option<Sync>,
    stage: Stage,
    /// A complete run that starts after this is the last.
    pub(crate) settled: u64,
    began: u64,
    known: BTreeSet<String>,
    delivered: BTreeSet<Version>,
    /// The most pages in flight and waiting batches.
    ahead: usize,
    asked: VecDeque<Asked>,
    held: VecDeque<Held>,
    /// Why the run ends after the waiting batches are stored.
    ending: Option<String>,
    /// The time until which it stores a batch.
    busy: u64,
    requests: u64,
    kept: u64,
    life: u32,
    pub(crate) runs: u64,
    /// After this number of runs it waits for the end of the writes.
    pub(crate) pauses_after: u64,
    /// Why the instance refuses the sync.
    pub(crate) refused: Option<String>,
    most_requests: u64,
}

impl Copying {
    pub(crate) fn new(reading: Reading, plan: &Plan) -> Self {
        let most_requests = 3000 + 6 * plan.rows as u64 / reading.page_size;
        Self {
            rows: BTreeMap::new(),
            checkpoint: None,
            reading,
            deletions: plan.deletions,
            vanish: plan.writes == Writes::All,
            sync: None,
            stage: Stage::Resting(0),
            settled: u64::MAX,
            began: 0,
            known: BTreeSet::new(),
            delivered: BTreeSet::new(),
            ahead: plan.ahead,
            asked: VecDeque::new(),
            held: VecDeque::new(),
            ending: None,
            busy: 0,
            requests: 0,
            kept: 0,
            life: 0,
            runs: 0,
            pauses_after: 8,
            refused: None,
            most_requests,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    pub(crate) fn go_on(&mut self, host: &mut Host) -> Result<(), String> {
        loop {
            if host.life != self.life && !self.is_over() {
                self.begins_again(host);
            }
            match &self.stage {
                Stage::Resting(until) if host.now >= *until => {
                    self.began = host.now;
                    self.stage = Stage::Time(host.page(TIME.to_owned(), STREAM));
                }
                Stage::Time(call) => match host.outcome(*call) {
                    None => return Ok(()),
                    Some(Ok((_, headers))) => self.begin(host, &headers)?,
                    Some(Err(failure)) => self.rest(host, failure.diagnosis.code.as_str()),
                },
                Stage::Pages => {
                    if !self.pages(host)? {
                        return Ok(());
                    }
                }
                Stage::Resting(_) | Stage::Over => return Ok(()),
            }
        }
    }

    /// The earlier program has crashed, and the next one uses its ids again. Its stored rows may have changed at the source since.
    fn begins_again(&mut self, host: &mut Host) {
        self.life = host.life;
        self.asked.clear();
        let first = self.rows.keys().next().cloned();
        if let Some(id) = first.filter(|_| self.vanish && self.runs == 1) {
            host.administer("DELETE", &format!("/api/now/table/incident/{id}"), "", 0);
        }
        self.rest(host, "crash");
    }

    fn rest(&mut self, host: &mut Host, why: &str) {
        self.ends(host);
        self.sync = None;
        if self.refused.is_none() && matches!(why, "query.field-not-readable" | "sync.keys-hidden") {
            self.refused = Some(why.to_owned());
        }
        let pause = [300, 4_000, 15_000][host.random.below(3) as usize];
        let until = host.now + 1 + host.random.below(pause);
        // In the end another run checks whether the copy is complete.
        let until = if host.now < self.settled && self.runs > self.pauses_after { self.settled } else { until };
        self.stage = match self.refused {
            Some(_) if host.now >= self.settled => Stage::Over,
            _ => Stage::Resting(until),
        };
        host.alarm(until);
    }

    fn begin(&mut self, host: &mut Host, headers: &Headers) -> Result<(), String> {
        let Some(time) = headers.number("date") else {
            self.rest(host, "no date");
            return Ok(());
        };
        self.runs += 1;
        let mut options = Options::of(self.reading.clone());
        match host.mistake {
            Mistake::DropTheOverlap => options.overlap = 0,
            Mistake::DropTheLag => options.lag = 0,
            Mistake::ForgetDeletions => options.classes.clear(),
            _ => {}
        }
        let now = if host.mistake == Mistake::TrustTheHostsClock { host.clock() } else { Millis(time * 1000) };
        let stored: Option<Checkpoint> = self.checkpoint.as_ref().map(|text| serde_json::from_str(text).unwrap());
        self.known = stored.iter().flat_map(|stored| &stored.row_keys).map(|key| key.id.clone()).collect();
        let sync = Sync::begin(options, stored, now).map_err(|reason| reason.to_string())?;
        host.note(&format!("run {} begins; the instance's time is {}", self.runs, stamp(time)));
        if let Some(opening) = sync.opening().filter(|_| host.mistake != Mistake::SkipTheOpening) {
            self.checkpoint = Some(serde_json::to_string(&opening.checkpoint).unwrap());
        }
        (self.requests, self.kept) = (0, 0);
        self.delivered.clear();
        self.sync = Some(sync);
        self.busy = 0;
        self.stage = Stage::Pages;
        Ok(())
    }

    /// Cancels pages in flight and drops waiting batches.
    fn ends(&mut self, host: &mut Host) {
        self.asked.drain(..).for_each(|asked| host.abort(asked.call));
        self.held.clear();
        self.ending = None;
    }

    /// Stores a waiting batch, requests pages, or receives a page. False: nothing to do now.
    fn pages(&mut self, host: &mut Host) -> Result<bool, String> {
        if host.now >= self.busy
            && let Some(held) = self.held.pop_front()
        {
            self.deliver(host, held)?;
            return Ok(true);
        }
        let due = self.sync.as_ref().and_then(Sync::path).filter(|_| self.ending.is_none());
        match due {
            Some(due) if self.held.len() < self.ahead => {
                self.ask(host, due)?;
                if host.life != self.life {
                    return Ok(true);
                }
            }
            None if self.held.is_empty() => {
                match self.ending.take() {
                    Some(why) => self.rest(host, &why),
                    None => self.over(host),
                }
                return Ok(true);
            }
            _ => return Ok(false),
        }
        let Some(outcome) = self.asked.front().and_then(|first| host.outcome(first.call)) else { return Ok(false) };
        let Some(first) = self.asked.pop_front() else { return Ok(false) };
        match outcome {
            Ok((rows, headers)) => self.page(host, first, rows, &headers)?,
            Err(failure) => {
                self.asked.drain(..).for_each(|asked| host.abort(asked.call));
                let code = failure.diagnosis.code.as_str();
                if !self.sync.as_mut().is_some_and(|sync| sync.failed_with(code)) {
                    self.ending = Some(code.to_owned());
                }
            }
        }
        Ok(true)
    }

    /// Requests the due page and pages after it.
    fn ask(&mut self, host: &mut Host, due: String) -> Result<(), String> {
        let Some(sync) = &self.sync else { return Ok(()) };
        let begins = sync.after().is_none();
        let good = self.asked.front().is_some_and(|first| if first.joins { !begins } else { first.due == due });
        if !good {
            self.asked.drain(..).for_each(|asked| host.abort(asked.call));
        }
        let mut paths = if good { vec![] } else { vec![(due, false)] };
        while self.asked.len() + paths.len() + self.held.len() < self.ahead {
            let Some(path) = sync.path_ahead((self.asked.len() + paths.len()) as u64) else { break };
            paths.push((path, true));
        }
        for (due, joins) in paths {
            if host.life != self.life {
                break;
            }
            self.send(host, due, joins)?;
        }
        Ok(())
    }

    fn send(&mut self, host: &mut Host, due: String, joins: bool) -> Result<(), String> {
        self.requests += 1;
        if self.requests > self.most_requests {
            return Err(format!("a run does not end: {} requests", self.requests));
        }
        let path = host.mistake.path(due.clone(), &mut self.kept);
        let call = host.page(path.clone(), STREAM);
        let asked = Asked { due, path, joins, call };
        if joins {
            self.asked.push_back(asked)
        } else {
            self.asked.push_front(asked)
        }
        Ok(())
    }

    fn over(&mut self, host: &mut Host) {
        let progress = self.sync.as_ref().map(|sync| *sync.progress());
        let complete = progress.is_some_and(|progress| progress.complete);
        let read = !self.deletions || progress.is_some_and(|progress| progress.deletions != Deletions::Unread);
        let first = self.delivered.len() == self.rows.len();
        host.note(&format!("run over: {progress:?}"));
        if complete && (read || first || host.mistake == Mistake::ForgetDeletions) && self.began >= self.settled {
            self.stage = Stage::Over;
        } else {
            self.rest(host, "over");
        }
    }

    fn page(&mut self, host: &mut Host, asked: Asked, mut rows: Vec<Value>, headers: &Headers) -> Result<(), String> {
        let Some(sync) = &mut self.sync else { return Ok(()) };
        let Asked { path, joins, .. } = asked;
        let (at, changes) = match path.contains("/sys_audit_delete?") {
            true => ("sys_created_on", "documentkey"),
            false => ("sys_updated_on", "sys_mod_count"),
        };
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let version =
            |row: &Value| Delivered { id: text(row, "sys_id"), at: text(row, at), changes: text(row, changes) };
        let mut all: Vec<Delivered> = rows.iter().map(version).collect();
        if joins {
            let behind = sync.after().map(|after| after.id.clone()).unwrap_or_default();
            let place = all.iter().position(|row| row.id == behind);
            let keys = |row: &Delivered| (row.at.clone(), row.id.clone());
            let (joint, last) = (place.map(|place| keys(&all[place])), all.last().map(keys));
            let joint = joint.as_ref().map(|(value, id)| RowKeys { value, id });
            let last = last.as_ref().map(|(value, id)| RowKeys { value, id });
            if !sync.joins(joint, last) && host.mistake != Mistake::TakeWithoutJoint {
                let due = sync.path();
                return due.map_or(Ok(()), |due| self.send(host, due, false));
            }
            let behind = place.map_or(0, |place| place + 1);
            all.drain(..behind);
            rows.drain(..behind);
        }
        let first = all.first().map(|row| RowKeys { value: &row.at, id: &row.id });
        let from = sync.versions_from(all.last().map_or("", |row| &row.at));
        let mut needed = all.len().saturating_sub(1);
        while needed > 0 && all[needed - 1].at >= from {
            needed -= 1;
        }
        let batch = sync.received(rows.len() as u64, headers.counted(&path), first, &all[needed..]);
        let mut batch = match batch {
            Ok(batch) => batch,
            Err(reason) => {
                self.ending = Some(reason.code().as_str().to_owned());
                return Ok(());
            }
        };
        let asked: u64 = parameter(&path, "sysparm_limit").unwrap().parse().unwrap();
        let short = host.mistake == Mistake::StopOnAShortPage && !batch.deletions && (rows.len() as u64) < asked;
        batch.more &= !short;
        self.held.push_back(Held { batch, versions: all, rows, short });
        Ok(())
    }

    fn deliver(&mut self, host: &mut Host, held: Held) -> Result<(), String> {
        let Held { batch, versions, rows, short } = held;
        if !self.store(host, &batch, versions, &rows)? {
            return Ok(());
        }
        if self.ahead > 1 && host.random.below(2) == 0 {
            self.busy = host.now + host.random.below(3000);
            host.alarm(self.busy);
        }
        if short && self.began >= self.settled {
            self.ends(host);
            self.stage = Stage::Over;
        } else if !batch.more {
            self.ends(host);
            self.over(host);
        }
        Ok(())
    }

    /// Stores a batch, then its checkpoint. False: the program crashed meanwhile.
    fn store(&mut self, host: &mut Host, batch: &Batch, all: Vec<Delivered>, rows: &[Value]) -> Result<bool, String> {
        if host.crashes_here("before a batch is stored") {
            return Ok(false);
        }
        let latest = self.held.back().filter(|_| host.mistake == Mistake::StoreALaterCheckpoint);
        let checkpoint = latest.map_or(&batch.checkpoint, |latest| &latest.batch.checkpoint);
        let checkpoint = serde_json::to_string(checkpoint).unwrap();
        if host.mistake == Mistake::StoreTheCheckpointFirst {
            self.checkpoint = Some(checkpoint.clone());
            if host.crashes_here("between a checkpoint and its batch") {
                return Ok(false);
            }
        }
        for (place, row) in all.into_iter().enumerate().take(batch.keep as usize) {
            let forgets = host.mistake == Mistake::ForgetTheVersion && !batch.deletions && self.known.contains(&row.id);
            if batch.skip.contains(&place) || forgets {
                continue;
            }
            if batch.deletions {
                self.rows.remove(&row.changes);
                continue;
            }
            let version = Version { id: row.id, at: row.at, changes: row.changes };
            if !self.delivered.insert(version.clone()) {
                return Err(format!("{version:?} was delivered twice in a run"));
            }
            self.rows.insert(version.id.clone(), (version, rows[place].clone()));
        }
        if host.crashes_here("between a batch and its checkpoint") {
            return Ok(false);
        }
        // Only a first run without a checkpoint can lose a later deletion, so it crashes most often there.
        if self.vanish && self.runs == 1 && host.crashes.1 > 0 && host.random.below(3) == 0 {
            host.crash("between a batch and its checkpoint");
            return Ok(false);
        }
        self.checkpoint = Some(checkpoint);
        Ok(true)
    }
}
