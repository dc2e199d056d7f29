//! Related-list blocks: `RLQUERYincident.problem_id,>=1,priority=1^active=true^ENDRLQUERY` (product documentation, "Encoded
//! query strings"). A block stands where a condition stands and holds conditions of its own, but no other block.

use super::operator::Operator;
use super::parse_error::{Expected, ParseError};
use super::reader::{TermReader, is_field_byte};
use super::terms::{Span, Terms};
use super::tree::{Condition, Either, Related, Value};

pub(super) const START: &str = "RLQUERY";
pub(super) const END: &str = "ENDRLQUERY";
/// Behind the number, where the table is one of many-to-many relations: `RLQUERYtask_ci.task,>=1,m2m^ci_item.nameLIKEx^ENDRLQUERY`.
pub(super) const MANY_TO_MANY: &str = ",m2m";

/// Reads a block whose first term the reader holds; takes the terms up to its end.
pub(super) fn read(
    reader: &mut TermReader<'_>,
    terms: &mut Terms<'_>,
    known: &dyn Fn(&str) -> bool,
) -> Result<(Condition, Span), ParseError> {
    let start = reader.position;
    reader.take(START);
    let length = reader.text.bytes().position(|byte| !is_field_byte(byte)).unwrap_or(reader.text.len());
    let field = reader.text.get(..length).unwrap_or_default().to_owned();
    let operator = reader.position + length;
    if length == 0 {
        return Err(reader.error_at(reader.position, Expected::Field));
    }
    reader.position = operator;
    reader.text = reader.text.get(length..).unwrap_or_default();
    let (is, count) = match reader.take(",") {
        true => comparison(reader),
        false => None,
    }
    .ok_or_else(|| reader.error_at(reader.position, Expected::Count))?;
    let value = reader.position;
    let mut conditions: Vec<Either> = Vec::new();
    let many_to_many = reader.text == MANY_TO_MANY;
    if many_to_many {
        reader.take(MANY_TO_MANY);
    } else if reader.take(",") {
        conditions.push(Either { either: Vec::from([reader.condition(known)?.0]) });
    } else if !reader.text.is_empty() {
        return Err(reader.error_at(reader.position, Expected::EndOfBlock));
    }
    for (start, term) in terms.by_ref() {
        if term == END {
            let end = start + term.len();
            let related = Value::Related(Related { is, count, many_to_many, conditions });
            let condition = Condition { field, operator: Operator::Related, value: Some(related) };
            return Ok((condition, Span { start: reader.position.min(operator - length), operator, value, end }));
        }
        let mut inner = TermReader { text: term, position: start, denial: reader.denial };
        if term.starts_with("NQ") || term.starts_with(START) || term.starts_with("ORDERBY") {
            return Err(inner.error_at(start, Expected::EndOfBlock));
        }
        let alternative = inner.take("OR");
        let condition = inner.condition(known)?.0;
        match conditions.last_mut() {
            Some(last) if alternative => last.either.push(condition),
            None if alternative => return Err(inner.error_at(start, Expected::Condition)),
            _ => conditions.push(Either { either: Vec::from([condition]) }),
        }
    }
    Err(reader.error_at(start, Expected::EndOfBlock))
}

/// `>=1`: a comparison and a number.
fn comparison(reader: &mut TermReader<'_>) -> Option<(Operator, u32)> {
    let (is, length) = Operator::longest_at(reader.text).filter(|(operator, _)| compares(*operator))?;
    let rest = reader.text.get(length..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let count = whole_number(rest.get(..digits)?)?;
    reader.position += length + digits;
    reader.text = rest.get(digits..)?;
    Some((is, count))
}

pub(super) fn compares(operator: Operator) -> bool {
    use Operator::{AtLeast, AtMost, Greater, Is, IsNot, Less};
    matches!(operator, Is | IsNot | Less | AtMost | Greater | AtLeast)
}

/// A number without sign and without a leading zero, so that it is written as it was read.
pub(super) fn whole_number(digits: &str) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    digits.bytes().try_fold(0_u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

pub(super) fn push_number(text: &mut String, number: u32) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}
