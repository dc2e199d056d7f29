//! The symptoms, numbered as integrators' symptom tables are.

mod access;
mod replies;

use super::Scenario;

/// Every scenario, in order.
pub(super) fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    access::SCENARIOS.iter().chain(&replies::SCENARIOS)
}
