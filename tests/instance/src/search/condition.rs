//! Turns a condition of the query tree into a test of rows. Resolves field, operand and session once, before any row is tested.

use std::cmp::Ordering;

use sysparm::query::{Condition, Operator, Scalar, Value};

use crate::store::{Kind, Store, TableId};

use super::calendar::Unit;
use super::caller::Caller;
use super::check::{Check, Cut, Test};
use super::date_part::DatePart;
use super::distance::Distance;
use super::path::{Path, path_of};
use super::related::Counts;
use super::text_search::{self, TextSearch};
use super::{dynamic, hierarchy, relative, script, tags};

impl Test {
    /// None if the field does not exist, the script is not supported, or the value does not fit. Then the condition is invalid,
    /// and the instance handles it as configured.
    pub(crate) fn of(store: &Store, table: TableId, condition: &Condition, caller: &Caller<'_>) -> Option<Self> {
        let on_row = |check| Some(Self { path: path_of(store, table, "sys_id")?, kind: Kind::Id, check });
        if let (Operator::Related, Some(Value::Related(asked))) = (condition.operator, &condition.value) {
            return on_row(Check::Related(Counts::of(store, &condition.field, asked, caller)?));
        }
        let operands = Operands { store, table, condition, caller };
        match condition.field.as_str() {
            text_search::INDEX_GROUP => return on_row(Check::Anything),
            text_search::QUERY => return on_row(Check::Words(TextSearch::of(&operands.one()?)?)),
            field if field.starts_with(tags::FIELD) => return on_row(tags::check(store, table, condition)?),
            _ => {}
        }
        let path = path_of(store, table, &condition.field)?;
        let (kind, check) = (path.kind(store), operands.check()?);
        let check = if kind == Kind::Secret { unseen(check) } else { check };
        Some(Self { kind, path, check })
    }
}

/// The check of a password, which is stored encrypted: whether there is one can be asked, but no operand equals or resembles it.
fn unseen(check: Check) -> Check {
    match check {
        Check::Empty | Check::NotEmpty | Check::Anything => check,
        Check::Is(operand) if operand.is_empty() => Check::Empty,
        Check::IsNot(operand) if operand.is_empty() => Check::NotEmpty,
        Check::IsNot(_) | Check::NotIn(_) | Check::DoesNotContain(_) | Check::Outside(..) => Check::Anything,
        _ => Check::In(Vec::new()),
    }
}

/// The operands of an operator, resolved for a session.
struct Operands<'a> {
    store: &'a Store,
    table: TableId,
    condition: &'a Condition,
    caller: &'a Caller<'a>,
}

impl Operands<'_> {
    fn check(&self) -> Option<Check> {
        let (store, caller) = (self.store, self.caller);
        let zone = || caller.moment().zone().clone();
        Some(match self.condition.operator {
            Operator::Is => Check::Is(self.one()?),
            Operator::IsNot => Check::IsNot(self.one()?),
            Operator::Less => Check::Less(self.one()?),
            Operator::AtMost => Check::AtMost(self.one()?),
            Operator::Greater => Check::Greater(self.one()?),
            Operator::AtLeast => Check::AtLeast(self.one()?),
            Operator::Contains => Check::Contains(self.one()?.to_ascii_lowercase()),
            Operator::DoesNotContain => Check::DoesNotContain(self.one()?.to_ascii_lowercase()),
            Operator::StartsWith => Check::StartsWith(self.one()?),
            Operator::EndsWith => Check::EndsWith(self.one()?),
            Operator::In => Check::In(self.many()?),
            Operator::NotIn => Check::NotIn(self.many()?),
            Operator::IsEmpty | Operator::EmptyString => Check::Empty,
            Operator::IsNotEmpty => Check::NotEmpty,
            Operator::Anything => Check::Anything,
            Operator::Between => {
                let [low, high] = self.many()?.try_into().ok()?;
                Check::Between(low, high)
            }
            Operator::On => {
                let [_, start, end] = self.many()?.try_into().ok()?;
                Check::Between(start, end)
            }
            Operator::NotOn => {
                let [_, start, end] = self.many()?.try_into().ok()?;
                Check::Outside(start, end)
            }
            Operator::SameAs => self.other().map(|(path, cut)| Check::SameAs(path, cut))?,
            Operator::NotSameAs => self.other().map(|(path, cut)| Check::NotSameAs(path, cut))?,
            Operator::GreaterThanField => Check::Field(self.other()?.0, &[Ordering::Greater]),
            Operator::LessThanField => Check::Field(self.other()?.0, &[Ordering::Less]),
            Operator::AtLeastField => Check::Field(self.other()?.0, &[Ordering::Greater, Ordering::Equal]),
            Operator::AtMostField => Check::Field(self.other()?.0, &[Ordering::Less, Ordering::Equal]),
            Operator::MoreThan | Operator::LessThan => {
                let parts = self.many()?;
                let distance = Distance::of(&parts, self.condition.operator == Operator::MoreThan, &zone())?;
                let other =
                    path_of(store, self.table, parts.first()?).filter(|path| path.kind(store) != Kind::Secret)?;
                Check::Apart(other, distance)
            }
            operator @ (Operator::RelativeAfter
            | Operator::RelativeBefore
            | Operator::RelativeOn
            | Operator::RelativeOnOrAfter
            | Operator::RelativeOnOrBefore) => relative::check(operator, &self.many()?, &caller.moment())?,
            Operator::DatePart => match &self.condition.value {
                Some(Value::Many(parts)) => match parts.as_slice() {
                    [_, Scalar::Script { script }] => Check::Part(DatePart::of(script, &zone())?),
                    _ => return None,
                },
                _ => return None,
            },
            Operator::Dynamic => Check::In(dynamic::values(store, &self.one()?, caller)?),
            Operator::InHierarchy => {
                let [definition, root] = self.many()?.try_into().ok()?;
                Check::Among(hierarchy::at_or_below(store, &definition, vec![root])?)
            }
            Operator::InHierarchyDynamic => {
                let [definition, option] = self.many()?.try_into().ok()?;
                let roots = dynamic::values(store, &option, caller)?;
                Check::Among(hierarchy::at_or_below(store, &definition, roots)?)
            }
            Operator::InstanceOf => Check::Among(hierarchy::classes(store, &self.one()?)),
            // Only notifications know about changes: in a query these operators are invalid. Tags and related lists are handled
            // before this.
            Operator::Changes
            | Operator::ChangesFrom
            | Operator::ChangesTo
            | Operator::DoesNotHave
            | Operator::Excluding
            | Operator::Related
            | Operator::Raw => return None,
        })
    }

    fn one(&self) -> Option<String> {
        match &self.condition.value {
            Some(Value::One(scalar)) => self.evaluated(scalar),
            _ => None,
        }
    }

    fn many(&self) -> Option<Vec<String>> {
        match &self.condition.value {
            Some(Value::Many(scalars)) => scalars.iter().map(|scalar| self.evaluated(scalar)).collect(),
            _ => self.one().map(|one| vec![one]),
        }
    }

    /// The other field, and the unit in which dates are compared.
    fn other(&self) -> Option<(Path, Option<Cut>)> {
        let Some(Value::Field { field }) = &self.condition.value else { return None };
        let (name, unit) = field.split_once('@').map_or((field.as_str(), None), |(name, unit)| (name, Some(unit)));
        let cut = match unit {
            None => None,
            Some(unit) => Some(Cut { unit: Unit::named(unit)?, zone: self.caller.moment().zone().clone() }),
        };
        let path = path_of(self.store, self.table, name).filter(|path| path.kind(self.store) != Kind::Secret)?;
        Some((path, cut))
    }

    fn evaluated(&self, scalar: &Scalar) -> Option<String> {
        match scalar {
            Scalar::Text(text) => Some(text.clone()),
            Scalar::Script { script } => script::value(script, self.caller),
        }
    }
}
