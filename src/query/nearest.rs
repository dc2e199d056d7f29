//! What was probably meant: the operator or the name nearest to what stands there.

use super::negation::{self, NegationStart};
use super::operator::{LONGEST_FIRST, Operator};

/// Names further apart than this have nothing to do with each other.
const FURTHEST: usize = 3;

/// Longer words than this are not compared: distance costs the product of the lengths.
const LONGEST: usize = 48;

/// In a term without an operator, whose field ends at `end` at the latest: where the operator was probably meant to stand,
/// and which.
pub(super) fn nearest(term: &str, end: usize) -> (usize, Option<Operator>) {
    let bytes = term.as_bytes();
    // `number is not like x`: the operator stands behind the negation.
    let behind = end + term.get(end..).map_or(0, negation::length);
    // A word in the wrong case, or behind a space: `short_descriptionlikevpn`, `name is not like x`.
    for (name, operator) in LONGEST_FIRST.iter().filter(|(name, _)| name.len() >= 4) {
        let window = bytes.get(..bytes.len().min(behind + name.len() + 1)).unwrap_or_default();
        let place = window.windows(name.len()).position(|word| word.eq_ignore_ascii_case(name.as_bytes()));
        if let Some(at) = place.filter(|at| *at > 0) {
            return affirmed_or_denied(term, at, at, *operator);
        }
    }
    let rest = negation::behind_spaces(term.get(end..).unwrap_or_default());
    for rest in [rest, term.get(behind..).unwrap_or_default()] {
        if let Some((operator, _)) = Operator::longest_at(rest) {
            return affirmed_or_denied(term, term.len() - rest.len(), end, operator);
        }
    }
    let rest = rest.as_bytes();
    let mut best = None;
    for (name, operator) in &LONGEST_FIRST {
        // A letter too many or too few also moves where the value begins.
        let lengths = [name.len(), name.len() + 1, name.len() - 1];
        let word = |length: usize| rest.get(..rest.len().min(length)).unwrap_or_default();
        let apart =
            lengths.into_iter().map(|length| distance(word(length), name.as_bytes())).min().unwrap_or(usize::MAX);
        if apart * 2 < name.len() && best.is_none_or(|(least, _)| apart < least) {
            best = Some((apart, *operator));
        }
    }
    (end, best.map(|(_, operator)| operator))
}

/// An operator that stands at a place, or its opposite where a negation stands before it; none where that is not certain.
fn affirmed_or_denied(term: &str, at: usize, place: usize, operator: Operator) -> (usize, Option<Operator>) {
    let before = term.get(..at).unwrap_or_default();
    match negation::negation_start(before) {
        // `u_cannot like x`: whose letters these are is not certain.
        None if term.get(at..).is_some_and(|rest| rest.starts_with("not")) && !before.ends_with(' ') => (place, None),
        None if negation::denies(operator) => (place.min(negation::without_verb(before).len()), Some(operator)),
        None => (place, Some(operator)),
        Some(NegationStart::At(start)) if start > 0 => (start, negation::opposite(operator)),
        _ => (place, None),
    }
}

/// The names nearest to a word, the nearest first, at most three. None that says the opposite of the word.
pub(super) fn nearest_names<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for name in names {
        let apart = distance(word.as_bytes(), name.as_bytes());
        let part = word.len() >= 4 && name.len() > word.len() && name.ends_with(word);
        let apart = if part { apart.min(1) } else { apart };
        let near = apart <= FURTHEST && apart * 2 <= word.len() && found.iter().all(|(_, known)| *known != name);
        if near && !negation::turns_round(word, name, distance) {
            let place = found.iter().position(|(least, _)| apart < *least).unwrap_or(found.len());
            found.insert(place, (apart, name));
            found.truncate(3);
        }
    }
    found.into_iter().map(|(_, name)| name).collect()
}

/// Letters to change, add or leave out to make one word of the other; upper and lower case are alike.
fn distance(left: &[u8], right: &[u8]) -> usize {
    if left.len() > LONGEST || right.len() > LONGEST {
        return usize::MAX / 4;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (number, one) in left.iter().enumerate() {
        let mut above_left = number;
        let mut before = number + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, other) in row.iter_mut().skip(1).zip(right) {
            let changed = above_left + usize::from(!one.eq_ignore_ascii_case(other));
            above_left = *cell;
            before = changed.min(above_left + 1).min(before + 1);
            *cell = before;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Operator, distance, nearest, nearest_names};

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance(b"state", b"sttae"), 2);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"LIKE", b"like"), 0);
    }

    #[test]
    fn misspelt_operator_suggests_the_nearest() {
        for (term, end, at, operator) in [
            ("short_descriptionlikevpn", 24, 17, Operator::Contains),
            ("assigned_toisempty", 18, 11, Operator::IsEmpty),
            ("nameSTARTWITHx", 4, 4, Operator::StartsWith),
            ("nameSTRATSWITHx", 4, 4, Operator::StartsWith),
            ("nameSTARTTSWITHx", 4, 4, Operator::StartsWith),
            ("nameENDSWTIHx", 4, 4, Operator::EndsWith),
            ("nameISNOTEMPYT", 4, 4, Operator::IsNotEmpty),
            ("nameISEMTPY", 4, 4, Operator::IsEmpty),
            ("nameBETWENa@b", 4, 4, Operator::Between),
            ("nameBEWTEENa@b", 4, 4, Operator::Between),
            ("nameLIEKvpn", 4, 4, Operator::Contains),
            ("active = true", 6, 6, Operator::Is),
        ] {
            assert_eq!(nearest(term, end), (at, Some(operator)), "{term}");
        }
        assert_eq!(nearest("active", 6), (6, None));
    }

    #[test]
    fn near_names_come_nearest_first() {
        let names = ["state", "status", "assignment_group", "group"];
        assert_eq!(nearest_names("sate", names.into_iter()), ["state"]);
        assert_eq!(nearest_names("group", names.into_iter()), ["group", "assignment_group"]);
        assert!(nearest_names("zzz", names.into_iter()).is_empty());
    }
}
