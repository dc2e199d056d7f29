//! What is read of rows: of single ones the stored values that are their keys, or all of them as values of a type.

use std::collections::HashSet;

use js_sys::{Array, JSON, Number, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::call_failed::CallFailed;
use crate::code::Code;
use crate::diagnose::{Failure, Kind, Retry};

/// A row's keys: the value of the key field, and the `sys_id`. Both are empty for a row that does not show them, behind which no page
/// can begin.
pub(super) type Keys = (String, String);

/// A value as it is stored, given as it is or with its label; none where the row does not show it. A gateway or a script may turn texts
/// into numbers or booleans.
pub(super) fn stored(row: &JsValue, field: &str) -> Option<String> {
    let get = |of: &JsValue, name: &str| if of.is_object() { Reflect::get(of, &name.into()).ok() } else { None };
    let cell = get(row, field)?;
    let value = if cell.is_object() { get(&cell, "value")? } else { cell };
    if let Some(text) = value.as_string() {
        return Some(text);
    }
    // A whole number beyond 2^53 has lost digits: as a key it would be that of another row.
    let exact = |number: f64| Number::is_safe_integer(&number.into()) || !Number::is_integer(&number.into());
    match (value.as_f64().filter(|number| exact(*number)), value.as_bool()) {
        (Some(number), _) => Number::from(number).to_string_with_radix(10).ok().map(String::from),
        (None, Some(flag)) => Some(flag.to_string()),
        (None, None) => None,
    }
}

/// The keys of a row. `field`: the key field, where `sys_id` alone is not the key.
pub(super) fn keys_of(row: &JsValue, field: Option<&str>) -> Keys {
    let value = field.map_or_else(|| Some(String::new()), |field| stored(row, field));
    value.map_or_else(Keys::default, |value| (value, stored(row, "sys_id").unwrap_or_default()))
}

/// What single keys do not show: whether rows share a `sys_id`, as those of a database view can, and whether plain ones rise and fall, so
/// that the order is not kept.
pub(super) fn shared_and_unsorted(rows: &Array, by_field: bool) -> (bool, bool) {
    let ids: Vec<String> = rows.iter().filter_map(|row| stored(&row, "sys_id")).collect();
    let unique: HashSet<&String> = ids.iter().collect();
    let is_plain = |id: &&String| id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let plain: Vec<&String> = ids.iter().filter(|id| !by_field && is_plain(id)).collect();
    let turns: HashSet<bool> = plain.iter().zip(plain.iter().skip(1)).map(|(one, next)| next > one).collect();
    (unique.len() < ids.len(), turns.len() > 1)
}

/// Rows or a record as values of a type, by way of JSON: faster than member by member, which crosses into JavaScript for each.
///
/// # Errors
/// `reply.incomplete` if a row does not fit the type.
pub(super) fn typed<T: DeserializeOwned>(value: &JsValue) -> Result<T, CallFailed> {
    let text = JSON::stringify(value).map(String::from).unwrap_or_default();
    serde_json::from_str(&text).map_err(|reason| {
        let words = format!(
            "The reply does not fit the type it is read as: {reason}. Name its fields in `fields`, or correct the type"
        );
        Failure::unsent(Code::REPLY_INCOMPLETE, Kind::Instance, "", Retry::Never, words).into()
    })
}
