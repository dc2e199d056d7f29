//! The Import Set API: inserts rows into a staging table and transforms them with the table's `sys_transform_map` and its
//! `sys_transform_entry` rows. A single row is transformed at once. Several rows are transformed later by a job, unless a row of
//! `sys_rest_insert_multiple` says otherwise ("Import Set API").

mod queue;
mod settings;
mod transform;
mod values;

use serde_json::{Map, Value, json};

use crate::access::allows;
use crate::clock::stamp;
use crate::data::put;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::instance::Instance;
use crate::numbers;
use crate::records;
use crate::refusal::Refusal;
use crate::store::{Full, Store};
use crate::table_api::{Author, Call, sent_record, written};

pub(crate) use queue::{Waiting, advance};
use queue::{close, run};
use settings::Settings;
use transform::{kept, result_of, transform};
use values::Keys;

/// The delay of the transform job after the rows came.
const LATER_MS: u64 = 2000;
/// The most waiting import sets. The next one is refused.
const MAX_WAITING: usize = 1000;
const MAX_RECORDS: usize = 100_000;

/// The business rule that transforms a single row (KB0813776).
pub(crate) const TRANSFORM_RULE: &str = "Transform synchronously";

/// POST of one record: inserts it into the staging table, then transforms it.
pub(crate) fn import(store: &mut Store, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let Value::Object(given) = sent_record(call)? else {
        return Err(Refusal::unreadable_body("expected a JSON object"));
    };
    let staging = store.table(call.table).definition.name;
    let full = |Full| Refusal::store_full();
    let set = open(store, staging, ("", "synchronous"), unique, now).map_err(full)?;
    let staged = stage(store, call, (&Keys::Names, &given), &set, (unique, 0), now).map_err(full)?;
    if !records::with(store, "sys_script", "name", TRANSFORM_RULE).any(|rule| rule.is("active")) {
        let result = json!({ "transform_map": "", "status": "error", "error_message": "Invalid table " });
        return Ok(answered(store, 201, (&set, staging), vec![result]));
    }
    let readable = |table: &str| allows(store, call.principal, "record", table, "read");
    // KB3047115, KB0813223: without read access to the target or to import sets the reply is empty.
    let silent = !readable("sys_import_set") || !targets(store, staging).iter().all(|target| readable(target));
    let maps_readable = readable("sys_transform_map");
    let outcomes = transform(store, (call.principal, call.caller.domain), (staging, &staged), now).map_err(full)?;
    close(store, &set, &outcomes, now).map_err(full)?;
    if silent {
        return Ok(Reply::empty(201));
    }
    // KB0791757: the data arrives all the same.
    if !maps_readable && outcomes.iter().any(|outcome| !outcome.map.is_empty()) {
        return Err(Refusal::failed("java.lang.NullPointerException: ", "null value in entry: transform_map=null"));
    }
    let results = outcomes.iter().map(|outcome| result_of(store, call, outcome)).collect();
    Ok(answered(store, 201, (&set, staging), results))
}

/// `insertMultiple`: inserts all rows into the staging table now, and transforms them now or later.
pub(crate) fn import_many(instance: &mut Instance, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    if !call.request.body.is_empty() && !call.request.is_of_type("application/json") {
        return Err(Refusal::new(415, "Unsupported media type", Some("Content-Type must be application/json")));
    }
    let body: Value =
        serde_json::from_slice(&call.request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
    let store = &mut instance.store;
    let staging = store.table(call.table).definition.name;
    let settings = Settings::of(store, staging);
    let records = settings.records(&body)?;
    if records.len() > MAX_RECORDS {
        let detail = format!("The body has {} records; send at most {MAX_RECORDS} in one request", records.len());
        return Err(Refusal::new(400, "Operation Failed", Some(&detail)));
    }
    if instance.waiting.len() >= MAX_WAITING {
        let detail = format!("{MAX_WAITING} import sets wait to be transformed; send the next one later");
        return Err(Refusal::new(400, "Operation Failed", Some(&detail)));
    }
    let full = |Full| Refusal::store_full();
    let given = |name: &str| call.parameters.text(name).filter(|id| !id.is_empty()).map(str::to_owned);
    let multi = match given("multi_import_set_id") {
        Some(multi) => multi,
        None => {
            let multi = sys_id_of("sys_multi_import_set", &format!("opened {unique}"));
            put(store, "sys_multi_import_set", &multi, &stamp(now), &[("name", staging)]).map_err(full)?;
            multi
        }
    };
    let mode = if settings.at_once { "synchronous" } else { "asynchronous" };
    let set = open(store, staging, (&multi, mode), unique, now).map_err(full)?;
    for (number, record) in records.into_iter().enumerate() {
        stage(store, call, (&settings.keys, record), &set, (unique, number), now).map_err(full)?;
    }
    let waiting = Waiting {
        import_set: set.clone(),
        staging: staging.to_owned(),
        principal: call.principal.clone(),
        domain: call.caller.domain.cloned(),
        after: given("run_after").unwrap_or_default(),
        due: now.saturating_add(LATER_MS),
    };
    // "This parameter is only valid in asynchronous transformations": `run_after` does not delay a synchronous one.
    match settings.at_once {
        true => run(store, &waiting, now),
        false => instance.waiting.push_back(waiting),
    }
    let reply = json!({ "import_set_id": set, "multi_import_set_id": multi });
    Ok(Reply::json(201, reply.to_string()))
}

/// The result of a staged row.
pub(crate) fn read(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    let staging = store.table(call.table).definition.name;
    let row = records::by_id(store, staging, sys_id).ok_or_else(Refusal::no_record)?;
    let result = result_of(store, call, &kept(&row));
    Ok(answered(store, 200, (row.text("sys_import_set"), staging), vec![result]))
}

/// Creates an import set.
fn open(store: &mut Store, staging: &str, (multi, mode): (&str, &str), unique: u64, now: u64) -> Result<String, Full> {
    let sys_id = sys_id_of("sys_import_set", &format!("opened {unique}"));
    let definition = store.find("sys_import_set").map(|sets| store.table(sets).definition);
    let number = definition.and_then(|sets| numbers::next(store, sets, now)).unwrap_or_default();
    let fields = [
        ("number", number.as_str()),
        ("table_name", staging),
        ("state", "loaded"),
        ("mode", mode),
        ("multi_import_set", multi),
    ];
    put(store, "sys_import_set", &sys_id, &stamp(now), &fields)?;
    Ok(sys_id)
}

/// Inserts a record as a pending row.
fn stage(
    store: &mut Store,
    call: &Call<'_>,
    (keys, given): (&Keys, &Map<String, Value>),
    set: &str,
    (unique, number): (u64, usize),
    now: u64,
) -> Result<String, Full> {
    let author = Author::of(&call.caller, now);
    let staging = store.table(call.table).definition;
    let mut fields = keys.fields(staging, given);
    let place = number.to_string();
    for (name, value) in [("sys_import_set", set), ("sys_import_state", "pending"), ("sys_import_row", &place)] {
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

fn answered(store: &Store, status: u16, (set, staging): (&str, &str), results: Vec<Value>) -> Reply {
    let set = records::by_id(store, "sys_import_set", set);
    let number = set.map_or("", |set| set.text("number"));
    let body = json!({ "import_set": number, "staging_table": staging, "result": results });
    Reply::json(status, body.to_string())
}
