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
#[cfg(feature = "model")]
mod model;
#[cfg(feature = "queries")]
mod query;
#[cfg(feature = "pages")]
mod reading;
#[cfg(feature = "sync")]
mod reconcile;
#[cfg(feature = "sync")]
mod sync;
#[allow(dead_code, reason = "a WebAssembly file has the exports of one feature, and no feature throws every error")]
mod thrown;
#[cfg(feature = "pages")]
mod walk;

#[cfg(feature = "classify")]
pub use classify::{WasmClassifier, WasmRedaction, explain_failed_exchange, explain_reply};
#[cfg(feature = "client")]
pub use client::WasmClient;
#[cfg(feature = "doctor")]
pub use doctor::WasmDoctor;
#[cfg(feature = "model")]
pub use model::compile_plan;
#[cfg(feature = "queries")]
pub use query::{build_query, explain_query, lint_query, normalise_query, query_phrases, query_tree};
#[cfg(feature = "sync")]
pub use reconcile::WasmReconcile;
#[cfg(feature = "sync")]
pub use sync::WasmSync;
#[cfg(feature = "pages")]
pub use walk::WasmWalk;
