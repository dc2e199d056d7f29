//! The walk through a table, for JavaScript.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::to_thrown;
use crate::call::from_number;
use crate::diagnose::Failure;
use crate::page::{InvalidReading, OffsetWalk, Progress, Reading};
use crate::request::{DisplayValue, count_path, record_path};

/// A walk from the first row to the last.
#[wasm_bindgen(js_name = Walk)]
#[derive(Debug)]
pub struct WasmWalk {
    walk: OffsetWalk,
    progress: Option<Progress>,
}

#[wasm_bindgen(js_class = Walk)]
impl WasmWalk {
    /// Checks the reading and stands before its first page. `display_value` is 0 raw, 1 labels, 2 both; `limit` may be
    /// infinite. Throws a failure as data.
    #[wasm_bindgen(constructor)]
    pub fn new(
        table: String,
        query: String,
        fields: String,
        display_value: u8,
        page_size: Option<f64>,
        limit: f64,
    ) -> Result<Self, JsValue> {
        let mut reading = Reading {
            query,
            fields,
            display_value: form(display_value),
            limit: from_number(limit).0,
            ..Reading::of(table)
        };
        if let Some(page_size) = page_size {
            reading.page_size = from_number(page_size).0;
        }
        reading.check().map_err(unreadable)?;
        Ok(Self { walk: OffsetWalk::new(reading), progress: None })
    }

    /// The path of the next page; undefined after the last.
    pub fn path(&self) -> Option<String> {
        self.walk.path()
    }

    /// A page came with so many rows and, if the reply held it, the count. Returns how many of its rows are wanted.
    #[expect(clippy::cast_possible_truncation, reason = "no more than the rows given")]
    pub fn received(&mut self, rows: u32, counted: Option<f64>) -> u32 {
        let progress = self.walk.received(u64::from(rows), counted.map(|count| from_number(count).0));
        self.progress = Some(progress);
        progress.keep as u32
    }

    /// Rows seen so far.
    #[wasm_bindgen(getter)]
    pub fn seen(&self) -> f64 {
        self.progress.map_or(0.0, |progress| number(progress.seen))
    }

    /// Rows counted.
    #[wasm_bindgen(getter)]
    pub fn total(&self) -> Option<f64> {
        self.progress?.total.map(number)
    }

    /// Rows passed that are hidden.
    #[wasm_bindgen(getter)]
    pub fn hidden(&self) -> Option<f64> {
        self.progress?.hidden.map(number)
    }

    /// Whether every row was passed and none slipped away.
    #[wasm_bindgen(getter)]
    pub fn complete(&self) -> bool {
        self.progress.is_some_and(|progress| progress.complete)
    }

    /// Offset of the next page.
    #[wasm_bindgen(getter)]
    pub fn next(&self) -> Option<f64> {
        self.progress?.next.map(number)
    }
}

/// The path of one record, or without an id the one that creates records. Throws a failure as data for names that cannot be.
#[wasm_bindgen(js_name = recordPath)]
pub fn wasm_record_path(
    table: String,
    id: Option<String>,
    fields: String,
    display_value: u8,
) -> Result<String, JsValue> {
    let reading = Reading { fields, ..Reading::of(table) };
    let id = id.as_deref();
    reading.check().and_then(|()| id.map_or(Ok(()), Reading::check_record)).map_err(unreadable)?;
    Ok(record_path(&reading.table, id.unwrap_or_default(), &reading.fields, form(display_value)))
}

/// The path that counts the rows of a query. Throws a failure as data for a table or a query that cannot be.
#[wasm_bindgen(js_name = countPath)]
pub fn wasm_count_path(table: String, query: String) -> Result<String, JsValue> {
    let reading = Reading { query, ..Reading::of(table) };
    reading.check().map_err(unreadable)?;
    Ok(count_path(&reading.table, &reading.query))
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn unreadable(reason: InvalidReading) -> JsValue {
    to_thrown(&Failure::invalid("request.reading", "The table cannot be asked this way", reason.to_string()))
}

const fn form(display_value: u8) -> DisplayValue {
    match display_value {
        1 => DisplayValue::Label,
        2 => DisplayValue::Both,
        _ => DisplayValue::Raw,
    }
}

#[expect(clippy::cast_precision_loss, reason = "no table holds 2^53 rows")]
const fn number(count: u64) -> f64 {
    count as f64
}
