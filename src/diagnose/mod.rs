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
//! # Adding a symptom
//!
//! `docs/adding.md` lists every step: the row in a file of `catalogue`, above rows that fit more, its causes in `*_causes.rs`, the case, and
//! what else a test demands. `tell_apart` names what confirms the cause.
//!
//! `SYSPARM_WRITE=1 cargo test --test symptoms` generates the pages. Texts of causes need the feature `explanations`. Rows that
//! read [`Circumstances`] need the feature `circumstances` (`#[cfg(feature = "circumstances")]` before the row), so that a client
//! without circumstances does not link them.

mod body_text;
mod catalogue;
#[cfg(feature = "explanations")]
mod catalogue_docs;
mod circumstances;
mod data;
mod decoding;
mod diagnosis;
#[cfg(feature = "circumstances")]
mod exchange;
mod facts;
mod failure;
#[cfg(feature = "circumstances")]
mod observed;
mod path;
mod redaction;
#[cfg(feature = "explanations")]
pub(crate) mod release_terms;
mod row_scanner;
mod secret_fields;
mod success;

#[cfg(feature = "doctor")]
pub(crate) use catalogue::EXAMINED;
#[cfg(feature = "explanations")]
pub use catalogue_docs::{Explanations, Symptom, causes, markdown, page, symptoms};
pub use circumstances::{Circumstances, Credential, GrantType, MOMENT, api_of, is_signed};
pub use diagnosis::{Cause, Diagnosis, Kind, Retry};
#[cfg(feature = "circumstances")]
pub use exchange::{Exchange, classify};
pub use facts::{Facts, Stage, Transport};
pub use failure::{Failure, Tried, diagnose, diagnose_in};
#[cfg(feature = "circumstances")]
pub use observed::{Ending, Observed, classify_observed};
pub use redaction::Secrets;
#[cfg(feature = "explanations")]
pub use release_terms::{RELEASES, filled};
pub use secret_fields::from_form;
#[cfg(any(feature = "circumstances", feature = "doctor"))]
pub use secret_fields::from_header;
pub use success::{Answer, suspect};

/// The key and the title of every row of a failure.
#[cfg(test)]
pub(crate) fn rows_of_failures() -> impl Iterator<Item = (u16, &'static str)> {
    catalogue::failures().map(|row| (row.key, row.title))
}
