//! The table of symptoms. Rows are evaluated in order: the transport, then what any stage can show (a hibernating instance
//! gives every address the same reply), then the token endpoint, then the APIs.

mod access;
pub(crate) mod access_causes;
#[cfg(feature = "explanations")]
mod after_lookup;
mod conflict;
pub(crate) mod conflict_causes;
mod instance;
pub(crate) mod instance_causes;
mod ordering;
pub(crate) mod ordering_causes;
mod request;
pub(crate) mod request_causes;
mod session;
pub(crate) mod session_causes;
mod silent;
pub(crate) mod silent_causes;
pub(crate) mod silent_write_causes;
mod silent_writes;
mod token;
pub(crate) mod token_causes;
mod transport;
pub(crate) mod transport_causes;

pub(super) use access::is_absent_record;
pub(super) use conflict::meets_lock;
pub(super) use instance::{is_html_page as is_page_for_reply, is_list_broken_off};
pub(super) use ordering::fails_order;
pub(super) use request::{has_body, is_json, is_unknown_table, is_whole};

use super::model::diagnosis::{Cause, Kind, Retry, WORDED};
use super::model::facts::Seen;
use super::model::success::Success;
use crate::code::Code;

/// The cause of what the client refuses by itself, because an hourly rule is used up: that of the refusal which it expects.
#[cfg(feature = "circumstances")]
pub(crate) const RULE_REACHED: &[Cause] = &[instance_causes::RATE_RULE.at(95)];
/// A build without the catalogue has its causes in another file.
#[cfg(not(feature = "circumstances"))]
pub(crate) const RULE_REACHED: &[Cause] = &[];

/// One symptom: of a failure, or with another `F` of a silent failure.
pub(super) struct Row<F = fn(&Seen<'_>) -> bool> {
    /// Stable name, never renamed.
    pub(super) code: Code,
    pub(super) kind: Kind,
    /// What happened, in one sentence without a full stop.
    pub(super) title: &'static str,
    pub(super) retry: Retry,
    /// Whether this row fits.
    pub(super) fits: F,
    /// Most likely first.
    pub(super) causes: &'static [Cause],
}

/// A row of a failure as it is compiled in, with a key that tells it apart from other rows of its code.
pub(super) struct Entry {
    pub(super) row: Row,
    pub(super) key: u16,
}

impl core::ops::Deref for Entry {
    type Target = Row;

    fn deref(&self) -> &Row {
        &self.row
    }
}

static TRANSPORT: [Entry; transport::ROWS.len()] = entries(transport::ROWS);
static SIGN_IN_PAGE: [Entry; session::SIGN_IN_PAGE.len()] = entries(session::SIGN_IN_PAGE);
static CONFLICT: [Entry; conflict::ROWS.len()] = entries(conflict::ROWS);
static INSTANCE: [Entry; instance::ROWS.len()] = entries(instance::ROWS);
static TOKEN: [Entry; token::ROWS.len()] = entries(token::ROWS);
static SESSION: [Entry; session::ROWS.len()] = entries(session::ROWS);
static ACCESS: [Entry; access::ROWS.len()] = entries(access::ROWS);
static ORDERING: [Entry; ordering::ROWS.len()] = entries(ordering::ROWS);
static REQUEST: [Entry; request::ROWS.len()] = entries(request::ROWS);
static TABLES: &[&[Entry]] =
    &[&TRANSPORT, &SIGN_IN_PAGE, &CONFLICT, &INSTANCE, &TOKEN, &SESSION, &ORDERING, &ACCESS, &REQUEST];

const NO_ROW: Row = Row {
    code: Code::UNKNOWN,
    kind: Kind::Unknown,
    title: "The reply is none that sysparm knows",
    retry: Retry::Never,
    fits: |_| true,
    causes: &[],
};

static UNKNOWN: Entry = entry(&NO_ROW);

#[expect(clippy::indexing_slicing, reason = "evaluated while the crate is compiled, where it would not compile")]
const fn entries<const N: usize>(rows: &[Row]) -> [Entry; N] {
    let mut entries = [const { entry(&NO_ROW) }; N];
    let mut at = 0;
    while at < N {
        entries[at] = entry(&rows[at]);
        at += 1;
    }
    entries
}

/// Evaluated while the crate is compiled, so that omitted texts are in no file.
const fn entry(row: &Row) -> Entry {
    let (title, causes): (&str, &[Cause]) = if WORDED { (row.title, row.causes) } else { ("", &[]) };
    let key = key_of(row);
    Entry { row: Row { code: row.code, kind: row.kind, title, retry: row.retry, fits: row.fits, causes }, key }
}

/// A hash (FNV-1a, folded) of title and causes: rows may share each of them. A test keeps the keys apart.
const fn key_of(row: &Row) -> u16 {
    let mut hash = hashed(0x811C_9DC5, row.title);
    let mut rest = row.causes;
    while let [cause, behind @ ..] = rest {
        hash = hashed(hash ^ cause.percent as u32, cause.code);
        rest = behind;
    }
    let folded = (hash >> 16 ^ hash) as u16;
    if folded == 0 { 1 } else { folded }
}

const fn hashed(mut hash: u32, text: &str) -> u32 {
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        hash = (hash ^ *byte as u32).wrapping_mul(0x0100_0193);
        rest = behind;
    }
    hash
}

pub(super) fn first_fitting(seen: &Seen<'_>) -> &'static Entry {
    // An error code of the token endpoint is not the page of a gateway, whatever its status.
    let tables = if seen.has_refusal_code() { &[&TOKEN[..]][..] } else { TABLES };
    tables.iter().flat_map(|rows| rows.iter()).find(|row| (row.fits)(seen)).unwrap_or(&UNKNOWN)
}

/// Every row of a failure, in order. The last one fits everything.
#[cfg(feature = "explanations")]
pub(super) fn failures() -> impl Iterator<Item = &'static Entry> {
    TABLES.iter().flat_map(|rows| rows.iter()).chain([&UNKNOWN])
}

/// Every row that is found by a lookup.
#[cfg(feature = "explanations")]
pub(super) fn after_lookup() -> impl Iterator<Item = &'static Row<()>> {
    after_lookup::ROWS.iter()
}

/// Every row of a silent failure.
#[cfg(feature = "explanations")]
pub(super) fn suspicions() -> impl Iterator<Item = &'static Row<silent::Sees>> {
    silent_writes::ROWS.iter().chain(silent::ROWS)
}

/// The first row with evidence of a silent failure, and the evidence.
pub(super) fn first_suspicion(success: &Success<'_>) -> Option<(&'static Row<silent::Sees>, String)> {
    silent_writes::ROWS.iter().chain(silent::ROWS).find_map(|row| Some((row, (row.fits)(success)?)))
}

#[cfg(test)]
mod tests;
