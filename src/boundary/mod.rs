//! The exports for JavaScript. They only convert and call: decisions belong in other modules.
//!
//! Frequent values are passed as numbers and strings; options, failures, events and statuses as one text each. An error
//! is thrown as one JSON text, which `www/glue/src/protocol/thrown-text.ts` reads.

#[cfg(feature = "classify")]
mod classify;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "doctor")]
mod doctor;
#[cfg(feature = "queries")]
mod query;
#[cfg(any(feature = "client", feature = "pages"))]
mod reading;
#[cfg(feature = "sync")]
mod reconcile;
#[cfg(feature = "client")]
mod record;
#[cfg(feature = "sync")]
mod sync;
#[cfg(feature = "pages")]
mod walk;

#[cfg(feature = "classify")]
pub use classify::{WasmClassifier, WasmRedaction, explain_failed_exchange};
#[cfg(feature = "client")]
pub use client::{WasmClient, wanted_headers};
#[cfg(feature = "doctor")]
pub use doctor::WasmDoctor;
#[cfg(feature = "queries")]
pub use query::{build_query, explain_query, lint_query, normalise_query, query_tree};
#[cfg(feature = "sync")]
pub use reconcile::WasmReconcile;
#[cfg(feature = "client")]
pub use record::{wasm_count_path, wasm_record_path};
#[cfg(feature = "sync")]
pub use sync::WasmSync;
#[cfg(feature = "pages")]
pub use walk::WasmWalk;

#[cfg(any(feature = "client", feature = "pages"))]
use crate::diagnose::Failure;
#[cfg(any(feature = "client", feature = "pages", feature = "queries", feature = "classify", feature = "doctor"))]
use crate::protocol::UnknownCode;
#[cfg(any(
    feature = "client",
    feature = "pages",
    feature = "queries",
    feature = "sync",
    feature = "classify",
    feature = "doctor"
))]
use {crate::code::Code, crate::json::JsonObject, wasm_bindgen::JsValue};

/// An error as one JSON text: `code`, and the members, of which `message` is one.
#[cfg(any(
    feature = "client",
    feature = "pages",
    feature = "queries",
    feature = "sync",
    feature = "classify",
    feature = "doctor"
))]
fn thrown_with(code: Code, mut members: JsonObject) -> JsValue {
    members.text("code", code.as_str());
    JsValue::from_str(&members.end())
}

/// An error of a code and a message.
#[cfg(any(
    feature = "client",
    feature = "pages",
    feature = "queries",
    feature = "sync",
    feature = "classify",
    feature = "doctor"
))]
fn thrown(code: Code, message: &str) -> JsValue {
    let mut members = JsonObject::default();
    members.text("message", message);
    thrown_with(code, members)
}

/// A failure of what was never sent, as an error with a diagnosis.
#[cfg(any(feature = "client", feature = "pages"))]
fn thrown_failure(failure: &Failure) -> JsValue {
    let mut members = JsonObject::default();
    failure.write(&mut members);
    thrown_with(failure.diagnosis.code, members)
}

/// An unknown code as an error.
#[cfg(any(feature = "client", feature = "pages", feature = "queries", feature = "classify", feature = "doctor"))]
fn unknown_code(reason: UnknownCode) -> JsValue {
    thrown(Code::PROTOCOL_UNKNOWN_CODE, &reason.to_string())
}
