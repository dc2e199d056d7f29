//! Everything about the unified model that the crate exports to JavaScript, and nothing of its own.

pub use sysparm::*;
