//! Conditions that cannot hold together, that always hold, or that do not reach as far as they were meant to.

use super::examination::{Examination, replace};
use super::fix_effect::FixEffect;
use super::lint_values::compared;
use super::lint_void;
use super::operator::Operator;
use super::terms::Span;
use super::tree::{Condition, Either, Query, Scalar, Value};

/// Comparing every pair costs the square of their number; a group of more conditions is compared in its first ones only.
const MOST: usize = 64;

type Placed<'q> = (&'q Condition, Span);

pub(super) fn check(examination: &mut Examination<'_, '_>, query: &Query, spans: &[Span]) {
    let mut spans = spans.iter().copied();
    let mut groups: Vec<Vec<Vec<Placed<'_>>>> = Vec::new();
    for group in &query.any {
        let placed = |Either { either }: &'_ Either| either.len();
        let mut clauses = Vec::new();
        for clause in &group.all {
            let count = placed(clause);
            let places: Vec<Span> = spans.by_ref().take(count).collect();
            clauses.push(clause.either.iter().zip(places).collect());
        }
        groups.push(clauses);
    }
    for clauses in &groups {
        // A clause with an alternative that restricts nothing restricts nothing.
        let mut restricts = false;
        let single: Vec<Placed<'_>> =
            clauses.iter().filter(|clause| clause.len() == 1).flatten().take(MOST).copied().collect();
        pairs(&single, &mut |one, other| contradiction(examination, one, other));
        for clause in clauses {
            let alternatives = clause.get(..clause.len().min(MOST)).unwrap_or_default();
            let mut open = false;
            pairs(alternatives, &mut |one, other| open |= tautology(examination, one, other));
            if let Some((_, span)) = alternatives.iter().find(|(one, _)| one.operator == Operator::Anything) {
                let words = [examination.shown(span.start, span.end), " holds for every row"].concat();
                examination.report("group.tautology", false, (span.start, span.end), &[&words], Vec::new());
                open = true;
            }
            for (condition, span) in clause {
                open |= lint_void::check(examination, condition, *span);
            }
            restricts |= !open;
        }
        let placed = || clauses.iter().flatten().map(|(_, span)| span);
        if let (false, Some(first), Some(last)) = (restricts, placed().next(), placed().next_back()) {
            let words = ["these conditions restrict nothing: the query may find the whole table"];
            examination.report("query.whole-table", true, (first.start, last.end), &words, Vec::new());
        }
    }
    lost_filters(examination, &groups);
}

fn pairs<'q>(all: &[Placed<'q>], then: &mut dyn FnMut(Placed<'q>, Placed<'q>)) {
    for (number, one) in all.iter().enumerate() {
        for other in all.iter().skip(number + 1).filter(|other| other.0.field == one.0.field) {
            then(*one, *other);
        }
    }
}

#[inline(never)]
fn contradiction(examination: &mut Examination<'_, '_>, (one, first): Placed<'_>, (other, second): Placed<'_>) {
    if one.operator == Operator::Raw {
        return;
    }
    let whole = (first.start, second.end);
    let shown = |span: Span| examination.shown(span.start, span.end).to_owned();
    let (left, right) = (shown(first), shown(second));
    if one == other {
        let fix = replace(examination.as_read(FixEffect::Keeps), "Leave it out", second.start - 1, second.end, "");
        let words = [left.as_str(), " stands there twice"];
        return examination.report("group.duplicate", false, (second.start, second.end), &words, Vec::from([fix]));
    }
    if !excludes(one, other) && !excludes(other, one) && !apart(one, other) {
        return;
    }
    // Of two values that one field cannot have at once, either was probably meant; but no fix makes a query find more.
    let either =
        if one.operator == Operator::Is && other.operator == Operator::Is { ". ^OR lets either hold" } else { "" };
    let words = [left.as_str(), " and ", &right, " never hold together: no row is found", either];
    examination.report("group.contradiction", true, whole, &words, Vec::new());
}

/// Reports alternatives of which one always holds; whether they are such.
#[inline(never)]
fn tautology(examination: &mut Examination<'_, '_>, (one, first): Placed<'_>, (other, second): Placed<'_>) -> bool {
    let both_not = one.operator == Operator::IsNot && other.operator == Operator::IsNot && one.value != other.value;
    let opposite = |one: &Condition, other: &Condition| {
        one.operator == Operator::Is && other.operator == Operator::IsNot && one.value == other.value
            || one.operator == Operator::IsEmpty && other.operator == Operator::IsNotEmpty
    };
    if !both_not && !opposite(one, other) && !opposite(other, one) {
        return false;
    }
    let (left, right) = (examination.shown(first.start, first.end), examination.shown(second.start, second.end));
    let message = [left, " or ", right, " holds for every row"].concat();
    let fixes = if both_not {
        Vec::from([replace(
            examination.as_read(FixEffect::Narrows),
            "Let both hold",
            second.start - 2,
            second.start,
            "",
        )])
    } else {
        Vec::new()
    };
    examination.report("group.tautology", true, (first.start, second.end), &[&message], fixes);
    true
}

/// Whether the first condition, when it holds, rules the second out.
#[inline(never)]
fn excludes(one: &Condition, other: &Condition) -> bool {
    use Operator::{IsEmpty, IsNot, IsNotEmpty};
    let empty = |value: &Option<Value>| matches!(text(value), Some(""));
    match (one.operator, other.operator) {
        (Operator::Is, Operator::Is) => {
            text(&one.value).is_some() && text(&other.value).is_some() && one.value != other.value
        }
        (Operator::Is, IsNot) => one.value == other.value,
        (IsEmpty, IsNotEmpty | Operator::Less | Operator::AtMost | Operator::Greater | Operator::AtLeast) => true,
        (IsEmpty, Operator::Is) => text(&other.value).is_some() && !empty(&other.value),
        (Operator::Is, IsNotEmpty) => empty(&one.value),
        _ => false,
    }
}

/// Whether one asks for less than the other asks for more than.
#[inline(never)]
fn apart(one: &Condition, other: &Condition) -> bool {
    use Operator::{AtLeast, AtMost, Greater, Is, Less};
    let (low, high) = match (one.operator, other.operator) {
        (Greater | AtLeast, Less | AtMost | Is) | (Is, Less | AtMost) => (one, other),
        (Less | AtMost | Is, Greater | AtLeast) | (Less | AtMost, Is) => (other, one),
        _ => return false,
    };
    let (Some(bottom), Some(top)) = (text(&low.value), text(&high.value)) else { return false };
    compared(bottom, top)
        .is_some_and(|order| order.is_gt() || order.is_eq() && (low.operator == Greater || high.operator == Less))
}

fn text(value: &Option<Value>) -> Option<&str> {
    match value {
        Some(Value::One(Scalar::Text(text))) => Some(text),
        _ => None,
    }
}

/// `active=true^priority=1^NQstate=6`: the first group's filter on `active` does not hold for the second.
#[inline(never)]
fn lost_filters(examination: &mut Examination<'_, '_>, groups: &[Vec<Vec<Placed<'_>>>]) {
    let Some((first, others)) = groups.split_first() else { return };
    for group in others.iter().filter(|group| group.len() < first.len()) {
        let Some((_, place)) = group.first().and_then(|clause| clause.first()) else { continue };
        for clause in first.iter().take(MOST) {
            let [(filter, span)] = clause.as_slice() else { continue };
            let mentioned = group.iter().flatten().any(|(condition, _)| condition.field == filter.field);
            if mentioned || filter.operator == Operator::Raw {
                continue;
            }
            let shown = examination.shown(span.start, span.end).to_owned();
            let words = [shown.as_str(), " does not hold for what stands behind ^NQ, which begins anew"];
            let fix = replace(
                examination.as_read(FixEffect::Narrows),
                "Repeat it there",
                place.start,
                place.start,
                &[shown.as_str(), "^"].concat(),
            );
            examination.report("group.filter-lost", false, (place.start, place.end), &words, Vec::from([fix]));
            break;
        }
    }
}
