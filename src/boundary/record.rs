//! Paths of single records and of a count, for JavaScript.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::reading::{form, unreadable};
use crate::page::Reading;
use crate::request::{count_path, record_path};

/// The path of one record, or without an id the path that creates records. `display_value` is a code of
/// [`ValueForm`](crate::protocol::ValueForm). Throws an invalid name.
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
    Ok(record_path(&reading.table, id.unwrap_or_default(), &reading.fields, form(display_value)?))
}

/// The path that counts the rows of a query. Throws an invalid table or query.
#[wasm_bindgen(js_name = countPath)]
pub fn wasm_count_path(table: String, query: String) -> Result<String, JsValue> {
    let reading = Reading { query, ..Reading::of(table) };
    reading.check().map_err(unreadable)?;
    Ok(count_path(&reading.table, &reading.query))
}
