//! The request meets a conflict or a lock, comes too early, or uses a method that the server does not implement.
//!
//! ServiceNow documents none of these statuses for its Table API; other APIs of an instance, scripted ones and gateways send them.

use super::Row;
use super::conflict_causes::*;
use crate::code::Code;
use crate::diagnose::model::body_text::has_word;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage};

/// Beginnings of the words for a lock in English, German and French, and what asks for another attempt.
const LOCK_WORDS: &[&str] = &["lock", "gesperrt", "verrou", "try again", "temporar"];

pub(in crate::diagnose) fn meets_lock(seen: &Seen<'_>) -> bool {
    seen.stage == Stage::Api
        && (seen.is(423) || seen.is(409) && LOCK_WORDS.iter().any(|word| has_word(seen.explanation(), word)))
}

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::RECORD_LOCKED,
        kind: Kind::Record,
        title: "Another request or job holds a lock on what this request needs",
        retry: Retry::Backoff,
        fits: meets_lock,
        causes: &[LOCK_HELD.at(85)],
    },
    Row {
        code: Code::RECORD_CONFLICT,
        kind: Kind::Record,
        title: "The request conflicts with the present state of the record",
        retry: Retry::LookFirst,
        fits: |seen| seen.is_of_api(409),
        causes: &[OTHER_STATE.at(50), KEY_TAKEN.at(35)],
    },
    // RFC 8470: the server has not processed it, so that even what creates may be sent again.
    Row {
        code: Code::REQUEST_TOO_EARLY,
        kind: Kind::Capacity,
        title: "The server did not process a request that came before the connection was confirmed",
        retry: Retry::Backoff,
        fits: |seen| seen.is(425),
        causes: &[EARLY_DATA.at(80)],
    },
    Row {
        code: Code::REQUEST_NOT_IMPLEMENTED,
        kind: Kind::Request,
        title: "The server does not implement this method",
        retry: Retry::Never,
        fits: |seen| seen.is(501),
        causes: &[METHOD_UNKNOWN.at(60), GATEWAY_METHOD.at(30)],
    },
];
