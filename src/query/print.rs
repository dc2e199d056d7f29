//! A tree becomes the text that parses back to it, or the reason why the platform's language cannot say it.

use super::negation::run_together;
use super::operator::{Arity, Operator};
use super::reader::{SCRIPT, TEXT_SEARCH, is_awkward, is_field_byte};
use super::related::{self, push_number};
use super::tree::{Condition, Either, Query, Scalar, Value};

/// Words that begin a term and would swallow a field of the same beginning.
const RESERVED: &[&str] = &["OR", "NQ", "GROUPBY", "RLQUERY"];

/// Why a tree cannot be written as an encoded query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// An empty `all` or `either` would vanish from the text and change what the query means.
    #[error("a group without conditions cannot be written")]
    EmptyGroup,
    /// A field name holds something else than letters, digits, `_` and dots, or nothing.
    #[error("not a field name")]
    Field,
    /// The value's shape does not fit the operator: a list for `=`, nothing for `IN`.
    #[error("the value does not fit the operator")]
    Shape,
    /// A comma in a list item or an `@` in a part cannot be escaped.
    #[error("a comma in a list or an @ in a range cannot be written")]
    Separator,
    /// A text that begins with `javascript:` would be evaluated; scripts are given as scripts.
    #[error("a text value must not begin with javascript:")]
    Script,
    /// The value's first characters would be read as part of the operator: `>` followed by `=5`.
    #[error("the value would be read as part of the operator")]
    Ambiguous,
    /// The platform takes no line breaks in a query, and no NUL.
    #[error("a line break cannot be written")]
    LineBreak,
}

impl Query {
    /// The encoded query: conditions, then `GROUPBY`, then `ORDERBY`, so that the order stands at the very end, where the
    /// platform expects it. A caret in a value is doubled (`GlideStringUtil.escapeQueryTermSeparator`).
    ///
    /// # Errors
    /// Trees that have no text, or whose text would mean something else.
    pub fn print(&self) -> Result<String, PrintError> {
        let mut text = String::new();
        self.print_to(&mut text)?;
        Ok(text)
    }

    /// As [`Query::print`], behind what the text already holds.
    ///
    /// # Errors
    /// As [`Query::print`]; the text then holds a beginning of no use.
    pub fn print_to(&self, text: &mut String) -> Result<(), PrintError> {
        for group in &self.any {
            if group.all.is_empty() {
                return Err(PrintError::EmptyGroup);
            }
            print_all(text, &group.all, "^NQ")?;
        }
        for field in &self.group_by {
            print_term(text, "GROUPBY", field)?;
        }
        for order in &self.order_by {
            let word = if order.descending { "ORDERBYDESC" } else { "ORDERBY" };
            print_term(text, word, &order.field)?;
        }
        Ok(())
    }
}

fn print_all(text: &mut String, all: &[Either], first: &'static str) -> Result<(), PrintError> {
    for (number, alternatives) in all.iter().enumerate() {
        if alternatives.either.is_empty() {
            return Err(PrintError::EmptyGroup);
        }
        for (alternative, condition) in alternatives.either.iter().enumerate() {
            if !text.is_empty() {
                text.push_str(match (number, alternative) {
                    (0, 0) => first,
                    (_, 0) => "^",
                    _ => "^OR",
                });
            }
            condition.print_to(text)?;
        }
    }
    Ok(())
}

impl Condition {
    fn print_to(&self, text: &mut String) -> Result<(), PrintError> {
        let operator = self.operator;
        let arity = operator.arity();
        match (arity, &self.value) {
            (Arity::Related, Some(Value::Related(related))) => {
                text.push_str(related::START);
                print_field(text, &self.field)?;
                if !related::compares(related.is) || related.count > 999_999_999 {
                    return Err(PrintError::Shape);
                }
                text.push(',');
                text.push_str(related.is.token());
                push_number(text, related.count);
                text.push_str(if related.many_to_many { related::MANY_TO_MANY } else { "" });
                print_all(text, &related.conditions, if related.many_to_many { "^" } else { "," })?;
                text.push('^');
                text.push_str(related::END);
                return Ok(());
            }
            (Arity::Raw, Some(Value::One(Scalar::Text(raw)))) if self.field.is_empty() => {
                return print_escaped(text, raw);
            }
            (Arity::Related | Arity::Raw, _) => return Err(PrintError::Shape),
            _ => {}
        }
        let upper = self.field.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
        if upper && RESERVED.iter().any(|word| self.field.starts_with(word)) {
            return Err(PrintError::Ambiguous);
        }
        let field_start = text.len();
        print_field(text, &self.field)?;
        let start = text.len();
        text.push_str(operator.token());
        let reads_on =
            || runs_on(text, field_start, start) || matches!(run_together(&self.field, operator), Some((_, Some(_))));
        if self.field.bytes().any(|byte| byte.is_ascii_uppercase()) && reads_on() {
            return Err(PrintError::Ambiguous);
        }
        // Behind the pseudo-fields of text search no letter begins an operator.
        if self.field.starts_with(TEXT_SEARCH)
            && operator.token().as_bytes().first().is_some_and(u8::is_ascii_uppercase)
        {
            return Err(PrintError::Ambiguous);
        }
        match (arity, &self.value) {
            (Arity::Nothing, None) => {}
            (Arity::One, Some(Value::One(value))) => print_scalar(text, value, None)?,
            (Arity::List, Some(Value::One(script @ Scalar::Script { .. }))) => {
                print_scalar(text, script, None)?;
            }
            (Arity::List, Some(Value::Many(values))) if !values.is_empty() => {
                for (number, value) in values.iter().enumerate() {
                    if number > 0 {
                        text.push(',');
                    } else if matches!(value, Scalar::Script { .. }) {
                        return Err(PrintError::Shape);
                    }
                    print_scalar(text, value, Some(b','))?;
                }
            }
            (_, Some(Value::Many(parts))) if !parts.is_empty() && arity.parts() == parts.len() => {
                for (number, part) in parts.iter().enumerate() {
                    if number > 0 || arity == Arity::Relative {
                        text.push('@');
                    }
                    print_scalar(text, part, Some(b'@'))?;
                }
            }
            (Arity::Field, Some(Value::Field { field })) if !field.is_empty() => {
                print_escaped(text, field)?;
            }
            _ => return Err(PrintError::Shape),
        }
        // Where the operator begins no other, no value can be read into it.
        if !operator.begins_another() {
            return Ok(());
        }
        match Operator::longest_at(text.get(start..).unwrap_or_default()) {
            Some((read, _)) if read == operator => Ok(()),
            _ => Err(PrintError::Ambiguous),
        }
    }
}

/// Whether the end of a field and the beginning of its operator make another operator: `O` and `NOT LIKE` make `ON`.
fn runs_on(text: &str, field: usize, operator: usize) -> bool {
    (field..operator).any(|at| {
        let read = text.get(at..).and_then(Operator::longest_at);
        read.is_some_and(|(_, length)| at + length > operator)
    })
}

fn print_term(text: &mut String, word: &str, field: &str) -> Result<(), PrintError> {
    if !text.is_empty() {
        text.push('^');
    }
    text.push_str(word);
    // `ORDERBYDESCx` sorts by x, downwards, and never by a column named DESCx.
    if word == "ORDERBY" && field.starts_with("DESC") {
        return Err(PrintError::Ambiguous);
    }
    print_field(text, field)
}

#[inline]
fn print_field(text: &mut String, field: &str) -> Result<(), PrintError> {
    if field.is_empty() || !field.bytes().all(is_field_byte) {
        return Err(PrintError::Field);
    }
    text.push_str(field);
    Ok(())
}

#[inline]
fn print_scalar(text: &mut String, value: &Scalar, separator: Option<u8>) -> Result<(), PrintError> {
    let content = match value {
        Scalar::Text(content) if content.starts_with(SCRIPT) => return Err(PrintError::Script),
        Scalar::Text(content) => content,
        Scalar::Script { script } => {
            text.push_str(SCRIPT);
            script
        }
    };
    if separator.is_some_and(|separator| content.as_bytes().contains(&separator)) {
        return Err(PrintError::Separator);
    }
    print_escaped(text, content)
}

#[inline]
fn print_escaped(text: &mut String, content: &str) -> Result<(), PrintError> {
    if !content.bytes().any(is_awkward) {
        text.push_str(content);
        return Ok(());
    }
    for letter in content.chars() {
        if matches!(letter, '\r' | '\n' | '\0') {
            return Err(PrintError::LineBreak);
        }
        if letter == '^' {
            text.push('^');
        }
        text.push(letter);
    }
    Ok(())
}
