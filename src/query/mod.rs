//! Encoded queries, ServiceNow's filter language: text in, text out, nothing that needs an instance.

mod order;
mod terms;

pub use order::{ends_in_unique_order, with_unique_order};
