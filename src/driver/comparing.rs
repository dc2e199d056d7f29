//! Compares a whole copy with its table, page by page.

use js_sys::Array;

use super::call_failed::CallFailed;
use super::host::Host;
use super::queue::{PageSource, PrefetchQueue};
use super::reader::checked;
use super::rows::stored;
use crate::page::{CannotReconcile, Checkpoint, Compared, Delivered, Differences, Reading, Reconcile, RowKeys};

/// What a comparison asks for, or has found.
#[derive(Debug)]
pub enum ComparisonStep {
    /// Give [`Comparing::copied`] what the copy holds behind this `sys_id`, in the order of the ids: some hundred versions at a time. The
    /// text is empty at the beginning.
    WantsCopy(String),
    /// Differences, perhaps none, and where to go on.
    Found(ComparisonBatch),
}

/// How a part of the copy differs from its table.
#[derive(Debug)]
pub struct ComparisonBatch {
    /// Identifiers found since the last batch.
    pub differences: Differences,
    /// The counts so far, and where to go on: to be stored with what the differences led to, or after it.
    pub compared: Compared,
    /// Rows of the table that access rules hide, by its first count; known at the end.
    pub hidden: Option<u64>,
    /// Whether everything has been compared, and the table was seen whole.
    pub complete: bool,
    /// What the reading of the table cannot guarantee.
    pub caveat: Option<&'static str>,
}

/// A comparison. Dropping it ends its requests.
pub struct Comparing {
    queue: PrefetchQueue<ReconcileSource>,
    /// The last identifier of the copy that was given.
    after: String,
    has_page: bool,
    over: bool,
}

impl core::fmt::Debug for Comparing {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Comparing")
    }
}

impl Comparing {
    pub(super) fn begin(
        host: &Host,
        reading: Reading,
        compared: Option<Compared>,
        synced_to: Option<&Checkpoint>,
        ahead: usize,
    ) -> Result<Self, CallFailed> {
        checked(&reading)?;
        let after = compared.as_ref().map_or_else(String::new, |compared| compared.after.clone());
        let brought = synced_to.map_or_else(Vec::new, |checkpoint| checkpoint.row_keys.clone());
        let settled = synced_to.and_then(|checkpoint| checkpoint.rows.as_ref()).map_or("", |row| row.value.as_str());
        let run = Reconcile::begin(reading, compared, settled, brought).map_err(refused)?;
        // A page is taken only when the comparison wants it: it would change what is being compared.
        let queue = PrefetchQueue::new(host.clone(), host.new_reading(), ReconcileSource { run }, ahead, 0);
        Ok(Self { queue, after, has_page: false, over: false })
    }

    /// What comes next; none at the end. Later pages are requested while the caller works.
    ///
    /// # Errors
    /// If a page cannot be read: calling again requests it again. `reconcile.order` if rows come without `sys_id` or not in its order.
    pub async fn next(&mut self) -> Result<Option<ComparisonStep>, CallFailed> {
        while !self.over {
            if self.queue.with(|source| source.run.wants_page()) && self.queue.next().await?.is_some() {
                self.has_page = true;
            }
            if self.queue.with(|source| source.run.wants_copy()) {
                return Ok(Some(ComparisonStep::WantsCopy(self.after.clone())));
            }
            let batch = self.queue.with(|source| source.batch());
            self.over = self.queue.with(|source| source.run.is_over());
            let Differences { missing, stale, surplus } = &batch.differences;
            if self.over || self.has_page || missing.len() + stale.len() + surplus.len() > 0 {
                self.has_page = false;
                return Ok(Some(ComparisonStep::Found(batch)));
            }
        }
        Ok(None)
    }

    /// Takes versions of the copy, in the order of their ids; of a version only the id must be known. `is_over`: the copy holds no more.
    ///
    /// # Errors
    /// `reconcile.copy` if they are not in order.
    pub fn copied(&mut self, versions: Vec<Delivered>, is_over: bool) -> Result<(), CallFailed> {
        if let Some(last) = versions.last() {
            self.after.clone_from(&last.id);
        }
        self.queue.with(|source| source.run.copied(versions, is_over)).map_err(refused)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn refused(reason: CannotReconcile) -> CallFailed {
    CallFailed::invalid(reason.code(), &reason.to_string())
}

struct ReconcileSource {
    run: Reconcile,
}

impl ReconcileSource {
    fn batch(&mut self) -> ComparisonBatch {
        let run = &mut self.run;
        ComparisonBatch {
            differences: run.found(),
            compared: run.compared().clone(),
            hidden: run.hidden(),
            complete: run.is_over() && run.is_complete(),
            caveat: run.walk().caveat(),
        }
    }
}

impl PageSource for ReconcileSource {
    type Batch = ();

    fn path(&self, ahead: u64) -> Option<String> {
        self.run.walk().path_ahead(ahead)
    }

    fn key_field(&self) -> Option<&str> {
        None
    }

    fn behind(&self) -> Option<&str> {
        self.run.walk().after().map(|after| after.id.as_str())
    }

    fn joins(&mut self, joint: RowKeys<'_>, last: RowKeys<'_>) -> bool {
        self.run.walk_mut().joins(Some(joint), Some(last))
    }

    fn failed(&mut self, code: &str) -> bool {
        self.run.failed(code)
    }

    fn accept(&mut self, rows: Array, counted: Option<u64>) -> Result<(), CallFailed> {
        let versions = rows.iter().map(|row| {
            let value = |field| stored(&row, field).unwrap_or_default();
            Delivered { id: value("sys_id"), at: value("sys_updated_on"), changes: value("sys_mod_count") }
        });
        self.run.received(counted, versions.collect()).map_err(refused)
    }
}
