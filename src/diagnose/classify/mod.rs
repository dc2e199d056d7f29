//! Reads the catalogue: the diagnosis of a failure, of a success that lacks something, and of an exchange by those before it.

mod decision;
#[cfg(feature = "circumstances")]
mod exchange;
#[cfg(feature = "circumstances")]
mod exchange_secrets;
#[cfg(feature = "circumstances")]
mod explained;
mod failure;
#[cfg(feature = "circumstances")]
mod history;
#[cfg(feature = "circumstances")]
mod observed;
mod success;

#[cfg(feature = "circumstances")]
pub use exchange::Exchange;
#[cfg(feature = "circumstances")]
pub use explained::explain_exchange;
#[cfg(test)]
pub(crate) use failure::decided;
pub use failure::{diagnose, diagnose_in};
#[cfg(feature = "circumstances")]
pub use history::classify;
#[cfg(feature = "circumstances")]
pub use observed::{Ending, Observed, classify_observed};
pub use success::suspect;
