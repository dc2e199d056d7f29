//! One run of a sync, for JavaScript.

use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::page::{Batch, CannotSync, Checkpoint, Delivered, InvalidCheckpoint, Options, Reading, RowKeys, Sync};
use crate::request::DisplayValue;
use crate::time::Millis;

/// A run, from a checkpoint or from the beginning.
#[wasm_bindgen(js_name = SyncRun)]
#[derive(Debug)]
pub struct WasmSync {
    sync: Sync,
    batch: Option<Batch>,
}

#[wasm_bindgen(js_class = SyncRun)]
impl WasmSync {
    /// `both` asks for labels beside the values; `classes` are the tables, comma separated, under which deletions are on record;
    /// `now` is the instance's own time. Throws `{ code, message }`.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::too_many_arguments, reason = "one by one they need no reader of objects")]
    pub fn new(
        table: String,
        query: String,
        fields: String,
        both: bool,
        page_size: Option<u32>,
        classes: &str,
        checkpoint: JsValue,
        now: f64,
    ) -> Result<Self, JsValue> {
        let mut reading = Reading { query, fields, ..Reading::of(table) };
        if both {
            reading.display_value = DisplayValue::Both;
        }
        if let Some(page_size) = page_size {
            reading.page_size = u64::from(page_size);
        }
        reading.check().map_err(|reason| thrown("request.reading", reason.to_string()))?;
        let mut options = Options::of(reading);
        options.classes = classes.split(',').filter(|class| !class.is_empty()).map(str::to_owned).collect();
        for class in &options.classes {
            Reading::of(class.clone()).check().map_err(|reason| thrown("request.reading", reason.to_string()))?;
        }
        let checkpoint = match checkpoint.is_undefined() {
            true => None,
            false => Some(read(checkpoint).map_err(refused)?),
        };
        let sync = Sync::begin(options, checkpoint, milliseconds(now)).map_err(refused)?;
        let batch = sync.opening();
        Ok(Self { sync, batch })
    }

    /// Whether there is a batch to hand over: before the first page, that of a first run.
    #[wasm_bindgen(getter, js_name = hasBatch)]
    pub fn has_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// The path of the next page; undefined when the run is over.
    pub fn path(&self) -> Option<String> {
        self.sync.path()
    }

    /// Whether the page that comes next is one of deletions.
    #[wasm_bindgen(getter, js_name = readsDeletions)]
    pub fn reads_deletions(&self) -> bool {
        self.sync.reads_deletions()
    }

    /// The moment from which on the versions of a page have to be seen, whose last row was written at `last`.
    #[wasm_bindgen(js_name = versionsFrom)]
    pub fn versions_from(&self, last: &str) -> String {
        self.sync.versions_from(last)
    }

    /// A page came with so many rows, the count if the reply held it, the keys of its first row, and of its last rows the `sys_id`,
    /// the moment and the number of changes, one after the other. Throws `{ code, message }`.
    pub fn received(
        &mut self,
        rows: u32,
        counted: Option<f64>,
        first_value: &str,
        first_id: &str,
        versions: Vec<String>,
    ) -> Result<(), JsValue> {
        let first = (rows > 0).then_some(RowKeys { value: first_value, id: first_id });
        let mut texts = versions.into_iter();
        let mut versions = vec![];
        while let (Some(id), Some(at), Some(changes)) = (texts.next(), texts.next(), texts.next()) {
            versions.push(Delivered { id, at, changes });
        }
        let counted = counted.map(|count| milliseconds(count).0);
        self.batch = Some(self.sync.received(u64::from(rows), counted, first, &versions).map_err(refused)?);
        Ok(())
    }

    /// A page failed with this diagnosis. True: the path is now another, which may work.
    pub fn failed(&mut self, code: &str) -> bool {
        self.sync.failed_with(code)
    }

    /// Whether the page's rows are records of deletions.
    #[wasm_bindgen(getter)]
    pub fn deletions(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.deletions)
    }

    /// How many of the page's rows count, from the first on.
    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_possible_truncation, reason = "no more than the rows given")]
    pub fn keep(&self) -> u32 {
        self.batch.as_ref().map_or(0, |batch| batch.keep as u32)
    }

    /// Which of those were handed over before, by their place in the page.
    #[expect(clippy::cast_possible_truncation, reason = "a page holds fewer rows")]
    pub fn skip(&self) -> Vec<u32> {
        self.batch.iter().flat_map(|batch| &batch.skip).map(|place| *place as u32).collect()
    }

    /// The checkpoint of the batch, as plain data.
    pub fn checkpoint(&self) -> JsValue {
        self.batch.as_ref().map_or(JsValue::UNDEFINED, |batch| plain(&batch.checkpoint))
    }

    /// How far the run is, as plain data.
    pub fn progress(&self) -> JsValue {
        plain(self.sync.progress())
    }

    /// How many milliseconds the rest will take, by the pace of so many so far.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds stay below 2^53")]
    pub fn remaining(&self, elapsed: f64) -> Option<f64> {
        self.sync.progress().remaining(milliseconds(elapsed)).map(|left| left.0 as f64)
    }
}

#[derive(Serialize)]
struct Refusal {
    code: &'static str,
    message: String,
}

fn thrown(code: &'static str, message: String) -> JsValue {
    plain(&Refusal { code, message })
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn refused(reason: CannotSync) -> JsValue {
    thrown(reason.code(), reason.to_string())
}

fn read(checkpoint: JsValue) -> Result<Checkpoint, CannotSync> {
    let unreadable = InvalidCheckpoint::Unreadable("its members are not those of a checkpoint");
    serde_wasm_bindgen::from_value(checkpoint).map_err(|_| CannotSync::Checkpoint(unreadable))
}

fn plain(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time or a count; a cast stops at the ends"
)]
const fn milliseconds(number: f64) -> Millis {
    Millis(number as u64)
}
