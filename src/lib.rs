//! sysparm: the ServiceNow core for programs that live in a browser or at the edge.
//!
//! # Map
//!
//! ```text
//! module    imports                                                       what it holds
//! boundary  call, code, diagnose, doctor, json, model, page, protocol, query, request, secret, time  exports of wasm-bindgen: conversions only
//! driver    call, code, diagnose, page, request, secret, time             the host's loop for Rust web apps (feature `driver`)
//! call      auth, code, diagnose, json, pace, request, secret, time       the client's state machine: token, queue, send, retry, finish
//! page      code, query, request, time                                    reading to the last row: pagination, sync, reconcile
//! model     code                                                          one shape for tickets, people and configuration items
//! doctor    auth, diagnose, request, time                                 checks of an instance, ranked causes, set-up guide
//! diagnose  auth, code, json, request, secret, time                       facts of a reply to a diagnosis
//! pace      request, time                                                 backoff, retry budget, circuit breaker, rates, concurrency
//! auth      request, secret, time                                         grants, token state, renewal times
//! request   secret, time                                                  addresses, parameters, headers, replies
//! query     code, json, protocol                                          encoded queries: tree, parse, print, explain, lint
//! protocol                                                                the codes that cross between Rust and TypeScript
//! code                                                                    the stable codes of errors
//! json                                                                    plain data as JSON
//! secret                                                                  a text that cannot be printed
//! time                                                                    milliseconds, as arguments
//! ```
//!
//! A module imports only modules below it. `tests/architecture` reads the imports and compares them with this table. All
//! modules but `boundary` and `driver` are pure: no clock, no network, no randomness, no JavaScript. A host build has no such
//! dependency to import.
//!
//! # Who drives what
//!
//! The crate decides, the host acts. Five state machines are driven from outside, and none of them drives another:
//! [`call::Client`], [`page::Walk`], [`page::Sync`], [`page::Reconcile`] and [`doctor::Doctor`]. `call` knows neither
//! pages nor queries: the host asks a walk for the next path, sends it as an ordinary call and gives the walk what came back.
//!
//! [`call::Client`] never waits and never sends. The host drives it in these steps:
//!
//! 1. Start a call ([`call::Client::start`], [`call::Client::start_token`]).
//! 2. [`call::Client::poll`] with the time, and perform exactly the effect that it returns.
//! 3. Poll again until it returns nothing.
//! 4. When an effect has been performed, [`call::Client::resume`] with the effect's id, its result and the time, then continue
//!    with 2. Effects may be answered in any order. An answer that is no longer needed is ignored.
//! 5. A call has ended when its [`call::Effect::Finish`] comes. It comes for every call that was neither aborted nor closed.
//!
//! A web app in Rust has such a host already: the module `driver` (feature `driver`), whose functions are async. It needs
//! `sysparm = { path = "...", default-features = false, features = ["driver"] }` (no registry has the crate) and a build for
//! `wasm32-unknown-unknown`. `examples/rust-page` is a page in Yew.
//!
//! Time is an argument and may stand still or run backwards. A sleep that has ended moves the machine on all the same.

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
pub mod code;
pub mod diagnose;
#[cfg(feature = "doctor")]
pub mod doctor;
#[cfg(all(target_family = "wasm", feature = "driver"))]
pub mod driver;
pub mod json;
#[cfg(feature = "model")]
pub mod model;
pub mod pace;
pub mod page;
pub mod protocol;
pub mod query;
pub mod request;
pub mod secret;
pub mod time;
