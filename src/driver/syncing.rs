//! Keeps a copy of a table up to date, batch by batch.

use js_sys::Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::call_failed::CallFailed;
use super::host::{Host, now};
use super::options::Call;
use super::queue::{PageSource, PrefetchQueue};
use super::reader::checked;
use super::rows::{stored, typed};
use crate::code::Code;
use crate::page::{self, Batch, CannotSync, Checkpoint, Delivered, Reading, RowKeys, Sync, SyncProgress};
use crate::request::{DisplayValue, Expect, List};
use crate::time::Millis;

/// What one page of a sync brought. Store it together with its checkpoint, or before that.
#[derive(Debug)]
pub struct SyncBatch {
    /// New and changed rows, as the JavaScript engine parsed them. Those that an earlier run has handed over are left out.
    pub rows: Array,
    /// Identifiers (`sys_id`) of rows that were deleted.
    pub deleted: Vec<String>,
    /// Where the next run goes on: plain data, as JSON the same as that of the npm package.
    pub checkpoint: Checkpoint,
    /// How far the run is.
    pub progress: SyncProgress,
    /// How long the rest will take by the pace so far; none if unknown.
    pub remaining: Option<Millis>,
}

impl SyncBatch {
    /// The rows as values of a type. With `fields` in the reading, `sys_id`, `sys_updated_on` and `sys_mod_count` come as well.
    ///
    /// # Errors
    /// `reply.incomplete` if a row does not fit the type.
    pub fn typed<T: DeserializeOwned>(&self) -> Result<Vec<T>, CallFailed> {
        typed(&self.rows)
    }
}

/// One run of a sync. Dropping it ends its requests; the checkpoint of the last stored batch continues it.
pub struct Syncing {
    queue: PrefetchQueue<SyncSource>,
    /// What a first run hands over before any row.
    opening: Option<Batch>,
}

impl core::fmt::Debug for Syncing {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Syncing")
    }
}

impl Syncing {
    pub(super) async fn begin(
        host: &Host,
        options: page::Options,
        checkpoint: Option<Checkpoint>,
        ahead: usize,
    ) -> Result<Self, CallFailed> {
        checked(&options.reading)?;
        for class in &options.classes {
            checked(&Reading::of(class.clone()))?;
        }
        let stream = host.new_reading();
        let time = instance_time(host, stream, &options.reading.table).await?;
        let sync = Sync::begin(options, checkpoint, time).map_err(refused)?;
        let opening = sync.opening();
        let queue = PrefetchQueue::new(host.clone(), stream, SyncSource { sync, began: now() }, ahead, ahead);
        Ok(Self { queue, opening })
    }

    /// The next batch, or none at the end of the run. Later pages are requested while the caller stores this batch.
    ///
    /// # Errors
    /// If a page cannot be read; `sync.keys-hidden` if rows come without `sys_id` or `sys_updated_on`. Nothing is lost: calling again
    /// requests the same page, and another run continues from the last stored checkpoint.
    pub async fn next(&mut self) -> Result<Option<SyncBatch>, CallFailed> {
        if let Some(opening) = self.opening.take() {
            return Ok(Some(self.queue.with(|source| source.batch_of(&Array::new(), opening))));
        }
        self.queue.next().await
    }
}

/// The instance's clock decides which rows are settled; the browser's may be wrong by minutes.
async fn instance_time(host: &Host, stream: u32, table: &str) -> Result<Millis, CallFailed> {
    let one = List {
        table,
        query: "",
        fields: "sys_id",
        display_value: DisplayValue::Raw,
        limit: 1,
        offset: 0,
        count: false,
    };
    let replied = host.begin(Call::get(one.path(), Expect::Rows), stream).await?.into_reply()?;
    replied.headers.server_clock().ok_or_else(|| {
        let words = "The instance's time cannot be read from its replies. Add Date to the exposed headers of the CORS rule (System Web Services > REST > CORS Rules)";
        CallFailed::invalid(Code::SYNC_CLOCK, words)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn refused(reason: CannotSync) -> CallFailed {
    CallFailed::invalid(reason.code(), &reason.to_string())
}

struct SyncSource {
    sync: Sync,
    /// By the browser's clock.
    began: Millis,
}

impl SyncSource {
    fn batch_of(&self, rows: &Array, batch: Batch) -> SyncBatch {
        let Batch { deletions, keep, skip, checkpoint, .. } = batch;
        let keep = usize::try_from(keep).unwrap_or(usize::MAX);
        let kept = rows.iter().take(keep).enumerate().filter(|(place, _)| !skip.contains(place)).map(|(_, row)| row);
        let (rows, deleted) = if deletions {
            (Array::new(), kept.map(|row| stored(&row, "documentkey").unwrap_or_default()).collect())
        } else {
            (kept.collect(), vec![])
        };
        let progress = *self.sync.progress();
        SyncBatch { rows, deleted, checkpoint, progress, remaining: progress.remaining(now().less(self.began)) }
    }

    /// The versions of a page's last rows, as far as the sync has to see them.
    fn versions(&self, rows: &Array) -> Vec<Delivered> {
        let at = self.sync.key_field();
        let changes = if self.sync.reads_deletions() { "documentkey" } else { "sys_mod_count" };
        let value = |row: &JsValue, field: &str| stored(row, field).unwrap_or_default();
        let length = rows.length();
        let from = self.sync.versions_from(&value(&rows.get(length.saturating_sub(1)), at));
        let mut first = length.saturating_sub(1);
        while first > 0 && value(&rows.get(first - 1), at) >= from {
            first -= 1;
        }
        let version =
            |row: &JsValue| Delivered { id: value(row, "sys_id"), at: value(row, at), changes: value(row, changes) };
        (first..length).map(|place| version(&rows.get(place))).collect()
    }
}

impl PageSource for SyncSource {
    type Batch = SyncBatch;

    fn path(&self, ahead: u64) -> Option<String> {
        self.sync.path_ahead(ahead)
    }

    fn key_field(&self) -> Option<&str> {
        Some(self.sync.key_field())
    }

    fn behind(&self) -> Option<&str> {
        self.sync.after().map(|after| after.id.as_str())
    }

    fn joins(&mut self, joint: RowKeys<'_>, last: RowKeys<'_>) -> bool {
        self.sync.joins(Some(joint), Some(last))
    }

    fn failed(&mut self, code: &str) -> bool {
        self.sync.failed_with(code)
    }

    fn accept(&mut self, rows: Array, counted: Option<u64>) -> Result<SyncBatch, CallFailed> {
        let versions = self.versions(&rows);
        let first = rows.get(0);
        let value = |field| stored(&first, field).unwrap_or_default();
        let (at, id) = (value(self.sync.key_field()), value("sys_id"));
        let keys = (rows.length() > 0).then_some(RowKeys { value: &at, id: &id });
        let batch = self.sync.received(u64::from(rows.length()), counted, keys, &versions).map_err(refused)?;
        Ok(self.batch_of(&rows, batch))
    }
}
