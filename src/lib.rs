//! sysparm.
pub mod query;
