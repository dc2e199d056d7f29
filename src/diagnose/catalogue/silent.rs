//! Silent failures: successful replies that are wrong. A row returns its evidence or nothing.
//!
//! Every row needs evidence in the reply: an empty list may simply be empty, and is then called unknown.

use super::Row;
use super::request_causes::BATCH_LIMIT;
use super::silent_causes::*;
use super::silent_write_causes::ENCRYPTED;
use crate::code::Code;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::row_scanner::{Listing, ScannedField, member};
use crate::diagnose::model::success::{Success, field_of};
use crate::request::Method;

/// Returns the evidence that a row finds in a reply.
pub(super) type Sees = fn(&Success<'_>) -> Option<String>;

const HIDDEN: Row<Sees> = Row {
    code: Code::ROWS_HIDDEN_BY_ACL,
    kind: Kind::Authorization,
    title: "The instance counts rows that it does not show",
    retry: Retry::Never,
    fits: hidden_rows,
    causes: &[ROW_ACL.at(85), MOVING_SET.at(5)],
};

const DISPLAY: Row<Sees> = Row {
    code: Code::VALUES_DISPLAY,
    kind: Kind::Request,
    title: "Dates and times are in the user's time zone, not in UTC",
    retry: Retry::Never,
    fits: hours_off,
    causes: &[TIME_ZONE.at(90)],
};

pub(super) const ROWS: &[Row<Sees>] = &[
    Row {
        code: Code::REPLY_CONTROL_CHARACTER,
        kind: Kind::Instance,
        title: "A raw control character stands in a text, which strict readers of JSON refuse with the whole reply",
        retry: Retry::Never,
        fits: control_character,
        causes: &[CONTROL_CHARACTER.at(80)],
    },
    Row {
        code: Code::BATCH_UNSERVICED,
        kind: Kind::Capacity,
        title: "The instance served a part of the batch only",
        retry: Retry::LookFirst,
        fits: unserviced,
        causes: &[BATCH_LIMIT.at(90)],
    },
    Row {
        code: Code::IMPORT_NOT_APPLIED,
        kind: Kind::Record,
        title: "The import was taken, and its reply does not say that a record came of it",
        retry: Retry::LookFirst,
        fits: import_says_nothing,
        causes: &[IMPORT_TARGET_HIDDEN.at(75), IMPORT_NO_MAP.at(15)],
    },
    Row {
        code: Code::IMPORT_NOT_APPLIED,
        kind: Kind::Record,
        title: "The import was taken, and a row of it was skipped",
        retry: Retry::Never,
        fits: |success| import_undone(success, &["skipped"]),
        causes: &[IMPORT_NO_MAP.at(60), IMPORT_IGNORED.at(25)],
    },
    Row {
        code: Code::IMPORT_NOT_APPLIED,
        kind: Kind::Record,
        title: "The import was taken, and its transform did nothing with a row",
        retry: Retry::Never,
        fits: |success| import_undone(success, &["ignored", "error"]),
        causes: &[IMPORT_IGNORED.at(55), IMPORT_FAILED.at(35)],
    },
    Row {
        code: Code::PAGES_UNSTABLE,
        kind: Kind::Request,
        title: "Rows come twice, so others do not come at all: the pages have no order of their own",
        retry: Retry::Never,
        fits: |success| (!success.is_ordered()).then(|| repeated(success)).flatten(),
        causes: &[NO_ORDER.at(85), MOVING_SET.at(10)],
    },
    Row {
        code: Code::PAGES_UNSTABLE,
        kind: Kind::Request,
        title: "Rows come twice across pages: the set moved while it was read",
        retry: Retry::Never,
        fits: |success| repeated(success),
        causes: &[MOVING_SET.at(55), NO_ORDER.at(35)],
    },
    Row {
        code: Code::QUERY_CONDITION_DROPPED,
        kind: Kind::Request,
        title: "Rows came that a condition of the query rules out: the instance ignores it",
        retry: Retry::Never,
        fits: contradicted,
        causes: &[FIELD_MISSPELT.at(60), QUERY_CUT.at(20), SCRIPT_REFUSED.at(10)],
    },
    Row { title: "The instance counts rows and shows none of them", fits: nothing_shown, ..HIDDEN },
    HIDDEN,
    DISPLAY,
    Row {
        code: Code::FIELDS_MISSING,
        kind: Kind::Authorization,
        title: "A field that was asked for is in some rows and not in others",
        retry: Retry::Never,
        fits: missing_in_some,
        causes: &[FIELD_ACL.at(90)],
    },
    Row {
        code: Code::FIELDS_MISSING,
        kind: Kind::Authorization,
        title: "A field that was asked for is in no row",
        retry: Retry::Never,
        fits: missing_in_all,
        causes: &[FIELD_ACL.at(50), FIELDS_MISSPELT.at(35), ENCRYPTED.at(10)],
    },
    Row {
        title: "Display values came where raw ones may be expected",
        fits: display_dates,
        causes: &[TIME_ZONE.at(60)],
        ..DISPLAY
    },
    Row {
        code: Code::QUERY_FIELD_UNKNOWN,
        kind: Kind::Request,
        title: "No row came, and the query names a field that no row of this table has shown",
        retry: Retry::Never,
        fits: unknown_field,
        causes: &[RETURNS_NO_ROWS.at(70), FIELD_ACL.at(15)],
    },
    Row {
        code: Code::QUERY_NO_MATCH,
        kind: Kind::Unknown,
        title: "No row matches the query, or the instance did not understand it",
        retry: Retry::Never,
        fits: no_match,
        causes: &[NOTHING_MATCHES.at(40), RETURNS_NO_ROWS.at(20), RAW_VALUE.at(20), ROWS_OUT_OF_SIGHT.at(10)],
    },
    Row {
        code: Code::SESSION_ONE_AT_A_TIME,
        kind: Kind::Capacity,
        title: "Requests of one session wait for each other",
        retry: Retry::Never,
        fits: waiting,
        causes: &[SESSION_SYNC.at(80)],
    },
];

fn control_character(success: &Success<'_>) -> Option<String> {
    let (place, letter) = success
        .answer
        .text
        .char_indices()
        .find(|(_, letter)| letter.is_ascii_control() && !letter.is_ascii_whitespace())?;
    // Only the place in the record is quoted.
    Some(format!("U+{:04X} stands raw at byte {place} of the body", u32::from(letter)))
}

fn unserviced(success: &Success<'_>) -> Option<String> {
    let left = member(success.answer.text, "unserviced_requests")?;
    let posted = success.answer.method == Method::Post && success.path().ends_with("/batch");
    (posted && left.contains('"')).then(|| ["unserviced_requests: ", &quoted(left)].concat())
}

fn is_import(success: &Success<'_>) -> bool {
    let one = success.path().contains("/import/") && !success.path().ends_with("/insertMultiple");
    one && success.answer.method == Method::Post
}

fn import_says_nothing(success: &Success<'_>) -> Option<String> {
    let nothing = member(success.answer.text, "result").is_none_or(|result| !result.contains('{'));
    (is_import(success) && nothing).then(|| "the reply names no record".to_owned())
}

fn import_undone(success: &Success<'_>, statuses: &[&str]) -> Option<String> {
    let undone = |field: ScannedField<'_>| statuses.contains(&field.value);
    let found = is_import(success).then(|| success.listing.values("status").find(|field| undone(*field))).flatten()?;
    let why = success.listing.values("error_message").next().map_or("", |field| field.value);
    Some(["status ", found.value, ": ", &quoted(why)].concat())
}

fn repeated(success: &Success<'_>) -> Option<String> {
    let paged = success.lists() && success.number("sysparm_offset").is_some_and(|offset| offset > 0);
    if !paged {
        return None;
    }
    let mut known: Vec<&str> = Vec::new();
    for page in success.answer.earlier {
        known.extend(Listing::of(page).values("sys_id").map(|field| field.value));
    }
    known.sort_unstable();
    let again = success.listing.values("sys_id").filter(|field| known.binary_search(&field.value).is_ok()).count();
    (again > 0).then(|| [&again.to_string(), " rows of this page had come on an earlier one"].concat())
}

/// A condition that says "equals" and a row that says otherwise, or a condition on a field that no row has although every
/// field came.
fn contradicted(success: &Success<'_>) -> Option<String> {
    if !success.lists() || success.listing.rows.is_empty() {
        return None;
    }
    let displayed = success.parameter("sysparm_display_value").is_some_and(|shown| shown == "true");
    let chosen = success.parameter("sysparm_fields").is_some() || success.parameter("sysparm_view").is_some();
    for condition in success.conditions() {
        let field = field_of(condition);
        if field.is_empty() || field.contains('.') {
            continue;
        }
        if !success.listing.has(field) {
            if !chosen {
                return Some(["no row has the field ", field, " of the condition ", &quoted(condition)].concat());
            }
            continue;
        }
        let wanted = condition.get(field.len()..).and_then(|rest| rest.strip_prefix('='));
        let Some(wanted) = wanted.filter(|wanted| !displayed && is_plain(wanted)) else { continue };
        let other = |field: &ScannedField<'_>| {
            !field.reference && is_plain(field.value) && !field.value.eq_ignore_ascii_case(wanted)
        };
        if success.listing.values(field).any(|field| other(&field)) {
            return Some(["a row has another value than the condition ", &quoted(condition)].concat());
        }
    }
    None
}

/// Whether two of these can be compared as texts: words and whole numbers, not dates, labels with dashes, or scripts. A lone
/// digit may stand for a truth value.
fn is_plain(value: &str) -> bool {
    !matches!(value, "" | "0" | "1") && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn nothing_shown(success: &Success<'_>) -> Option<String> {
    let total = success.answer.total.filter(|total| *total > success.number("sysparm_offset").unwrap_or(0))?;
    let none = success.lists() && success.count() == 0 && success.number("sysparm_limit") != Some(0);
    none.then(|| ["X-Total-Count is ", &total.to_string(), ", and no row came"].concat())
}

fn hidden_rows(success: &Success<'_>) -> Option<String> {
    let total = success.answer.total?;
    let asked = success.number("sysparm_limit").unwrap_or(10_000);
    let due = asked.min(total.saturating_sub(success.number("sysparm_offset").unwrap_or(0)));
    let short = success.lists() && success.count() < due;
    short.then(|| [&success.count().to_string(), " rows came where ", &due.to_string(), " were due"].concat())
}

/// A raw date and time as the platform writes it: 2026-09-29 07:30:40.
fn is_moment(value: &str) -> bool {
    value.len() == 19
        && value.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            10 => byte == b' ',
            13 | 16 => byte == b':',
            _ => byte.is_ascii_digit(),
        })
}

fn hours_off(success: &Success<'_>) -> Option<String> {
    let fields = success.listing.rows.iter().flatten();
    let off = |field: &&ScannedField<'_>| {
        is_moment(field.value) && field.display.is_some_and(|shown| is_other_hour(field.value, shown))
    };
    let field = fields.into_iter().find(off)?;
    Some([field.name, ": value and display value show different hours"].concat())
}

/// Whether the display value of a moment shows another time of day, whatever its date format.
fn is_other_hour(value: &str, shown: &str) -> bool {
    let minutes = value.get(13..16).unwrap_or_default();
    !shown.is_empty() && !value.get(11..16).is_some_and(|time| shown.contains(time)) && {
        // Twelve-hour formats show 07:30 for 19:30: then only another minute or hour of the half day counts.
        let hour: u8 = value.get(11..13).and_then(|hour| hour.parse().ok()).unwrap_or(0);
        let half =
            [if hour.is_multiple_of(12) { "12".to_owned() } else { (hour % 12).to_string() }, minutes.to_owned()]
                .concat();
        !(shown.contains('M') || shown.contains('m')) || !shown.contains(&half)
    }
}

fn display_dates(success: &Success<'_>) -> Option<String> {
    let shown = success.parameter("sysparm_display_value").is_some_and(|shown| shown == "true");
    let field = shown.then(|| success.listing.rows.iter().flatten().find(|field| is_moment(field.value))).flatten()?;
    Some([field.name, " is a display value"].concat())
}

pub(super) fn asked_fields(success: &Success<'_>) -> Vec<String> {
    let asked = success.parameter("sysparm_fields").unwrap_or_default();
    asked.split(',').filter(|name| !name.is_empty() && !name.contains('.')).map(|name| name.trim().to_owned()).collect()
}

fn missing_in_some(success: &Success<'_>) -> Option<String> {
    let rows = &success.listing.rows;
    let here = |name: &str| rows.iter().filter(|row| row.iter().any(|field| field.name == name)).count();
    let name = asked_fields(success).into_iter().find(|name| (1..rows.len()).contains(&here(name)))?;
    Some([&quoted(&name), " is in ", &here(&name).to_string(), " of ", &rows.len().to_string(), " rows"].concat())
}

fn missing_in_all(success: &Success<'_>) -> Option<String> {
    let some = !success.listing.rows.is_empty();
    let name = asked_fields(success).into_iter().find(|name| some && !success.listing.has(name))?;
    Some([&quoted(&name), " was asked for"].concat())
}

fn is_empty_search(success: &Success<'_>) -> bool {
    let first = success.number("sysparm_offset").unwrap_or(0) == 0;
    success.lists() && first && success.count() == 0 && success.query.as_deref().is_some_and(|query| !query.is_empty())
}

fn unknown_field(success: &Success<'_>) -> Option<String> {
    if !is_empty_search(success) {
        return None;
    }
    let known: Vec<Listing<'_>> = success.answer.earlier.iter().map(|page| Listing::of(page)).collect();
    // A page with chosen fields does not show the other fields.
    if !known.iter().any(|page| page.rows.iter().any(|row| row.len() > 20)) {
        return None;
    }
    let unknown = |field: &str| !field.is_empty() && !field.contains('.') && !known.iter().any(|page| page.has(field));
    let field = success.conditions().into_iter().map(field_of).find(|field| unknown(field))?;
    Some(["no earlier row has the field ", field].concat())
}

fn no_match(success: &Success<'_>) -> Option<String> {
    is_empty_search(success).then(|| "no row came for a query".to_owned())
}

fn waiting(success: &Success<'_>) -> Option<String> {
    let around = &success.answer.around;
    let (took, usual) = (around.duration?, around.usual_duration?);
    let waits = around.cookies && around.together > 1 && took.0 >= 500 && took.0 >= usual.0.saturating_mul(2);
    waits.then(|| {
        [&took.0.to_string(), " ms where ", &usual.0.to_string(), " ms is usual, with a session cookie"].concat()
    })
}

/// What a caller sent or the instance said of an import, at a length that fits a sentence.
pub(super) fn quoted(text: &str) -> String {
    text.chars().take(80).collect()
}
