//! The client as a state machine: calls go in, effects come out, and the host reports the result of each effect.
//!
//! It has no input or output, no clock and no randomness. The crate's documentation has the rules for drivers.

mod accepted_apis;
mod admission;
mod call_list;
mod calls;
mod circumstances;
mod clock;
mod confidential;
mod context;
mod effect;
mod event;
mod machine;
mod pending_call;
mod retrying;
#[cfg(test)]
mod scripted_grants;
#[cfg(test)]
mod scripted_host;
mod settings;
mod status;
mod token;

pub use effect::{CallId, Completion, Effect, EffectId, Input};
pub use event::ClientEvent;
pub use machine::Client;
pub use pending_call::Request;
pub use settings::{ClientSettings, ConnectOptions, TimeLimits, from_number};
pub use status::{Status, TokenStatus};

#[cfg(test)]
mod tests;
