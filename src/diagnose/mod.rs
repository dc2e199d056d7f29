//! Says what a reply means: facts in, diagnosis out. Pure and total; never claims more than the evidence.
//!
//! The rules are rows of one table ([`catalogue`]); the first row that fits wins, and the last row fits everything.

mod answer;
mod catalogue;
mod circumstances;
mod data;
mod diagnosis;
mod exchange;
mod facts;
mod failure;
mod listing;
mod quote;

pub use answer::{Answer, suspect};
pub use circumstances::{Circumstances, Credential, GrantType};
pub use diagnosis::{Cause, Diagnosis, Kind, Retry};
pub use exchange::{Exchange, classify};
pub use facts::{Facts, Stage, Transport};
pub use failure::{Failure, Tried, diagnose, diagnose_in};
