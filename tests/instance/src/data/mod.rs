//! The initial data: generated, loaded from an event log, or replayed from one.

mod administration;
mod casework;
mod catalog;
mod demonstration;
mod dictionary;
mod event_log;
mod filling;
mod filtering;
mod generator;
mod load;
mod organization;
pub(crate) mod people;
mod references;
mod replay;
mod words;

pub(crate) use administration::{APIS, label, put_administration, rule};
pub(crate) use casework::put_casework;
pub(crate) use catalog::put_catalog;
pub use event_log::{EventLog, EventLogError};
pub(crate) use filling::put;
pub(crate) use filtering::put_filtering;
pub(crate) use generator::generate;
pub(crate) use load::load;
pub(crate) use replay::Replay;
