//! Negations that the platform does not read: run together with their operator (`stateNOTIN1`) or misspelt (`state not IN 1`). One that
//! is passed over turns a condition into its opposite, so nothing here guesses.

use super::operator::{LONGEST_FIRST, Negation, Operator};

/// What a condition says whose field ends in a negation: how long the field is without it, and the operator that was meant; none where
/// the language has no opposite.
pub(super) fn run_together(field: &str, operator: Operator) -> Option<(usize, Option<Operator>)> {
    let verb =
        |text: &'_ str| ["DOES", "Does", "IS", "Is"].iter().find_map(|word| text.strip_suffix(word)).map(str::len);
    let (length, meant) = match ["NOT", "Not"].iter().find_map(|word| field.strip_suffix(word)) {
        Some(base) => (verb(base).unwrap_or(base.len()), opposite(operator)),
        // `nameDOESNOT LIKEx`: the operator says no already.
        None if denies(operator) => (verb(field)?, Some(operator)),
        None => return None,
    };
    (length > 0).then_some((length, meant))
}

pub(super) fn denies(operator: Operator) -> bool {
    matches!(operator.negation(), Negation::Exactly(other) if operator as usize > other as usize)
}

/// The negative operator that says the opposite of a positive one.
pub(super) fn opposite(operator: Operator) -> Option<Operator> {
    match operator.negation() {
        // Of each pair the positive one stands first in the table.
        Negation::Exactly(other) if (operator as usize) < other as usize => Some(other),
        _ => None,
    }
}

/// A negation at the end of what stands before an operator.
pub(super) enum NegationStart {
    /// It begins here.
    At(usize),
    /// It may as well be the end of a name: `u_cannot LIKE x`.
    Unclear,
}

pub(super) fn negation_start(before: &str) -> Option<NegationStart> {
    let text = spaces_off(before);
    if let Some(rest) = text.strip_suffix('!') {
        return Some(NegationStart::At(rest.len()));
    }
    let rest = without(text, "not")?;
    let word = text.get(rest.len()..).unwrap_or_default();
    if !rest.ends_with(' ') && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(NegationStart::Unclear);
    }
    Some(NegationStart::At(without_verb(rest).len()))
}

/// What stands before a negation, without the verb that belongs to it: `number is ` of `number is not`.
pub(super) fn without_verb(before: &str) -> &str {
    let rest = spaces_off(before);
    let rest = [" is", " does"].iter().find_map(|verb| without(rest, verb)).unwrap_or(rest);
    spaces_off(rest)
}

/// How long a negation is that the text begins with, with the spaces around it; 0 for none.
pub(super) fn length(text: &str) -> usize {
    let mut rest = behind_spaces(text);
    for verb in ["is ", "does "] {
        rest = behind_spaces(behind(rest, verb).unwrap_or(rest));
    }
    let rest = behind(rest, "!").or_else(|| behind(rest, "not"));
    rest.map_or(0, |rest| text.len() - behind_spaces(rest).len())
}

/// How long a misspelling of this operator is that the text begins with: `not  isempty` of `ISNOTEMPTY`.
pub(super) fn spelling(text: &str, operator: Operator) -> Option<usize> {
    let rest = text.get(length(text)..).filter(|rest| rest.len() < text.len())?;
    let rest = LONGEST_FIRST
        .iter()
        .filter(|(_, positive)| opposite(*positive) == Some(operator))
        .find_map(|(name, _)| behind(rest, name))?;
    Some(text.len() - rest.len())
}

/// Beginnings of words that turn their meaning round, and pieces that do so anywhere.
const BEGINNINGS: &[&str] = &["in", "un", "non", "not", "no", "dis"];
const ANYWHERE: &[&str] = &["not", "nt"];

/// Whether one name is nearer to the other without a piece that denies: `inactive` and `active`, `state_not` and `state`.
pub(super) fn turns_round(one: &str, other: &str, distance: fn(&[u8], &[u8]) -> usize) -> bool {
    let apart = distance(one.as_bytes(), other.as_bytes());
    let denies = |name: &str, plain: &str| {
        (0..name.len()).any(|at| {
            let begins = at == 0 || name.as_bytes().get(at - 1) == Some(&b'_');
            let pieces = if begins { BEGINNINGS } else { ANYWHERE };
            let Some((head, tail)) = name.split_at_checked(at) else { return false };
            pieces.iter().filter_map(|piece| behind(tail, piece)).any(|rest| {
                let rest = rest.trim_start_matches('_');
                let lefts = [[head, rest].concat(), [head.trim_end_matches('_'), rest].concat()];
                // Up to a slip of the pen.
                let near = |left: &String| distance(left.as_bytes(), plain.as_bytes()) < apart.min(2);
                begins && rest == plain || lefts.iter().any(near)
            })
        })
    };
    denies(one, other) || denies(other, one)
}

#[inline(never)]
pub(super) fn behind_spaces(text: &str) -> &str {
    let spaces = text.bytes().take_while(|byte| *byte == b' ').count();
    text.get(spaces..).unwrap_or_default()
}

#[inline(never)]
fn spaces_off(text: &str) -> &str {
    let spaces = text.bytes().rev().take_while(|byte| *byte == b' ').count();
    text.get(..text.len().saturating_sub(spaces)).unwrap_or_default()
}

#[inline(never)]
fn without<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let (rest, word) = text.split_at_checked(text.len().checked_sub(end.len())?)?;
    word.eq_ignore_ascii_case(end).then_some(rest)
}

#[inline(never)]
fn behind<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

#[cfg(test)]
mod tests;
