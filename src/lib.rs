//! sysparm
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop"))]
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]
pub mod auth;
pub mod call;
pub mod diagnose;
pub mod page;
pub mod query;
pub mod request;
pub mod secret;
pub mod time;
#[cfg(target_family = "wasm")]
pub mod boundary;
