//! The operators of encoded queries: one table says how each is written, what else it is called, and what it takes.

/// What stands behind an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Nothing: `assigned_toISEMPTY`.
    Nothing,
    /// One value, which may be empty: `state=3`.
    One,
    /// Values with commas between them: `stateIN1,2,3`. A comma inside a value cannot be written.
    List,
    /// Two values with `@` between them, both included: `priorityBETWEEN1@3`.
    Range,
    /// The name of another field: `opened_atSAMEASresolved_at@day`.
    Field,
}

/// An operator of the platform's filter language (product documentation, "Operators available for filters and queries").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Operator {
    /// Equal, or for an empty value: empty.
    Is,
    /// Not equal; matches empty fields too.
    IsNot,
    /// Less than, in the field's own order.
    Less,
    /// Less than or equal.
    AtMost,
    /// Greater than.
    Greater,
    /// Greater than or equal.
    AtLeast,
    /// Contains the text.
    Contains,
    /// Does not contain the text.
    DoesNotContain,
    /// Begins with the text.
    StartsWith,
    /// Ends with the text.
    EndsWith,
    /// Is one of a list.
    In,
    /// Is none of a list.
    NotIn,
    /// Has no value.
    IsEmpty,
    /// Has a value.
    IsNotEmpty,
    /// Is the empty text, as against no value at all.
    EmptyString,
    /// Matches every row.
    Anything,
    /// Lies between two values, both included.
    Between,
    /// Equals another field of the row.
    SameAs,
    /// Differs from another field of the row.
    NotSameAs,
}

struct Row {
    operator: Operator,
    token: &'static str,
    aliases: &'static [&'static str],
    arity: Arity,
}

const fn row(operator: Operator, token: &'static str, aliases: &'static [&'static str], arity: Arity) -> Row {
    Row { operator, token, aliases, arity }
}

/// In the order of the enum, so that an operator finds its row by its number.
const TABLE: [Row; 19] = [
    row(Operator::Is, "=", &[], Arity::One),
    row(Operator::IsNot, "!=", &[], Arity::One),
    row(Operator::Less, "<", &[], Arity::One),
    row(Operator::AtMost, "<=", &[], Arity::One),
    row(Operator::Greater, ">", &[], Arity::One),
    row(Operator::AtLeast, ">=", &[], Arity::One),
    row(Operator::Contains, "LIKE", &["CONTAINS", "*"], Arity::One),
    row(Operator::DoesNotContain, "NOT LIKE", &["DOES NOT CONTAIN", "!*"], Arity::One),
    row(Operator::StartsWith, "STARTSWITH", &[], Arity::One),
    row(Operator::EndsWith, "ENDSWITH", &["%"], Arity::One),
    row(Operator::In, "IN", &[], Arity::List),
    row(Operator::NotIn, "NOT IN", &[], Arity::List),
    row(Operator::IsEmpty, "ISEMPTY", &[], Arity::Nothing),
    row(Operator::IsNotEmpty, "ISNOTEMPTY", &[], Arity::Nothing),
    row(Operator::EmptyString, "EMPTYSTRING", &[], Arity::Nothing),
    row(Operator::Anything, "ANYTHING", &[], Arity::Nothing),
    row(Operator::Between, "BETWEEN", &[], Arity::Range),
    row(Operator::SameAs, "SAMEAS", &[], Arity::Field),
    row(Operator::NotSameAs, "NSAMEAS", &[], Arity::Field),
];

impl Operator {
    /// The platform's own way of writing it, the one that is printed.
    #[must_use]
    pub fn token(self) -> &'static str {
        TABLE.get(self as usize).map_or("=", |row| row.token)
    }

    /// What stands behind it.
    #[must_use]
    pub fn arity(self) -> Arity {
        TABLE.get(self as usize).map_or(Arity::One, |row| row.arity)
    }

    /// The operator with exactly this token or alias.
    #[must_use]
    pub fn named(token: &str) -> Option<Self> {
        match Self::longest_at(token) {
            Some((operator, length)) if length == token.len() => Some(operator),
            _ => None,
        }
    }

    /// The operator with the longest token or alias that the text begins with, and that token's length.
    pub(super) fn longest_at(text: &str) -> Option<(Self, usize)> {
        let mut best: Option<(Self, usize)> = None;
        for row in &TABLE {
            for token in core::iter::once(&row.token).chain(row.aliases) {
                if text.starts_with(token) && best.is_none_or(|(_, length)| length < token.len()) {
                    best = Some((row.operator, token.len()));
                }
            }
        }
        best
    }
}

impl From<Operator> for &'static str {
    fn from(operator: Operator) -> Self {
        operator.token()
    }
}

impl TryFrom<String> for Operator {
    type Error = &'static str;

    fn try_from(token: String) -> Result<Self, Self::Error> {
        Self::named(&token).ok_or("no such operator")
    }
}

#[cfg(test)]
mod tests {
    use super::{Operator, TABLE};

    #[test]
    fn every_operator_finds_its_own_row_and_every_name_its_operator() {
        for (number, row) in TABLE.iter().enumerate() {
            assert_eq!(row.operator as usize, number, "{}", row.token);
            for token in core::iter::once(&row.token).chain(row.aliases) {
                assert_eq!(Operator::named(token), Some(row.operator), "{token}");
            }
        }
    }

    #[test]
    fn the_longest_token_wins() {
        assert_eq!(Operator::longest_at(">=3"), Some((Operator::AtLeast, 2)));
        assert_eq!(Operator::longest_at("NOT IN1"), Some((Operator::NotIn, 6)));
        assert_eq!(Operator::longest_at("ISNOTEMPTY"), Some((Operator::IsNotEmpty, 10)));
        assert_eq!(Operator::longest_at("IS"), None);
    }
}
