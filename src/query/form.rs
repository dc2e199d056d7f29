//! A query built elsewhere arrives as one flat text and leaves as an encoded query, or is refused with the reason and an
//! alternative. Every value that a person or a program supplies passes here, so this is where `javascript:` and `^` are stopped.
//!
//! The form is that of [`QueryPart`] and [`QueryValue`].

use super::lint_values::wrong_length;
use super::moment::{preset, utc};
use super::nesting::{MOST_GROUPS, Nesting, NestingError};
use super::operator::{Arity, Operator};
use super::print::PrintError;
use super::related::whole_number;
use super::script::is_allowed;
use super::tree::{Condition, Order, Query, Related, Scalar, Value};
use crate::code::Code;
use crate::protocol::{QueryPart, QueryValue, UnknownCode};

/// What an empty group is refused with.
const EMPTY_GROUP: &str =
    "A group without conditions means every row or none. Pass a condition, or leave the group out";

/// Deeper nesting than this is refused before it is read.
const DEEPEST: usize = 64;

/// Why a form gives no query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable: "value.caret".
    pub code: Code,
    /// What is wrong, with the field, and what to do.
    pub message: String,
}

fn refusal(code: Code, words: &[&str]) -> Refusal {
    Refusal { code, message: words.concat() }
}

/// The encoded query of a form.
///
/// # Errors
/// The first thing that cannot be carried.
pub fn build(form: &str) -> Result<String, Refusal> {
    let query = read(form)?;
    let mut text = String::with_capacity(form.len() + 16);
    match query.print_to(&mut text) {
        Ok(()) => Ok(text),
        Err(error) => Err(cannot_print(&query, error)),
    }
}

fn read(form: &str) -> Result<Query, Refusal> {
    let mut reader = FormReader { parts: form.split('\0'), depth: 0 };
    let mut query = Query::default();
    let mut next = reader.part()?;
    match next {
        Some(QueryPart::Groups) => {
            let count = reader.number()?;
            for _ in 0..count {
                query.any.append(&mut distributed(reader.node()?)?.any);
                if query.any.len() > MOST_GROUPS as usize {
                    return Err(too_many(count.max(MOST_GROUPS + 1)));
                }
            }
            next = reader.part()?;
        }
        None | Some(QueryPart::OrderBy | QueryPart::OrderByDescending | QueryPart::GroupBy) => {}
        Some(part) => {
            query = distributed(reader.node_of(part)?)?;
            next = reader.part()?;
        }
    }
    while let Some(part) = next {
        match part {
            QueryPart::OrderBy | QueryPart::OrderByDescending => {
                let descending = part == QueryPart::OrderByDescending;
                query.order_by.push(Order { field: reader.next()?.to_owned(), descending });
            }
            QueryPart::GroupBy => query.group_by.push(reader.next()?.to_owned()),
            QueryPart::Groups
            | QueryPart::All
            | QueryPart::Any
            | QueryPart::Not
            | QueryPart::Condition
            | QueryPart::Related
            | QueryPart::ManyToMany => return Err(misshapen()),
        }
        next = reader.part()?;
    }
    Ok(query)
}

/// The code of a letter.
fn code<T: TryFrom<u8, Error = UnknownCode>>(letter: &str) -> Result<T, Refusal> {
    match letter.as_bytes() {
        [letter] => T::try_from(*letter).map_err(|_| misshapen()),
        _ => Err(misshapen()),
    }
}

struct FormReader<'a> {
    parts: core::str::Split<'a, char>,
    depth: usize,
}

impl<'a> FormReader<'a> {
    fn next(&mut self) -> Result<&'a str, Refusal> {
        self.parts.next().ok_or_else(misshapen)
    }

    /// What follows; nothing at the end. An empty form has one empty text.
    fn part(&mut self) -> Result<Option<QueryPart>, Refusal> {
        self.parts.find(|text| !text.is_empty()).map(code).transpose()
    }

    fn number(&mut self) -> Result<u32, Refusal> {
        whole_number(self.next()?).ok_or_else(misshapen)
    }

    fn nodes(&mut self) -> Result<Vec<Nesting>, Refusal> {
        let count = self.number()?;
        let mut nodes = Vec::new();
        for _ in 0..count {
            nodes.push(self.node()?);
        }
        Ok(nodes)
    }

    fn node(&mut self) -> Result<Nesting, Refusal> {
        let part = code(self.next()?)?;
        self.node_of(part)
    }

    fn node_of(&mut self, part: QueryPart) -> Result<Nesting, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(refused(NestingError::TooDeep));
        }
        let node = match part {
            QueryPart::All => Nesting::All(self.nodes()?),
            QueryPart::Any => Nesting::Any(self.nodes()?),
            QueryPart::Not => Nesting::Not(Box::new(self.node()?)),
            QueryPart::Condition => Nesting::Condition(self.condition()?),
            QueryPart::Related => Nesting::Condition(self.related(false)?),
            QueryPart::ManyToMany => Nesting::Condition(self.related(true)?),
            QueryPart::Groups | QueryPart::OrderBy | QueryPart::OrderByDescending | QueryPart::GroupBy => {
                return Err(misshapen());
            }
        };
        self.depth -= 1;
        Ok(node)
    }

    fn condition(&mut self) -> Result<Condition, Refusal> {
        let (field, token, count) = (self.next()?, self.next()?, self.number()?);
        let Some(operator) = Operator::named(token) else {
            let words = ["Unknown operator `", token, "` of field `", field, "`. Pass one of the type `Condition`"];
            return Err(refusal(Code::OPERATOR_UNKNOWN, &words));
        };
        let mut values = Vec::new();
        let mut other = None;
        for _ in 0..count {
            let part = self.next()?;
            match part.strip_prefix(char::from(QueryValue::Field as u8)) {
                Some(name) => other = Some(name.to_owned()),
                None => values.push(scalar(part, field)?),
            }
        }
        let arity = operator.arity();
        let value = match (arity, values.as_slice(), other) {
            (Arity::Nothing, [], None) => None,
            (Arity::Field, [], Some(field)) => Some(Value::Field { field }),
            (Arity::List, [Scalar::Script { .. }], None) | (Arity::One, [_], None) => values.pop().map(Value::One),
            (Arity::List, [_, ..], None) => Some(Value::Many(values)),
            (Arity::Preset, [Scalar::Text(label)], None) => match preset(label) {
                Some(value) => Some(value),
                None => {
                    let words = ["Unknown period `", label, "` of field `", field, "`. Pass one of the type `Preset`"];
                    return Err(refusal(Code::VALUE_PRESET, &words));
                }
            },
            (Arity::Relative | Arity::Distance, parts, None) => {
                if parts.len() != arity.parts() || wrong_length(arity, parts).is_some() {
                    let words = [
                        "Invalid value of field `",
                        field,
                        "`. Pass a unit, a direction and a whole number with ",
                        token,
                    ];
                    return Err(refusal(Code::VALUE_LENGTH, &words));
                }
                Some(Value::Many(values))
            }
            (_, parts, None) if !parts.is_empty() && parts.len() == arity.parts() => Some(Value::Many(values)),
            _ => {
                let words = ["Invalid value of field `", field, "`. Pass what the operator ", token, " takes"];
                return Err(refusal(Code::OPERATOR_VALUE, &words));
            }
        };
        Ok(Condition { field: field.to_owned(), operator, value })
    }

    fn related(&mut self, many_to_many: bool) -> Result<Condition, Refusal> {
        let (field, is, count) = (self.next()?, Operator::named(self.next()?), self.number()?);
        let conditions = self.nodes()?;
        let mut query = match conditions.is_empty() {
            true => Query::default(),
            false => distributed(Nesting::All(conditions))?,
        };
        let conditions = match query.any.len() {
            0 => Vec::new(),
            1 => query.any.pop().map(|group| group.all).unwrap_or_default(),
            _ => {
                return Err(refusal(
                    Code::OPERATOR_VALUE,
                    &[
                        "Invalid conditions of `",
                        field,
                        "`: a related list takes no groups. Pass conditions that all hold",
                    ],
                ));
            }
        };
        let is = is.ok_or_else(misshapen)?;
        let value = Value::Related(Related { is, count, many_to_many, conditions });
        Ok(Condition { field: field.to_owned(), operator: Operator::Related, value: Some(value) })
    }
}

fn scalar(part: &str, field: &str) -> Result<Scalar, Refusal> {
    let (Some(letter), text) = (part.get(..1), part.get(1..).unwrap_or_default()) else { return Err(misshapen()) };
    Ok(match code(letter)? {
        QueryValue::Text if text.contains('^') => {
            let words = [
                "Invalid value of field `",
                field,
                "`: a ^ separates conditions. Remove it, or pass { escaped: text } if the instance decodes ^^",
            ];
            return Err(refusal(Code::VALUE_CARET, &words));
        }
        QueryValue::Text | QueryValue::Escaped => Scalar::Text(text.to_owned()),
        QueryValue::Script if !is_allowed(text) => {
            let words = [
                "Invalid script `",
                text,
                "` of field `",
                field,
                "`: guarded script does not allow it. Pass one that it allows, or { script, insist: true }",
            ];
            return Err(refusal(Code::VALUE_SCRIPT, &words));
        }
        QueryValue::Script | QueryValue::InsistedScript => Scalar::Script { script: text.to_owned() },
        QueryValue::Instant => match utc(text) {
            Some(text) => Scalar::Text(text),
            None => {
                let words = [
                    "Invalid instant `",
                    text,
                    "` of field `",
                    field,
                    "`. Pass a date and a time with Z or an offset, such as 2026-09-29T09:30:40+02:00",
                ];
                return Err(refusal(Code::VALUE_INSTANT, &words));
            }
        },
        QueryValue::Field => return Err(misshapen()),
    })
}

fn distributed(nesting: Nesting) -> Result<Query, Refusal> {
    nesting.distribute().map_err(refused)
}

fn refused(error: NestingError) -> Refusal {
    match error {
        NestingError::TooManyGroups(count) => too_many(count),
        NestingError::NoOpposite(operator) => refusal(
            Code::OPERATOR_NO_OPPOSITE,
            &["The operator ", operator.token(), " has no opposite. Write the condition without `not`"],
        ),
        NestingError::EmptyGroup => refusal(Code::GROUP_EMPTY, &[EMPTY_GROUP]),
        NestingError::TooDeep => {
            refusal(Code::TREE_TOO_DEEP, &["The conditions are nested too deep. Write them with fewer levels"])
        }
    }
}

fn too_many(count: u32) -> Refusal {
    let mut number = String::new();
    super::related::push_number(&mut number, count);
    refusal(Code::GROUP_TOO_MANY, &["The query needs ", &number, " groups, and at most 64 are sent. Split it"])
}

fn misshapen() -> Refusal {
    refusal(Code::TREE_SHAPE, &["Invalid tree. Pass one of the shape that `QueryTree` describes"])
}

/// The reason with the field of the condition.
fn cannot_print(query: &Query, error: PrintError) -> Refusal {
    let mut conditions = query.any.iter().flat_map(|group| &group.all).flat_map(|either| &either.either);
    let alone = |condition: &&Condition| Query::from((*condition).clone()).print() == Err(error);
    let field = conditions.find(alone).map_or("", |condition| condition.field.as_str());
    let Refusal { code, message } = Refusal::from(error);
    if field.is_empty() {
        Refusal { code, message }
    } else {
        refusal(code, &["Invalid condition of field `", field, "`: ", &message])
    }
}

impl From<PrintError> for Refusal {
    fn from(error: PrintError) -> Self {
        let (code, words) = match error {
            PrintError::EmptyGroup => (Code::GROUP_EMPTY, EMPTY_GROUP),
            PrintError::Field => (Code::FIELD_NAME, "the name is no field's. Pass letters, digits, _ and dots"),
            PrintError::Shape => (Code::OPERATOR_VALUE, "the operator does not take this value. Pass what it takes"),
            PrintError::Separator => (
                Code::VALUE_SEPARATOR,
                "a comma in a list and an @ in a range cannot be escaped. Use = with or, or sys_ids",
            ),
            PrintError::Script => {
                (Code::VALUE_SCRIPT, "a text must not begin with javascript:. Pass a script as { script }")
            }
            PrintError::Ambiguous => {
                (Code::VALUE_AMBIGUOUS, "its beginning is read as another operator or keyword. Pass another value")
            }
            PrintError::LineBreak => (Code::VALUE_LINE_BREAK, "a query holds no line break. Remove it"),
        };
        Self { code, message: words.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::build;

    fn built(form: &str) -> String {
        build(&form.replace('|', "\0").replace("OR", "|")).unwrap()
    }

    fn code(form: &str) -> &'static str {
        build(&form.replace('|', "\0").replace("OR", "|")).unwrap_err().code.as_str()
    }

    #[test]
    fn form_becomes_an_encoded_query() {
        assert_eq!(built(""), "");
        assert_eq!(built("c|active|=|1|ttrue|d|sys_created_on"), "active=true^ORDERBYDESCsys_created_on");
        let nested = "&|2|c|active|=|1|ttrue|OR|2|c|priority|<=|1|t2|c|state|=|1|t6|o|number";
        assert_eq!(built(nested), "active=true^priority<=2^ORstate=6^ORDERBYnumber");
        assert_eq!(built("n|2|c|a|=|1|t1|c|b|=|1|t2"), "a=1^NQb=2");
        assert_eq!(built("c|a|IN|2|t1|t2|g|b"), "aIN1,2^GROUPBYb");
        assert_eq!(built("!|c|a|CONTAINS|1|tx"), "aNOT LIKEx");
        assert_eq!(built("c|a|ON|1|ttoday"), "aONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)");
        assert_eq!(built("c|a|>|1|i2026-09-29T09:30:40+02:00"), "a>2026-09-29 07:30:40");
        assert_eq!(built("c|a|SAMEAS|1|fb@day"), "aSAMEASb@day");
        assert_eq!(
            built("r|incident.caller_id|>=|1|1|c|active|=|1|ttrue"),
            "RLQUERYincident.caller_id,>=1,active=true^ENDRLQUERY"
        );
        assert_eq!(built("c|a|=|1|ex^y"), "a=x^^y");
        assert_eq!(built("c|a|=|1|xanswer"), "a=javascript:answer");
    }

    #[test]
    fn uncarriable_values_are_refused_with_a_reason() {
        for (form, expected) in [
            ("c|a|=|1|tx^NQb=1", "value.caret"),
            ("c|a|=|1|tjavascript:gs.getUserID()", "value.script"),
            ("c|a|=|1|sgs.log('x')", "value.script"),
            ("c|a|>|1|i2026-09-29T09:30:40", "value.instant"),
            ("c|a|ON|1|tsoon", "value.preset"),
            ("c|a|IN|2|t1,2|t3", "value.separator"),
            ("c|a|BETWEEN|2|tx@y|t3", "value.separator"),
            ("c|a|=|1|tx\r\ny", "value.line-break"),
            ("c|a b|=|1|tx", "field.name"),
            ("c|a|=|0", "operator.value"),
            ("c|a|ISEMPTY|1|tNone", "operator.value"),
            ("c|a|IN|0", "operator.value"),
            ("c|a|LE_OR_EQUALS_FIELD|1|fb", "operator.unknown"),
            ("c|a|RELATIVEGT|3|thours|tago|t1", "value.length"),
            ("c|a|>|1|t=5", "value.ambiguous"),
            ("!|c|a|STARTSWITH|1|tx", "operator.no-opposite"),
            ("q|a|b", "tree.shape"),
            ("c|a|=|1|qx", "tree.shape"),
            ("condition|a|=|1|tx", "tree.shape"),
            ("o|a|c|a|=|1|tx", "tree.shape"),
            ("&|0", "group.empty"),
            ("c|a|=", "tree.shape"),
            ("z", "tree.shape"),
            ("&|999999999", "tree.shape"),
        ] {
            assert_eq!(code(form), expected, "{form}");
        }
        assert_eq!(code(&"!|".repeat(100_000)), "tree.too-deep");
        let message = build("c\0note\0IN\x002\0tx,y\0tz").unwrap_err().message;
        assert!(message.contains("note"), "{message}");
    }
}
