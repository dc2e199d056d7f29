//! Says what a reply means: facts in, diagnosis out. Pure and total; never claims more than the evidence.
//!
//! The rules are rows of one table ([`catalogue`]); the first row that fits wins, and the last row fits everything.

mod catalogue;
mod data;
mod diagnosis;
#[cfg(feature = "doctor")]
pub mod doctor;
mod facts;
mod failure;
mod quote;

pub use diagnosis::{Cause, Diagnosis, Kind, Retry};
pub use facts::{Facts, Stage, Transport};
pub use failure::{Failure, Tried, diagnose};
