//! Where a text stops being an encoded query, and what was expected there.

use super::operator::{Arity, Operator};

/// Where a text stops being an encoded query, and what would have had to stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {position}: expected {}", expected.words())]
pub struct ParseError {
    /// Byte offset in the text.
    pub position: usize,
    /// What was expected there.
    pub expected: Expected,
    /// The operator that was probably meant.
    pub nearest: Option<Operator>,
}

/// What the parser was looking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The name of a field.
    Field,
    /// An operator behind a field.
    Operator,
    /// The end of the condition: its operator takes no value.
    End,
    /// As many values with `@` between them as the operator takes.
    Parts(Arity),
    /// A condition before `^OR`, or behind `^NQ` and `^OR`.
    Condition,
    /// A comparison and a number behind the field of a related list.
    Count,
    /// `ENDRLQUERY`, the end of a related-list block.
    EndOfBlock,
    /// An operator that has an opposite, behind a negation.
    Opposite,
}

impl Expected {
    /// The expectation in words: "a field name".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Field => "a field name",
            Self::Operator => "an operator, such as =, LIKE or ISEMPTY",
            Self::End => "the end of the condition, because this operator takes no value",
            Self::Parts(Arity::Preset) => "a label, a start and an end with @ between them",
            Self::Parts(Arity::Relative) => "@unit@ago@count or @unit@ahead@count",
            Self::Parts(Arity::Distance) => "field@unit@before@count or field@unit@after@count",
            Self::Parts(Arity::DatePart) => "a label and a date part with one @ between them",
            Self::Parts(Arity::Hierarchy) => "a hierarchy and a record with one @ between them",
            Self::Parts(_) => "two values with one @ between them",
            Self::Condition => "a condition",
            Self::Count => "a comma, a comparison and a number, such as ,>=1",
            Self::EndOfBlock => "^ENDRLQUERY, the end of the related-list block",
            Self::Opposite => "an operator that the platform has an opposite of, behind NOT",
        }
    }
}
