//! Aggregate functions over the rows of a group. Replies hold numbers as texts. Empty values do not count.

use serde_json::{Map, Value};

use crate::search::Path;
use crate::store::{RowId, Store, compare};
use crate::table_api::Call;

use super::fields;

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Count,
    Average,
    Sum,
    Least,
    Largest,
}

impl Measure {
    /// Parses a name in either case: `AVG`, `count`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "count" => Self::Count,
            "avg" => Self::Average,
            "sum" => Self::Sum,
            "min" => Self::Least,
            "max" => Self::Largest,
            _ => return None,
        })
    }

    /// The value in the reply. An average has four decimals. Empty without any value.
    pub(super) fn text(self, store: &Store, path: &Path, rows: &[RowId]) -> String {
        let kind = path.kind(store);
        let filled = || rows.iter().map(|row| path.value(store, *row)).filter(|value| !value.is_empty());
        let numbers = || filled().filter_map(|value| value.parse::<f64>().ok()).filter(|number| number.is_finite());
        match self {
            Self::Count => filled().count().to_string(),
            Self::Average => match numbers().count() {
                0 => String::new(),
                count => format!("{:.4}", numbers().sum::<f64>() / count as f64),
            },
            Self::Sum => numbers().sum::<f64>().to_string(),
            Self::Least => filled().min_by(|left, right| compare(kind, left, right)).unwrap_or_default().into(),
            Self::Largest => filled().max_by(|left, right| compare(kind, left, right)).unwrap_or_default().into(),
        }
    }
}

/// The requested measures: their names in the reply, and the fields of each.
pub(super) struct Measures(Vec<Asked>);

type Asked = (&'static str, Measure, Vec<(String, Path)>);

impl Measures {
    pub(super) fn of(store: &Store, call: &Call<'_>) -> Self {
        let all = [
            ("avg", Measure::Average, "sysparm_avg_fields"),
            ("sum", Measure::Sum, "sysparm_sum_fields"),
            ("min", Measure::Least, "sysparm_min_fields"),
            ("max", Measure::Largest, "sysparm_max_fields"),
        ];
        let asked = all.map(|(name, measure, parameter)| {
            (name, measure, fields(store, call, call.parameters.text(parameter).unwrap_or_default()))
        });
        Self(asked.into_iter().filter(|(.., fields)| !fields.is_empty()).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn stats(&self, store: &Store, rows: &[RowId], counted: bool) -> Value {
        let mut stats = Map::new();
        if counted {
            stats.insert("count".into(), rows.len().to_string().into());
        }
        for (name, measure, fields) in &self.0 {
            let values = fields.iter().map(|(field, path)| (field.clone(), measure.text(store, path, rows).into()));
            stats.insert((*name).into(), Value::Object(values.collect()));
        }
        Value::Object(stats)
    }
}
