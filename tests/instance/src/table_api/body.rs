//! The content of a write: the fields of a JSON or XML body as columns and raw values. Unknown names are ignored, as by the
//! platform.

use serde_json::Value;

use crate::records::{self, is_set};
use crate::refusal::Refusal;
use crate::search::raw_moment;
use crate::store::{Access, CREATED_BY, CREATED_ON, Kind, RowId, SYS_ID, Store, TableId, UPDATED_BY, UPDATED_ON};
use crate::switches::{Switches, UnknownChoice};
use crate::xml;

use super::Call;
use super::list::raw_value;

/// The content of a write.
pub(super) struct Sent {
    /// The table of the record: that of an existing one, or where the new one belongs.
    pub(super) class: TableId,
    /// Columns and raw values, including fields that the platform fills in itself where the caller may send them.
    pub(super) fields: Vec<(usize, String)>,
    /// Columns whose value is not one of their choices: for a data policy they are empty.
    pub(super) emptied: Vec<usize>,
}

/// Reads the fields of the table that was asked, also where the record's class has more. `row` is the record to update.
pub(super) fn sent(store: &Store, call: &Call<'_>, row: Option<RowId>, switches: &Switches) -> Result<Sent, Refusal> {
    let Value::Object(members) = sent_record(call)? else {
        return Err(Refusal::unreadable_body("expected a JSON object"));
    };
    let definition = store.table(call.table).definition;
    let class = row.map_or_else(|| named_class(store, call.table, members.get("sys_class_name")), RowId::table);
    let shown = call.parameters.flag("sysparm_input_display_value");
    let (mut fields, mut emptied) = (Vec::new(), Vec::new());
    for (name, value) in members {
        let Some(column) = definition.column(&name) else { continue };
        let Some(declared) = definition.columns.get(column) else { continue };
        let kind = declared.kind;
        let settable = declared.access != Access::ReadOnly || brings(store, call, column);
        let Some(text) = text_of(value).filter(|_| settable) else { continue };
        let text = match shown {
            true => raw(store, call, column, kind, text),
            // Passwords are encrypted on their way through the display value only.
            false if kind == Kind::Secret && switches.secrets_by_display_value => None,
            false => Some(timed(kind, text)),
        };
        let Some(text) = text else { continue };
        if kind.is_choice() && !text.is_empty() && !is_choice(store, class, column, &text) {
            match switches.unknown_choice {
                UnknownChoice::Accepted => {}
                _ if is_set(store, "glide.rest.choice.allow_non_existing_value") => {}
                UnknownChoice::Ignored => {
                    emptied.push(column);
                    continue;
                }
                UnknownChoice::Refused => {
                    let detail = format!("Invalid choice value '{text}' for field '{name}'");
                    return Err(Refusal::new(403, "Operation Failed", Some(&detail)));
                }
            }
        }
        fields.push((column, text));
    }
    Ok(Sent { class, fields, emptied })
}

/// The class of a new record: the table that was asked, or one that extends it and that `sys_class_name` names.
fn named_class(store: &Store, table: TableId, name: Option<&Value>) -> TableId {
    let named = name.and_then(Value::as_str).and_then(|name| store.find(name));
    named.filter(|class| store.is_or_extends(*class, table)).unwrap_or(table)
}

/// Whether the automatic system fields are left to the caller (`sysparm_suppress_auto_sys_field`).
pub(super) fn suppresses(call: &Call<'_>) -> bool {
    call.parameters.flag("sysparm_suppress_auto_sys_field")
}

/// Whether the caller may send this system field. The key of a new record may be sent by all who may create it, the other automatic
/// fields where `sysparm_suppress_auto_sys_field` is set, unless all five are reserved to administrators ("Restrict write access on
/// system fields to admin users").
fn brings(store: &Store, call: &Call<'_>, column: usize) -> bool {
    let automatic = matches!(column, CREATED_ON | CREATED_BY | UPDATED_ON | UPDATED_BY) && suppresses(call);
    let reserved = is_set(store, "glide.rest.table_api.admin_only_sys_fields");
    (column == SYS_ID || automatic) && (!reserved || call.principal.roles.contains("admin"))
}

/// The body as one record; of several the first is taken ("one record only").
pub(crate) fn sent_record(call: &Call<'_>) -> Result<Value, Refusal> {
    let request = call.request;
    if request.body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    if request.is_of_type("application/xml") || request.is_of_type("text/xml") {
        return xml::record(&request.body).map_err(|reason| Refusal::unreadable_body(&reason));
    }
    if !request.is_of_type("application/json") {
        let detail = "Content-Type must be application/json or application/xml";
        return Err(Refusal::new(415, "Unsupported media type", Some(detail)));
    }
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
    Ok(match body {
        Value::Array(records) => records.into_iter().next().unwrap_or_default(),
        one => one,
    })
}

/// The form in which times are stored: a date alone is the beginning of that day, and ISO 8601 has a letter for the blank.
fn timed(kind: Kind, text: String) -> String {
    let dashes = text.bytes().filter(|byte| *byte == b'-').count();
    match text.len() {
        10 if kind == Kind::DateTime && dashes == 2 => text + " 00:00:00",
        19 if kind == Kind::DateTime && dashes == 2 => text.replacen('T', " ", 1),
        _ => text,
    }
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null => Some(String::new()),
        Value::Object(mut members) => members.remove("value").and_then(text_of),
        Value::Array(_) => None,
    }
}

/// The raw value of a display value: a label, the display value of a reference, a time in the caller's time zone. The value of a
/// reference that matches no record stays unchanged.
fn raw(store: &Store, call: &Call<'_>, column: usize, kind: Kind, text: String) -> Option<String> {
    match kind {
        _ if text.is_empty() => Some(text),
        Kind::DateTime => raw_moment(&text, call.caller.time_zone, &call.principal.time_pattern),
        Kind::Reference(target) => {
            let found = raw_value(store, (call.table, column), kind, &text);
            let exists = |id: &str| store.find(target).is_some_and(|target| store.row(target, id).is_some());
            (found != text || exists(&text)).then_some(found)
        }
        kind => Some(raw_value(store, (call.table, column), kind, &text)),
    }
}

/// Whether a value is among a column's choices. A column without choices accepts every value.
fn is_choice(store: &Store, table: TableId, column: usize, value: &str) -> bool {
    let choices = store.table(table).choices.get(column).map_or(&[][..], Vec::as_slice);
    let definition = store.table(table).definition;
    let element = definition.columns.get(column).map_or("", |column| column.name);
    choices.is_empty()
        || choices.iter().any(|(known, _)| store.texts.of(*known) == value)
        || records::with(store, "sys_choice", "name", definition.choosing(element).name)
            .any(|choice| choice.text("element") == element && choice.text("value") == value)
}
