//! Groups of rows: which groups are returned (`sysparm_having`), and in which order (`sysparm_order_by`).

use std::cmp::Ordering;
use std::collections::HashMap;

use sysparm::query::Operator;

use crate::search::{Path, path_of};
use crate::store::{Kind, RowId, Store, compare};
use crate::table_api::Call;

use super::MAX_FIELDS;
use super::measure::Measure;

/// The rows with equal values in the grouping fields.
pub(super) struct Group<'a> {
    pub(super) values: Vec<&'a str>,
    pub(super) rows: Vec<RowId>,
}

/// The groups, ordered by their values.
pub(super) fn by_value<'a>(store: &'a Store, fields: &[(String, Path)], rows: Vec<RowId>) -> Vec<Group<'a>> {
    let mut groups: HashMap<Vec<&str>, Vec<RowId>> = HashMap::new();
    for row in rows {
        let values = fields.iter().map(|(_, path)| path.value(store, row)).collect();
        groups.entry(values).or_default().push(row);
    }
    let mut groups: Vec<Group<'_>> = groups.into_iter().map(|(values, rows)| Group { values, rows }).collect();
    groups.sort_by(|left, right| {
        let orders = fields.iter().zip(left.values.iter().zip(&right.values));
        let order = orders.map(|((_, path), (left, right))| compare(path.kind(store), left, right));
        // Values that differ only in case are separate groups, in a fixed order.
        order.fold(Ordering::Equal, Ordering::then).then_with(|| left.values.cmp(&right.values))
    });
    groups
}

/// A condition on a measure: `count^priority^>^3`.
pub(super) struct Having {
    measure: Measure,
    path: Path,
    is: Operator,
    value: String,
}

impl Having {
    /// All conditions of a request. A condition that does not parse is ignored, as in a query.
    pub(super) fn all(store: &Store, call: &Call<'_>) -> Vec<Self> {
        let asked = call.parameters.text("sysparm_having").unwrap_or_default();
        asked.split(',').take(MAX_FIELDS).filter_map(|one| Self::of(store, call, one)).collect()
    }

    fn of(store: &Store, call: &Call<'_>, text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('^').map(str::trim).collect();
        let [measure, field, is, value] = parts.as_slice() else { return None };
        let path = path_of(store, call.table, field).filter(|path| call.may_compute(store, path))?;
        let is = Operator::named(is).filter(|is| order_of(*is).is_some())?;
        Some(Self { measure: Measure::named(measure)?, path, is, value: (*value).to_owned() })
    }

    pub(super) fn holds(&self, store: &Store, rows: &[RowId]) -> bool {
        let text = self.measure.text(store, &self.path, rows);
        let order = match (text.parse::<f64>(), self.value.parse::<f64>()) {
            (Ok(left), Ok(right)) => left.total_cmp(&right),
            _ => compare(Kind::Text, &text, &self.value),
        };
        order_of(self.is).is_some_and(|wanted| wanted.contains(&order))
    }
}

fn order_of(operator: Operator) -> Option<&'static [Ordering]> {
    Some(match operator {
        Operator::Is => &[Ordering::Equal],
        Operator::IsNot => &[Ordering::Less, Ordering::Greater],
        Operator::Less => &[Ordering::Less],
        Operator::AtMost => &[Ordering::Less, Ordering::Equal],
        Operator::Greater => &[Ordering::Greater],
        Operator::AtLeast => &[Ordering::Greater, Ordering::Equal],
        _ => return None,
    })
}

/// The requested order: by grouping fields or measures, ascending unless `^DESC` follows.
pub(super) struct Ranking(Vec<(Rank, bool)>);

enum Rank {
    /// A grouping field.
    Field(usize, Kind),
    /// The number of rows in the group.
    Size,
    Measure(Measure, Path),
}

impl Ranking {
    pub(super) fn of(store: &Store, call: &Call<'_>, fields: &[(String, Path)]) -> Self {
        let asked = call.parameters.text("sysparm_order_by").unwrap_or_default();
        let rank = |text: &str| {
            let (text, descending) = match text.strip_suffix("^DESC") {
                Some(text) => (text, true),
                None => (text, false),
            };
            let grouped = fields.iter().position(|(field, _)| field == text);
            let rank = match (grouped, text.split_once('^')) {
                (Some(place), _) => Rank::Field(place, fields.get(place)?.1.kind(store)),
                (None, Some((measure, field))) => {
                    let path = path_of(store, call.table, field).filter(|path| call.may_compute(store, path))?;
                    Rank::Measure(Measure::named(measure)?, path)
                }
                (None, None) => match Measure::named(text)? {
                    Measure::Count => Rank::Size,
                    _ => return None,
                },
            };
            Some((rank, descending))
        };
        Self(asked.split(',').take(MAX_FIELDS).filter_map(|text| rank(text.trim())).collect())
    }

    /// Groups of equal rank keep the order of their values.
    pub(super) fn sort(&self, store: &Store, groups: &mut [Group<'_>]) {
        for (rank, descending) in self.0.iter().rev() {
            let turned = |order: Ordering| if *descending { order.reverse() } else { order };
            match rank {
                Rank::Field(place, kind) => groups.sort_by(|left, right| {
                    let [left, right] =
                        [left, right].map(|group| group.values.get(*place).copied().unwrap_or_default());
                    turned(compare(*kind, left, right))
                }),
                Rank::Size => groups.sort_by(|left, right| turned(left.rows.len().cmp(&right.rows.len()))),
                Rank::Measure(measure, path) => groups.sort_by_cached_key(|group| {
                    let text = measure.text(store, path, &group.rows);
                    Key { number: text.parse().ok(), text, descending: *descending }
                }),
            }
        }
    }
}

/// The sort key of a measure: numbers by size come before texts.
#[derive(PartialEq)]
struct Key {
    number: Option<f64>,
    text: String,
    descending: bool,
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = match (self.number, other.number) {
            (Some(left), Some(right)) => left.total_cmp(&right),
            (left, right) => right.is_some().cmp(&left.is_some()).then_with(|| self.text.cmp(&other.text)),
        };
        if self.descending { order.reverse() } else { order }
    }
}
