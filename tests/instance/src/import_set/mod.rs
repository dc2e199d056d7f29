//! The Import Set API: inserts rows into a staging table and transforms them with the table's `sys_transform_map` and its
//! `sys_transform_entry` rows. A single row is transformed at once. Several rows are transformed later by a job, unless a row of
//! `sys_rest_insert_multiple` says otherwise ("Import Set API").

mod transform;

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use crate::access::allows;
use crate::clock::stamp;
use crate::data::put;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::instance::Instance;
use crate::records;
use crate::refusal::Refusal;
use crate::sign_in::Principal;
use crate::store::{Full, Store};
use crate::table_api::{Author, Call, written};

use transform::{result_of, transform};

/// A loaded import set, to be transformed with the rights of its sender.
#[derive(Debug)]
pub(crate) struct Waiting {
    import_set: String,
    staging: String,
    principal: Principal,
    due: u64,
}

/// The delay of the transform job after the rows came.
const LATER_MS: u64 = 2000;
/// The most waiting import sets. The next one is refused.
const MAX_WAITING: usize = 1000;
const MAX_RECORDS: usize = 100_000;

/// POST of one record: inserts it into the staging table, then transforms it.
pub(crate) fn import(store: &mut Store, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let Value::Object(given) = body(call)? else {
        return Err(Refusal::unreadable_body("expected a JSON object"));
    };
    let staging = store.table(call.table).definition.name;
    let full = |Full| Refusal::store_full();
    let set = open(store, staging, "", unique, now).map_err(full)?;
    let staged = stage(store, call, &given, &set, (unique, 0), now).map_err(full)?;
    // KB3047115: without read access to the target the reply is empty.
    let readable = targets(store, staging).iter().all(|target| allows(store, call.principal, "record", target, "read"));
    transform(store, call.principal, staging, &staged, now).map_err(full)?;
    close(store, &set, now);
    match readable {
        true => Ok(Reply::json(201, transform_result(store, call, staging, &staged).to_string())),
        false => Ok(Reply::empty(201)),
    }
}

/// `insertMultiple`: inserts all rows into the staging table now, and transforms them now or later.
pub(crate) fn import_many(instance: &mut Instance, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let body = body(call)?;
    let given = body.get("records").and_then(Value::as_array);
    let given = given.ok_or_else(|| Refusal::unreadable_body("records is missing"))?;
    let records: Option<Vec<&Map<String, Value>>> = given.iter().map(Value::as_object).collect();
    let records = records.ok_or_else(|| Refusal::unreadable_body("each record is a JSON object"))?;
    if instance.waiting.len() >= MAX_WAITING || records.len() > MAX_RECORDS {
        return Err(Refusal::new(
            400,
            "Operation Failed",
            Some("Too many import sets are waiting, or too many records"),
        ));
    }
    let store = &mut instance.store;
    let staging = store.table(call.table).definition.name;
    let full = |Full| Refusal::store_full();
    let joined = call.parameters.text("multi_import_set_id").filter(|id| !id.is_empty()).map(str::to_owned);
    let multi = joined.unwrap_or_else(|| sys_id_of("sys_multi_import_set", &format!("opened {unique}")));
    let set = open(store, staging, &multi, unique, now).map_err(full)?;
    for (number, record) in records.into_iter().enumerate() {
        stage(store, call, record, &set, (unique, number), now).map_err(full)?;
    }
    let mode = records::one(store, "sys_rest_insert_multiple", "source_table", staging);
    let at_once = mode.is_some_and(|mode| mode.text("transform") == "synchronous");
    // Sets are transformed in the order of arrival, so a set waits for earlier ones.
    let due = if at_once { now } else { now.saturating_add(LATER_MS) };
    instance.waiting.push_back(Waiting {
        import_set: set.clone(),
        staging: staging.to_owned(),
        principal: call.principal.clone(),
        due,
    });
    if at_once && instance.waiting.len() == 1 {
        advance(&mut instance.store, &mut instance.waiting, now);
    }
    let reply = json!({ "import_set_id": set, "multi_import_set_id": multi });
    Ok(Reply::json(201, reply.to_string()))
}

/// The result of a staged row.
pub(crate) fn read(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    let staging = store.table(call.table).definition.name;
    records::by_id(store, staging, sys_id).ok_or_else(Refusal::no_record)?;
    Ok(Reply::json(200, transform_result(store, call, staging, sys_id).to_string()))
}

/// Transforms every due import set, in the order of arrival.
pub(crate) fn advance(store: &mut Store, waiting: &mut VecDeque<Waiting>, now: u64) {
    while waiting.front().is_some_and(|set| set.due <= now) {
        let Some(set) = waiting.pop_front() else {
            return;
        };
        let rows = records::with(store, &set.staging, "sys_import_set", &set.import_set);
        let rows: Vec<String> = rows.map(|row| row.id().to_owned()).collect();
        for row in rows {
            // A full store leaves the remaining rows untransformed.
            if transform(store, &set.principal, &set.staging, &row, set.due).is_err() {
                break;
            }
        }
        close(store, &set.import_set, set.due);
    }
}

fn body(call: &Call<'_>) -> Result<Value, Refusal> {
    if !call.request.body.is_empty() && !call.request.is_of_type("application/json") {
        return Err(Refusal::new(415, "Unsupported media type", Some("Content-Type must be application/json")));
    }
    serde_json::from_slice(&call.request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))
}

/// Creates an import set.
fn open(store: &mut Store, staging: &str, multi: &str, unique: u64, now: u64) -> Result<String, Full> {
    let sys_id = sys_id_of("sys_import_set", &format!("opened {unique}"));
    let table = store.find("sys_import_set").and_then(|id| store.tables.get_mut(id.0));
    let number = table.map_or(0, |table| {
        table.last_number += 1;
        table.last_number
    });
    let number = format!("ISET{:07}", 10_000 + number);
    let fields =
        [("number", number.as_str()), ("table_name", staging), ("state", "loaded"), ("multi_import_set", multi)];
    put(store, "sys_import_set", &sys_id, &stamp(now), &fields)?;
    Ok(sys_id)
}

fn close(store: &mut Store, set: &str, now: u64) {
    if let Some(row) = records::by_id(store, "sys_import_set", set).map(|record| record.row) {
        records::set(store, "sys_import_set", row, &[("state", "processed")], now);
    }
}

/// Values must be texts. Others are ignored.
fn stage(
    store: &mut Store,
    call: &Call<'_>,
    given: &Map<String, Value>,
    set: &str,
    (unique, number): (u64, usize),
    now: u64,
) -> Result<String, Full> {
    let author = Author { user_name: call.caller.user_name, user_id: call.caller.user_id, now };
    let staging = store.table(call.table).definition;
    let own = |name: &str| !name.starts_with("sys_");
    let mut fields: Vec<(usize, String)> = given
        .iter()
        .filter(|(name, _)| own(name))
        .filter_map(|(name, value)| Some((staging.column(name)?, value.as_str()?.to_owned())))
        .collect();
    for (name, value) in [("sys_import_set", set), ("sys_import_state", "pending")] {
        fields.extend(staging.column(name).map(|column| (column, value.to_owned())));
    }
    let staged = sys_id_of(staging.name, &format!("imported {unique} {number}"));
    written(store, call.table, &staged, &fields, None, &author)?;
    Ok(staged)
}

/// The target tables of a staging table's maps.
fn targets(store: &Store, staging: &str) -> Vec<String> {
    let maps = records::with(store, "sys_transform_map", "source_table", staging).filter(|map| map.is("active"));
    maps.map(|map| map.text("target_table").to_owned()).collect()
}

fn transform_result(store: &Store, call: &Call<'_>, staging: &str, sys_id: &str) -> Value {
    let row = records::by_id(store, staging, sys_id);
    let set = row.and_then(|row| records::by_id(store, "sys_import_set", row.text("sys_import_set")));
    json!({
        "import_set": set.map_or("", |set| set.text("number")),
        "staging_table": staging,
        "result": row.iter().map(|row| result_of(store, call, row)).collect::<Vec<_>>(),
    })
}
