//! A record as it is about to be written, and whether it meets the conditions of a business rule.

use sysparm::query::{Condition, Operator, Query, Scalar, Value};

use crate::search::{Caller, Test, path_of};
use crate::store::{Kind, RowId, Store, TableId, Text};

use super::script_condition;

pub(super) struct Draft<'a> {
    pub(super) store: &'a Store,
    pub(super) table: TableId,
    /// The row with the values that are to be written.
    pub(super) row: RowId,
    /// The cells before the write; `None` of a new record.
    pub(super) previous: Option<&'a [Text]>,
    pub(super) caller: &'a Caller<'a>,
    pub(super) deletes: bool,
}

impl Draft<'_> {
    /// Whether the record meets an encoded query. A condition that cannot be read is not met, so the rule does not run.
    pub(super) fn meets(&self, filter: &str) -> bool {
        let known = |field: &str| path_of(self.store, self.table, field).is_some();
        let (query, dropped) = Query::parse_leniently(filter, &known);
        let mut groups = query.any.iter();
        let all = |group: &sysparm::query::All| {
            group.all.iter().all(|either| either.either.iter().any(|condition| self.holds(condition)))
        };
        dropped.is_empty() && (query.any.is_empty() || groups.any(all))
    }

    /// Whether the record meets a script; see [`script_condition`]. An empty script is met.
    pub(super) fn meets_script(&self, script: &str) -> bool {
        script.trim().is_empty() || script_condition::holds(script, self)
    }

    fn holds(&self, condition: &Condition) -> bool {
        let field = condition.field.as_str();
        match (condition.operator, &condition.value) {
            (Operator::Changes, _) => self.changes(field),
            (Operator::ChangesTo, Some(Value::One(Scalar::Text(text)))) => {
                self.changes(field) && self.current(field) == text
            }
            (Operator::ChangesFrom, Some(Value::One(Scalar::Text(text)))) => {
                self.changes(field) && self.previous(field) == text
            }
            _ => self.by_letters(condition).unwrap_or_else(|| {
                Test::of(self.store, self.table, condition, self.caller)
                    .is_some_and(|test| !test.is_partly_invalid() && test.holds(self.store, self.row))
            }),
        }
    }

    /// "Filters based on string compares are case-sensitive", unlike a query's.
    fn by_letters(&self, condition: &Condition) -> Option<bool> {
        let path =
            path_of(self.store, self.table, &condition.field).filter(|path| path.kind(self.store) == Kind::Text)?;
        let raw = path.value(self.store, self.row);
        let texts: Option<Vec<&str>> = match &condition.value {
            Some(Value::One(Scalar::Text(text))) => Some(vec![text]),
            Some(Value::Many(scalars)) => scalars
                .iter()
                .map(|scalar| match scalar {
                    Scalar::Text(text) => Some(text.as_str()),
                    Scalar::Script { .. } => None,
                })
                .collect(),
            _ => None,
        };
        let texts = texts?;
        let one = *texts.first()?;
        Some(match condition.operator {
            Operator::Is => raw == one,
            Operator::IsNot => raw != one,
            Operator::Contains => raw.contains(one),
            Operator::DoesNotContain => !raw.contains(one),
            Operator::StartsWith => raw.starts_with(one),
            Operator::EndsWith => raw.ends_with(one),
            Operator::In => texts.contains(&raw),
            Operator::NotIn => !texts.contains(&raw),
            _ => return None,
        })
    }

    /// The value that is to be written; empty when there is no such field.
    pub(super) fn current(&self, field: &str) -> &str {
        path_of(self.store, self.table, field).map_or("", |path| path.value(self.store, self.row))
    }

    pub(super) fn previous(&self, field: &str) -> &str {
        let column = path_of(self.store, self.table, field).and_then(|path| path.direct());
        let cell = column.and_then(|column| self.previous?.get(column).copied());
        cell.map_or("", |cell| self.store.texts.of(cell))
    }

    pub(super) fn changes(&self, field: &str) -> bool {
        self.current(field) != self.previous(field)
    }

    /// What scripts call `current.operation()`.
    pub(super) fn operation(&self) -> &'static str {
        match (self.deletes, self.previous) {
            (true, _) => "delete",
            (false, None) => "insert",
            (false, Some(_)) => "update",
        }
    }

    pub(super) fn has_role(&self, role: &str) -> bool {
        self.caller.roles.contains(role) || self.caller.roles.contains("admin")
    }
}
