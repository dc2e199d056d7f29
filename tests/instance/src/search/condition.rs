//! One condition over one row, with the platform's treatment of empty values and of references.

use std::cmp::Ordering;
use std::collections::HashMap;

use sysparm::query::{Condition, Operator, Scalar, Value};

use crate::store::{Kind, RowId, Store, TableId, compare, same};

use super::moments::{self, Distance};
use super::plan::Caller;
use super::related;

/// A column, perhaps of a row that is reached through references.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// The reference columns walked through, each in its table.
    steps: Vec<(TableId, usize)>,
    /// The table and column at the end.
    pub(crate) end: (TableId, usize),
}

/// A longer walk than this is refused by the query parser's longest field anyway.
const MOST_STEPS: usize = 12;

/// The column that a name with or without dots leads to.
pub(crate) fn path_of(store: &Store, table: TableId, name: &str) -> Option<Path> {
    let mut steps = Vec::new();
    let mut table = table;
    let mut parts = name.split('.').peekable();
    while let Some(part) = parts.next() {
        let definition = store.table(table).definition;
        let column = definition.column(part)?;
        if parts.peek().is_none() {
            return Some(Path { steps, end: (table, column) });
        }
        let Kind::Reference(target) = definition.columns.get(column)?.kind else {
            return None;
        };
        if steps.len() == MOST_STEPS {
            return None;
        }
        steps.push((table, column));
        table = store.find(target)?;
    }
    None
}

impl Path {
    /// The column of the searched table itself, when no reference is walked through.
    pub(crate) fn direct(&self) -> Option<usize> {
        self.steps.is_empty().then_some(self.end.1)
    }

    pub(crate) fn kind(&self, store: &Store) -> Kind {
        let columns = store.table(self.end.0).definition.columns;
        columns.get(self.end.1).map_or(Kind::Text, |column| column.kind)
    }

    /// The value at the end of the walk; empty when a reference on the way is.
    pub(crate) fn value<'a>(&self, store: &'a Store, row: RowId) -> &'a str {
        let mut row = row;
        for (number, (table, column)) in self.steps.iter().enumerate() {
            let next = self.steps.get(number + 1).map_or(self.end.0, |step| step.0);
            match store.row(next, store.text(*table, row, *column)) {
                Some(found) => row = found,
                None => return "",
            }
        }
        store.text(self.end.0, row, self.end.1)
    }
}

/// A condition made ready for many rows.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) path: Path,
    pub(crate) kind: Kind,
    pub(crate) check: Check,
}

#[derive(Clone, Debug)]
pub(crate) enum Check {
    Is(String),
    IsNot(String),
    Less(String),
    AtMost(String),
    Greater(String),
    AtLeast(String),
    Between(String, String),
    Contains(String),
    DoesNotContain(String),
    StartsWith(String),
    EndsWith(String),
    In(Vec<String>),
    NotIn(Vec<String>),
    Empty,
    NotEmpty,
    Anything,
    SameAs(Path, bool),
    NotSameAs(Path, bool),
    /// Compared with another field: which orders satisfy it.
    Field(Path, &'static [Ordering]),
    /// How far from another date.
    Apart(Path, Distance),
    Outside(String, String),
    /// How many related records there are, by the record they point at, and which numbers satisfy.
    Related(HashMap<String, u32>, Operator, u32),
}

/// The dynamic filter option "Me" (operator page).
const ME: &str = "54635e965f510100a9ad2572f2b4774c";

impl Test {
    /// Nothing when the field does not exist, the script is not one that is understood, or the value does not fit.
    pub(crate) fn of(store: &Store, table: TableId, condition: &Condition, caller: &Caller<'_>) -> Option<Self> {
        if let (Operator::Related, Some(Value::Related(asked))) = (condition.operator, &condition.value) {
            let path = path_of(store, table, "sys_id")?;
            let counts = related::counts(store, &condition.field, asked, caller)?;
            return Some(Self { path, kind: Kind::Id, check: Check::Related(counts, asked.is, asked.count) });
        }
        let path = path_of(store, table, &condition.field)?;
        let kind = path.kind(store);
        let one = || match &condition.value {
            Some(Value::One(scalar)) => evaluated(scalar, caller),
            _ => None,
        };
        let many = || match &condition.value {
            Some(Value::Many(scalars)) => scalars.iter().map(|scalar| evaluated(scalar, caller)).collect(),
            Some(Value::One(scalar)) => evaluated(scalar, caller).map(|one| vec![one]),
            _ => None::<Vec<String>>,
        };
        let other = || match &condition.value {
            Some(Value::Field { field }) => {
                let (name, by_day) = match field.split_once('@') {
                    Some((name, unit)) => (name, unit == "day"),
                    None => (field.as_str(), false),
                };
                Some((path_of(store, table, name)?, by_day))
            }
            _ => None,
        };
        let check = match condition.operator {
            Operator::Is => Check::Is(one()?),
            Operator::IsNot => Check::IsNot(one()?),
            Operator::Less => Check::Less(one()?),
            Operator::AtMost => Check::AtMost(one()?),
            Operator::Greater => Check::Greater(one()?),
            Operator::AtLeast => Check::AtLeast(one()?),
            Operator::Contains => Check::Contains(one()?.to_ascii_lowercase()),
            Operator::DoesNotContain => Check::DoesNotContain(one()?.to_ascii_lowercase()),
            Operator::StartsWith => Check::StartsWith(one()?),
            Operator::EndsWith => Check::EndsWith(one()?),
            Operator::In => Check::In(many()?),
            Operator::NotIn => Check::NotIn(many()?),
            Operator::IsEmpty | Operator::EmptyString => Check::Empty,
            Operator::IsNotEmpty => Check::NotEmpty,
            Operator::Anything => Check::Anything,
            Operator::Between => match many()?.as_slice() {
                [low, high] => Check::Between(low.clone(), high.clone()),
                _ => return None,
            },
            Operator::On | Operator::NotOn => match (many()?.as_slice(), condition.operator) {
                ([_, start, end], Operator::On) => Check::Between(start.clone(), end.clone()),
                ([_, start, end], _) => Check::Outside(start.clone(), end.clone()),
                _ => return None,
            },
            Operator::GreaterThanField => Check::Field(other()?.0, &[Ordering::Greater]),
            Operator::LessThanField => Check::Field(other()?.0, &[Ordering::Less]),
            Operator::AtLeastField => Check::Field(other()?.0, &[Ordering::Greater, Ordering::Equal]),
            Operator::AtMostField => Check::Field(other()?.0, &[Ordering::Less, Ordering::Equal]),
            Operator::MoreThan | Operator::LessThan => {
                let parts = many()?;
                let distance = Distance::of(&parts, condition.operator == Operator::MoreThan)?;
                Check::Apart(path_of(store, table, parts.first()?)?, distance)
            }
            Operator::Dynamic => match one()?.as_str() {
                ME => Check::Is(caller.user_id.into()),
                _ => return None,
            },
            // What compares with the moment of asking, with a hierarchy, a class or a change is not known here: such a
            // condition is invalid, and the instance does with it what it is set to do.
            Operator::RelativeAfter
            | Operator::RelativeBefore
            | Operator::RelativeOn
            | Operator::RelativeOnOrAfter
            | Operator::RelativeOnOrBefore
            | Operator::DatePart
            | Operator::InHierarchy
            | Operator::InHierarchyDynamic
            | Operator::InstanceOf
            | Operator::Changes
            | Operator::ChangesFrom
            | Operator::ChangesTo
            | Operator::DoesNotHave
            | Operator::Excluding
            | Operator::Related
            | Operator::Raw => return None,
            Operator::SameAs => other().map(|(path, by_day)| Check::SameAs(path, by_day))?,
            Operator::NotSameAs => other().map(|(path, by_day)| Check::NotSameAs(path, by_day))?,
        };
        Some(Self { path, kind, check })
    }

    /// Whether the row satisfies the condition. An empty field is never less or greater than anything, and satisfies
    /// every negation: `active!=true` matches false, empty and null (operator page).
    pub(crate) fn holds(&self, store: &Store, row: RowId) -> bool {
        let raw = self.path.value(store, row);
        let order = |operand: &str| (!raw.is_empty()).then(|| compare(self.kind, raw, operand));
        match &self.check {
            Check::Is(operand) => same(self.kind, raw, operand),
            Check::IsNot(operand) => !same(self.kind, raw, operand),
            Check::Less(operand) => order(operand).is_some_and(|order| order.is_lt()),
            Check::AtMost(operand) => order(operand).is_some_and(|order| order.is_le()),
            Check::Greater(operand) => order(operand).is_some_and(|order| order.is_gt()),
            Check::AtLeast(operand) => order(operand).is_some_and(|order| order.is_ge()),
            Check::Between(low, high) => {
                order(low).is_some_and(|order| order.is_ge()) && order(high).is_some_and(|order| order.is_le())
            }
            Check::Contains(part) => contains(self.shown(store, raw), part),
            Check::DoesNotContain(part) => !contains(self.shown(store, raw), part),
            Check::StartsWith(part) => {
                let shown = self.shown(store, raw).as_bytes();
                shown.get(..part.len()).is_some_and(|head| head.eq_ignore_ascii_case(part.as_bytes()))
            }
            Check::EndsWith(part) => {
                let shown = self.shown(store, raw).as_bytes();
                let tail = shown.len().checked_sub(part.len()).and_then(|start| shown.get(start..));
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(part.as_bytes()))
            }
            Check::In(operands) => operands.iter().any(|operand| same(self.kind, raw, operand)),
            Check::NotIn(operands) => !operands.iter().any(|operand| same(self.kind, raw, operand)),
            Check::Empty => raw.is_empty(),
            Check::NotEmpty => !raw.is_empty(),
            Check::Anything => true,
            Check::SameAs(other, by_day) => same(self.kind, cut(raw, *by_day), cut(other.value(store, row), *by_day)),
            Check::NotSameAs(other, by_day) => {
                !same(self.kind, cut(raw, *by_day), cut(other.value(store, row), *by_day))
            }
            Check::Field(other, wanted) => {
                let other = other.value(store, row);
                !other.is_empty() && order(other).is_some_and(|order| wanted.contains(&order))
            }
            Check::Apart(other, distance) => distance.holds(raw, other.value(store, row)),
            Check::Outside(start, end) => {
                !(order(start).is_some_and(|order| order.is_ge()) && order(end).is_some_and(|order| order.is_le()))
            }
            Check::Related(counts, is, count) => {
                let order = counts.get(raw).copied().unwrap_or(0).cmp(count);
                match is {
                    Operator::Is => order.is_eq(),
                    Operator::IsNot => order.is_ne(),
                    Operator::Less => order.is_lt(),
                    Operator::AtMost => order.is_le(),
                    Operator::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }
            }
        }
    }

    /// The text operators look at what a reference shows ("string, reference display value", operator page).
    fn shown<'a>(&self, store: &'a Store, raw: &'a str) -> &'a str {
        match self.kind {
            Kind::Reference(target) => store.display_of_reference(target, raw).unwrap_or_default(),
            _ => raw,
        }
    }
}

fn contains(text: &str, folded_part: &str) -> bool {
    if folded_part.is_empty() {
        return true;
    }
    let part = folded_part.as_bytes();
    let first = part.first().copied().unwrap_or_default();
    text.as_bytes().windows(part.len()).any(|window| {
        window.first().is_some_and(|byte| byte.to_ascii_lowercase() == first) && window.eq_ignore_ascii_case(part)
    })
}

/// The day of a date-time.
fn cut(text: &str, by_day: bool) -> &str {
    match by_day {
        true => text.get(..10).unwrap_or(text),
        false => text,
    }
}

/// The value of an operand. Of the guarded scripts those are understood that say who is asking.
fn evaluated(scalar: &Scalar, caller: &Caller<'_>) -> Option<String> {
    match scalar {
        Scalar::Text(text) => Some(text.clone()),
        Scalar::Script { script } => match script.trim().trim_end_matches(';') {
            "gs.getUserID()" => Some(caller.user_id.into()),
            "gs.getUserName()" => Some(caller.user_name.into()),
            script => moments::generated(script),
        },
    }
}
