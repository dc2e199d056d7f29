//! sysparm: the ServiceNow core for programs that live in a browser or at the edge.
//!
//! # The map of the house
//!
//! ```text
//! boundary   what JavaScript calls: conversions only          driver   the machine for Rust web apps (feature `driver`)
//!     \____________________________  ____________________________/
//!                                  \/
//! call       the machine: token, send, diagnose, again or done; asks for effects and is told what became of them
//!    |            \                 \                 \
//! auth          page            diagnose           pace
//! token's life  walk to the     facts of a reply   who may send, when, and when again:
//!    |          last row        -> what it means   backoff, breaker, rates, concurrency
//!    |            |    \            |
//!    |            |   query         |     encoded queries: tree, parse, print, explain, lint
//!    |            |                 |
//! request    what is sent and what came back: addresses, parameters, headers, replies
//!
//! secret     a text that cannot be printed                    time     milliseconds, as arguments
//! ```
//!
//! Every arrow points down, and a test reads the imports to keep it so. All rooms but `boundary` and `driver` are pure: no
//! clock, no network, no chance, no JavaScript; a host build has no such dependency to import.
//!
//! # The law of the driver
//!
//! The core asks, the host acts. [`call::Client`] never waits and never sends; whoever drives it does this:
//!
//! 1. start a call ([`call::Client::start`], [`call::Client::start_token`]);
//! 2. [`call::Client::poll`] with the time, and perform exactly the effect that it returns;
//! 3. poll again until it returns nothing;
//! 4. when an effect has been performed, [`call::Client::resume`] with the effect's id, what came of it and the time, and go
//!    on with 2. Effects may be answered in any order; an answer that nobody waits for any more is harmless;
//! 5. a call is over when its [`call::Effect::Finish`] comes. It comes for every call that was neither aborted nor closed.
//!
//! Time is an argument and may stand still or run backwards; a sleep that has ended moves the machine on all the same.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it stands")
)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]
#![cfg_attr(not(any(target_family = "wasm", test)), deny(clippy::float_arithmetic))]

pub mod auth;
#[cfg(target_family = "wasm")]
pub mod boundary;
pub mod call;
pub mod diagnose;
#[cfg(all(target_family = "wasm", feature = "driver"))]
pub mod driver;
pub mod pace;
pub mod page;
pub mod query;
pub mod request;
pub mod secret;
pub mod time;
