//! Says what a reply means: facts in, diagnosis out. Pure and total; never claims more than the evidence.
//!
//! The rules are rows of one table (`catalogue`); the first row that fits wins, and the last row fits everything. Answers that
//! look right have rows of their own (`catalogue/silent.rs`), and no suspicion without evidence.
//!
//! ```text
//! Facts, Circumstances --diagnose_in--> Failure          an exchange and those before it --classify--> Diagnosis
//! Answer ----------------suspect------> Diagnosis or nothing
//! ```
//!
//! # Adding a symptom
//!
//! `docs/adding.md` lists every step: the row in a file of `catalogue`, above rows that fit more, its causes in `*_causes.rs`, the case, and
//! what else a test demands. Words that no reply may be believed for go into `tell_apart`: name what would decide.
//!
//! `SYSPARM_WRITE=1 cargo test --test symptoms` then writes the catalogue's pages anew. The words of causes are there with the
//! feature `explanations` only, and rows that ask for [`Circumstances`] with the feature `circumstances`
//! (`#[cfg(feature = "circumstances")]` before the row): a client that knows none of them carries none of them.

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
