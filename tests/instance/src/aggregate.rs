//! The Aggregate API: counts, whole or by group. Row access rules do not apply, so a count above zero beside an empty list
//! means that the rows are hidden (Aggregate API documentation).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access::allows;
use crate::exchange::Reply;
use crate::refusal::Refusal;
use crate::search::{Wanted, path_of, run};
use crate::store::Store;
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
    let stats = |count: usize| match counted {
        true => json!({ "count": count.to_string() }),
        false => json!({}),
    };
    let groups = call.parameters.text("sysparm_group_by").filter(|names| !names.is_empty());
    let result = match groups {
        None => {
            let none = Wanted { offset: 0, limit: 0, count: true };
            let total = run(store, call.table, &plan, none).total.unwrap_or_default();
            json!({ "stats": stats(total) })
        }
        Some(names) => {
            let fields: Vec<_> = names
                .split(',')
                .take(MOST_GROUPINGS)
                .filter_map(|name| Some((name.trim(), path_of(store, call.table, name.trim())?)))
                .collect();
            let all = Wanted { offset: 0, limit: usize::MAX, count: false };
            let rows = run(store, call.table, &plan, all).rows;
            let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
            for row in rows {
                let key = fields.iter().map(|(_, path)| path.value(store, row)).collect();
                *counts.entry(key).or_default() += 1;
            }
            let group = |(values, count): (Vec<&str>, usize)| {
                let named: Vec<Value> = fields
                    .iter()
                    .zip(values)
                    .map(|((field, _), value)| json!({ "field": field, "value": value }))
                    .collect();
                json!({ "stats": stats(count), "groupby_fields": named })
            };
            counts.into_iter().map(group).collect()
        }
    };
    Ok(Reply::json(200, json!({ "result": result }).to_string()))
}

const MOST_GROUPINGS: usize = 10;
