//! Pagination of a table, for JavaScript.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::reading::{form, unreadable};
use super::thrown::unknown_code;
use crate::call::from_number;
use crate::page::{Page, PageError, Progress, Reading, RowKeys, Walk};
use crate::protocol::PageOrder;

/// The pagination of a table, from the first row to the last.
#[wasm_bindgen(js_name = Walk)]
#[derive(Debug)]
pub struct WasmWalk {
    walk: Walk,
    passed: Option<Progress>,
}

#[wasm_bindgen(js_class = Walk)]
impl WasmWalk {
    /// Validates the reading. `display_value` is a code of [`ValueForm`](crate::protocol::ValueForm), `by` one of [`PageOrder`]; `limit` may be infinite. Throws an
    /// invalid reading.
    #[wasm_bindgen(constructor)]
    pub fn new(
        table: String,
        query: String,
        fields: String,
        display_value: u8,
        page_size: Option<f64>,
        limit: f64,
        by: u8,
    ) -> Result<Self, JsValue> {
        let mut reading = Reading {
            query,
            fields,
            display_value: form(display_value)?,
            limit: from_number(limit).0,
            ..Reading::of(table)
        };
        if let Some(page_size) = page_size {
            reading.page_size = from_number(page_size).0;
        }
        reading.check().map_err(unreadable)?;
        let walk = match PageOrder::try_from(by).map_err(unknown_code)? {
            PageOrder::Best => Walk::new(reading, false),
            PageOrder::Keyset => Walk::new(reading, true),
            PageOrder::Offset => Walk::by_offset(reading),
        };
        Ok(Self { walk, passed: None })
    }

    /// The path of the next page, or of the page `ahead` pages after it; `undefined` at the end, and if it is not known yet.
    pub fn path(&self, ahead: u32) -> Option<String> {
        self.walk.path_ahead(u64::from(ahead))
    }

    /// The path of the newest rows, if prefetching by key needs them. The key of the first one goes to `fenced`.
    #[wasm_bindgen(js_name = fencePath)]
    pub fn fence_path(&self) -> Option<String> {
        self.walk.fence_path()
    }

    /// Sets the key of the newest row.
    pub fn fenced(&mut self, newest: &str) {
        self.walk.fenced(newest);
    }

    /// The `sys_id` of the last row before the next page.
    #[wasm_bindgen(getter)]
    pub fn behind(&self) -> Option<String> {
        self.walk.after().map(|after| after.id.clone())
    }

    /// Whether a page prefetched by key that contains the row `behind` follows without a gap; the keys are those of that row in the
    /// page, and of the page's last row.
    pub fn joins(&mut self, value: &str, id: &str, last_value: &str, last_id: &str) -> bool {
        self.walk.joins(Some(RowKeys { value, id }), Some(RowKeys { value: last_value, id: last_id }))
    }

    /// The field whose stored value is a row's key together with its `sys_id`.
    #[wasm_bindgen(getter, js_name = keyField)]
    pub fn key_field(&self) -> Option<String> {
        self.walk.key_field().map(str::to_owned)
    }

    /// Adds a page: the number of its rows, the count if the reply had one, and the keys of the first and the last row. An empty
    /// `sys_id` means that a row has no readable keys. `again`: its first row is that of the last page kept; `shared`: rows share a
    /// `sys_id`; `unsorted`: the `sys_id`s are not sorted. Returns how many of its rows to keep.
    #[expect(clippy::cast_possible_truncation, reason = "no more than the rows given")]
    #[expect(clippy::too_many_arguments, reason = "one by one they need no reader of objects")]
    pub fn received(
        &mut self,
        rows: u32,
        counted: Option<f64>,
        first_value: &str,
        first_id: &str,
        last_value: &str,
        last_id: &str,
        again: bool,
        shared: bool,
        unsorted: bool,
    ) -> u32 {
        let keys = |value, id| (rows > 0).then_some(RowKeys { value, id });
        let (first, last) = (keys(first_value, first_id), keys(last_value, last_id));
        let counted = counted.map(|count| from_number(count).0);
        let page = Page { rows: u64::from(rows), counted, first, last, again, shared, unsorted };
        let passed = self.walk.received(&page);
        self.passed = Some(passed);
        passed.keep as u32
    }

    /// Reports a failed page. True: the path has changed, and the new one may work.
    pub fn failed(&mut self, code: &str) -> bool {
        PageError::of(code).is_some_and(|error| self.walk.failed(error))
    }

    /// Rows handed over so far.
    #[wasm_bindgen(getter)]
    pub fn seen(&self) -> f64 {
        self.passed.map_or(0.0, |passed| number(passed.seen))
    }

    /// Rows counted.
    #[wasm_bindgen(getter)]
    pub fn total(&self) -> Option<f64> {
        self.passed?.total.map(number)
    }

    /// The number of hidden rows; known at the end.
    #[wasm_bindgen(getter)]
    pub fn hidden(&self) -> Option<f64> {
        self.passed?.hidden.map(number)
    }

    /// Whether every row was delivered.
    #[wasm_bindgen(getter)]
    pub fn complete(&self) -> bool {
        self.passed.is_some_and(|passed| passed.complete)
    }

    /// What the strategy cannot guarantee.
    #[wasm_bindgen(getter)]
    pub fn caveat(&self) -> Option<String> {
        self.walk.caveat().map(str::to_owned)
    }
}

#[expect(clippy::cast_precision_loss, reason = "no table holds 2^53 rows")]
const fn number(count: u64) -> f64 {
    count as f64
}
