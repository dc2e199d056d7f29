//! The checks as rows of one table, in order: what costs least and excludes most comes first.

mod administrator;
mod api;
mod cors;
mod query;
mod records;
mod sign_in;
mod table;
mod token;
mod transport;

use super::case::Case;
use super::probe::{Outcome, Probe};

/// Whether a check is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Now.
    Due,
    /// It may not be made; names what it needs.
    Cannot(&'static str),
    /// It does not apply, has been made, or waits for another check.
    NotDue,
}

/// A row.
pub(super) struct Check {
    /// Stable name.
    pub(super) code: &'static str,
    /// The question.
    pub(super) question: &'static str,
    /// Causes that it elaborates: it is made even when one of them is proven.
    pub(super) elaborates: &'static [&'static str],
    /// Whether it is due, by the number of times it was made.
    pub(super) when: fn(&Case, u32) -> When,
    pub(super) ask: fn(&Case) -> Probe,
    pub(super) read: fn(&mut Case, &Outcome),
}

/// Every check, in order.
pub(super) fn all() -> Vec<Check> {
    let parts = [
        transport::checks(),
        token::checks(),
        api::checks(),
        table::checks(),
        query::checks(),
        cors::checks(),
        administrator::checks(),
        sign_in::checks(),
        records::checks(),
    ];
    parts.into_iter().flatten().collect()
}

/// Findings that need no request.
pub(super) fn before_anything(case: &mut Case) {
    transport::mixed_content(case);
}
