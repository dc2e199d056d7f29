//! Rows that the table returns: those that access rules hide, missing fields, an unstable order, the time zone of values.

use serde_json::Value;

use super::super::case::Case;
use super::super::causes;
use super::super::check::{InstanceCheck, When};
use super::super::probe::{Identity, Probe, ProbeOutcome, text};
use super::super::record_probes::{list, signed_in};
use crate::request::form;

const ROWS: &str = "Are all rows shown to the integration?";
const ORDER: &str = "Do rows come in the same order twice?";
const ZONE: &str = "Are times shown in UTC?";
const FIELDS: &str = "Does every row have the fields that are needed?";

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "table.fields",
            question: FIELDS,
            elaborates: &[],
            when: |case, times| if !case.options.fields.is_empty() { due(case, times, 1) } else { When::NotDue },
            ask: |case| {
                let fields = format!("sys_id,{}", case.options.fields.join(","));
                list(Identity::Integration, &case.options.table, "", &fields, 1)
            },
            read: read_fields,
        },
        InstanceCheck {
            code: "table.order",
            question: ORDER,
            elaborates: &[],
            // A query that ends in an order of its own needs no such check.
            when: |case, times| if case.options.query.contains("ORDERBY") { When::NotDue } else { due(case, times, 2) },
            ask: |case| list(Identity::Integration, &case.options.table, "", "sys_id", 20),
            read: read_order,
        },
        InstanceCheck {
            code: "user.time-zone",
            question: ZONE,
            elaborates: &[],
            when: |case, times| due(case, times, 1),
            ask: |case| {
                let parameters = [
                    ("sysparm_fields", "sys_updated_on,sys_created_on"),
                    ("sysparm_display_value", "all"),
                    ("sysparm_limit", "1"),
                ];
                let path = format!("/api/now/table/{}?{}", case.options.table, form(&parameters));
                Probe::get(path, Identity::Integration)
            },
            read: read_zone,
        },
    ]
}

/// When the plain list worked and showed rows.
fn due(case: &Case, times: u32, most: u32) -> When {
    match signed_in(case) && case.known.listed == Some(200) && case.known.total > 0 && times < most {
        true => When::Due,
        false => When::NotDue,
    }
}

/// Rows of a first page against the count. The limit is applied before access rules (Table API documentation), so a page
/// that is short while more rows are counted had rows hidden.
pub(super) fn hidden(case: &mut Case, shown: u64, most: u32) {
    let expected = case.known.total.min(u64::from(most));
    let seen = format!("{shown} rows on a page of {expected}; X-Total-Count is {}.", case.known.total);
    match (shown, expected) {
        (0, 0) => case.unknown("table.rows", ROWS, "The table has no rows for the integration, and the count is 0."),
        (0, _) => case.failed("table.rows", ROWS, seen, &causes::ROW_ACL, 90, None),
        (shown, expected) if shown < expected => case.failed("table.rows", ROWS, seen, &causes::ROW_ACL, 70, None),
        _ => case.passed("table.rows", ROWS, seen),
    }
}

fn read_fields(case: &mut Case, outcome: &ProbeOutcome) {
    let Some((rows, _)) = outcome.rows() else {
        return case.unknown("table.fields", FIELDS, format!("{}.", outcome.summary()));
    };
    let Some(row) = rows.first().and_then(Value::as_object) else {
        return case.unknown("table.fields", FIELDS, "No row is shown that could tell.");
    };
    let missing: Vec<&String> = case.options.fields.iter().filter(|field| !row.contains_key(*field)).collect();
    match missing.is_empty() {
        true => case.passed("table.fields", FIELDS, "All of them are there."),
        false => {
            let names: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
            let seen = format!("Not in the row: {}.", names.join(", "));
            case.failed("table.fields", FIELDS, seen.clone(), &causes::FIELD_ACL, 80, None);
            case.suspect(&causes::FIELDS_MISSPELT, 30, seen, None);
        }
    }
}

fn read_order(case: &mut Case, outcome: &ProbeOutcome) {
    let Some((rows, _)) = outcome.rows() else {
        return case.unknown("table.order", ORDER, format!("{}.", outcome.summary()));
    };
    let ids: Vec<&str> = rows.iter().map(|row| text(row, "sys_id")).collect();
    let ids = ids.join(",");
    let Some(first) = case.known.first_ids.clone() else {
        case.known.first_ids = Some(ids);
        return;
    };
    match first == ids {
        true => case.passed(
            "table.order",
            ORDER,
            "Twice the same twenty rows; without ORDERBY that is luck, not a promise.",
        ),
        false => {
            let seen = "The same list without ORDERBY gave other rows the second time.";
            case.failed("table.order", ORDER, seen, &causes::NO_ORDER, 75, None);
        }
    }
}

fn read_zone(case: &mut Case, outcome: &ProbeOutcome) {
    let rows = outcome.rows().unwrap_or_default().0;
    let part = |field: &str, form: &str| -> Option<String> {
        Some(rows.first()?.get(field)?.get(form)?.as_str()?.to_owned()).filter(|text| !text.is_empty())
    };
    let pair = |field: &str| Some((part(field, "value")?, part(field, "display_value")?));
    let Some((raw, shown)) = pair("sys_updated_on").or_else(|| pair("sys_created_on")) else {
        return case.unknown("user.time-zone", ZONE, format!("{}: no time in a row.", outcome.summary()));
    };
    let seen = format!("The value is {raw}, its display value {shown}.");
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    // Another date format has the same digits in another order; another zone has other hours or days.
    let sorted = |text: &str| {
        let mut all: Vec<char> = digits(text).chars().collect();
        all.sort_unstable();
        all
    };
    match sorted(&raw) == sorted(&shown) {
        true => case.passed("user.time-zone", ZONE, seen),
        false => case.failed("user.time-zone", ZONE, seen, &causes::TIME_ZONE, 45, None),
    }
}
