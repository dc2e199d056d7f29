//! Writes that succeed although the record does not hold what was sent, and journals that read empty.

use super::Row;
use super::silent::{Sees, asked_fields, quoted};
use super::silent_causes::FIELD_ACL;
use super::silent_write_causes::*;
use crate::code::Code;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::row_scanner::{ScannedField, count_items, first_record};
use crate::diagnose::model::success::Success;
use crate::request::Method;

const DROPPED: Row<Sees> = Row {
    code: Code::WRITE_FIELD_DROPPED,
    kind: Kind::Record,
    title: "A field that was sent came back with another value: the instance did not keep it",
    retry: Retry::Never,
    fits: |success| dropped(success, |sent, came| is_comparable(sent.value) && is_comparable(came)),
    causes: &[PROTECTED.at(55), LABEL_SENT.at(20), CHANGED_BY_RULE.at(15)],
};

pub(super) const ROWS: &[Row<Sees>] = &[
    Row {
        code: Code::WRITE_FIRST_ONLY,
        kind: Kind::Request,
        title: "The body is a list of records, and the instance kept the first one only",
        retry: Retry::Never,
        fits: first_only,
        causes: &[LIST_SENT.at(95)],
    },
    Row {
        code: Code::CATALOG_MADE_BY_TABLE,
        kind: Kind::Request,
        title: "A request of the catalog was made by the Table API, so it has no variables and starts no flow",
        retry: Retry::Never,
        fits: ordered_by_table,
        causes: &[ORDERED_BY_TABLE.at(90)],
    },
    Row {
        title: "A field that was sent is in no record of the table",
        fits: unknown_name,
        causes: &[NAME_UNKNOWN.at(65), FIELD_ACL.at(25)],
        ..DROPPED
    },
    Row {
        title: "A field that is stored encrypted was sent, and came back empty",
        fits: |success| dropped(success, |sent, came| came.is_empty() && is_secret(sent.name)),
        causes: &[ENCRYPTED.at(75), PROTECTED.at(15)],
        ..DROPPED
    },
    Row {
        title: "A field that was sent came back empty: the instance did not keep it",
        fits: |success| dropped(success, |_, came| came.is_empty()),
        causes: &[LABEL_SENT.at(40), PROTECTED.at(35), ENCRYPTED.at(10), CHANGED_BY_RULE.at(10)],
        ..DROPPED
    },
    Row {
        title: "A word was sent for a field that holds numbers, and the instance did not keep it",
        fits: |success| dropped(success, |sent, came| is_number(came) && is_label(sent.value)),
        causes: &[LABEL_SENT.at(80), PROTECTED.at(15)],
        ..DROPPED
    },
    DROPPED,
    Row {
        code: Code::JOURNAL_RAW_EMPTY,
        kind: Kind::Request,
        title: "A journal field came back empty, as it always does without display values",
        retry: Retry::Never,
        fits: empty_journal,
        causes: &[JOURNAL_RAW.at(80), JOURNAL_WITHOUT_ENTRIES.at(15)],
    },
];

/// Journals of the base system: their text is in `sys_journal_field`, and the field itself is empty.
const JOURNALS: &[&str] = &["comments", "work_notes", "comments_and_work_notes", "additional_comments"];

/// The table that a write of the Table API names.
fn written_table<'a>(success: &Success<'a>) -> Option<&'a str> {
    let path = success.answer.path.split('?').next().unwrap_or_default();
    let table = path.split("/table/").nth(1)?.split('/').next()?;
    success.answer.method.writes().then_some(table)
}

fn first_only(success: &Success<'_>) -> Option<String> {
    let count = count_items(success.answer.sent?).filter(|count| *count > 1)?;
    let one =
        success.answer.method == Method::Post && written_table(success).is_some() && success.listing.rows.len() == 1;
    one.then(|| ["the body holds ", &count.to_string(), " records, and one came back"].concat())
}

fn ordered_by_table(success: &Success<'_>) -> Option<String> {
    let table = written_table(success).filter(|table| ["sc_request", "sc_req_item"].contains(table))?;
    (success.answer.method == Method::Post).then(|| ["a row was inserted into ", table].concat())
}

/// The fields that a write sent with a value, and those of the record that came back.
fn sent_and_came<'a>(success: &Success<'a>) -> Option<(Vec<ScannedField<'a>>, Vec<ScannedField<'a>>)> {
    written_table(success)?;
    let came = success.listing.rows.first()?.clone();
    let sent = first_record(success.answer.sent?)?;
    let counts = |field: &ScannedField<'_>| {
        let own = !field.name.starts_with("sys_") && !field.name.starts_with("sysparm_") && field.name != "variables";
        own && !field.value.is_empty() && !JOURNALS.contains(&field.name)
    };
    Some((sent.into_iter().filter(counts).collect(), came))
}

fn unknown_name(success: &Success<'_>) -> Option<String> {
    let chosen = success.parameter("sysparm_fields").is_some() || success.parameter("sysparm_view").is_some();
    let (sent, came) = sent_and_came(success).filter(|_| !chosen)?;
    let field = sent.iter().find(|field| !came.iter().any(|other| other.name == field.name))?;
    Some([&quoted(field.name), " was sent"].concat())
}

/// A field whose sent value is lost by the test `lost`, with the value sent and the value returned.
fn dropped(success: &Success<'_>, lost: fn(&ScannedField<'_>, &str) -> bool) -> Option<String> {
    // What was sent in one form comes back in the other.
    let is_shown = |name| success.parameter(name).is_some_and(|shown| shown == "true");
    if is_shown("sysparm_display_value") || is_shown("sysparm_input_display_value") {
        return None;
    }
    let (sent, came) = sent_and_came(success)?;
    let field = sent.iter().find(|sent| {
        let same = |other: &&ScannedField<'_>| other.name == sent.name;
        came.iter().find(same).is_some_and(|came| {
            let kept = came.value.eq_ignore_ascii_case(sent.value) || came.display == Some(sent.value);
            !kept && lost(sent, came.value)
        })
    })?;
    // A value may be a secret, so only the name is quoted.
    Some([&quoted(field.name), " was sent and is not what came back"].concat())
}

/// Whether two of these can be compared as texts. Truth values have two spellings.
fn is_comparable(value: &str) -> bool {
    !matches!(value, "" | "true" | "false") && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn is_label(value: &str) -> bool {
    !matches!(value, "true" | "false") && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_secret(name: &str) -> bool {
    ["password", "secret", "token"].iter().any(|part| name.contains(part))
}

fn empty_journal(success: &Success<'_>) -> Option<String> {
    let read = success.answer.method == Method::Get && success.path().contains("/table/");
    let raw = success.parameter("sysparm_display_value").is_none_or(|shown| shown == "false");
    if !read || !raw {
        return None;
    }
    let asked = asked_fields(success).into_iter().find(|name| JOURNALS.contains(&name.as_str()))?;
    let mut values = success.listing.values(&asked).peekable();
    values.peek()?;
    values.all(|field| field.value.is_empty()).then(|| [&asked, " is empty in every row"].concat())
}
