//! Everything about the doctor that the crate exports to JavaScript, and nothing of its own.

pub use sysparm::*;
