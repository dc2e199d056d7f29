//! Encoded queries.
