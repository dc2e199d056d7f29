//! The Import Set API: a row goes into a staging table and the transform maps of that table carry it on at once, by records:
//! `sys_transform_map` and its `sys_transform_entry` rows ("Import Set API").

use serde_json::{Map, Value, json};

use crate::access::allows;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::records;
use crate::refusal::Refusal;
use crate::store::{Full, RowId, Store, TableId};
use crate::table_api::{Author, Call, changed, written};

/// POST of one record: inserted into staging, then transformed.
pub(crate) fn import(store: &mut Store, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let body: Value =
        serde_json::from_slice(&call.request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
    let Value::Object(given) = body else {
        return Err(Refusal::unreadable_body("expected a JSON object"));
    };
    let author = Author { user_name: call.caller.user_name, user_id: call.caller.user_id, now };
    let staging = store.table(call.table).definition;
    let fields: Vec<(usize, String)> = given
        .iter()
        .filter_map(|(name, value)| Some((staging.column(name)?, value.as_str()?.to_owned())))
        .filter(|(column, _)| *column > crate::store::MOD_COUNT)
        .collect();
    let staged = sys_id_of(staging.name, &format!("imported {unique}"));
    written(store, call.table, &staged, &fields, None, &author).map_err(|Full| Refusal::store_full())?;

    let maps: Vec<(String, String, String)> = records::with(store, "sys_transform_map", "source_table", staging.name)
        .filter(|map| map.is("active"))
        .map(|map| (map.id().to_owned(), map.text("name").to_owned(), map.text("target_table").to_owned()))
        .collect();
    let mut results = Vec::new();
    for (id, name, target) in maps {
        if !allows(store, call.principal, "record", &target, "read") {
            // KB3047115: a target that the caller may not read leaves nothing to say.
            return Ok(Reply::empty(201));
        }
        let done = transform(store, call, (&id, &target), &given, &author, unique);
        let (status, row) = done.map_err(|Full| Refusal::store_full())?;
        results.push(told(store, call, &name, &target, status, row));
    }
    let reply = json!({
        "import_set": format!("ISET{:07}", unique % 10_000_000),
        "staging_table": staging.name,
        "result": results,
    });
    Ok(Reply::json(201, reply.to_string()))
}

type Done = (&'static str, Option<(TableId, RowId)>);

fn transform(
    store: &mut Store,
    call: &Call<'_>,
    (map, target): (&str, &str),
    given: &Map<String, Value>,
    author: &Author<'_>,
    unique: u64,
) -> Result<Done, Full> {
    let Some(table) = store.find(target) else {
        return Ok(("error", None));
    };
    let definition = store.table(table).definition;
    let mut fields: Vec<(usize, String)> = Vec::new();
    let mut keys: Vec<(usize, String)> = Vec::new();
    for entry in records::with(store, "sys_transform_entry", "map", map) {
        let value = given.get(entry.text("source_field")).and_then(Value::as_str);
        if let (Some(column), Some(value)) = (definition.column(entry.text("target_field")), value) {
            fields.push((column, value.to_owned()));
            if entry.is("coalesce") && !value.is_empty() {
                keys.push((column, value.to_owned()));
            }
        }
    }
    let matching = |row: &RowId| keys.iter().all(|(column, value)| store.text(table, *row, *column) == value);
    let known = if keys.is_empty() { None } else { store.table(table).rows().find(matching) };
    let operation = if known.is_some() { "write" } else { "create" };
    if !allows(store, call.principal, "record", target, operation) {
        return Ok(("error", None));
    }
    match known {
        Some(row) => {
            let same = fields.iter().all(|(column, value)| store.text(table, row, *column) == value);
            changed(store, table, row, &fields, author)?;
            Ok((if same { "ignored" } else { "updated" }, Some((table, row))))
        }
        None => {
            let sys_id = sys_id_of(target, &format!("transformed {unique}"));
            let row = written(store, table, &sys_id, &fields, None, author)?;
            Ok(("inserted", Some((table, row))))
        }
    }
}

fn told(
    store: &Store,
    call: &Call<'_>,
    map: &str,
    target: &str,
    status: &str,
    place: Option<(TableId, RowId)>,
) -> Value {
    let Some((table, row)) = place else {
        let message = "Operation Failed: security constraints prevent access to the target";
        return json!({ "transform_map": map, "table": target, "status": status, "error_message": message });
    };
    let display = store.table(table).display;
    let sys_id = store.text(table, row, crate::store::SYS_ID);
    json!({
        "transform_map": map,
        "table": target,
        "display_name": store.table(table).definition.display,
        "display_value": store.text(table, row, display),
        "record_link": format!("{}/api/now/table/{target}/{sys_id}", call.base),
        "status": status,
        "sys_id": sys_id,
    })
}
