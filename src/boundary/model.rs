//! The unified model, for JavaScript: a map crosses as its text and a plan as JSON, once for each table.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::json::{JsonObject, quoted};
use crate::model::compile;

/// The plan of a table as JSON, or `{ code, problems }`.
#[wasm_bindgen(js_name = compilePlan)]
#[must_use]
pub fn compile_plan(table: &str, map: Option<String>) -> String {
    match compile(table, map.as_deref()) {
        Ok(plan) => serde_json::to_string(&plan).unwrap_or_default(),
        Err((code, problems)) => {
            let mut refused = JsonObject::default();
            refused.json("code", &quoted(code.as_str()));
            refused.json("problems", &serde_json::to_string(&problems).unwrap_or_default());
            refused.end()
        }
    }
}
