//! Keeps a copy of a table up to date: what was deleted, then what was changed, up to a moment that has settled.
//!
//! ```text
//!  begin --> Oldest --> Deletions --> Rows --> over
//!     |  (is the record of deletions long enough?)
//!     `--first run--------------------> Rows (with those that were never stamped) --> over
//! ```
//!
//! The promise: every row that the user may read and that was last changed before the lag is handed over at its newest version;
//! none is handed over twice at the same version within a run; what could not be read is counted.
//!
//! * A run ends at a moment W that lies a second before the instance's own time: the second that is still being written is left
//!   for the next run. A row that changes during the run moves behind W, so nothing is read twice.
//! * It begins two seconds before the last row that was handed over: a row is stamped before it is committed, so it can appear in
//!   a second that has been read already. What was handed over is known by its key (`sys_id`, stamp, `sys_mod_count`).
//! * Each page is a batch with its checkpoint. Store both together, or the batch first: whatever crashes in between is repeated
//!   and nothing is lost. While rows may have slipped past the reader the checkpoint stays where it was.
//! * A first run opens with a batch without rows: its checkpoint is stored before the first row is, for deletions count from it. A
//!   row that was stored by a run without any checkpoint, and then deleted, would stay in the copy for ever.
//! * Deletions come first: a row that was deleted and made again is then in the copy.
//!
//! How the machine of calls drives it: hand over [`Sync::opening`], if there is one; ask for [`Sync::path`], hand the page to
//! [`Sync::received`] with the versions of its rows, from [`Sync::versions_from`] on at least; give the caller the batch; go on until
//! `more` is false. When a page cannot be read, [`Sync::failed_with`] says whether it can go on. The instance's time is that of the
//! `Date` header of any reply. Who wants to read ahead takes [`Sync::path_ahead`] ([`super::sync_ahead`]).

use super::checkpoint::{Checkpoint, Delivered, InvalidCheckpoint, before, forget, remember};
use super::keyset::{Key, Position};
use super::progress::{Deletions, SyncProgress};
use super::reading::Reading;
use super::types::{Page, PageError, Progress, Range, RowKeys};
use super::walk::Walk;
use crate::code::Code;
use crate::request::DisplayValue;
use crate::time::Millis;
use crate::time::calendar::{from_stamp, stamp};

/// A record of deletions may have been trimmed when the last run lies this far back, in seconds.
const LONG_AGO: u64 = 86_400;

/// What is to be kept up to date, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The rows. Its limit and its query's order are of no account.
    pub reading: Reading,
    /// The tables under whose names deletions are on record: the real class of a row, so a parent's name finds none of its
    /// children's. Empty when deletions are not to be read.
    pub classes: Vec<String>,
    /// Seconds before the last row that are read again.
    pub overlap: u64,
    /// Seconds before the instance's time at which a run ends.
    pub lag: u64,
}

impl Options {
    /// With the usual overlap of 2 s and lag of 1 s, and the deletions of the table itself.
    #[must_use]
    pub fn of(reading: Reading) -> Self {
        Self { classes: vec![reading.table.clone()], reading, overlap: 2, lag: 1 }
    }
}

/// Why a sync cannot begin, or has to stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotSync {
    /// The checkpoint does not fit.
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
    /// No bound can be put into the query.
    #[error("the ^NQ groups of this query are not certain, so the rows since the last run cannot be asked for")]
    Query,
    /// Labels hold times in the user's own time zone.
    #[error("a sync reads stored values: ask for them alone, or with the labels")]
    Labels,
    /// A field access rule hides what the sync goes by.
    #[error("the rows come without sys_id or sys_updated_on: the user may not read these fields")]
    KeysHidden,
}

/// Codes that refuse a table whole: records of deletions are then left out.
const REFUSED: [Code; 4] = [Code::ACL_REFUSED, Code::ACL_API, Code::SCOPE_MISSING, Code::TABLE_UNKNOWN];

impl CannotSync {
    /// Stable.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Checkpoint(InvalidCheckpoint::OtherQuery) => Code::SYNC_OTHER_QUERY,
            Self::Checkpoint(InvalidCheckpoint::Unreadable(_)) => Code::SYNC_CHECKPOINT,
            Self::Query => Code::SYNC_QUERY,
            Self::Labels => Code::SYNC_LABELS,
            Self::KeysHidden => Code::SYNC_KEYS_HIDDEN,
        }
    }
}

/// What a page brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Whether the page's rows are records of deletions (`documentkey` is what is gone).
    pub deletions: bool,
    /// How many of the page's rows count, from the first on.
    pub keep: u64,
    /// Which of those were handed over before, by their place in the page.
    pub skip: Vec<usize>,
    /// To be stored with the batch, or after it.
    pub checkpoint: Checkpoint,
    /// Whether another page follows.
    pub more: bool,
}

#[derive(Debug)]
pub(super) enum SyncStage {
    Oldest,
    Deletions(Walk),
    Rows(Walk),
}

/// One run of a sync.
#[derive(Debug)]
pub struct Sync {
    options: Options,
    checkpoint: Checkpoint,
    /// Up to where rows were handed over by earlier runs: within this the keys decide.
    known_to: Option<String>,
    upper: String,
    pub(super) stage: SyncStage,
    first: bool,
    pub(super) over: bool,
    progress: SyncProgress,
}

impl Sync {
    /// A run from a checkpoint, or the first. `now` is the instance's own time.
    ///
    /// # Errors
    /// Why it cannot begin.
    pub fn begin(mut options: Options, checkpoint: Option<Checkpoint>, now: Millis) -> Result<Self, CannotSync> {
        if options.reading.display_value == DisplayValue::Label {
            return Err(CannotSync::Labels);
        }
        options.reading.limit = u64::MAX;
        let upper = stamp((now.0 / 1000).saturating_sub(options.lag));
        let first = checkpoint.is_none();
        let checkpoint = checkpoint.unwrap_or_else(|| Checkpoint::begin(&options.reading, &upper));
        checkpoint.check(&options.reading)?;
        // The keys have to come with the rows.
        if !options.reading.fields.is_empty() {
            options.reading.fields.push_str(",sys_id,sys_updated_on,sys_mod_count");
        }
        let rows = rows_walk(&options, &checkpoint, &upper).ok_or(CannotSync::Query)?;
        let unread = first || options.classes.is_empty();
        let deletions = if options.classes.is_empty() { Deletions::Unread } else { Deletions::Read };
        let known_to = checkpoint.rows.as_ref().map(|row| row.value.clone());
        let progress = SyncProgress {
            total: None,
            passed: 0,
            repeated: 0,
            hidden: None,
            deletions,
            hidden_deletions: None,
            complete: false,
            caveat: None,
        };
        let mut sync =
            Self { options, checkpoint, known_to, upper, stage: SyncStage::Rows(rows), first, over: false, progress };
        if !unread {
            let since = from_stamp(&sync.upper).zip(from_stamp(&sync.checkpoint.deletions));
            let long = since.is_some_and(|(to, from)| to.saturating_sub(from) > LONG_AGO);
            match (long, sync.deletions_walk()) {
                (true, _) => sync.stage = SyncStage::Oldest,
                (false, Some(walk)) => sync.stage = SyncStage::Deletions(walk),
                (false, None) => {}
            }
        }
        Ok(sync)
    }

    /// What a first run hands over before anything is asked for; nothing for later runs.
    #[must_use]
    pub fn opening(&self) -> Option<Batch> {
        self.first.then(|| self.batch(false, 0, vec![]))
    }

    /// How far the run is.
    #[must_use]
    pub const fn progress(&self) -> &SyncProgress {
        &self.progress
    }

    /// The moment from which on [`Self::received`] has to see the versions of a page whose last row was written at `last`; earlier
    /// rows may be left out, so that most of a long reading passes unlooked at.
    #[must_use]
    pub fn versions_from(&self, last: &str) -> String {
        let overlap = before(last, self.options.overlap);
        match (&self.stage, &self.known_to) {
            (SyncStage::Rows(_), None) => overlap,
            (SyncStage::Rows(walk), Some(known)) if walk.after().is_some_and(|after| after.value > *known) => overlap,
            _ => String::new(),
        }
    }

    /// A page came: its number of rows, its count, and the versions of its last rows, in their order. For deletions the version is
    /// that of the record, with `documentkey` in place of `changes`.
    ///
    /// # Errors
    /// When the rows do not show what the sync goes by.
    pub fn received(
        &mut self,
        rows: u64,
        counted: Option<u64>,
        first: Option<RowKeys<'_>>,
        versions: &[Delivered],
    ) -> Result<Batch, CannotSync> {
        let last = versions.last().filter(|last| !last.id.is_empty());
        let last = last.map(|last| RowKeys { value: &last.at, id: &last.id });
        let page = Page { rows, counted, first, last, ..Page::default() };
        match &mut self.stage {
            SyncStage::Oldest => {
                let oldest = versions.first().map(|row| row.at.clone()).unwrap_or_default();
                if rows > 0 && oldest > self.checkpoint.deletions {
                    self.progress.deletions = Deletions::Trimmed;
                }
                self.after_oldest();
                Ok(self.batch(true, 0, vec![]))
            }
            SyncStage::Deletions(walk) => {
                let passed = walk.received(&page);
                Ok(self.deletions_came(rows, passed, versions))
            }
            SyncStage::Rows(walk) => {
                let stamped = walk.reads_empties() || last.is_some_and(|last| from_stamp(last.value).is_some());
                if rows > 0 && (last.is_none() || !stamped) {
                    return Err(CannotSync::KeysHidden);
                }
                let passed = walk.received(&page);
                let settled = walk.is_settled();
                self.progress.caveat = walk.caveat();
                Ok(self.rows_came(rows, passed, settled, versions))
            }
        }
    }

    /// A page could not be read. True: [`Self::path`] now asks for what can be.
    pub fn failed(&mut self, error: PageError) -> bool {
        let forbidden = error == PageError::Forbidden;
        match &mut self.stage {
            SyncStage::Deletions(walk) if !forbidden => walk.failed(error),
            SyncStage::Rows(walk) => walk.failed(error),
            SyncStage::Oldest | SyncStage::Deletions(_) => {
                // What could not be read stays to be read: the moment in the checkpoint does not move.
                self.progress.deletions = Deletions::Unread;
                self.begin_rows();
                forbidden
            }
        }
    }

    /// The same, by the diagnosis's code. A record of deletions that may not be read is left out, whatever forbids it.
    pub fn failed_with(&mut self, code: &str) -> bool {
        let refused = REFUSED.iter().any(|refused| *refused == code);
        match PageError::of(code) {
            Some(error) => self.failed(error),
            None if refused && self.reads_deletions() => self.failed(PageError::Forbidden),
            None => false,
        }
    }

    fn deletions_came(&mut self, rows: u64, passed: Progress, versions: &[Delivered]) -> Batch {
        let mut skip = vec![];
        let hidden = usize::try_from(rows).unwrap_or_default().saturating_sub(versions.len());
        for (place, version) in versions.iter().enumerate().take(usize::try_from(passed.keep).unwrap_or_default()) {
            if self.checkpoint.deletion_keys.contains(version) {
                skip.push(hidden + place);
            } else {
                remember(&mut self.checkpoint.deletion_keys, version.clone());
                // A row that was made again has to come again behind this.
                self.checkpoint.row_keys.retain(|key| key.id != version.changes);
            }
        }
        if !passed.more {
            self.progress.hidden_deletions = passed.hidden;
            if passed.complete {
                self.checkpoint.deletions.clone_from(&self.upper);
            } else {
                self.progress.deletions = Deletions::Unread;
            }
            let from = before(&self.checkpoint.deletions, self.options.overlap);
            forget(&mut self.checkpoint.deletion_keys, &from);
            self.begin_rows();
        }
        self.batch(true, passed.keep, skip)
    }

    fn rows_came(&mut self, rows: u64, passed: Progress, settled: bool, versions: &[Delivered]) -> Batch {
        let keep = usize::try_from(passed.keep).unwrap_or_default();
        let unseen = usize::try_from(rows).unwrap_or_default().saturating_sub(versions.len());
        let mut skip = vec![];
        for (place, version) in versions.iter().enumerate() {
            if unseen + place < keep && self.checkpoint.row_keys.contains(version) {
                skip.push(unseen + place);
            }
        }
        // It grows when rows that were never stamped are counted too.
        self.progress.total = passed.total.or(self.progress.total);
        self.progress.passed += passed.keep;
        self.progress.repeated += skip.len() as u64;
        if let Some(last) = versions.last().filter(|last| keep > 0 && settled && !last.at.is_empty()) {
            // Within the overlap the place from which to go on does not move back.
            let ahead = self.checkpoint.rows.as_ref().is_none_or(|row| row.value <= last.at);
            if ahead {
                self.checkpoint.rows = Some(Position { value: last.at.clone(), id: last.id.clone() });
            }
            let newest = self.checkpoint.rows.as_ref().map_or("", |row| &row.value);
            let from = before(newest, self.options.overlap);
            forget(&mut self.checkpoint.row_keys, &from);
            for version in versions.iter().filter(|version| version.at >= from) {
                remember(&mut self.checkpoint.row_keys, version.clone());
            }
        }
        if !passed.more {
            self.over = true;
            self.progress.hidden = passed.hidden;
            self.progress.complete = passed.complete;
            self.checkpoint.unstamped_read |= passed.complete;
        }
        self.batch(false, passed.keep, skip)
    }

    fn batch(&self, deletions: bool, keep: u64, skip: Vec<usize>) -> Batch {
        Batch { deletions, keep, skip, checkpoint: self.checkpoint.clone(), more: !self.over }
    }

    fn after_oldest(&mut self) {
        match self.deletions_walk() {
            Some(walk) => self.stage = SyncStage::Deletions(walk),
            None => self.begin_rows(),
        }
    }

    fn begin_rows(&mut self) {
        match rows_walk(&self.options, &self.checkpoint, &self.upper) {
            Some(walk) => self.stage = SyncStage::Rows(walk),
            None => self.over = true,
        }
    }

    fn deletions_walk(&self) -> Option<Walk> {
        let mut reading = Reading::of(DELETIONS.to_owned());
        reading.query = ["tablenameIN", &self.options.classes.join(",")].concat();
        "sys_id,sys_created_on,tablename,documentkey".clone_into(&mut reading.fields);
        reading.page_size = self.options.reading.page_size;
        let key = Key { field: Some("sys_created_on".to_owned()), ..Key::SYS_ID };
        let from = before(&self.checkpoint.deletions, self.options.overlap);
        let range =
            Range { from: ["sys_created_on>=", &from].concat(), to: ["sys_created_on<=", &self.upper].concat() };
        Walk::within(reading, key, range, None, false)
    }
}

fn rows_walk(options: &Options, checkpoint: &Checkpoint, upper: &str) -> Option<Walk> {
    let from = checkpoint.rows.as_ref().map(|row| before(&row.value, options.overlap));
    let range = Range {
        from: from.map_or_else(String::new, |from| ["sys_updated_on>=", &from].concat()),
        to: ["sys_updated_on<=", upper].concat(),
    };
    let mut walk = Walk::within(options.reading.clone(), Key::updated(), range, None, !checkpoint.unstamped_read)?;
    walk.fenced(upper);
    Some(walk)
}

pub(super) const DELETIONS: &str = "sys_audit_delete";

#[cfg(test)]
mod tests;
