//! The table of symptoms. Rows are tried in their order: those of the transport first, then those that any stage can show
//! (a sleeping instance answers every address alike), then those of the token endpoint, then those of the APIs.

mod access;
mod access_causes;
mod instance;
mod instance_causes;
#[cfg(feature = "explanations")]
mod looked;
mod request;
mod request_causes;
mod session;
mod session_causes;
mod silent;
mod silent_causes;
mod token;
mod token_causes;
mod transport;

use super::answer::Looked;
use super::diagnosis::{Cause, Kind, Retry};
use super::facts::Seen;

/// One symptom: of a failure, or with another `F` of an answer that looks right.
pub(super) struct Row<F = fn(&Seen<'_>) -> bool> {
    /// Stable name, never renamed.
    pub(super) code: &'static str,
    pub(super) kind: Kind,
    /// What happened, in one sentence without a full stop.
    pub(super) title: &'static str,
    pub(super) retry: Retry,
    /// Whether this row fits.
    pub(super) fits: F,
    /// Most likely first.
    pub(super) causes: &'static [Cause],
}

const TABLES: [&[Row]; 7] =
    [transport::ROWS, session::SIGN_IN_PAGE, instance::ROWS, token::ROWS, session::ROWS, access::ROWS, request::ROWS];

static UNKNOWN: Row = Row {
    code: "unknown",
    kind: Kind::Unknown,
    title: "The reply is none that sysparm knows",
    retry: Retry::Never,
    fits: |_| true,
    causes: &[],
};

pub(super) fn first_fitting(seen: &Seen<'_>) -> &'static Row {
    TABLES.iter().flat_map(|rows| rows.iter()).find(|row| (row.fits)(seen)).unwrap_or(&UNKNOWN)
}

/// Every row of a failure, in order; the one that fits everything is the last.
#[cfg(feature = "explanations")]
pub(super) fn failures() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().flat_map(|rows| rows.iter()).chain([&UNKNOWN])
}

/// Every row that is found by looking again.
#[cfg(feature = "explanations")]
pub(super) fn looked() -> impl Iterator<Item = &'static Row<()>> {
    looked::ROWS.iter()
}

/// Every row of an answer that looks right.
#[cfg(feature = "explanations")]
pub(super) fn suspicions() -> impl Iterator<Item = &'static Row<silent::Sees>> {
    silent::ROWS.iter()
}

/// The first row that has something against an answer, and what it saw.
pub(super) fn first_suspicion(looked: &Looked<'_>) -> Option<(&'static Row<silent::Sees>, String)> {
    silent::ROWS.iter().find_map(|row| Some((row, (row.fits)(looked)?)))
}

#[cfg(all(test, feature = "circumstances"))]
mod circumstance_tests;
#[cfg(test)]
mod silent_tests;
#[cfg(test)]
mod tests;
