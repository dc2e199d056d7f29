//! The client driven by a script, in virtual time.

mod aborting;
mod agreement;
mod decision;
mod pacing;
mod refusal;
mod renewal;
mod sharing;
mod sign_out;
mod stored;
mod waiting;
