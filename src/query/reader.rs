//! One term of an encoded query, read from left to right: its field, its operator, its value.

use super::nearest::nearest;
use super::negation::run_together;
use super::operator::{Arity, Operator};
use super::parse_error::{Expected, ParseError};
use super::terms::Span;
use super::tree::{Condition, Scalar, Value};

/// Longer names than this are not looked for: no column reached through references comes near it, and the bound keeps
/// hostile text from costing more than its length.
const LONGEST_FIELD: usize = 240;

/// What makes the instance evaluate a value instead of comparing with it.
pub(super) const SCRIPT: &str = "javascript:";

/// The pseudo-fields of text search begin so (product documentation, "Encoded query strings"); `INDEX` in one of them is
/// no operator.
pub(super) const TEXT_SEARCH: &str = "123TEXT";

/// What becomes of a negation that is run together with its operator: `stateNOTIN1,2`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    /// The platform takes it for the end of a name.
    InName,
    /// It is read where the operator has an opposite, else taken for the end of a name.
    Read,
    /// Where the operator has none, the term cannot be read.
    Needed,
}

/// What is left of one term, and where in the whole text it stands.
pub(super) struct TermReader<'a> {
    pub(super) text: &'a str,
    pub(super) position: usize,
    pub(super) denial: Denial,
}

impl TermReader<'_> {
    #[inline]
    pub(super) fn take(&mut self, token: &str) -> bool {
        let rest = self.text.strip_prefix(token);
        if let Some(rest) = rest {
            self.text = rest;
            self.position += token.len();
        }
        rest.is_some()
    }

    pub(super) fn error_at(&self, position: usize, expected: Expected) -> ParseError {
        ParseError { position, expected, nearest: None }
    }

    /// The rest of the term as the field of an order or a grouping.
    pub(super) fn field(&self) -> Result<String, ParseError> {
        match self.text.bytes().position(|byte| !is_field_byte(byte)) {
            None if !self.text.is_empty() => Ok(self.text.to_owned()),
            at => Err(self.error_at(self.position + at.unwrap_or(0), Expected::Field)),
        }
    }

    pub(super) fn condition(&self, known: &dyn Fn(&str) -> bool) -> Result<(Condition, Span), ParseError> {
        let (whole, read, length) = self.split(known)?;
        let behind = whole.len() + length;
        let denied = match self.denial {
            Denial::InName => None,
            _ if known(whole) || whole.starts_with(TEXT_SEARCH) => None,
            _ => run_together(whole, read),
        };
        let (field, operator) = match denied {
            Some((length, Some(operator))) => (whole.get(..length).unwrap_or_default(), operator),
            Some((length, None)) if self.denial == Denial::Needed => {
                return Err(self.error_at(self.position + length, Expected::Opposite));
            }
            _ => (whole, read),
        };
        let value = self.text.get(behind..).unwrap_or_default();
        let value = read_value(operator, value).map_err(|expected| self.error_at(self.position + behind, expected))?;
        let span = Span {
            start: self.position,
            operator: self.position + field.len(),
            value: self.position + behind,
            end: self.position + self.text.len(),
        };
        Ok((Condition { field: field.to_owned(), operator, value }, span))
    }

    /// Where the field ends: at the longest known name, else at the first operator.
    #[inline]
    fn split(&self, known: &dyn Fn(&str) -> bool) -> Result<(&str, Operator, usize), ParseError> {
        let mut first = None;
        let mut longest = None;
        let text_search = self.text.starts_with(TEXT_SEARCH);
        let bytes = self.text.as_bytes();
        let end = bytes.len().min(LONGEST_FIELD + 1);
        let mut next = 0;
        loop {
            // Most letters of a field begin no operator: passed over a byte at a time, with nothing but a look-up.
            while let Some(byte) = bytes.get(next)
                && is(*byte, PLAIN)
                && next < end
            {
                next += 1;
            }
            let (at, Some(byte)) = (next, bytes.get(next).copied().filter(|_| next < end)) else { break };
            next += 1;
            if text_search && byte.is_ascii_uppercase() {
                continue;
            }
            if let Some(rest) = self.text.get(at..)
                && let Some((operator, length)) = Operator::longest_at(rest)
            {
                let field = self.text.get(..at).unwrap_or_default();
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
                    return Err(self.no_operator(at));
                }
                break;
            }
        }
        match longest.or(first) {
            Some(("", ..)) => Err(self.error_at(self.position, Expected::Field)),
            Some(split) => Ok(split),
            None if self.text.is_empty() => Err(self.error_at(self.position, Expected::Condition)),
            None => Err(self.no_operator(self.text.len().min(LONGEST_FIELD))),
        }
    }

    fn no_operator(&self, at: usize) -> ParseError {
        let (position, nearest) = nearest(self.text, at);
        ParseError { position: self.position + position, expected: Expected::Operator, nearest }
    }
}

#[inline]
fn read_value(operator: Operator, text: &str) -> Result<Option<Value>, Expected> {
    let arity = operator.arity();
    Ok(Some(match arity {
        Arity::Nothing if text.is_empty() => return Ok(None),
        Arity::Nothing => return Err(Expected::End),
        Arity::One | Arity::Raw | Arity::Related => Value::One(scalar(text)),
        Arity::List if text.starts_with(SCRIPT) => Value::One(scalar(text)),
        Arity::List => Value::Many(text.split(',').map(scalar).collect()),
        Arity::Field if text.is_empty() => return Err(Expected::Field),
        Arity::Field => Value::Field { field: unescaped(text) },
        Arity::Relative => parts(arity, text.strip_prefix('@').ok_or(Expected::Parts(arity))?)?,
        // The platform's own pages write the `@` of a hierarchy percent-encoded inside the query.
        Arity::Hierarchy => match text.as_bytes().windows(3).position(|three| three == b"%40") {
            Some(at) if !text.contains('@') => {
                let (definition, root) = (text.get(..at).unwrap_or_default(), text.get(at + 3..).unwrap_or_default());
                Value::Many([definition, root].map(scalar).into())
            }
            _ => parts(arity, text)?,
        },
        Arity::Range | Arity::Preset | Arity::Distance | Arity::DatePart => parts(arity, text)?,
    }))
}

fn parts(arity: Arity, text: &str) -> Result<Value, Expected> {
    // Counted before anything is collected: hostile text may hold a million of them.
    if text.bytes().filter(|byte| *byte == b'@').count() + 1 == arity.parts() {
        Ok(Value::Many(text.split('@').map(scalar).collect()))
    } else {
        Err(Expected::Parts(arity))
    }
}

#[inline]
fn scalar(text: &str) -> Scalar {
    match text.strip_prefix(SCRIPT) {
        Some(script) => Scalar::Script { script: unescaped(script) },
        None => Scalar::Text(unescaped(text)),
    }
}

/// `^^` as the caret that it stands for.
#[inline]
pub(super) fn unescaped(text: &str) -> String {
    if !text.as_bytes().contains(&b'^') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut pair = false;
    for letter in text.chars() {
        pair = letter == '^' && !pair;
        if !pair {
            plain.push(letter);
        }
    }
    plain
}

/// Letters that no operator begins with.
const PLAIN: u8 = 1;
/// Letters of a field's name.
const FIELD: u8 = 2;
/// Letters that a value cannot hold as they are.
const AWKWARD: u8 = 4;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let letter = byte as u8;
        let plain = letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, b'_' | b'.');
        #[allow(clippy::indexing_slicing, reason = "run by the compiler, which refuses an index out of bounds")]
        {
            classes[byte] = if plain { PLAIN | FIELD } else { 0 }
                | if letter.is_ascii_uppercase() { FIELD } else { 0 }
                | if matches!(letter, b'^' | b'\r' | b'\n' | 0) { AWKWARD } else { 0 };
        }
        byte += 1;
    }
    classes
};

#[inline]
fn is(byte: u8, class: u8) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|classes| classes & class != 0)
}

/// Column names are letters, digits and underscores; dots walk through references.
#[inline]
pub(super) fn is_field_byte(byte: u8) -> bool {
    is(byte, FIELD)
}

/// What a value cannot hold as it stands: a caret, a line break, NUL.
#[inline]
pub(super) fn is_awkward(byte: u8) -> bool {
    is(byte, AWKWARD)
}
