//! Transforms a staged row: finds the target row by its coalesce fields, then inserts, updates or ignores.

use serde_json::{Value, json};

use crate::access::allows;
use crate::identity::sys_id_of;
use crate::records::{self, Record};
use crate::sign_in::Principal;
use crate::store::{Full, RowId, SYS_ID, Store};
use crate::table_api::{Author, Call, changed, written};

/// Applies the first active map of a staging table to one of its rows, and records the result in that row.
pub(super) fn transform(
    store: &mut Store,
    principal: &Principal,
    staging: &str,
    staged: &str,
    now: u64,
) -> Result<(), Full> {
    let map = records::with(store, "sys_transform_map", "source_table", staging).find(|map| map.is("active"));
    let map = map.map(|map| (map.id().to_owned(), map.text("target_table").to_owned()));
    let (state, comment, target, sys_id) = match &map {
        None => ("skipped", "No transform map is active for this table", "", String::new()),
        Some((map, target)) => match apply(store, principal, (staging, staged), (map, target), now)? {
            Some((state, sys_id)) => (state, "", target.as_str(), sys_id),
            None => ("error", REFUSED, target.as_str(), String::new()),
        },
    };
    if let Some(row) = records::by_id(store, staging, staged).map(|record| record.row) {
        let map = map.as_ref().map_or("", |(map, _)| map);
        let fields = [
            ("sys_import_state", state),
            ("sys_import_state_comment", comment),
            ("sys_transform_map", map),
            ("sys_target_table", target),
            ("sys_target_sys_id", &sys_id),
        ];
        records::set(store, staging, row, &fields, now);
    }
    Ok(())
}

const REFUSED: &str = "Operation Failed: security constraints prevent access to the target";

/// The result and the target row. None if the target refuses.
fn apply(
    store: &mut Store,
    principal: &Principal,
    (staging, staged): (&str, &str),
    (map, target): (&str, &str),
    now: u64,
) -> Result<Option<(&'static str, String)>, Full> {
    let (Some(table), Some(row)) = (store.find(target), records::by_id(store, staging, staged)) else {
        return Ok(None);
    };
    let definition = store.table(table).definition;
    let mut fields: Vec<(usize, String)> = Vec::new();
    let mut keys: Vec<(usize, String)> = Vec::new();
    for entry in records::with(store, "sys_transform_entry", "map", map) {
        let value = row.text(entry.text("source_field"));
        let column = definition.column(entry.text("target_field")).filter(|_| !value.is_empty());
        if let Some(column) = column {
            fields.push((column, value.to_owned()));
            if entry.is("coalesce") {
                keys.push((column, value.to_owned()));
            }
        }
    }
    let matching = |row: &RowId| keys.iter().all(|(column, value)| store.text(table, *row, *column) == value);
    let known = if keys.is_empty() { None } else { store.table(table).rows().find(matching) };
    let operation = if known.is_some() { "write" } else { "create" };
    if !allows(store, principal, "record", target, operation) {
        return Ok(None);
    }
    let author = Author { user_name: &principal.user_name, user_id: &principal.user_id, now };
    match known {
        Some(row) => {
            let same = fields.iter().all(|(column, value)| store.text(table, row, *column) == value);
            changed(store, table, row, &fields, &author)?;
            let sys_id = store.text(table, row, SYS_ID).to_owned();
            Ok(Some((if same { "ignored" } else { "updated" }, sys_id)))
        }
        None => {
            let sys_id = sys_id_of(target, &format!("transformed {staged}"));
            written(store, table, &sys_id, &fields, None, &author)?;
            Ok(Some(("inserted", sys_id)))
        }
    }
}

/// The result of a staged row in the form of the API.
pub(super) fn result_of(store: &Store, call: &Call<'_>, row: &Record<'_>) -> Value {
    let (target, sys_id) = (row.text("sys_target_table"), row.text("sys_target_sys_id"));
    let map = records::by_id(store, "sys_transform_map", row.text("sys_transform_map"));
    let mut result = json!({
        "transform_map": map.map_or("", |map| map.text("name")),
        "table": target,
        "status": row.text("sys_import_state"),
    });
    let Value::Object(members) = &mut result else {
        return result;
    };
    let comment = row.text("sys_import_state_comment");
    if !comment.is_empty() {
        members.insert("error_message".into(), comment.into());
    }
    if let (Some(table), false) = (store.find(target), sys_id.is_empty()) {
        members.insert("display_name".into(), store.table(table).definition.display.into());
        members.insert("display_value".into(), store.display_of_reference(target, sys_id).unwrap_or_default().into());
        members.insert("record_link".into(), format!("{}/api/now/table/{target}/{sys_id}", call.base).into());
        members.insert("sys_id".into(), sys_id.into());
    }
    result
}
