//! Any text gives a query or says where it stops being one; parsing takes time in proportion to the text.

use super::operator::{Arity, Operator};
use super::print::SCRIPT;
use super::terms::terms;
use super::tree::{All, Condition, Either, Order, Query, Scalar, Value};

/// Longer names than this are not looked for: no column reached through references comes near it, and the bound keeps
/// hostile text from costing more than its length.
const LONGEST_FIELD: usize = 240;

/// Where a text stops being an encoded query, and what would have had to stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {position}: expected {}", expected.words())]
pub struct ParseError {
    /// Byte offset in the text.
    pub position: usize,
    /// What was expected there.
    pub expected: Expected,
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
    /// Two values with one `@` between them.
    Range,
    /// A condition before `^OR`, or behind `^NQ` and `^OR`.
    Condition,
}

impl Expected {
    /// The expectation in words: "a field name".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Field => "a field name",
            Self::Operator => "an operator, such as =, LIKE or ISEMPTY",
            Self::End => "the end of the condition, because this operator takes no value",
            Self::Range => "two values with one @ between them",
            Self::Condition => "a condition",
        }
    }
}

impl Query {
    /// Reads an encoded query (not percent-encoded).
    ///
    /// The end marker `^EQ` and empty terms are passed over, aliases become the operator they stand for. A field is taken
    /// to end where the first operator begins, which is right for every lower-case column name.
    ///
    /// # Errors
    /// The first place at which the text is not an encoded query.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        read(text, &|_| false, &mut Err)
    }

    /// As [`Query::parse`], with a dictionary: the longest known field that an operator follows is taken, so that columns
    /// whose names run into operators (`u_planIN`) are split right. Unknown fields are read as without one.
    ///
    /// # Errors
    /// The first place at which the text is not an encoded query.
    pub fn parse_known(text: &str, known: &dyn Fn(&str) -> bool) -> Result<Self, ParseError> {
        read(text, known, &mut Err)
    }

    /// As the platform reads: what cannot be understood is dropped and the rest is used ("an invalid part of a query is
    /// ignored", Table API documentation). What was dropped is handed back.
    pub fn parse_leniently(text: &str, known: &dyn Fn(&str) -> bool) -> (Self, Vec<ParseError>) {
        let mut dropped = Vec::new();
        let query = read(text, known, &mut |error| {
            dropped.push(error);
            Ok(())
        });
        (query.unwrap_or_default(), dropped)
    }
}

fn read(
    text: &str,
    known: &dyn Fn(&str) -> bool,
    refuse: &mut dyn FnMut(ParseError) -> Result<(), ParseError>,
) -> Result<Query, ParseError> {
    let mut query = Query::default();
    let mut group = All::default();
    for (start, term) in terms(text) {
        let mut reader = Reader { text: term, position: start };
        if term.is_empty() || term == "EQ" {
            continue;
        }
        if reader.take("NQ") {
            if group.all.is_empty() {
                refuse(reader.error_at(start, Expected::Condition))?;
            } else {
                query.any.push(core::mem::take(&mut group));
            }
        }
        let outcome = if reader.take("ORDERBY") {
            let descending = reader.take("DESC");
            reader.field().map(|field| {
                query.order_by.push(Order { field, descending });
            })
        } else if reader.take("GROUPBY") {
            reader.field().map(|field| query.group_by.push(field))
        } else if reader.take("OR") {
            match (reader.condition(known), group.all.last_mut()) {
                (Ok(condition), Some(last)) => {
                    last.either.push(condition);
                    Ok(())
                }
                (Ok(_), None) => Err(reader.error_at(start, Expected::Condition)),
                (Err(error), _) => Err(error),
            }
        } else {
            reader.condition(known).map(|condition| {
                group.all.push(Either { either: Vec::from([condition]) });
            })
        };
        if let Err(error) = outcome {
            refuse(error)?;
        }
    }
    if !group.all.is_empty() {
        query.any.push(group);
    } else if !query.any.is_empty() {
        refuse(ParseError { position: text.len(), expected: Expected::Condition })?;
    }
    Ok(query)
}

/// What is left of one term, and where in the whole text it stands.
struct Reader<'a> {
    text: &'a str,
    position: usize,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.text.strip_prefix(token);
        if let Some(rest) = rest {
            self.text = rest;
            self.position += token.len();
        }
        rest.is_some()
    }

    fn error_at(&self, position: usize, expected: Expected) -> ParseError {
        ParseError { position, expected }
    }

    /// The rest of the term as the field of an order or a grouping.
    fn field(&self) -> Result<String, ParseError> {
        match self.text.bytes().position(|byte| !is_field_byte(byte)) {
            None if !self.text.is_empty() => Ok(self.text.to_owned()),
            at => Err(self.error_at(self.position + at.unwrap_or(0), Expected::Field)),
        }
    }

    fn condition(&self, known: &dyn Fn(&str) -> bool) -> Result<Condition, ParseError> {
        let (field, operator, length) = self.split(known)?;
        let behind = field.len() + length;
        let value = self.text.get(behind..).unwrap_or_default();
        Ok(Condition {
            field: field.to_owned(),
            operator,
            value: read_value(operator.arity(), value)
                .map_err(|expected| self.error_at(self.position + behind, expected))?,
        })
    }

    /// Where the field ends: at the longest known name, else at the first operator.
    fn split(&self, known: &dyn Fn(&str) -> bool) -> Result<(&str, Operator, usize), ParseError> {
        let mut first = None;
        let mut longest = None;
        for (at, byte) in self.text.bytes().enumerate().take(LONGEST_FIELD + 1) {
            let could_be_operator =
                !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
            if could_be_operator
                && let (Some(field), Some(rest)) = (self.text.get(..at), self.text.get(at..))
                && let Some((operator, length)) = Operator::longest_at(rest)
            {
                if at > 0 && known(field) {
                    longest = Some((field, operator, length));
                }
                first = first.or(Some((field, operator, length)));
            }
            if !is_field_byte(byte) {
                if at == 0 {
                    return Err(self.error_at(self.position, Expected::Field));
                }
                if first.is_none() {
                    return Err(self.error_at(self.position + at, Expected::Operator));
                }
                break;
            }
        }
        match longest.or(first) {
            Some(("", ..)) => Err(self.error_at(self.position, Expected::Field)),
            Some(split) => Ok(split),
            None if self.text.is_empty() => Err(self.error_at(self.position, Expected::Condition)),
            None => Err(self.error_at(self.position + self.text.len().min(LONGEST_FIELD), Expected::Operator)),
        }
    }
}

fn read_value(arity: Arity, text: &str) -> Result<Option<Value>, Expected> {
    Ok(Some(match arity {
        Arity::Nothing if text.is_empty() => return Ok(None),
        Arity::Nothing => return Err(Expected::End),
        Arity::One => Value::One(scalar(text)),
        Arity::List if text.starts_with(SCRIPT) => Value::One(scalar(text)),
        Arity::List => Value::Many(text.split(',').map(scalar).collect()),
        Arity::Range => match text.split_once('@') {
            Some((low, high)) if !high.contains('@') => Value::Many([low, high].map(scalar).into()),
            _ => return Err(Expected::Range),
        },
        Arity::Field if text.is_empty() => return Err(Expected::Field),
        Arity::Field => Value::Field { field: unescaped(text) },
    }))
}

fn scalar(text: &str) -> Scalar {
    match text.strip_prefix(SCRIPT) {
        Some(script) => Scalar::Script { script: unescaped(script) },
        None => Scalar::Text(unescaped(text)),
    }
}

fn unescaped(text: &str) -> String {
    text.replace("^^", "^")
}

/// Column names are letters, digits and underscores; dots walk through references.
pub(super) fn is_field_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
}
