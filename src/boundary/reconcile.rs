//! The comparison of a copy with its source, for JavaScript. Its state is passed as texts, like the checkpoint of a sync.

use crate::code::Code;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::sync::{milliseconds, number, push_versions, versions_of};
use super::thrown::thrown;
use crate::page::{CannotReconcile, Compared, InvalidCheckpoint, Reading, Reconcile, RowKeys};
use crate::protocol::{ComparedText, DifferenceText};

/// A comparison, from the beginning or from a saved state.
#[wasm_bindgen(js_name = Comparison)]
#[derive(Debug)]
pub struct WasmReconcile {
    run: Reconcile,
}

#[wasm_bindgen(js_class = Comparison)]
impl WasmReconcile {
    /// `compared` is a result of `compared()`; `synced_to` the timestamp of a sync's last row, or empty, and `delivered` the versions
    /// in its checkpoint. Throws an invalid reading and an unreadable comparison.
    #[wasm_bindgen(constructor)]
    pub fn new(
        table: String,
        query: String,
        page_size: Option<u32>,
        compared: Option<Vec<String>>,
        synced_to: &str,
        mut delivered: Vec<String>,
    ) -> Result<Self, JsValue> {
        let mut reading = Reading { query, ..Reading::of(table) };
        if let Some(page_size) = page_size {
            reading.page_size = u64::from(page_size);
        }
        reading.check().map_err(|reason| thrown(Code::REQUEST_READING, &reason.to_string()))?;
        let unreadable =
            CannotReconcile::Checkpoint(InvalidCheckpoint::Unreadable("its members are not those of a comparison"));
        let delivered = versions_of(&mut delivered);
        let compared = match compared {
            None => None,
            Some(texts) => Some(read(texts).ok_or(unreadable).map_err(refused)?),
        };
        Ok(Self { run: Reconcile::begin(reading, compared, synced_to, delivered).map_err(refused)? })
    }

    /// The path of the source's next page, or of the page `ahead` pages after it; `undefined` at the end, and if it is not known yet.
    pub fn path(&self, ahead: u32) -> Option<String> {
        self.run.walk().path_ahead(u64::from(ahead))
    }

    /// The `sys_id` of the last row before the next page.
    #[wasm_bindgen(getter)]
    pub fn behind(&self) -> Option<String> {
        self.run.walk().after().map(|after| after.id.clone())
    }

    /// Whether a prefetched page that contains the row `behind` follows without a gap; the keys are those of that row in the page, and
    /// of the page's last row.
    pub fn joins(&mut self, value: &str, id: &str, last_value: &str, last_id: &str) -> bool {
        self.run.walk_mut().joins(Some(RowKeys { value, id }), Some(RowKeys { value: last_value, id: last_id }))
    }

    /// Advances the comparison, and returns whether it needs another page of the source.
    #[wasm_bindgen(js_name = wantsPage)]
    pub fn wants_page(&mut self) -> bool {
        self.run.wants_page()
    }

    /// Whether it needs more of the copy.
    #[wasm_bindgen(js_name = wantsCopy)]
    pub fn wants_copy(&mut self) -> bool {
        self.run.wants_copy()
    }

    /// Adds a page: the count if the reply had one, and for each row the `sys_id`, the timestamp and the number of changes.
    pub fn received(&mut self, counted: Option<f64>, mut versions: Vec<String>) -> Result<(), JsValue> {
        let versions = versions_of(&mut versions);
        self.run.received(counted.map(|count| milliseconds(count).0), versions).map_err(refused)
    }

    /// Reports a failed page. True: the path has changed, and the new one may work.
    pub fn failed(&mut self, code: &str) -> bool {
        self.run.failed(code)
    }

    /// Adds rows of the copy, in the form of a page's rows; `over`: these are the last ones.
    pub fn copied(&mut self, mut versions: Vec<String>, over: bool) -> Result<(), JsValue> {
        let versions = versions_of(&mut versions);
        self.run.copied(versions, over).map_err(refused)
    }

    /// The differences found since the previous call, in the places of [`DifferenceText`].
    pub fn found(&mut self) -> Vec<String> {
        let found = self.run.found();
        let mut texts = vec![];
        for place in DifferenceText::ALL {
            match place {
                DifferenceText::Missing => texts.push(found.missing.len().to_string()),
                DifferenceText::Stale => texts.push(found.stale.len().to_string()),
                DifferenceText::Ids => {
                    texts.extend([&found.missing, &found.stale, &found.surplus].into_iter().flatten().cloned())
                }
            }
        }
        texts
    }

    /// The state to save, in the places of [`ComparedText`].
    pub fn compared(&self) -> Vec<String> {
        written(self.run.compared())
    }

    /// Whether everything has been compared.
    #[wasm_bindgen(getter)]
    pub fn over(&self) -> bool {
        self.run.is_over()
    }

    /// Whether the whole source was seen.
    #[wasm_bindgen(getter)]
    pub fn complete(&self) -> bool {
        self.run.is_complete()
    }

    /// What the reading of the source could not promise so far.
    #[wasm_bindgen(getter)]
    pub fn caveat(&self) -> Option<String> {
        self.run.walk().caveat().map(str::to_owned)
    }

    /// Rows of the source that are hidden; known at the end.
    #[wasm_bindgen(getter)]
    pub fn hidden(&self) -> Option<f64> {
        self.run.hidden().map(number)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn refused(reason: CannotReconcile) -> JsValue {
    thrown(reason.code(), &reason.to_string())
}

fn written(compared: &Compared) -> Vec<String> {
    let mut texts = vec![];
    for place in ComparedText::ALL {
        let text = match place {
            ComparedText::Form => compared.form.to_string(),
            ComparedText::Query => compared.query.clone(),
            ComparedText::After => compared.after.clone(),
            ComparedText::Total => compared.total.map_or_else(String::new, |total| total.to_string()),
            ComparedText::Rows => compared.rows.to_string(),
            ComparedText::Missing => compared.missing.to_string(),
            ComparedText::Stale => compared.stale.to_string(),
            ComparedText::Surplus => compared.surplus.to_string(),
            ComparedText::Pending => compared.pending.to_string(),
            ComparedText::Unknown => compared.unknown.to_string(),
            ComparedText::SourceAside => compared.source_aside.len().to_string(),
            ComparedText::Versions => {
                push_versions(&mut texts, compared.source_aside.iter().chain(&compared.copy_aside));
                continue;
            }
        };
        texts.push(text);
    }
    texts
}

fn read(mut texts: Vec<String>) -> Option<Compared> {
    let mut source_aside = versions_of(texts.get_mut(ComparedText::Versions as usize..)?);
    let mut take = |place: ComparedText| texts.get_mut(place as usize).map(core::mem::take);
    let total = take(ComparedText::Total)?;
    let mut count = |place: ComparedText| take(place)?.parse::<u64>().ok();
    let aside = usize::try_from(count(ComparedText::SourceAside)?).ok()?;
    let copy_aside = source_aside.split_off(aside.min(source_aside.len()));
    Some(Compared {
        rows: count(ComparedText::Rows)?,
        missing: count(ComparedText::Missing)?,
        stale: count(ComparedText::Stale)?,
        surplus: count(ComparedText::Surplus)?,
        pending: count(ComparedText::Pending)?,
        unknown: count(ComparedText::Unknown)?,
        form: take(ComparedText::Form)?.parse().ok()?,
        query: take(ComparedText::Query)?,
        after: take(ComparedText::After)?,
        total: if total.is_empty() { None } else { Some(total.parse().ok()?) },
        source_aside,
        copy_aside,
    })
}
