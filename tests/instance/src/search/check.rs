//! A condition prepared for testing many rows, with the platform's rules for empty values and references.

use std::cmp::Ordering;
use std::collections::HashSet;

use jiff::tz::TimeZone;

use crate::store::{Kind, RowId, Store, compare, same};

use super::calendar::{Moment, Unit};
use super::date_part::DatePart;
use super::distance::Distance;
use super::domain::Domain;
use super::path::Path;
use super::related::Counts;
use super::text_search::TextSearch;

/// A column and the check of its values.
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
    Outside(String, String),
    /// The text is in lower case.
    Contains(String),
    DoesNotContain(String),
    StartsWith(String),
    EndsWith(String),
    In(Vec<String>),
    NotIn(Vec<String>),
    Empty,
    NotEmpty,
    Anything,
    /// One of many raw values: the records of a hierarchy, the records with a tag, a class and those that extend it.
    Among(HashSet<String>),
    NotAmong(HashSet<String>),
    SameAs(Path, Option<Cut>),
    NotSameAs(Path, Option<Cut>),
    /// Compared with another field: which orders satisfy it.
    Field(Path, &'static [Ordering]),
    /// The distance from another date.
    Apart(Path, Distance),
    Part(DatePart),
    Related(Counts),
    /// Words anywhere in the row.
    Words(TextSearch),
    /// Whether the caller's domain makes the row visible.
    Visible(Domain),
}

/// Dates are compared by the unit they fall in, on the caller's wall clock: `SAMEASresolved_at@day`.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(super) unit: Unit,
    pub(super) zone: TimeZone,
}

impl Test {
    /// Whether the row satisfies the condition. An empty field is never less or greater than anything, and satisfies
    /// every negation: `active!=true` matches false, empty and null (operator page).
    pub(crate) fn holds(&self, store: &Store, row: RowId) -> bool {
        let raw = self.path.value(store, row);
        let order = |operand: &str| (!raw.is_empty()).then(|| compare(self.kind, raw, operand));
        let within = |low: &str, high: &str| {
            order(low).is_some_and(|order| order.is_ge()) && order(high).is_some_and(|order| order.is_le())
        };
        match &self.check {
            Check::Is(operand) => same(self.kind, raw, operand),
            Check::IsNot(operand) => !same(self.kind, raw, operand),
            Check::Less(operand) => order(operand).is_some_and(|order| order.is_lt()),
            Check::AtMost(operand) => order(operand).is_some_and(|order| order.is_le()),
            Check::Greater(operand) => order(operand).is_some_and(|order| order.is_gt()),
            Check::AtLeast(operand) => order(operand).is_some_and(|order| order.is_ge()),
            Check::Between(low, high) => within(low, high),
            Check::Outside(low, high) => !within(low, high),
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
            Check::Among(values) => values.contains(raw),
            Check::NotAmong(values) => !values.contains(raw),
            Check::SameAs(other, cut) => self.is_same(raw, other.value(store, row), cut.as_ref()),
            Check::NotSameAs(other, cut) => !self.is_same(raw, other.value(store, row), cut.as_ref()),
            Check::Field(other, wanted) => {
                let other = other.value(store, row);
                !other.is_empty() && order(other).is_some_and(|order| wanted.contains(&order))
            }
            Check::Apart(other, distance) => distance.holds(raw, other.value(store, row)),
            Check::Part(part) => part.holds(raw),
            Check::Related(counts) => counts.holds(raw),
            Check::Words(search) => search.holds(store, row),
            Check::Visible(domain) => domain.shows(store, row),
        }
    }

    /// Whether a part of the condition is invalid and was ignored.
    pub(crate) fn is_partly_invalid(&self) -> bool {
        matches!(&self.check, Check::Related(counts) if counts.invalid)
    }

    fn is_same(&self, raw: &str, other: &str, cut: Option<&Cut>) -> bool {
        let Some(Cut { unit, zone }) = cut else { return same(self.kind, raw, other) };
        let start = |raw: &str| Moment::of_raw(raw, zone)?.start(*unit).map(|start| start.civil());
        match (start(raw), start(other)) {
            (None, None) => raw == other,
            (raw, other) => raw == other,
        }
    }

    /// Text operators test the display value of a reference ("string, reference display value", operator page).
    fn shown<'a>(&self, store: &'a Store, raw: &'a str) -> &'a str {
        match self.kind {
            Kind::Reference(target) => store.display_of_reference(target, raw).unwrap_or_default(),
            _ => raw,
        }
    }
}

/// Whether a text contains a part, ignoring the case of ASCII letters. The part is in lower case.
pub(super) fn contains(text: &str, folded_part: &str) -> bool {
    if folded_part.is_empty() {
        return true;
    }
    let part = folded_part.as_bytes();
    let first = part.first().copied().unwrap_or_default();
    text.as_bytes().windows(part.len()).any(|window| {
        window.first().is_some_and(|byte| byte.to_ascii_lowercase() == first) && window.eq_ignore_ascii_case(part)
    })
}
