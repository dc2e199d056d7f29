//! Compares values: numbers by size, texts by characters, ignoring case, as in the database's collation. An empty value comes
//! before every other.

use std::cmp::Ordering;

use super::schema::Kind;

/// Compares two values of one column. In a column of numbers, texts that are no number come last. The order is total for any
/// values, as sorting requires.
pub(crate) fn compare(kind: Kind, left: &str, right: &str) -> Ordering {
    match kind {
        Kind::Integer | Kind::NumberChoice => {
            let number = |text: &str| (!text.is_empty(), text.parse::<i64>());
            match (number(left), number(right)) {
                ((true, Ok(left)), (true, Ok(right))) => left.cmp(&right),
                ((true, Ok(_)), (true, Err(_))) => Ordering::Less,
                ((true, Err(_)), (true, Ok(_))) => Ordering::Greater,
                _ => folded(left).cmp(folded(right)),
            }
        }
        Kind::Decimal | Kind::Currency => {
            let number = |text: &str| (!text.is_empty(), text.parse::<f64>());
            match (number(left), number(right)) {
                ((true, Ok(left)), (true, Ok(right))) => left.total_cmp(&right),
                ((true, Ok(_)), (true, Err(_))) => Ordering::Less,
                ((true, Err(_)), (true, Ok(_))) => Ordering::Greater,
                _ => folded(left).cmp(folded(right)),
            }
        }
        // Only digits and lower-case letters, so case folding is not needed.
        Kind::Id | Kind::DateTime | Kind::Date | Kind::Duration | Kind::Secret | Kind::Reference(_) => left.cmp(right),
        Kind::Text | Kind::Choice | Kind::Boolean | Kind::List(_) | Kind::Journal => folded(left).cmp(folded(right)),
    }
}

/// Whether two values of one column are equal.
pub(crate) fn same(kind: Kind, left: &str, right: &str) -> bool {
    match kind {
        Kind::Integer | Kind::NumberChoice | Kind::Decimal | Kind::Currency => compare(kind, left, right).is_eq(),
        Kind::Id | Kind::DateTime | Kind::Date | Kind::Duration | Kind::Secret | Kind::Reference(_) => left == right,
        Kind::Text | Kind::Choice | Kind::Boolean | Kind::List(_) | Kind::Journal => left.eq_ignore_ascii_case(right),
    }
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{Kind, compare, same};
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_sort_by_size_and_empty_values_first() {
        assert_eq!(compare(Kind::Integer, "9", "10"), Less);
        assert_eq!(compare(Kind::Text, "9", "10"), Greater);
        assert_eq!(compare(Kind::NumberChoice, "-5", "3"), Less);
        assert_eq!(compare(Kind::Text, "Alpha", "alpha"), Equal);
        assert_eq!(compare(Kind::Integer, "", "-1"), Less);
        assert_eq!(compare(Kind::Decimal, "-0.5", "0.25"), Less);
        assert!(same(Kind::Currency, "12.50", "12.5"));
        assert!(same(Kind::Integer, "01", "1") && !same(Kind::Text, "01", "1"));
    }

    #[test]
    fn order_is_total_for_texts_in_a_column_of_numbers() {
        let values = ["", "-3", "9", "10", "5 x", "A", "b", "00010", "9.5", "NaN"];
        for kind in [Kind::Integer, Kind::Decimal] {
            for a in values {
                for b in values {
                    assert_eq!(compare(kind, a, b), compare(kind, b, a).reverse());
                    for c in values {
                        if compare(kind, a, b).is_le() && compare(kind, b, c).is_le() {
                            assert!(compare(kind, a, c).is_le(), "{a} {b} {c}");
                        }
                    }
                }
            }
        }
    }
}
