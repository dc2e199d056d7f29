//! An application that reads a table once, as with the package's `pages()`: it prefetches known pages, and requests a failed page again a
//! little later.

use std::collections::BTreeSet;

use serde_json::Value;
use sysparm::call::CallId;
use sysparm::page::{Page, PageError, Pagination, Progress, Reading, RowKeys, Walk};
use sysparm::request::Headers;

use super::host::Host;
use super::plan::{Forbidden, Plan, Writes};
use crate::reading::sabotage::Mistake;
use crate::reading::source::{Version, parameter};

use super::others::Writers;

const STREAM: u32 = 2;
const AHEAD: u64 = 8;
const STEPPED: &str = "Hidden rows were stepped over";

pub(crate) struct Walking {
    reading: Reading,
    walk: Walk,
    /// Requested paths.
    asked: Vec<(String, CallId)>,
    resting: u64,
    got: Vec<Version>,
    last: Option<Progress>,
    requests: u64,
    pages: u64,
    failures: u64,
    kept: u64,
    life: u32,
    stopped: bool,
    /// The last path that was read.
    read: String,
    /// Failures of pages that were to show at once what had been stepped over by offset.
    unproved: u64,
    /// Whether a cache answered a page: any caveat may follow.
    cached: bool,
    /// Whether a page lost its count: then nothing proves the end, nor what was stepped over.
    uncounted: bool,
    /// When the faults and writes end.
    until: u64,
}

impl Walking {
    pub(crate) fn new(reading: Reading, plan: &Plan) -> Self {
        Self {
            walk: Walk::new(reading.clone(), true),
            reading,
            asked: vec![],
            resting: 0,
            got: vec![],
            last: None,
            requests: 0,
            pages: 0,
            failures: 0,
            kept: 0,
            life: 0,
            stopped: false,
            read: String::new(),
            unproved: 0,
            cached: false,
            uncounted: false,
            until: plan.fault_plan.calm_after,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.stopped || self.walk.path().is_none()
    }

    pub(crate) fn go_on(&mut self, host: &mut Host, plan: &Plan) -> Result<(), String> {
        loop {
            if host.life != self.life && !self.is_over() {
                // A reading stores nothing: the next program starts from the beginning.
                *self = Self { life: host.life, until: self.until, ..Self::new(self.reading.clone(), plan) };
                self.rest(host);
            }
            if self.is_over() || host.now < self.resting {
                return Ok(());
            }
            self.ask(host);
            if host.life != self.life {
                continue;
            }
            let Some(due) = self.asked.first().cloned() else { return Ok(()) };
            match host.outcome(due.1) {
                None => return Ok(()),
                Some(Ok((rows, headers))) => {
                    self.asked.remove(0);
                    self.page(host, &due.0, &rows, &headers);
                }
                Some(Err(failure)) => {
                    self.asked.remove(0);
                    self.failures += 1;
                    let error = PageError::of(failure.diagnosis.code.as_str());
                    self.unproved += u64::from(error.is_some() && self.shows_again(&due.0));
                    if !error.is_some_and(|error| self.walk.failed(error)) {
                        self.rest(host);
                    }
                }
            }
            let table = plan.rows as u64 + 2000;
            let most = 200 + 12 * (table / plan.page_size + 1) + 4 * self.failures;
            if self.requests > most {
                return Err(format!("the reading does not end: {} requests", self.requests));
            }
        }
    }

    fn rest(&mut self, host: &mut Host) {
        self.resting = host.now + 500 + host.random.below(20_000);
        host.alarm(self.resting);
    }

    /// Requests the due page and known pages after it, and aborts pages that are no longer needed.
    fn ask(&mut self, host: &mut Host) {
        let mut paths: Vec<String> = (0..AHEAD).map_while(|pages| self.walk.path_ahead(pages)).collect();
        for path in &mut paths {
            *path = host.mistake.path(core::mem::take(path), &mut self.kept);
        }
        let (asked, stale): (Vec<_>, Vec<_>) =
            core::mem::take(&mut self.asked).into_iter().partition(|(path, _)| paths.contains(path));
        stale.iter().for_each(|(_, call)| host.abort(*call));
        for path in paths {
            let call = asked.iter().find(|(other, _)| *other == path).map(|(_, call)| *call);
            let call = call.unwrap_or_else(|| {
                self.requests += 1;
                host.page(path.clone(), STREAM)
            });
            self.asked.push((path, call));
        }
    }

    /// Whether this page begins at the window of the page before, which was read at an offset.
    fn shows_again(&self, path: &str) -> bool {
        let at = |path: &str| parameter(path, "sysparm_offset").unwrap_or("0").to_owned();
        let query = |path: &str| parameter(path, "sysparm_query").map(str::to_owned);
        at(path) == "0" && at(&self.read) != "0" && query(path) == query(&self.read)
    }

    fn page(&mut self, host: &Host, path: &str, rows: &[Value], headers: &Headers) {
        path.clone_into(&mut self.read);
        let counts = !path.contains("sysparm_no_count=true");
        self.cached |= headers.value("age").is_some();
        self.uncounted |= counts && headers.counted(path).is_none();
        let key = self.walk.key_field().map(str::to_owned);
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let keys = |row: &Value| (key.as_ref().map_or_else(String::new, |key| text(row, key)), text(row, "sys_id"));
        let (first, end) = (rows.first().map(keys), rows.last().map(keys));
        let page = Page {
            rows: rows.len() as u64,
            counted: headers.counted(path),
            first: first.as_ref().map(|(value, id)| RowKeys { value, id }),
            last: end.as_ref().map(|(value, id)| RowKeys { value, id }),
            ..Page::default()
        };
        let passed = self.walk.received(&page);
        self.pages += 1;
        let keep = if host.mistake == Mistake::TakeWhatIsAskedForAgain { rows.len() } else { passed.keep as usize };
        self.got.extend(rows.iter().take(keep).map(Version::of));
        self.last = Some(passed);
        let asked: usize = parameter(path, "sysparm_limit").unwrap().parse().unwrap();
        let short = host.mistake == Mistake::StopOnAShortPage && rows.len() < asked;
        self.stopped |= short || host.mistake == Mistake::StopOnAnEmptyPage && rows.is_empty();
    }

    /// Whether replies that misled the reading explain its caveat.
    fn is_misled(&self) -> bool {
        let explained = ["The server sends no row count", STEPPED];
        let caveat = self.walk.caveat().unwrap_or_default();
        self.cached || self.uncounted && explained.iter().any(|words| caveat.starts_with(words))
    }

    /// Checks what the reading reported.
    pub(crate) fn check_invariants(&self, plan: &Plan, writers: &Writers, creates: bool) -> Result<(), String> {
        let last = self.last.ok_or("no page came")?;
        // Newest first, a changed row can move past the reader. The reading must report that.
        let by_field = self.walk.pagination() == Pagination::Keyset && self.walk.key_field().is_some();
        let moves = by_field && plan.order == "ORDERBYDESCsys_updated_on";
        if moves && self.pages > 1 && self.walk.caveat().is_none() {
            return Err("it does not report that rows can move past it".to_owned());
        }
        // Hidden rows that were stepped over in the order of a field are proved by one page. Where that fails, nothing else proves them.
        let stepped = self.walk.caveat().is_some_and(|caveat| caveat.starts_with(STEPPED));
        let misled = self.is_misled();
        if stepped && !misled && (plan.order.is_empty() || plan.hidden == 0.0 || self.unproved < 2 || last.complete) {
            return Err(format!("nothing was stepped over without a proof: {:?}", self.walk.caveat()));
        }
        let caveat = !moves && (!stepped || misled) && self.walk.caveat().is_some();
        if plan.forbidden == Forbidden::Nothing && caveat && !misled {
            return Err(format!("it left keyset pagination: {:?}", self.walk.caveat()));
        }
        if matches!(plan.forbidden, Forbidden::Field(_)) {
            // A row with a hidden key cannot be identified.
            return if last.complete && caveat && plan.writes != Writes::None {
                Err("it cannot know that it is complete".to_owned())
            } else {
                Ok(())
            };
        }
        let unique: BTreeSet<&Version> = self.got.iter().collect();
        if unique.len() < self.got.len() && !caveat {
            return Err(format!("{} versions came twice", self.got.len() - unique.len()));
        }
        let ids: BTreeSet<&str> = self.got.iter().map(|row| row.id.as_str()).collect();
        let lost: Vec<&Version> = writers.stay.values().filter(|row| !ids.contains(row.id.as_str())).collect();
        // Only a reading ordered by a changing field, over hidden ranges, may lose a row, and it must report that.
        let moving = plan.writes != Writes::None || creates;
        let may_lose = moving && !plan.order.is_empty();
        if !lost.is_empty() && !caveat && (last.complete || !may_lose) {
            return Err(format!("{} rows that were there throughout never came: {:?}", lost.len(), lost[0]));
        }
        let may_doubt = may_lose || caveat || !plan.order.is_empty() && plan.hidden > 0.0;
        if !last.complete && !may_doubt {
            return Err("it is complete and does not report that".to_owned());
        }
        if !moving && !caveat {
            let outside = self.got.iter().filter(|row| !writers.stay.contains_key(&row.id)).count();
            let hidden = last.total.unwrap_or_default().checked_sub(self.got.len() as u64);
            if outside > 0 || last.hidden != hidden {
                return Err(format!(
                    "{outside} rows do not match the query, {hidden:?} are hidden and it reports {:?}",
                    last.hidden
                ));
            }
        }
        Ok(())
    }
}
