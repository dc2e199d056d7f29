//! Checks a successful reply for silent failures.

use crate::diagnose::catalogue;
use crate::diagnose::model::diagnosis::Diagnosis;
use crate::diagnose::model::row_scanner::Listing;
use crate::diagnose::model::success::{Answer, Success, parameter};

/// The diagnosis of a silent failure. `None` if there is no evidence of one.
#[must_use]
pub fn suspect(answer: &Answer<'_>) -> Option<Diagnosis> {
    let success = Success { answer, listing: Listing::of(answer.text), query: parameter(answer.path, "sysparm_query") };
    let (row, evidence) = catalogue::first_suspicion(&success)?;
    let path = answer.path.split('?').next().unwrap_or_default();
    let seen = [answer.method.as_str(), " ", path, " answered ", &answer.status.to_string()].concat();
    Some(Diagnosis {
        code: row.code,
        key: 0,
        kind: row.kind,
        title: row.title,
        retry: row.retry,
        causes: row.causes,
        evidence: vec![seen, evidence],
    })
}
