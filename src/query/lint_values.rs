//! Values that a column cannot hold: labels where raw values are needed, names where a sys_id is, local times.

use core::cmp::Ordering;

use super::dictionary::Column;
use super::examination::{Examination, Fix, replace};
use super::fix_effect::FixEffect;
use super::moment::utc;
use super::nearest::nearest_names;
use super::operator::{Arity, Operator, fits};
use super::terms::Span;
use super::tree::{Condition, Scalar, Value};

const UNITS: &[&str] = &["second", "minute", "hour", "day", "dayofweek", "week", "month", "quarter", "year"];

pub(super) fn check_values(
    examination: &mut Examination<'_, '_>,
    column: &Column<'_>,
    condition: &Condition,
    span: Span,
) {
    let arity = condition.operator.arity();
    match &condition.value {
        Some(Value::Many(parts)) if matches!(arity, Arity::Relative | Arity::Distance) => {
            check_length(examination, arity, parts, span);
        }
        Some(Value::One(one)) if compares_whole(condition.operator) => {
            check_value(examination, column, condition, one, (span.value, span.end), span);
        }
        Some(Value::Many(many)) if matches!(arity, Arity::List | Arity::Range) => {
            let separator = if arity == Arity::List { ',' } else { '@' };
            let raw = examination.text.get(span.value..span.end).unwrap_or_default();
            let mut start = span.value;
            for (value, raw) in many.iter().zip(raw.split(separator)) {
                check_value(examination, column, condition, value, (start, start + raw.len()), span);
                start += raw.len() + 1;
            }
        }
        _ => {}
    }
}

fn compares_whole(operator: Operator) -> bool {
    use Operator::{AtLeast, AtMost, ChangesFrom, ChangesTo, Greater, Is, IsNot, Less};
    matches!(operator, Is | IsNot | Less | AtMost | Greater | AtLeast | ChangesFrom | ChangesTo)
}

fn check_value(
    examination: &mut Examination<'_, '_>,
    column: &Column<'_>,
    condition: &Condition,
    value: &Scalar,
    place: (usize, usize),
    span: Span,
) {
    let Scalar::Text(value) = value else { return };
    if value.is_empty() {
        return;
    }
    let write =
        |text: &str| Vec::from([replace(FixEffect::Changes, &["Write ", text].concat(), place.0, place.1, text)]);
    if !column.choices.is_empty() {
        if column.choices.iter().any(|(raw, _)| raw == value) {
            return;
        }
        if let Some((raw, _)) = column.choices.iter().find(|(_, label)| label.eq_ignore_ascii_case(value)) {
            let words = [value, " is what ", column.name, " shows; the value it holds is ", raw];
            return examination.report("value.label", true, place, &words, write(raw));
        }
        let near = nearest_names(value, column.choices.iter().map(|(raw, _)| *raw));
        let fixes = near.first().map(|near| write(near)).unwrap_or_default();
        let words = [value, " is none of the choices of ", column.name];
        return examination.report("value.unknown-choice", false, place, &words, fixes);
    }
    if column.is(fits::BOOLEAN) && !matches!(value.as_str(), "true" | "false" | "1" | "0") {
        let meant = ["true", "false"].into_iter().find(|word| word.eq_ignore_ascii_case(value));
        let meant = meant.or_else(|| match value.to_ascii_lowercase().as_str() {
            "yes" => Some("true"),
            "no" => Some("false"),
            _ => None,
        });
        let words = [column.name, " is true or false, and ", value, " is neither"];
        examination.report("value.boolean", true, place, &words, meant.map(write).unwrap_or_default());
    } else if column.is(fits::NUMBER) && !is_number(value) {
        let words = [column.name, " holds numbers, and ", value, " is none"];
        examination.report("value.number", true, place, &words, Vec::new());
    } else if column.is(fits::DATE) && !is_date(value) {
        let meant = utc(value);
        let words = match &meant {
            Some(_) => [value.as_str(), " is not how the platform writes a date-time"],
            None => [value.as_str(), " is no date-time in UTC, such as 2026-09-29 07:30:40"],
        };
        examination.report("value.date", true, place, &words, meant.as_deref().map(write).unwrap_or_default());
    } else if column.is(fits::REFERENCE) && !is_sys_id(value) {
        let words = [column.name, " holds sys_ids, and ", value, " is none"];
        let fixes = name_instead(examination, column, condition, span);
        examination.report("value.reference", true, place, &words, fixes);
    }
}

/// `caller_id=Joe` becomes `caller_id.name=Joe`.
fn name_instead(examination: &Examination<'_, '_>, column: &Column<'_>, condition: &Condition, span: Span) -> Vec<Fix> {
    let fix = examination.dictionary.shown(column.reference).map(|shown| {
        let path = [condition.field.as_str(), ".", shown].concat();
        replace(FixEffect::Changes, &["Compare ", &path].concat(), span.start, span.operator, &path)
    });
    fix.into_iter().collect()
}

/// The first invalid part of a duration, and what is valid in its place.
pub(super) fn wrong_length(arity: Arity, parts: &[Scalar]) -> Option<(&str, &'static [&'static str])> {
    let text = |back: usize| match parts.len().checked_sub(back).and_then(|at| parts.get(at)) {
        Some(Scalar::Text(text)) => text.as_str(),
        _ => "",
    };
    let (unit, direction, count) = (text(3), text(2), text(1));
    let directions: &[&str] = if arity == Arity::Relative { &["ago", "ahead"] } else { &["before", "after"] };
    if !UNITS.contains(&unit) {
        Some((unit, UNITS))
    } else if !directions.contains(&direction) {
        Some((direction, directions))
    } else if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
        Some((count, &[]))
    } else {
        None
    }
}

fn check_length(examination: &mut Examination<'_, '_>, arity: Arity, parts: &[Scalar], span: Span) {
    let Some((wrong, names)) = wrong_length(arity, parts) else { return };
    let mut message = [wrong, " is no part of a length of time"].concat();
    for (number, name) in names.iter().enumerate() {
        message.push_str(if number > 0 { ", " } else { "; there are " });
        message.push_str(name);
    }
    let raw = examination.shown(span.value, span.end);
    let at = raw.split('@').take_while(|part| *part != wrong).map(|part| part.len() + 1).sum::<usize>() + span.value;
    let near = nearest_names(wrong, names.iter().copied());
    let fixes = near
        .iter()
        .map(|near| replace(FixEffect::Changes, &["Write ", near].concat(), at, at + wrong.len(), near))
        .collect::<Vec<_>>();
    examination.report("value.length", true, (span.value, span.end), &[&message], fixes);
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let dots = digits.bytes().filter(|byte| *byte == b'.').count();
    dots <= 1 && digits.len() > dots && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

pub(super) fn is_date(text: &str) -> bool {
    let pattern = "dddd-dd-dd dd:dd:dd";
    let fits = |(byte, shape): (u8, u8)| if shape == b'd' { byte.is_ascii_digit() } else { byte == shape };
    matches!(text.len(), 10 | 19) && text.bytes().zip(pattern.bytes()).all(fits)
}

/// The records of the global scope and domain are named by a word.
fn is_sys_id(text: &str) -> bool {
    text == "global" || text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The order of two values, where it is certain: whole numbers, and dates of one length, which stand in the order of their letters.
/// Other texts stand in the database's.
#[inline(never)]
pub(super) fn compared(low: &str, high: &str) -> Option<Ordering> {
    match (whole(low), whole(high)) {
        (Some(low), Some(high)) => Some(low.cmp(&high)),
        _ => (is_date(low) && is_date(high) && low.len() == high.len()).then(|| low.cmp(high)),
    }
}

fn whole(text: &str) -> Option<i64> {
    let (digits, sign) = text.strip_prefix('-').map_or((text, 1), |digits| (digits, -1));
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let number = digits
        .bytes()
        .try_fold(0_i64, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')));
    number.map(|number| number * sign)
}
