//! The client as a state machine: calls go in, effects come out, and the host reports the result of each effect.
//!
//! It has no input or output, no clock and no randomness. The crate's documentation has the rules for drivers.

#[cfg(test)]
mod aborting_tests;
mod accepted_apis;
mod admission;
#[cfg(test)]
mod agreement_tests;
mod call_list;
mod calls;
mod circumstances;
mod clock;
mod confidential;
mod context;
#[cfg(test)]
mod decision_tests;
mod effect;
mod event;
mod machine;
#[cfg(test)]
mod pacing_tests;
mod pending_call;
#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod renewal_tests;
mod retrying;
#[cfg(test)]
mod scripted_grants;
#[cfg(test)]
mod scripted_host;
mod settings;
#[cfg(test)]
mod sharing_tests;
mod status;
#[cfg(test)]
mod stored_tests;
mod token;
#[cfg(test)]
mod waiting_tests;

pub use effect::{CallId, Completion, Effect, EffectId, Input};
pub use event::ClientEvent;
pub use machine::Client;
pub use pending_call::Request;
pub use settings::{ClientSettings, ConnectOptions, TimeLimits, from_number};
pub use status::{Status, TokenStatus};
