//! What is wrong with a query before it is sent: the platform drops what it does not understand, and the whole table comes
//! back. Each problem has a stable code, a place in the text and, where one is known, a change that fixes it.

use super::dictionary::{Column, Dictionary, Found};
use super::examination::{Examination, Fix, MOST, Problem, apply_fix, replace};
use super::fix_effect::{FixEffect, restored};
use super::foreign_text::foreign_text;
use super::lint_logic;
use super::lint_reply;
use super::lint_values::check_values;
use super::nearest::nearest_names;
use super::negation::spelling;
use super::operator::Operator;
use super::script::is_allowed;
use super::terms::Span;
use super::tree::{Condition, Query, Scalar, Value};

/// A table with more rows than this is big: a sort without an index reads all of them.
const BIG: u32 = 100_000;

/// Examines an encoded query for a table. The first hundred problems, in the order of their places. Foreign text is one
/// problem of its own.
#[must_use]
pub fn lint(text: &str, table: &str, dictionary: &Dictionary<'_>) -> Vec<Problem> {
    let Some(found) = foreign_text(text) else { return examine(text, table, dictionary) };
    let fix = found.proposal.as_ref().map(|query| replace(FixEffect::Changes, "Decode it", 0, text.len(), query));
    let (code, message) = (found.code().as_str(), found.message());
    Vec::from([Problem { code, error: true, start: 0, end: text.len(), message, fixes: fix.into_iter().collect() }])
}

/// As [`lint`], of a text that was built from values, which may hold whatever looks like an address.
#[must_use]
pub fn examine(text: &str, table: &str, dictionary: &Dictionary<'_>) -> Vec<Problem> {
    let own = dictionary.columns(table);
    let known = |field: &str| own.iter().any(|column| column.name == field);
    let (query, unread, spans) = Query::parse_losslessly(text, &known);
    let read = unread.is_empty();
    let mut examination = Examination { text, dictionary, problems: Vec::new(), restored: FixEffect::Keeps, read };
    let effects = restored(&query, unread.len());
    let count = unread.len();
    for error in unread.into_iter().take(MOST) {
        let mut fixes = Vec::new();
        let at = spans.iter().position(|span| (span.start..=span.end).contains(&error.position));
        let mut message = String::from("expected ");
        message.push_str(error.expected.words());
        if let Some(nearest) = error.nearest {
            message.push_str("; nearest is ");
            message.push_str(nearest.token());
            let effect = at.and_then(|at| effects.get(at)).copied().unwrap_or(FixEffect::Changes);
            let fix = respelled(effect, text, error.position, nearest);
            fixes.extend(fix.filter(|fix| Query::parse_losslessly(&apply_fix(text, fix), &known).1.len() < count));
        }
        // The whole condition: what stands behind it is read.
        let place = at.and_then(|at| spans.get(at)).map_or((error.position, text.len()), |span| (span.start, span.end));
        examination.report("query.unread", true, place, &[&message], fixes);
    }
    let mut places = spans.iter().copied();
    let mut next = || places.next().unwrap_or_default();
    let conditions = query.any.iter().flat_map(|group| &group.all).flat_map(|either| &either.either);
    for (condition, effect) in conditions.zip(effects) {
        let span = next();
        examination.restored = effect;
        if examination.problems.len() < MOST {
            check_condition(&mut examination, table, condition, span);
        }
    }
    // An order changes no rows.
    examination.restored = FixEffect::Keeps;
    for (number, order) in query.order_by.iter().enumerate() {
        let span = next();
        let column = check_field(&mut examination, table, &order.field, span.operator);
        let big = dictionary.table(table).is_some_and(|table| table.rows > BIG);
        if let Some(column) = column.filter(|column| number == 0 && big && !column.indexed && column.name != "sys_id") {
            let words = ["sorting by ", column.name, " reads the whole of a big table: no index begins with it"];
            let fix = replace(FixEffect::Keeps, "Sort by sys_id instead", span.operator, span.end, "sys_id");
            examination.report("sort.unindexed", false, (span.start, span.end), &words, Vec::from([fix]));
        }
    }
    for field in &query.group_by {
        let span = next();
        check_field(&mut examination, table, field, span.operator);
    }
    lint_logic::check(&mut examination, &query, &spans);
    examination.problems
}

/// `likex` becomes `LIKEx` where only the case or a space is wrong, and `not likex` becomes `NOT LIKEx`.
#[inline(never)]
fn respelled(effect: FixEffect, text: &str, position: usize, operator: Operator) -> Option<Fix> {
    let rest = text.get(position..)?;
    let spaces = rest.bytes().take_while(|byte| *byte == b' ').count();
    let token = operator.token();
    let written = rest.get(spaces..spaces + token.len()).is_some_and(|word| word.eq_ignore_ascii_case(token));
    let length = if written { spaces + token.len() } else { spelling(rest, operator)? };
    let behind = rest.get(length..)?.bytes().take_while(|byte| *byte == b' ').count();
    let end = position + length + behind;
    let start = position - text.get(..position)?.bytes().rev().take_while(|byte| *byte == b' ').count();
    Some(replace(effect, &["Write ", token].concat(), start, end, token))
}

fn check_condition(examination: &mut Examination<'_, '_>, table: &str, condition: &Condition, span: Span) {
    let Condition { field, operator, value } = condition;
    if let Some(Value::Related(related)) = value {
        let (other, column) = field.split_once('.').unwrap_or((field, ""));
        let start = span.operator - field.len() + other.len() + 1;
        check_field(examination, other, column, start.min(span.operator));
        for inner in related.conditions.iter().flat_map(|either| &either.either) {
            // Conditions inside a block have no place of their own; the block's is shown.
            let missing = matches!(examination.dictionary.find(other, &inner.field), Found::Missing(..));
            if missing {
                let words = ["there is no field ", &inner.field, " in ", other];
                examination.report("field.unknown", true, (span.start, span.end), &words, Vec::new());
            }
        }
        return;
    }
    check_scripts(examination, value.as_ref(), span);
    if *operator == Operator::Raw || field.starts_with("123TEXT") || field.starts_with("sys_tags.") {
        return;
    }
    if let Some(Value::Field { field: other }) = value {
        let name = other.split('@').next().unwrap_or_default();
        check_field(examination, table, name, span.value);
    }
    let Some(column) = check_field(examination, table, field, span.start) else { return };
    if operator.fits() & column.kinds() == 0 {
        let words = [operator.token(), " does not fit ", field, ", which is of type ", column.kind];
        let text_for_equality = matches!(operator, Operator::Contains | Operator::StartsWith | Operator::EndsWith);
        let fixes = if text_for_equality {
            Vec::from([replace(FixEffect::Changes, "Compare the whole value with =", span.operator, span.value, "=")])
        } else {
            Vec::new()
        };
        examination.report("operator.unfit", true, (span.operator, span.value), &words, fixes);
        return;
    }
    check_values(examination, column, condition, span);
}

/// The column that the name leads to; reported when there is none.
fn check_field<'q, 'a>(
    examination: &mut Examination<'q, 'a>,
    table: &str,
    name: &str,
    start: usize,
) -> Option<&'q Column<'a>> {
    let dictionary = examination.dictionary;
    // The name of the table lives as long as the dictionary when the dictionary holds it.
    let table = dictionary.table(table)?.name;
    let found = dictionary.find(table, name);
    if !matches!(found, Found::Column(_))
        && let Some(meant) = lint_reply::meant(dictionary, table, name)
    {
        let words = [name, " is what a reply calls it, and no field; the field is ", &meant];
        let fix = replace(examination.restored, &["Write ", &meant].concat(), start, start + name.len(), &meant);
        examination.report("field.unknown", true, (start, start + name.len()), &words, Vec::from([fix]));
        return None;
    }
    match found {
        Found::Column(column) => Some(column),
        Found::Beyond => None,
        Found::Missing(offset, table) => {
            let rest = name.get(offset..).unwrap_or_default();
            let part = rest.split('.').next().unwrap_or_default();
            // Every table has it, whether the dictionary says so or not.
            if part == "sys_id" {
                return None;
            }
            let (from, to) = (start + offset, start + offset + part.len());
            let columns = dictionary.columns(table);
            let near = nearest_names(part, columns.iter().map(|column| column.name));
            let effect = examination.restored;
            let fixes = near.iter().map(|near| replace(effect, &["Write ", near].concat(), from, to, near)).collect();
            let mut message = ["there is no field ", part, " in ", table].concat();
            for (number, near) in near.iter().enumerate() {
                message.push_str(if number > 0 { ", " } else { "; nearest: " });
                message.push_str(near);
            }
            message.push_str(". The platform drops the condition and answers with all that is left");
            examination.report("field.unknown", true, (from, to), &[&message], fixes);
            None
        }
    }
}

fn check_scripts(examination: &mut Examination<'_, '_>, value: Option<&Value>, span: Span) {
    let scalars = match value {
        Some(Value::One(one)) => core::slice::from_ref(one),
        Some(Value::Many(many)) => many,
        _ => return,
    };
    for scalar in scalars {
        if let Scalar::Script { script } = scalar
            && !is_allowed(script)
        {
            let words = [script, " is not one of the calls that guarded script allows; the condition may be dropped"];
            examination.report("script.refused", true, (span.value, span.end), &words, Vec::new());
        }
    }
}

#[cfg(test)]
mod tests;
