//! The client as a machine: calls go in, effects come out, and the host says what happened to each.
//!
//! No input, no output, no clock, no chance. The law for every driver stands in the crate's own documentation.

#[cfg(test)]
mod aborting_tests;
#[cfg(test)]
mod agreement_tests;
mod calls;
mod clock;
mod confidential;
mod effect;
mod event;
mod known;
mod machine;
mod pacing;
#[cfg(test)]
mod pacing_tests;
#[cfg(test)]
mod refusal_tests;
mod renewal;
#[cfg(test)]
mod renewal_tests;
#[cfg(test)]
mod scripted_grants;
#[cfg(test)]
mod scripted_host;
mod settings;
#[cfg(test)]
mod sharing_tests;
mod status;
mod stored;
#[cfg(test)]
mod stored_tests;
mod token;
mod under_way;
#[cfg(test)]
mod waiting_tests;

pub use effect::{Answer, CallId, Effect, EffectId, Input};
pub use event::Event;
pub use machine::Client;
pub use settings::{Limits, Options, Settings, from_number};
pub use status::{Status, TokenStatus};
pub use under_way::Request;
