//! What a diagnosis is made of: the facts of an exchange, its circumstances, and the diagnosis itself.

pub(crate) mod body_text;
pub(crate) mod circumstances;
mod data;
pub(crate) mod diagnosis;
pub(crate) mod facts;
pub(crate) mod failed_exchange;
pub(crate) mod failure;
pub(crate) mod path;
#[cfg(feature = "circumstances")]
pub(crate) mod read_exchange;
#[cfg(feature = "explanations")]
pub(crate) mod release_terms;
pub(crate) mod row_scanner;
pub(crate) mod success;
