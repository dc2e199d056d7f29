//! The doctor, for JavaScript: options, asks, outcomes, findings and the report cross as JSON text, a dozen times in all.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::diagnose::doctor::{Doctor, Options, Outcome};
use crate::time::Millis;

/// An examination under way.
#[wasm_bindgen(js_name = Doctor)]
pub struct WasmDoctor(Doctor);

#[wasm_bindgen(js_class = Doctor)]
impl WasmDoctor {
    /// Throws the text of what is wrong with the options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, JsValue> {
        let options: Options = serde_json::from_str(options).map_err(|error| JsValue::from_str(&error.to_string()))?;
        Doctor::new(options).map(Self).map_err(|error| JsValue::from_str(&error.to_string()))
    }

    /// The next ask; undefined while one is under way and when all is done.
    pub fn poll(&mut self, now: f64) -> Option<String> {
        serde_json::to_string(&self.0.poll(millis(now))?).ok()
    }

    /// What came of an ask. An outcome that is of no known shape counts as no reply.
    pub fn resume(&mut self, id: u32, outcome: &str, now: f64) {
        let outcome =
            serde_json::from_str(outcome).unwrap_or_else(|error| Outcome::NoReply { reason: error.to_string() });
        self.0.resume(id, &outcome, millis(now));
    }

    /// The findings since this was last called, as a JSON list.
    pub fn findings(&mut self) -> String {
        serde_json::to_string(&self.0.findings()).unwrap_or_default()
    }

    /// The report as JSON.
    #[must_use]
    pub fn report(&self) -> String {
        self.0.report().json()
    }

    /// The report as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.0.report().markdown()
    }
}

/// A clock of JavaScript's: whole milliseconds, none before 1970.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
const fn millis(now: f64) -> Millis {
    Millis(now as u64)
}
