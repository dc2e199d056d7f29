//! What forms and lists of the user interface ask about tables and columns: `doc/table/schema` and `ui/meta`. The vendor documents
//! neither. Their shapes are those of "ServiceNow 'schema' and 'meta' APIs, and why system integrations should use them" (2021).

use serde_json::{Map, Value, json};

use crate::access::allows;
use crate::data::label;
use crate::exchange::Reply;
use crate::records;
use crate::sign_in::Principal;
use crate::store::{Column, Definition, Kind, Store};
use crate::table_api::Call;

/// Every table whose records the caller may read, by label.
pub(crate) fn tables(store: &Store, principal: &Principal) -> Reply {
    let mut tables: Vec<(String, &str)> = store
        .tables
        .iter()
        .map(|table| table.definition.name)
        .filter(|name| allows(store, principal, "record", name, "read"))
        .map(|name| {
            let record = records::one(store, "sys_db_object", "name", name);
            (record.map_or_else(|| label(name), |record| record.text("label").to_owned()), name)
        })
        .collect();
    tables.sort();
    let result: Vec<Value> = tables.iter().map(|(label, name)| choice(label, name)).collect();
    Reply::json(200, json!({ "result": result }).to_string())
}

/// The columns of a table that the caller may read.
pub(crate) fn columns(store: &Store, call: &Call<'_>) -> Reply {
    let definition = store.table(call.table).definition;
    let readable =
        definition.columns.iter().enumerate().filter(|(place, _)| call.may_read(store, (call.table, *place)));
    let columns: Map<String, Value> = readable
        .map(|(place, column)| {
            (column.name.to_owned(), Value::Object(described(store, call, definition, place, column)))
        })
        .collect();
    Reply::json(200, json!({ "result": { "columns": columns } }).to_string())
}

fn described(
    store: &Store,
    call: &Call<'_>,
    definition: &Definition,
    place: usize,
    column: &Column,
) -> Map<String, Value> {
    let (internal_type, reference) = column.kind.internal_type();
    let declared = definition.ancestry().find_map(|table| {
        let mut entries = records::with(store, "sys_dictionary", "name", table.name);
        entries.find(|entry| entry.text("element") == column.name)
    });
    let text = |name: &str| declared.map_or("", |entry| entry.text(name));
    let is = |name: &str| declared.is_some_and(|entry| entry.is(name));
    let choices = store.table(call.table).choices.get(place).map_or(&[][..], Vec::as_slice);
    let searchable = !matches!(column.kind, Kind::Journal | Kind::Secret);
    let kind = if choices.is_empty() { internal_type } else { "choice" };
    let described = json!({
        "name": column.name,
        "label": if text("column_label").is_empty() { label(column.name) } else { text("column_label").to_owned() },
        "type": kind,
        "internal_type": internal_type,
        "base_type": base_type(column.kind),
        "column_type": "element",
        "max_length": text("max_length").parse::<u64>().unwrap_or(40),
        "max_unit": "days",
        "mandatory": is("mandatory"),
        "read_only": is("read_only"),
        "default": text("default_value"),
        "hint": "",
        "filterable": searchable,
        "canmatch": searchable,
        "cangroup": searchable,
        "cansort": searchable,
    });
    let Value::Object(mut described) = described else { return Map::new() };
    if !choices.is_empty() {
        let named = choices.iter().map(|(value, label)| choice(store.texts.of(*label), store.texts.of(*value)));
        let none = choice("-- None --", "");
        described.insert("choice_type".into(), 1.into());
        described.insert("choices".into(), std::iter::once(none).chain(named).collect());
    }
    if let Kind::Reference(_) = column.kind {
        let display = store.find(reference).map_or("", |target| store.table(target).definition.display);
        described.insert("reference".into(), reference.into());
        described.insert("reference_display_field".into(), display.into());
        described.insert("reference_attributes".into(), json!({ "display_field": display }));
    }
    described
}

fn base_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Reference(_) => "GUID",
        Kind::Integer | Kind::NumberChoice => "integer",
        Kind::Boolean => "boolean",
        Kind::DateTime | Kind::Duration => "datetime",
        Kind::Date => "date",
        _ => "string",
    }
}

/// An entry of a list of choices.
fn choice(label: &str, value: &str) -> Value {
    json!({
        "label": label,
        "rawLabel": label,
        "value": value,
        "image": "",
        "missing": false,
        "reference": false,
        "selected": false,
        "used": false,
    })
}
