//! The Aggregate API: counts, averages, sums and extremes, in total or by group. Row access rules do not apply, so a count
//! above zero together with an empty list means that the rows are hidden (Aggregate API documentation).

mod groups;
mod measure;

use serde_json::{Value, json};

use crate::access::allows;
use crate::exchange::Reply;
use crate::refusal::Refusal;
use crate::search::{Path, Wanted, path_of, run};
use crate::store::Store;
use crate::switches::Switches;
use crate::table_api::{Call, Display, display_value, plan};

use groups::{Having, Ranking, by_value};
use measure::Measures;

/// Further names in one parameter are ignored.
const MAX_FIELDS: usize = 10;

pub(crate) fn answer(store: &mut Store, call: &Call<'_>, switches: &Switches) -> Result<Reply, Refusal> {
    let table = store.table(call.table).definition.name;
    if !allows(store, call.principal, "record", table, "report_view") {
        let detail = format!("No permission to read table '{table}'");
        return Err(Refusal::new(403, "Insufficient rights to query records", Some(&detail)));
    }
    let plan = plan(store, call, switches)?;
    let counted = call.parameters.flag("sysparm_count");
    let measures = Measures::of(store, call);
    let having = Having::all(store, call);
    let grouping = call.parameters.text("sysparm_group_by").unwrap_or_default();
    if grouping.is_empty() && measures.is_empty() && having.is_empty() {
        let total = match counted {
            true => run(store, call.table, &plan, Wanted { limit: 0, count: true, ..Wanted::ALL }).total,
            false => None,
        };
        let stats = total.map_or_else(|| json!({}), |total| json!({ "count": total.to_string() }));
        return Ok(replied(&json!({ "stats": stats })));
    }
    let rows = run(store, call.table, &plan, Wanted::ALL).rows;
    let store = &*store;
    if grouping.is_empty() {
        let stats = match having.iter().all(|one| one.holds(store, &rows)) {
            true => measures.stats(store, &rows, counted),
            false => json!({}),
        };
        return Ok(replied(&json!({ "stats": stats })));
    }
    let fields = fields(store, call, grouping);
    let mut groups = by_value(store, &fields, rows);
    groups.retain(|group| having.iter().all(|one| one.holds(store, &group.rows)));
    Ranking::of(store, call, &fields).sort(store, &mut groups);
    let display = Display::of(&call.parameters);
    let results = groups.iter().map(|group| {
        let named = fields.iter().zip(&group.values).map(|((field, path), value)| {
            let shown = || display_value(store, path, value);
            match display {
                Display::Shown => json!({ "field": field, "value": shown() }),
                Display::Both => json!({ "field": field, "value": value, "display_value": shown() }),
                Display::Raw => json!({ "field": field, "value": value }),
            }
        });
        let named: Vec<Value> = named.collect();
        json!({ "stats": measures.stats(store, &group.rows, counted), "groupby_fields": named })
    });
    Ok(replied(&results.collect()))
}

fn replied(result: &Value) -> Reply {
    Reply::json(200, json!({ "result": result }).to_string())
}

/// The columns of a list of names. Unknown and unreadable columns are ignored.
fn fields(store: &Store, call: &Call<'_>, names: &str) -> Vec<(String, Path)> {
    let names = names.split(',').take(MAX_FIELDS).map(str::trim);
    let known = names.filter_map(|name| Some((name.to_owned(), path_of(store, call.table, name)?)));
    known.filter(|(_, path)| call.may_compute(store, path)).collect()
}
