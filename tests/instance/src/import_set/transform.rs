//! Transforms a staged row with each active map of its staging table: finds the target row by its coalesce fields, then inserts,
//! updates, ignores or skips.

use serde_json::{Value, json};

use crate::access::allows;
use crate::identity::sys_id_of;
use crate::records::{self, Record};
use crate::search::{Caller, Domain};
use crate::sign_in::Principal;
use crate::store::{Full, RowId, SYS_ID, Store};
use crate::table_api::{Author, Call, changed, completed};

/// What one map made of one row, as the columns of the row hold it.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The `sys_id` of the map; empty without an active map.
    pub(super) map: String,
    pub(super) state: String,
    /// `sys_import_state_comment` ("SOAP web service import set response", status_message).
    comment: String,
    target: String,
    sys_id: String,
}

const REFUSED: &str = "Operation Failed: security constraints prevent access to the target";
const UNCHANGED: &str = "No field values changed";

/// Applies every active map of a staging table to one of its rows. The row keeps the last result; an error is kept before all others.
pub(super) fn transform(
    store: &mut Store,
    (principal, domain): (&Principal, Option<&Domain>),
    (staging, staged): (&str, &str),
    now: u64,
) -> Result<Vec<Outcome>, Full> {
    let maps = records::with(store, "sys_transform_map", "source_table", staging).filter(|map| map.is("active"));
    let mut maps: Vec<(u64, String, String)> = maps
        .map(|map| (map.number("order").unwrap_or(100), map.id().to_owned(), map.text("target_table").to_owned()))
        .collect();
    maps.sort();
    let mut outcomes = Vec::new();
    for (_, map, target) in maps {
        outcomes.push(apply(store, (principal, domain), (staging, staged), (&map, &target), now)?);
    }
    if outcomes.is_empty() {
        let comment = "No transform map is active for this table".to_owned();
        outcomes.push(Outcome { state: "skipped".into(), comment, ..Outcome::default() });
    }
    let kept = outcomes.iter().find(|outcome| outcome.state == "error").or_else(|| outcomes.last());
    if let (Some(kept), Some(row)) = (kept, records::by_id(store, staging, staged).map(|record| record.row)) {
        let fields = [
            ("sys_import_state", kept.state.as_str()),
            ("sys_import_state_comment", &kept.comment),
            ("sys_row_error", if kept.state == "error" { &kept.comment } else { "" }),
            ("sys_transform_map", &kept.map),
            ("sys_target_table", &kept.target),
            ("sys_target_sys_id", &kept.sys_id),
        ];
        records::set(store, staging, row, &fields, now);
    }
    Ok(outcomes)
}

/// The result of one map.
fn apply(
    store: &mut Store,
    (principal, domain): (&Principal, Option<&Domain>),
    (staging, staged): (&str, &str),
    (map, target): (&str, &str),
    now: u64,
) -> Result<Outcome, Full> {
    let outcome = |state: &str, comment: &str, sys_id: &str| Outcome {
        map: map.to_owned(),
        state: state.to_owned(),
        comment: comment.to_owned(),
        target: target.to_owned(),
        sys_id: sys_id.to_owned(),
    };
    let (Some(table), Some(row)) = (store.find(target), records::by_id(store, staging, staged)) else {
        return Ok(outcome("error", REFUSED, ""));
    };
    let definition = store.table(table).definition;
    let mut fields: Vec<(usize, String)> = Vec::new();
    let mut keys: Vec<(usize, String)> = Vec::new();
    let mut coalesces = false;
    for entry in records::with(store, "sys_transform_entry", "map", map) {
        coalesces |= entry.is("coalesce");
        let value = row.text(entry.text("source_field"));
        let column = definition.column(entry.text("target_field")).filter(|_| !value.is_empty());
        if let Some(column) = column {
            fields.push((column, value.to_owned()));
            if entry.is("coalesce") {
                keys.push((column, value.to_owned()));
            }
        }
    }
    // "skipped": no key value is given. The `sys_id` is then that of the import set row ("insertMultiple", output fields).
    if coalesces && keys.is_empty() {
        return Ok(outcome("skipped", "", staged));
    }
    let caller = Caller::of(principal, domain, now);
    let matching =
        |row: &RowId| keys.iter().all(|(column, value)| store.text(*row, *column) == value) && caller.sees(store, *row);
    let known = if keys.is_empty() { None } else { store.rows(table).find(matching) };
    let operation = if known.is_some() { "write" } else { "create" };
    if !allows(store, principal, "record", target, operation) {
        return Ok(outcome("error", REFUSED, ""));
    }
    let author = Author::importing(&caller, now);
    match known {
        Some(row) => {
            let same = fields.iter().all(|(column, value)| store.text(row, *column) == value);
            changed(store, row, &fields, &author)?;
            let sys_id = store.text(row, SYS_ID).to_owned();
            Ok(if same { outcome("ignored", UNCHANGED, &sys_id) } else { outcome("updated", "", &sys_id) })
        }
        None => {
            let sys_id = sys_id_of(target, &format!("transformed {staged} {map}"));
            completed(store, table, &sys_id, fields, &caller, &author)?;
            Ok(outcome("inserted", "", &sys_id))
        }
    }
}

/// The result that a staged row keeps.
pub(super) fn kept(row: &Record<'_>) -> Outcome {
    let text = |column: &str| row.text(column).to_owned();
    Outcome {
        map: text("sys_transform_map"),
        state: text("sys_import_state"),
        comment: text("sys_import_state_comment"),
        target: text("sys_target_table"),
        sys_id: text("sys_target_sys_id"),
    }
}

/// A result in the form of the API.
pub(super) fn result_of(store: &Store, call: &Call<'_>, outcome: &Outcome) -> Value {
    let map = records::by_id(store, "sys_transform_map", &outcome.map);
    let mut result = json!({
        "transform_map": map.map_or("", |map| map.text("name")),
        "table": outcome.target,
        "status": outcome.state,
    });
    let Value::Object(members) = &mut result else {
        return result;
    };
    if !outcome.comment.is_empty() {
        let name = if outcome.state == "ignored" { "status_message" } else { "error_message" };
        members.insert(name.into(), outcome.comment.clone().into());
    }
    if !outcome.sys_id.is_empty() {
        members.insert("sys_id".into(), outcome.sys_id.clone().into());
    }
    if let (Some(table), "inserted" | "updated" | "ignored") = (store.find(&outcome.target), outcome.state.as_str()) {
        let seen = store.row(table, &outcome.sys_id).is_some_and(|row| call.caller.sees(store, row));
        let shown = seen.then(|| store.display_of_reference(&outcome.target, &outcome.sys_id)).flatten();
        let shown = shown.unwrap_or_default();
        let link = format!("{}/api/now/table/{}/{}", call.base, outcome.target, outcome.sys_id);
        members.insert("display_name".into(), store.table(table).definition.display.into());
        members.insert("display_value".into(), shown.into());
        members.insert("record_link".into(), link.into());
    }
    result
}
