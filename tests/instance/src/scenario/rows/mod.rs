//! The symptoms, numbered as integrators' symptom tables are.

mod access;
mod replies;
mod rights;

use super::Scenario;

/// Every scenario.
pub(super) fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    access::SCENARIOS.iter().chain(&replies::SCENARIOS).chain(rights::SCENARIOS)
}
