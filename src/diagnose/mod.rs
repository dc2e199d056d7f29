//! Diagnoses replies: facts in, diagnosis out. Pure and total. Claims no more than the evidence shows.
//!
//! The rules are rows of one table (`catalogue`). The first row that fits wins, and the last row fits everything. Successful
//! replies have rows of their own (`catalogue/silent.rs`), which need evidence in the reply.
//!
//! ```text
//! Facts, Circumstances --diagnose_in--> Failure          an exchange and those before it --classify--> Diagnosis
//! Answer ----------------suspect------> Diagnosis or nothing
//! ```
//!
//! Each layer uses only those before it:
//!
//! ```text
//! redaction <- model <- catalogue <- classify <- docs
//! ```
//!
//! # Adding a symptom
//!
//! `docs/adding.md` lists every step: the row in a file of `catalogue`, above rows that fit more, its causes in `*_causes.rs`, the case, and
//! what else a test demands. `tell_apart` names what confirms the cause.
//!
//! `SYSPARM_WRITE=1 cargo test --test symptoms` generates the pages. Texts of causes need the feature `explanations`. Rows that
//! read [`Circumstances`] need the feature `circumstances` (`#[cfg(feature = "circumstances")]` before the row).
//!
//! The client's WebAssembly is built without both: `classify/decision.rs` decides there as the catalogue does, and the failed exchange is
//! printed for the file that explains it.

mod catalogue;
mod classify;
#[cfg(feature = "explanations")]
mod docs;
mod model;
mod redaction;

pub(crate) use catalogue::RULE_REACHED;
#[cfg(feature = "doctor")]
pub(crate) use catalogue::{
    access_causes, instance_causes, request_causes, session_causes, silent_causes, token_causes, transport_causes,
};
#[cfg(test)]
pub(crate) use classify::decided;
#[cfg(feature = "circumstances")]
pub use classify::{Ending, Exchange, Observed, classify, classify_observed, explain_exchange};
pub use classify::{diagnose, diagnose_in, suspect};
#[cfg(feature = "explanations")]
pub use docs::{Explanations, Symptom, causes, markdown, page, symptoms};
pub use model::circumstances::{Circumstances, Credential, LASTING, MOMENT, api_of, is_signed};
pub use model::diagnosis::{Cause, Diagnosis, Kind, Retry};
pub use model::facts::{Facts, Stage, Transport};
pub use model::failed_exchange::{FailedExchange, listed};
pub use model::failure::{Failure, Tried};
#[cfg(feature = "circumstances")]
pub use model::read_exchange::unlisted;
#[cfg(feature = "doctor")]
pub(crate) use model::release_terms;
#[cfg(feature = "explanations")]
pub use model::release_terms::{RELEASES, filled};
pub use model::success::Answer;
#[cfg(any(feature = "circumstances", feature = "doctor"))]
pub use redaction::from_header;
pub use redaction::{Secrets, from_form};

/// The key and the title of every row of a failure.
#[cfg(test)]
pub(crate) fn rows_of_failures() -> impl Iterator<Item = (u16, &'static str)> {
    catalogue::failures().map(|row| (row.key, row.title))
}
