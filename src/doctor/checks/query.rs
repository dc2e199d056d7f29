//! Whether the integration's query means what it says: conditions that are dropped, refused or never match, and its length.

use super::super::case::Case;
use super::super::causes;
use super::super::check::{InstanceCheck, When};
use super::super::probe::{Identity, ProbeOutcome};
use super::super::record_probes::{list, signed_in};

const SENT: &str = "Is the integration's query answered?";
const REFUSED: &str = "Which condition is refused?";
const REGIME: &str = "What does the instance do with a field that does not exist?";
const NAMES: &str = "Does every condition take effect?";

/// A field that no table has.
const IMPOSSIBLE: &str = "u_sysparm_no_such_field=1";

/// Conditions that are tried one by one.
const MOST: usize = 8;

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "query.sent",
            question: SENT,
            elaborates: &[],
            when: |case, times| if times == 0 { with_query(case) } else { When::NotDue },
            ask: |case| list(Identity::Integration, &case.options.table, &case.options.query, "sys_id", 5),
            read: read_sent,
        },
        InstanceCheck {
            code: "query.refused",
            question: REFUSED,
            elaborates: const { &[&causes::QUERY_ACL] },
            when: |case, times| match case.known.query_refused && (times as usize) < conditions(case).len() {
                true => When::Due,
                false => When::NotDue,
            },
            ask: |case| {
                let number = case.known.refused_conditions.len();
                let condition = conditions(case).get(number).cloned().unwrap_or_default();
                list(Identity::Integration, &case.options.table, &condition, "sys_id", 1)
            },
            read: read_refused,
        },
        InstanceCheck {
            code: "query.regime",
            question: REGIME,
            elaborates: &[],
            when: |case, times| match times == 0 && signed_in(case) && case.known.listed == Some(200) {
                true => When::Due,
                false => When::NotDue,
            },
            ask: |case| list(Identity::Integration, &case.options.table, IMPOSSIBLE, "sys_id", 1),
            read: read_regime,
        },
        InstanceCheck {
            code: "query.names",
            question: NAMES,
            elaborates: const { &[&causes::FIELD_MISSPELT, &causes::RETURNS_NO_ROWS] },
            when: |case, times| match with_query(case) == When::Due && times == 0 && !fields(case).is_empty() {
                // The dictionary is read with whichever credentials may.
                true if case.known.listed == Some(200) => When::Due,
                _ => When::NotDue,
            },
            ask: |case| list(Identity::Integration, &case.options.table, "", &fields(case).join(","), 1),
            read: read_names,
        },
    ]
}

fn with_query(case: &Case) -> When {
    match signed_in(case) && case.known.listed == Some(200) && !case.options.query.is_empty() {
        true => When::Due,
        false => When::NotDue,
    }
}

/// The query's conditions, one by one, orders among them; nothing is read but where one ends and the next begins.
fn conditions(case: &Case) -> Vec<String> {
    let parts = case.options.query.split('^').map(|part| {
        let part = part.strip_prefix("NQ").unwrap_or(part);
        part.strip_prefix("OR").filter(|_| !part.starts_with("ORDERBY")).unwrap_or(part)
    });
    parts.filter(|part| !part.is_empty() && *part != "EQ").take(MOST).map(str::to_owned).collect()
}

/// The fields that the conditions begin with.
fn fields(case: &Case) -> Vec<String> {
    let mut fields: Vec<String> = conditions(case).iter().filter_map(|condition| field(condition)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

fn field(condition: &str) -> Option<String> {
    let rest = ["ORDERBYDESC", "ORDERBY", "GROUPBY"].iter().find_map(|word| condition.strip_prefix(word));
    let rest = rest.unwrap_or(condition);
    // Fields are lower case, operators are capitals or signs.
    let end =
        rest.find(|letter: char| !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_.".contains(letter)));
    let name = rest.get(..end.unwrap_or(rest.len()))?;
    (!name.is_empty()).then(|| name.to_owned())
}

fn read_sent(case: &mut Case, outcome: &ProbeOutcome) {
    let summary = outcome.summary();
    let detail = outcome.error();
    match outcome.status() {
        200 => {
            let (rows, hidden) = outcome.rows().unwrap_or_default();
            case.known.query_total = Some(rows.len() as u64 + hidden);
            case.passed("query.sent", SENT, format!("{summary}, {} rows counted.", rows.len() as u64 + hidden));
        }
        400 | 414 if outcome.is_page() || outcome.status() == 414 => {
            case.failed("query.sent", SENT, summary, &causes::QUERY_TOO_LONG, 100, None)
        }
        403 if detail.contains("Field(s) present in the query") || detail.contains("Insufficient rights") => {
            case.known.query_refused = true;
            case.failed("query.sent", SENT, summary, &causes::QUERY_ACL, 100, None);
        }
        _ => case.unknown("query.sent", SENT, format!("{summary}.")),
    }
}

fn read_refused(case: &mut Case, outcome: &ProbeOutcome) {
    let number = case.known.refused_conditions.len();
    let condition = conditions(case).get(number).cloned().unwrap_or_default();
    let refused = outcome.status() == 403;
    case.known.refused_conditions.push(if refused { condition.clone() } else { String::new() });
    if refused {
        let seen = format!("By itself `{condition}` is refused.");
        case.failed("query.refused", REFUSED, seen, &causes::QUERY_ACL, 100, None);
    }
}

fn read_regime(case: &mut Case, outcome: &ProbeOutcome) {
    let seen = match (outcome.status(), outcome.rows()) {
        (200, Some((rows, hidden))) if rows.len() as u64 + hidden == 0 => "no rows come back (returns_no_rows)",
        (200, Some(_)) => "the condition is dropped and the rest is used: a typo gives the whole table",
        (403, _) => "the query is refused with 403",
        _ => return case.unknown("query.regime", REGIME, format!("{}.", outcome.summary())),
    };
    case.passed("query.regime", REGIME, format!("A condition on a field that does not exist: {seen}."));
}

/// A field that no row has does not exist there, or may not be read: either way its condition is not what the caller thinks.
fn read_names(case: &mut Case, outcome: &ProbeOutcome) {
    let rows = outcome.rows().unwrap_or_default().0;
    let Some(row) = rows.first().and_then(serde_json::Value::as_object) else {
        return case.unknown("query.names", NAMES, "No row is shown that could tell which fields there are.");
    };
    let missing: Vec<String> = fields(case).into_iter().filter(|field| !row.contains_key(field)).collect();
    if missing.is_empty() {
        return case.passed("query.names", NAMES, "Every field of the query is a field of the table.");
    }
    let seen = match (case.known.query_total, case.known.total) {
        (Some(0), _) => format!("{} is no field that a row shows, and no row is found.", missing.join(", ")),
        (Some(found), all) if found == all => {
            format!("{} is no field that a row shows, and all {all} rows are found.", missing.join(", "))
        }
        _ => format!("{} is no field that a row shows.", missing.join(", ")),
    };
    let cause = match case.known.query_total {
        Some(0) => &causes::RETURNS_NO_ROWS,
        _ => &causes::FIELD_MISSPELT,
    };
    case.failed("query.names", NAMES, seen, cause, 85, None);
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn condition_begins_with_its_field() {
        for (condition, name) in [
            ("active=true", Some("active")),
            ("caller_id.nameSTARTSWITHJoe", Some("caller_id.name")),
            ("ORDERBYDESCsys_updated_on", Some("sys_updated_on")),
            ("=x", None),
            ("123TEXTQUERY321=printer", Some("123")),
        ] {
            assert_eq!(field(condition).as_deref(), name, "{condition}");
        }
    }
}
