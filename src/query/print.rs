//! A tree becomes the text that parses back to it, or the reason why the platform's language cannot say it.

use super::operator::{Arity, Operator};
use super::parse::is_field_byte;
use super::tree::{Condition, Query, Scalar, Value};

/// What makes the instance evaluate a value instead of comparing with it.
pub(super) const SCRIPT: &str = "javascript:";

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
    /// A comma in a list item or an `@` in the end of a range cannot be escaped.
    #[error("a comma in a list or an @ in a range cannot be written")]
    Separator,
    /// A text that begins with `javascript:` would be evaluated; scripts are given as scripts.
    #[error("a text value must not begin with javascript:")]
    Script,
    /// The value's first characters would be read as part of the operator: `>` followed by `=5`.
    #[error("the value would be read as part of the operator")]
    Ambiguous,
}

impl Query {
    /// The encoded query: conditions, then `GROUPBY`, then `ORDERBY`, so that the order stands at the very end, where the
    /// platform expects it. A caret in a value is doubled (`GlideStringUtil.escapeQueryTermSeparator`).
    ///
    /// # Errors
    /// Trees that have no text, or whose text would mean something else.
    pub fn print(&self) -> Result<String, PrintError> {
        let mut text = String::new();
        for group in &self.any {
            if group.all.is_empty() {
                return Err(PrintError::EmptyGroup);
            }
            for (number, alternatives) in group.all.iter().enumerate() {
                if alternatives.either.is_empty() {
                    return Err(PrintError::EmptyGroup);
                }
                for (alternative, condition) in alternatives.either.iter().enumerate() {
                    if !text.is_empty() {
                        text.push_str(match (number, alternative) {
                            (0, 0) => "^NQ",
                            (_, 0) => "^",
                            _ => "^OR",
                        });
                    }
                    condition.print_to(&mut text)?;
                }
            }
        }
        for field in &self.group_by {
            print_term(&mut text, "GROUPBY", field)?;
        }
        for order in &self.order_by {
            let word = if order.descending { "ORDERBYDESC" } else { "ORDERBY" };
            print_term(&mut text, word, &order.field)?;
        }
        Ok(text)
    }
}

impl Condition {
    fn print_to(&self, text: &mut String) -> Result<(), PrintError> {
        print_field(text, &self.field)?;
        let operator = self.operator;
        let start = text.len();
        text.push_str(operator.token());
        match (operator.arity(), &self.value) {
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
                    print_scalar(text, value, Some(','))?;
                }
            }
            (Arity::Range, Some(Value::Many(ends))) => {
                let [low, high] = ends.as_slice() else {
                    return Err(PrintError::Shape);
                };
                print_scalar(text, low, Some('@'))?;
                text.push('@');
                print_scalar(text, high, Some('@'))?;
            }
            (Arity::Field, Some(Value::Field { field })) if !field.is_empty() => {
                print_escaped(text, field);
            }
            _ => return Err(PrintError::Shape),
        }
        match Operator::longest_at(text.get(start..).unwrap_or_default()) {
            Some((read, _)) if read == operator => Ok(()),
            _ => Err(PrintError::Ambiguous),
        }
    }
}

fn print_term(text: &mut String, word: &str, field: &str) -> Result<(), PrintError> {
    if !text.is_empty() {
        text.push('^');
    }
    text.push_str(word);
    print_field(text, field)
}

fn print_field(text: &mut String, field: &str) -> Result<(), PrintError> {
    if field.is_empty() || !field.bytes().all(is_field_byte) {
        return Err(PrintError::Field);
    }
    text.push_str(field);
    Ok(())
}

fn print_scalar(text: &mut String, value: &Scalar, separator: Option<char>) -> Result<(), PrintError> {
    let content = match value {
        Scalar::Text(content) if content.starts_with(SCRIPT) => return Err(PrintError::Script),
        Scalar::Text(content) => content,
        Scalar::Script { script } => {
            text.push_str(SCRIPT);
            script
        }
    };
    if separator.is_some_and(|separator| content.contains(separator)) {
        return Err(PrintError::Separator);
    }
    print_escaped(text, content);
    Ok(())
}

fn print_escaped(text: &mut String, content: &str) {
    for (number, part) in content.split('^').enumerate() {
        if number > 0 {
            text.push_str("^^");
        }
        text.push_str(part);
    }
}
