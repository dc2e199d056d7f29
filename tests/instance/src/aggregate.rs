//! The Aggregate API: counts, averages, sums and extremes, whole or by group. Row access rules do not apply, so a count above zero beside an empty list
//! means that the rows are hidden (Aggregate API documentation).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access::allows;
use crate::exchange::Reply;
use crate::refusal::Refusal;
use crate::search::{Path, Wanted, path_of, run};
use crate::store::{RowId, Store, compare};
use crate::switches::Switches;
use crate::table_api::{Call, plan};

pub(crate) fn answer(store: &mut Store, call: &Call<'_>, switches: &Switches) -> Result<Reply, Refusal> {
    let table = store.table(call.table).definition.name;
    if !allows(store, call.principal, "record", table, "report_view") {
        let detail = format!("No permission to read table '{table}'");
        return Err(Refusal::new(403, "Insufficient rights to query records", Some(&detail)));
    }
    let plan = plan(store, call, switches)?;
    let counted = call.parameters.flag("sysparm_count");
    let measures = Measures::of(store, call);
    let groups = call.parameters.text("sysparm_group_by").filter(|names| !names.is_empty());
    let result = match groups {
        None if !measures.is_empty() => {
            let all = Wanted { offset: 0, limit: usize::MAX, count: false };
            let rows = run(store, call.table, &plan, all).rows;
            json!({ "stats": measures.stats(store, &rows, counted) })
        }
        None => {
            let none = Wanted { offset: 0, limit: 0, count: true };
            let total = run(store, call.table, &plan, none).total.unwrap_or_default();
            json!({ "stats": if counted { json!({ "count": total.to_string() }) } else { json!({}) } })
        }
        Some(names) => {
            let fields: Vec<_> = names
                .split(',')
                .take(MOST_GROUPINGS)
                .filter_map(|name| Some((name.trim(), path_of(store, call.table, name.trim())?)))
                .collect();
            let all = Wanted { offset: 0, limit: usize::MAX, count: false };
            let rows = run(store, call.table, &plan, all).rows;
            let mut counts: BTreeMap<Vec<&str>, Vec<RowId>> = BTreeMap::new();
            for row in rows {
                let key = fields.iter().map(|(_, path)| path.value(store, row)).collect();
                counts.entry(key).or_default().push(row);
            }
            let group = |(values, rows): (Vec<&str>, Vec<RowId>)| {
                let named: Vec<Value> = fields
                    .iter()
                    .zip(values)
                    .map(|((field, _), value)| json!({ "field": field, "value": value }))
                    .collect();
                json!({ "stats": measures.stats(store, &rows, counted), "groupby_fields": named })
            };
            counts.into_iter().map(group).collect()
        }
    };
    Ok(Reply::json(200, json!({ "result": result }).to_string()))
}

const MOST_GROUPINGS: usize = 10;

/// What is worked out over the rows of a group: the name of the measure, and the fields it is of.
struct Measures(Vec<(&'static str, Vec<(String, Path)>)>);

impl Measures {
    fn of(store: &Store, call: &Call<'_>) -> Self {
        let fields = |parameter: &str| {
            let names = call.parameters.text(parameter).unwrap_or_default().split(',').take(MOST_GROUPINGS);
            let known =
                names.filter_map(|name| Some((name.trim().to_owned(), path_of(store, call.table, name.trim())?)));
            known.filter(|(_, path)| call.may_read(store, path.end)).collect::<Vec<_>>()
        };
        let all = [
            ("avg", "sysparm_avg_fields"),
            ("sum", "sysparm_sum_fields"),
            ("min", "sysparm_min_fields"),
            ("max", "sysparm_max_fields"),
        ];
        let asked = all.map(|(measure, parameter)| (measure, fields(parameter)));
        Self(asked.into_iter().filter(|(_, fields)| !fields.is_empty()).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every number is a text on the wire; an average has four decimals. Empty values do not count.
    fn stats(&self, store: &Store, rows: &[RowId], counted: bool) -> Value {
        let mut stats = serde_json::Map::new();
        if counted {
            stats.insert("count".into(), rows.len().to_string().into());
        }
        for (measure, fields) in &self.0 {
            let values = fields.iter().map(|(name, path)| {
                let kind = path.kind(store);
                let filled = || rows.iter().map(|row| path.value(store, *row)).filter(|value| !value.is_empty());
                let numbers = || filled().filter_map(|value| value.parse::<f64>().ok());
                let value = match *measure {
                    "avg" => match numbers().count() {
                        0 => String::new(),
                        count => format!("{:.4}", numbers().sum::<f64>() / count as f64),
                    },
                    "sum" => numbers().sum::<f64>().to_string(),
                    "min" => filled().min_by(|left, right| compare(kind, left, right)).unwrap_or_default().into(),
                    _ => filled().max_by(|left, right| compare(kind, left, right)).unwrap_or_default().into(),
                };
                (name.clone(), Value::from(value))
            });
            stats.insert((*measure).into(), Value::Object(values.collect()));
        }
        Value::Object(stats)
    }
}
