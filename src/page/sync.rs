//! Keeps a copy of a table up to date: what was deleted, then what was changed, up to a moment that has settled.
//!
//! ```text
//!  begin --> Oldest --> Deletions --> Rows --> over
//!     |  (is the record of deletions long enough?)
//!     `--first run--------------------> Rows (with those that were never stamped) --> over
//! ```
//!
//! The promise: every row that the user may read and that was last changed before the lag is handed over at its newest version.
//! None is handed over twice at the same version within a run. What could not be read is counted.
//!
//! * A run ends at a moment W that lies a second before the instance's own time. The second that is still being written is left
//!   for the next run. A row that changes during the run moves behind W, so nothing is read twice.
//! * It begins two seconds before the last row that was handed over. A row is stamped before it is committed, so it can appear in
//!   a second that has been read already. What was handed over is known by its key (`sys_id`, stamp, `sys_mod_count`).
//! * Each page is a batch with its checkpoint. Store both together, or the batch first: a crash in between repeats the batch
//!   and loses nothing. While rows may have slipped past the reader the checkpoint stays where it was.
//! * A first run opens with a batch without rows. Its checkpoint is stored before the first row is, because deletions count from it. A
//!   row that was stored by a run without any checkpoint, and then deleted, would stay in the copy for ever.
//! * Deletions come first: a row that was deleted and created again is then in the copy.
//!
//! How the host drives it: hand over [`Sync::opening`], if there is one. Request [`Sync::path`] and give the page to
//! [`Sync::received`] with the versions of its rows, at least from [`Sync::versions_from`] on. Give the caller the batch and continue until
//! `more` is false. When a page cannot be read, [`Sync::failed_with`] says whether it can continue. The instance's time is that of the
//! `Date` header of any reply.
//!
//! To read ahead, request [`Sync::path_ahead`] too. Several pages of a stage are in flight at once, and each becomes a batch in its turn.
//! A checkpoint covers the pages up to the one that it was made for. A host that takes further pages
//! before the caller has stored this batch holds several batches, each with a checkpoint of its own. They are stored in their order, and
//! a crash between any two of them leaves the copy where one of the checkpoints says.
//!
//! Why reading ahead loses no row: within a run the range has an upper end, so a row that is changed
//! moves behind it, where the next run finds it. Only a change that was stamped before that end and is committed after
//! the run began moves a row within the range, and a row is stamped no more than two seconds before its commit. So pages ahead are taken up
//! to two seconds before the end only. The rest is read when all before it has been. Records of deletions never change.

use super::checkpoint::{Checkpoint, Delivered, before, forget, remember};
use super::keyset::Position;
use super::progress::{CLOSED, Deletions, SyncProgress};
use super::sync_options::{CannotSync, Options};
use super::sync_walks::{deletions_walk, oldest_deletion_path, rows_walk};
use super::types::{Page, PageError, Progress, RowKeys};
use super::walk::Walk;
use crate::code::Code;
use crate::request::DisplayValue;
use crate::time::Millis;
use crate::time::calendar::{from_stamp, stamp};

/// A record of deletions may have been trimmed when the last run lies this far back, in seconds.
const LONG_AGO: u64 = 86_400;

/// Codes that refuse a table whole: records of deletions are then left out.
const REFUSED: [Code; 4] = [Code::ACL_REFUSED, Code::ACL_API, Code::SCOPE_MISSING, Code::TABLE_UNKNOWN];

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
enum SyncStage {
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
    stage: SyncStage,
    first: bool,
    over: bool,
    progress: SyncProgress,
    /// Why deletions are not read, if the user may not read them.
    closed: Option<&'static str>,
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
        let mut sync = Self {
            options,
            checkpoint,
            known_to,
            upper,
            stage: SyncStage::Rows(rows),
            first,
            over: false,
            progress,
            closed: None,
        };
        if !unread {
            let since = from_stamp(&sync.upper).zip(from_stamp(&sync.checkpoint.deletions));
            let long = since.is_some_and(|(to, from)| to.saturating_sub(from) > LONG_AGO);
            match (long, deletions_walk(&sync.options, &sync.checkpoint, &sync.upper)) {
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

    /// The path of the next page; none when the run is over.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        self.path_ahead(0)
    }

    /// The path of the page `pages` behind the next one, if it can be asked for already: within one stage, as the walk says it.
    #[must_use]
    pub fn path_ahead(&self, pages: u64) -> Option<String> {
        match &self.stage {
            _ if self.over => None,
            SyncStage::Oldest if pages > 0 => None,
            SyncStage::Oldest => Some(oldest_deletion_path()),
            SyncStage::Deletions(walk) | SyncStage::Rows(walk) => walk.path_ahead(pages),
        }
    }

    /// Whether the page that is due holds records of deletions.
    #[must_use]
    pub const fn reads_deletions(&self) -> bool {
        !matches!(self.stage, SyncStage::Rows(_))
    }

    /// The field that the pages which are due are ordered by, before `sys_id`.
    #[must_use]
    pub const fn key_field(&self) -> &'static str {
        if self.reads_deletions() { "sys_created_on" } else { "sys_updated_on" }
    }

    /// The row that the page which is due lies behind; none at the beginning of a stage, where nothing can have been asked for ahead.
    #[must_use]
    pub fn after(&self) -> Option<&Position> {
        match &self.stage {
            SyncStage::Oldest => None,
            SyncStage::Deletions(walk) | SyncStage::Rows(walk) => walk.after(),
        }
    }

    /// Whether a page that was asked for ahead follows without a gap, as [`Walk::joins`] says it: the rows behind the joint are then
    /// what [`Self::received`] is given.
    pub fn joins(&mut self, joint: Option<RowKeys<'_>>, last: Option<RowKeys<'_>>) -> bool {
        match &mut self.stage {
            SyncStage::Oldest => false,
            SyncStage::Deletions(walk) | SyncStage::Rows(walk) => Walk::joins(walk, joint, last),
        }
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
                self.progress.caveat = walk.caveat().or(self.closed);
                Ok(self.rows_came(rows, passed, settled, versions))
            }
        }
    }

    /// A page could not be read. True: [`Self::path`] now asks for what can be. False: it asks for the same.
    pub fn failed(&mut self, error: PageError) -> bool {
        match (&mut self.stage, error) {
            (SyncStage::Rows(walk), _) => walk.failed(error),
            (SyncStage::Oldest | SyncStage::Deletions(_), PageError::Forbidden) => {
                // What could not be read stays to be read: the moment in the checkpoint does not move.
                self.progress.deletions = Deletions::Unread;
                self.closed = Some(CLOSED);
                self.begin_rows();
                true
            }
            (SyncStage::Deletions(walk), _) => walk.failed(error),
            // A page of one row cannot be smaller. Without it deletions stay in the copy.
            (SyncStage::Oldest, _) => false,
        }
    }

    /// The same, by the diagnosis's code. A record of deletions that may not be read is left out, whatever forbids it.
    pub fn failed_with(&mut self, code: &str) -> bool {
        match PageError::of(code) {
            Some(error) => self.failed(error),
            None if Self::is_refusal(code) && self.reads_deletions() => self.failed(PageError::Forbidden),
            None => false,
        }
    }

    /// Whether a diagnosis's code refuses a table whole.
    #[must_use]
    pub fn is_refusal(code: &str) -> bool {
        REFUSED.iter().any(|refused| *refused == code)
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
        match deletions_walk(&self.options, &self.checkpoint, &self.upper) {
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
}

#[cfg(test)]
mod tests;
