//! The scenarios, by what they are about.

mod access;
mod replies;
mod rights;
mod writing;

use super::Scenario;

/// Every scenario.
pub(super) fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    access::SCENARIOS.iter().chain(&replies::SCENARIOS).chain(writing::SCENARIOS).chain(rights::SCENARIOS)
}
