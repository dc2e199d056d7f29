//! Conditions that hold for every row or for none: an empty value, an empty list, a range from its end to its beginning. They restrict
//! nothing, and a write by query must not run with one.

use core::cmp::Ordering;

use super::examination::{Examination, Fix, replace};
use super::fix_effect::FixEffect;
use super::lint_values::compared;
use super::operator::{Arity, Operator};
use super::reader::TEXT_SEARCH;
use super::related::push_number;
use super::terms::Span;
use super::tree::{Condition, Related, Scalar, Value};

/// Fields that are never empty.
const FILLED: &[&str] = &["sys_id", "sys_created_on", "sys_updated_on"];

/// Why a condition restricts nothing.
enum Void {
    /// What it compares with is empty: the platform passes over it, or finds every row, or none.
    Empty,
    /// No value lies between these ends.
    Reversed,
    Always,
    Never,
}

/// Reports a condition that restricts nothing; whether it is one.
#[inline(never)]
pub(super) fn check(examination: &mut Examination<'_, '_>, condition: &Condition, span: Span) -> bool {
    let Some(void) = void(condition) else {
        check_list(examination, condition, span);
        return false;
    };
    let shown = examination.shown(span.start, span.end).to_owned();
    let (code, words) = match void {
        Void::Empty => ("value.empty", " compares with nothing: it holds for every row, or for none"),
        Void::Reversed => ("value.reversed", " holds for no row: the range begins behind its end"),
        Void::Always => ("condition.void", " holds for every row"),
        Void::Never => ("condition.void", " holds for no row"),
    };
    examination.report(code, true, (span.start, span.end), &[&shown, words], Vec::new());
    true
}

fn void(Condition { field, operator, value }: &Condition) -> Option<Void> {
    use Operator::{ChangesFrom, ChangesTo, Is, IsEmpty, IsNot, IsNotEmpty};
    let filled = FILLED.contains(&field.as_str());
    match value.as_ref() {
        None if filled && *operator == IsEmpty => Some(Void::Never),
        None if filled && *operator == IsNotEmpty => Some(Void::Always),
        Some(Value::One(one)) if is_empty(one) => match operator {
            Is if filled => Some(Void::Never),
            IsNot if filled => Some(Void::Always),
            Is | IsNot | ChangesFrom | ChangesTo if !field.starts_with(TEXT_SEARCH) && *one == nothing() => None,
            Operator::Raw => None,
            _ => Some(Void::Empty),
        },
        Some(Value::Many(many)) => match (operator.arity(), many.as_slice()) {
            (Arity::List, many) => many.iter().all(is_empty).then_some(Void::Empty),
            // A length of time has a message of its own.
            (Arity::Relative | Arity::Distance, _) => None,
            (Arity::Range, [low, high]) if is_reversed(low, high) => Some(Void::Reversed),
            (_, many) => many.iter().any(is_empty).then_some(Void::Empty),
        },
        Some(Value::Field { field: other }) if other == field => match operator {
            Operator::SameAs | Operator::AtLeastField | Operator::AtMostField => Some(Void::Always),
            _ => Some(Void::Never),
        },
        Some(Value::Related(Related { is, count: 0, .. })) => match is {
            Operator::AtLeast => Some(Void::Always),
            Operator::Less => Some(Void::Never),
            _ => None,
        },
        _ => None,
    }
}

/// An empty item finds the rows whose field is empty.
#[inline(never)]
fn check_list(examination: &mut Examination<'_, '_>, condition: &Condition, span: Span) {
    let Some(Value::Many(many)) = &condition.value else { return };
    let Some(at) = many.iter().position(is_empty).filter(|_| condition.operator.arity() == Arity::List) else { return };
    let mut place = String::new();
    push_number(&mut place, u32::try_from(at + 1).unwrap_or(u32::MAX));
    let words = ["item ", &place, " of the list is empty, and stands for rows without a value in ", &condition.field];
    // Without it a list finds less, and the opposite of a list more.
    let fix = (condition.operator == Operator::In).then(|| left_out(examination, at, span));
    examination.report("value.empty", true, (span.value, span.end), &words, fix.into_iter().collect());
}

fn left_out(examination: &Examination<'_, '_>, at: usize, span: Span) -> Fix {
    let items = examination.shown(span.value, span.end).split(',');
    let before = items.take(at).map(|item| item.len() + 1).sum::<usize>() + span.value;
    // With the comma behind it; the last item with the one before it.
    match before == span.end {
        true => replace(FixEffect::Narrows, "Leave the empty item out", before - 1, before, ""),
        false => replace(FixEffect::Narrows, "Leave the empty item out", before, before + 1, ""),
    }
}

fn nothing() -> Scalar {
    Scalar::Text(String::new())
}

fn is_empty(scalar: &Scalar) -> bool {
    let (Scalar::Text(text) | Scalar::Script { script: text }) = scalar;
    text.is_empty()
}

/// Numbers, and dates of one length; what other texts lie between is the database's to say.
fn is_reversed(low: &Scalar, high: &Scalar) -> bool {
    let (Scalar::Text(low), Scalar::Text(high)) = (low, high) else { return false };
    compared(low, high) == Some(Ordering::Greater)
}
