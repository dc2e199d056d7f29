//! Explains a failed exchange that a client has printed.

use super::failure::explained;
use crate::diagnose::model::facts::Facts;
use crate::diagnose::model::failure::Failure;
use crate::diagnose::model::read_exchange::ReadExchange;

/// The failure with its diagnosis. `own` is evidence of the client itself. `None` for a text that no client has printed.
#[must_use]
pub fn explain_exchange(text: &str, own: Vec<String>) -> Option<Box<Failure>> {
    let read = ReadExchange::parse(text)?;
    let outcome = read.outcome.as_ref().map_err(|transport| *transport);
    let facts = Facts { stage: read.stage, method: read.method, path: &read.path, outcome };
    let mut failure = explained(&facts, &read.around, read.attempts, read.now);
    failure.diagnosis.evidence.extend(own);
    failure.hide(&read.secrets);
    Some(failure)
}
