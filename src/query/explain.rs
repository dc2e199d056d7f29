//! A query as one plain English sentence.

use super::operator::{Arity, Operator};
use super::related::push_number;
use super::tree::{Condition, Either, Order, Query, Related, Scalar, Value};

impl Query {
    /// What the query asks: "active is true, and priority is at most 2 or state is 6; newest first".
    #[must_use]
    pub fn explain(&self) -> String {
        self.explain_placed().0
    }

    /// With where in it each condition, then each order, then each grouping stands, in bytes: as [`Query::parse_losslessly`] counts them.
    #[must_use]
    pub fn explain_placed(&self) -> (String, Vec<(usize, usize)>) {
        let mut text = String::new();
        let mut places = Vec::new();
        if self.any.is_empty() {
            text.push_str("every row");
        }
        for (number, group) in self.any.iter().enumerate() {
            text.push_str(if number > 0 { "; or " } else { "" });
            say_all(&mut text, &group.all, ", and ", &mut places);
        }
        let mut groupings = Vec::new();
        for (number, field) in self.group_by.iter().enumerate() {
            text.push_str(if number > 0 { ", then by " } else { "; grouped by " });
            groupings.push((text.len(), text.len() + field.len()));
            text.push_str(field);
        }
        for (number, order) in self.order_by.iter().enumerate() {
            text.push_str(if number > 0 { ", then " } else { "; " });
            let start = text.len();
            say_order(&mut text, order);
            places.push((start, text.len()));
        }
        places.append(&mut groupings);
        (text, places)
    }
}

fn say_all(text: &mut String, all: &[Either], and: &str, places: &mut Vec<(usize, usize)>) {
    for (number, alternatives) in all.iter().enumerate() {
        text.push_str(if number > 0 { and } else { "" });
        for (number, condition) in alternatives.either.iter().enumerate() {
            text.push_str(if number > 0 { " or " } else { "" });
            let start = text.len();
            say_condition(text, condition);
            places.push((start, text.len()));
        }
    }
}

fn say_condition(text: &mut String, condition: &Condition) {
    let Condition { field, operator, value } = condition;
    let arity = operator.arity();
    match (field.as_str(), value) {
        ("123TEXTQUERY321", Some(Value::One(sought))) => {
            text.push_str("the text search finds ");
            return say_scalar(text, sought);
        }
        (_, Some(Value::Related(related))) => return say_related(text, field, related),
        (_, Some(Value::One(raw))) if arity == Arity::Raw => say_scalar(text, raw),
        _ => text.push_str(field),
    }
    text.push(' ');
    // Nothing is equal to the empty text; the platform reads this as emptiness.
    if let (Operator::Is | Operator::IsNot, Some(Value::One(Scalar::Text(empty)))) = (operator, value)
        && empty.is_empty()
    {
        text.push_str(operator.words());
        return text.push_str(" empty");
    }
    text.push_str(operator.words());
    match value {
        None | Some(Value::Related(_)) => {}
        Some(Value::One(_)) if arity == Arity::Raw => {}
        Some(Value::One(one)) => {
            text.push(' ');
            say_scalar(text, one);
        }
        Some(Value::Field { field }) => {
            text.push(' ');
            let (name, unit) = field.split_once('@').unwrap_or((field, ""));
            text.push_str(name);
            text.push_str(if unit.is_empty() { "" } else { " by " });
            text.push_str(unit);
        }
        Some(Value::Many(values)) => {
            text.push(' ');
            say_many(text, arity, values);
        }
    }
}

fn say_many(text: &mut String, arity: Arity, values: &[Scalar]) {
    match (arity, values) {
        // The label says it; the start and the end only tell the platform what the label means.
        (Arity::Preset | Arity::DatePart, [label, ..]) => say_scalar(text, label),
        (Arity::Relative, [unit, direction, count]) => {
            say_length(text, count, unit);
            text.push(' ');
            text.push_str(match plain(direction) {
                "ahead" => "from now",
                direction => direction,
            });
        }
        (Arity::Distance, [field, unit, direction, count]) => {
            say_length(text, count, unit);
            for part in [direction, field] {
                text.push(' ');
                text.push_str(plain(part));
            }
        }
        (Arity::Hierarchy, [definition, root]) => {
            say_scalar(text, definition);
            text.push_str(" from ");
            say_scalar(text, root);
        }
        _ => {
            for (number, value) in values.iter().enumerate() {
                text.push_str(match number {
                    0 => "",
                    _ if arity == Arity::Range => " and ",
                    _ if number + 1 == values.len() => " or ",
                    _ => ", ",
                });
                say_scalar(text, value);
            }
        }
    }
}

fn say_length(text: &mut String, count: &Scalar, unit: &Scalar) {
    text.push_str(plain(count));
    text.push(' ');
    text.push_str(plain(unit));
    text.push_str(if plain(count) == "1" { "" } else { "s" });
}

fn plain(scalar: &Scalar) -> &str {
    match scalar {
        Scalar::Text(text) | Scalar::Script { script: text } => text,
    }
}

fn say_scalar(text: &mut String, scalar: &Scalar) {
    match scalar {
        Scalar::Script { script } => match script.as_str() {
            "gs.getUserID()" => text.push_str("me"),
            "gs.getUserName()" => text.push_str("my user name"),
            script => {
                text.push_str("the result of ");
                text.push_str(script);
            }
        },
        Scalar::Text(value) => {
            let simple = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/ ".contains(&byte);
            let quote = if !value.is_empty() && value.bytes().all(simple) { "" } else { "\"" };
            for part in [quote, value, quote] {
                text.push_str(part);
            }
        }
    }
}

fn say_related(text: &mut String, field: &str, related: &Related) {
    text.push_str("the number of ");
    text.push_str(field);
    text.push_str(" records");
    if !related.conditions.is_empty() {
        text.push_str(" whose ");
        say_all(text, &related.conditions, " and ", &mut Vec::new());
    }
    text.push(' ');
    text.push_str(related.is.words());
    text.push(' ');
    push_number(text, related.count);
}

fn say_order(text: &mut String, order: &Order) {
    let words = match (order.field.as_str(), order.descending) {
        ("sys_created_on" | "opened_at", true) => "newest first",
        ("sys_created_on" | "opened_at", false) => "oldest first",
        ("sys_updated_on", true) => "latest changed first",
        ("sys_updated_on", false) => "earliest changed first",
        (_, descending) => {
            text.push_str("sorted by ");
            text.push_str(&order.field);
            if descending { " downwards" } else { "" }
        }
    };
    text.push_str(words);
}

#[cfg(test)]
mod tests {
    use crate::query::{Operator, Query};

    #[test]
    fn query_is_one_english_sentence() {
        for (text, sentence) in [
            (
                "active=true^priority<=2^ORstate=6^ORDERBYDESCsys_created_on",
                "active is true, and priority is at most 2 or state is 6; newest first",
            ),
            ("", "every row"),
            ("ORDERBYnumber^ORDERBYDESCpriority", "every row; sorted by number, then sorted by priority downwards"),
            (
                "active=true^NQpriority=1^assigned_toISEMPTY",
                "active is true; or priority is 1, and assigned_to is empty",
            ),
            ("stateIN1,2,3", "state is one of 1, 2 or 3"),
            ("close_notes=^caller_id=javascript:gs.getUserID()", "close_notes is empty, and caller_id is me"),
            ("short_descriptionLIKEa, b", "short_description contains \"a, b\""),
            ("sys_updated_onRELATIVEGT@hour@ago@1", "sys_updated_on is after 1 hour ago"),
            ("due_dateRELATIVELT@day@ahead@3", "due_date is before 3 days from now"),
            ("opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)", "opened_at is on Today"),
            ("priorityBETWEEN1@3", "priority is between 1 and 3"),
            ("sla_dueMORETHANactivity_due@day@before@2", "sla_due is more than 2 days before activity_due"),
            ("sla_dueSAMEASactivity_due@day", "sla_due is the same as activity_due by day"),
            (
                "RLQUERYincident.problem_id,>=1,priority=1^ENDRLQUERY",
                "the number of incident.problem_id records whose priority is 1 is at least 1",
            ),
            ("123TEXTQUERY321=printer", "the text search finds printer"),
        ] {
            assert_eq!(Query::parse(text).unwrap().explain(), sentence);
        }
    }

    #[test]
    fn every_operator_has_words() {
        assert!(Operator::ALL.iter().all(|operator| !operator.words().is_empty()));
    }
}
