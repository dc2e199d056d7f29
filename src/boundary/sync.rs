//! One run of a sync, for JavaScript.
//!
//! A checkpoint is passed as texts and progress as numbers, and JavaScript creates the objects: serde adds too many bytes.

use crate::code::Code;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::thrown::thrown;
use crate::page::{
    Batch, CannotSync, Checkpoint, Deletions, Delivered, InvalidCheckpoint, Options, Position, Reading, RowKeys, Sync,
};
use crate::protocol::{CheckpointText, DeletionsState, SyncNumber, VersionText};
use crate::request::DisplayValue;
use crate::time::Millis;

/// A run, from the beginning or from a checkpoint.
#[wasm_bindgen(js_name = SyncRun)]
#[derive(Debug)]
pub struct WasmSync {
    sync: Sync,
    batch: Option<Batch>,
}

#[wasm_bindgen(js_class = SyncRun)]
impl WasmSync {
    /// `both` requests labels in addition to values; `classes` are the tables, comma separated, under which deletions are recorded;
    /// `now` is the instance's own time.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::too_many_arguments, reason = "one by one they need no reader of objects")]
    pub fn new(
        table: String,
        query: String,
        fields: String,
        both: bool,
        page_size: Option<u32>,
        classes: &str,
        checkpoint: Option<Vec<String>>,
        now: f64,
    ) -> Result<Self, JsValue> {
        let mut reading = Reading { query, fields, ..Reading::of(table) };
        if both {
            reading.display_value = DisplayValue::Both;
        }
        if let Some(page_size) = page_size {
            reading.page_size = u64::from(page_size);
        }
        reading.check().map_err(|reason| thrown(Code::REQUEST_READING, &reason.to_string()))?;
        let mut options = Options::of(reading);
        options.classes = classes.split(',').filter(|class| !class.is_empty()).map(str::to_owned).collect();
        for class in &options.classes {
            Reading::of(class.clone()).check().map_err(|reason| thrown(Code::REQUEST_READING, &reason.to_string()))?;
        }
        let unreadable =
            CannotSync::Checkpoint(InvalidCheckpoint::Unreadable("its members are not those of a checkpoint"));
        let checkpoint = match checkpoint {
            None => None,
            Some(texts) => Some(read(texts).ok_or(unreadable).map_err(refused)?),
        };
        let sync = Sync::begin(options, checkpoint, milliseconds(now)).map_err(refused)?;
        let batch = sync.opening();
        Ok(Self { sync, batch })
    }

    /// Whether there is a batch to hand over: before the first page, that of the first run.
    #[wasm_bindgen(getter, js_name = hasBatch)]
    pub fn has_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// The path of the next page, or of the page `ahead` pages after it; `undefined` at the end, and if it is not known yet.
    pub fn path(&self, ahead: u32) -> Option<String> {
        self.sync.path_ahead(u64::from(ahead))
    }

    /// The field by which the next page is ordered: `sys_created_on` for records of deletions.
    #[wasm_bindgen(getter, js_name = keyField)]
    pub fn key_field(&self) -> String {
        self.sync.key_field().to_owned()
    }

    /// The `sys_id` of the last row before the next page.
    #[wasm_bindgen(getter)]
    pub fn behind(&self) -> Option<String> {
        self.sync.after().map(|after| after.id.clone())
    }

    /// Whether a prefetched page that contains the row `behind` follows without a gap; the keys are those of that row in the page, and
    /// of the page's last row.
    pub fn joins(&mut self, value: &str, id: &str, last_value: &str, last_id: &str) -> bool {
        self.sync.joins(Some(RowKeys { value, id }), Some(RowKeys { value: last_value, id: last_id }))
    }

    /// The time from which the versions of a page are needed whose last row was written at `last`.
    #[wasm_bindgen(js_name = versionsFrom)]
    pub fn versions_from(&self, last: &str) -> String {
        self.sync.versions_from(last)
    }

    /// Adds a page: the number of its rows, the count if the reply had one, the keys of its first row, and for its last rows the
    /// `sys_id`, the timestamp and the number of changes.
    pub fn received(
        &mut self,
        rows: u32,
        counted: Option<f64>,
        first_value: &str,
        first_id: &str,
        mut versions: Vec<String>,
    ) -> Result<(), JsValue> {
        let first = (rows > 0).then_some(RowKeys { value: first_value, id: first_id });
        let versions = versions_of(&mut versions);
        let counted = counted.map(|count| milliseconds(count).0);
        self.batch = Some(self.sync.received(u64::from(rows), counted, first, &versions).map_err(refused)?);
        Ok(())
    }

    /// Reports a failed page. True: the path has changed, and the new one may work.
    pub fn failed(&mut self, code: &str) -> bool {
        self.sync.failed_with(code)
    }

    /// Whether the page's rows are records of deletions.
    #[wasm_bindgen(getter)]
    pub fn deletions(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.deletions)
    }

    /// How many of the page's rows to keep, from the first on.
    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_possible_truncation, reason = "no more than the rows given")]
    pub fn keep(&self) -> u32 {
        self.batch.as_ref().map_or(0, |batch| batch.keep as u32)
    }

    /// The indices of those that were handed over before.
    #[expect(clippy::cast_possible_truncation, reason = "a page holds fewer rows")]
    pub fn skip(&self) -> Vec<u32> {
        self.batch.iter().flat_map(|batch| &batch.skip).map(|place| *place as u32).collect()
    }

    /// The checkpoint of the batch, in the places of [`CheckpointText`].
    pub fn checkpoint(&self) -> Vec<String> {
        self.batch.as_ref().map_or_else(Vec::new, |batch| written(&batch.checkpoint))
    }

    /// What the run could not promise so far.
    #[wasm_bindgen(getter)]
    pub fn caveat(&self) -> Option<String> {
        self.sync.progress().caveat.map(str::to_owned)
    }

    /// The progress after `elapsed` milliseconds, in the places of [`SyncNumber`].
    pub fn progress(&self, elapsed: f64) -> Vec<f64> {
        let progress = self.sync.progress();
        let known = |count: Option<u64>| count.map_or(f64::NAN, number);
        let deletions = match progress.deletions {
            Deletions::Read => DeletionsState::Read,
            Deletions::Trimmed => DeletionsState::Trimmed,
            Deletions::Unread => DeletionsState::Unread,
        };
        let left = progress.remaining(milliseconds(elapsed)).map(|left| left.0);
        let numbers = SyncNumber::ALL.iter().map(|place| match place {
            SyncNumber::Total => known(progress.total),
            SyncNumber::Passed => number(progress.passed),
            SyncNumber::Repeated => number(progress.repeated),
            SyncNumber::Hidden => known(progress.hidden),
            SyncNumber::HiddenDeletions => known(progress.hidden_deletions),
            SyncNumber::RemainingMs => known(left),
            SyncNumber::Deletions => f64::from(deletions as u8),
            SyncNumber::Complete => f64::from(u8::from(progress.complete)),
        });
        numbers.collect()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn refused(reason: CannotSync) -> JsValue {
    thrown(reason.code(), &reason.to_string())
}

fn written(checkpoint: &Checkpoint) -> Vec<String> {
    let flag = |set: bool| if set { "1".to_owned() } else { String::new() };
    let Position { value, id } =
        checkpoint.rows.clone().unwrap_or(Position { value: String::new(), id: String::new() });
    let mut texts = vec![];
    for place in CheckpointText::ALL {
        let text = match place {
            CheckpointText::Form => checkpoint.form.to_string(),
            CheckpointText::Query => checkpoint.query.clone(),
            CheckpointText::HasRow => flag(checkpoint.rows.is_some()),
            CheckpointText::RowValue => value.clone(),
            CheckpointText::RowId => id.clone(),
            CheckpointText::UnstampedRead => flag(checkpoint.unstamped_read),
            CheckpointText::Deletions => checkpoint.deletions.clone(),
            CheckpointText::RowKeys => checkpoint.row_keys.len().to_string(),
            CheckpointText::Versions => {
                push_versions(&mut texts, checkpoint.row_keys.iter().chain(&checkpoint.deletion_keys));
                continue;
            }
        };
        texts.push(text);
    }
    texts
}

fn read(mut texts: Vec<String>) -> Option<Checkpoint> {
    let mut row_keys = versions_of(texts.get_mut(CheckpointText::Versions as usize..)?);
    let mut take = |place: CheckpointText| texts.get_mut(place as usize).map(core::mem::take);
    let keys: usize = take(CheckpointText::RowKeys)?.parse().ok()?;
    let deletion_keys = row_keys.split_off(keys.min(row_keys.len()));
    let position = Position { value: take(CheckpointText::RowValue)?, id: take(CheckpointText::RowId)? };
    Some(Checkpoint {
        form: take(CheckpointText::Form)?.parse().ok()?,
        query: take(CheckpointText::Query)?,
        rows: (!take(CheckpointText::HasRow)?.is_empty()).then_some(position),
        unstamped_read: !take(CheckpointText::UnstampedRead)?.is_empty(),
        deletions: take(CheckpointText::Deletions)?,
        row_keys,
        deletion_keys,
    })
}

/// Adds the texts of versions, in the places of [`VersionText`].
pub(super) fn push_versions<'a>(texts: &mut Vec<String>, versions: impl Iterator<Item = &'a Delivered>) {
    for version in versions {
        texts.extend(VersionText::ALL.iter().map(|place| match place {
            VersionText::Id => version.id.clone(),
            VersionText::At => version.at.clone(),
            VersionText::Changes => version.changes.clone(),
        }));
    }
}

/// Versions from texts, in the places of [`VersionText`].
pub(super) fn versions_of(texts: &mut [String]) -> Vec<Delivered> {
    let versions = texts.chunks_exact_mut(VersionText::ALL.len()).map(|texts| {
        let mut take = |place: VersionText| texts.get_mut(place as usize).map(core::mem::take).unwrap_or_default();
        Delivered { id: take(VersionText::Id), at: take(VersionText::At), changes: take(VersionText::Changes) }
    });
    versions.collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts and milliseconds stay below 2^53")]
pub(super) const fn number(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time or a count; a cast stops at the ends"
)]
pub(super) const fn milliseconds(number: f64) -> Millis {
    Millis(number as u64)
}
