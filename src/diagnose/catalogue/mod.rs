//! The table of symptoms. Rows are tried in their order: those of the transport first, then those that any stage can show
//! (a sleeping instance answers every address alike), then those of the token endpoint, then those of the APIs.

mod api;
mod instance;
mod token;
mod transport;

use super::diagnosis::{Cause, Kind, Retry};
use super::facts::Facts;

/// One symptom.
pub(super) struct Row {
    /// Stable name, never renamed.
    pub(super) code: &'static str,
    pub(super) kind: Kind,
    /// What happened, in one sentence without a full stop.
    pub(super) title: &'static str,
    pub(super) retry: Retry,
    /// Whether this row fits.
    pub(super) fits: fn(&Facts<'_>) -> bool,
    /// Most likely first.
    pub(super) causes: &'static [Cause],
}

const TABLES: [&[Row]; 4] = [transport::ROWS, instance::ROWS, token::ROWS, api::ROWS];

static UNKNOWN: Row = Row {
    code: "unknown",
    kind: Kind::Unknown,
    title: "The reply is none that sysparm knows",
    retry: Retry::Never,
    fits: |_| true,
    causes: &[],
};

pub(super) fn first_fitting(facts: &Facts<'_>) -> &'static Row {
    TABLES.iter().flat_map(|rows| rows.iter()).find(|row| (row.fits)(facts)).unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests;
