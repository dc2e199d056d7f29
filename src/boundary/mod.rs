//! The exports for JavaScript. They only convert and call: decisions belong in other modules.
//!
//! Frequent values are passed as numbers and strings; options, failures, events and statuses as one text each.

#[cfg(feature = "classify")]
mod classify;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "doctor")]
mod doctor;
#[cfg(feature = "queries")]
mod query;
#[cfg(feature = "sync")]
mod reconcile;
#[cfg(feature = "sync")]
mod sync;
#[cfg(feature = "client")]
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
#[cfg(feature = "sync")]
pub use sync::WasmSync;
#[cfg(feature = "client")]
pub use walk::{WasmWalk, wasm_count_path, wasm_record_path};

#[cfg(feature = "client")]
use crate::diagnose::{Failure, Kind, Retry};
#[cfg(any(feature = "client", feature = "classify", feature = "doctor"))]
use crate::protocol::UnknownCode;
#[cfg(any(feature = "client", feature = "sync", feature = "classify", feature = "doctor"))]
use {crate::code::Code, wasm_bindgen::JsValue};

/// A failure as JSON, from which the glue creates an error.
#[cfg(feature = "client")]
fn to_thrown(failure: &Failure) -> JsValue {
    JsValue::from_str(&failure.to_json())
}

/// An unknown code as a failure.
#[cfg(feature = "client")]
fn unknown_code(reason: UnknownCode) -> JsValue {
    let detail = reason.to_string();
    to_thrown(&Failure::unsent(Code::PROTOCOL_UNKNOWN_CODE, Kind::Instance, "", Retry::Never, detail))
}

/// A code and a message as one text, from which the glue creates an error where failures as data are not compiled in.
#[cfg(any(feature = "sync", feature = "classify", feature = "doctor"))]
fn thrown_text(code: Code, message: &str) -> JsValue {
    JsValue::from_str(&[code.as_str(), "\n", message].concat())
}

/// An unknown code as such a text.
#[cfg(any(feature = "classify", feature = "doctor"))]
fn unknown_code_text(reason: UnknownCode) -> JsValue {
    thrown_text(Code::PROTOCOL_UNKNOWN_CODE, &reason.to_string())
}
