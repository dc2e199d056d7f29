//! How two values stand to each other: numbers by size, all else by its characters, upper and lower case alike, as the
//! database's collation has it. An empty value comes before every other.

use std::cmp::Ordering;

use super::schema::Kind;

/// The order of two values of one column. In a column of numbers, what is no number comes last: the order stays total
/// whatever a client has written there, which sorting relies upon.
pub(crate) fn compare(kind: Kind, left: &str, right: &str) -> Ordering {
    if kind.is_number() {
        let number = |text: &str| (!text.is_empty(), text.parse::<i64>());
        return match (number(left), number(right)) {
            ((true, Ok(left)), (true, Ok(right))) => left.cmp(&right),
            ((true, Ok(_)), (true, Err(_))) => Ordering::Less,
            ((true, Err(_)), (true, Ok(_))) => Ordering::Greater,
            _ => folded(left).cmp(folded(right)),
        };
    }
    folded(left).cmp(folded(right))
}

/// Whether two texts are the same to the collation.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    left.len() == right.len() && left.eq_ignore_ascii_case(right)
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}
