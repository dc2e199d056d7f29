//! The CMDB Instance API and the CMDB Meta API: a configuration item with its attributes and its inbound and outbound relations.

mod classes;
mod relations;

use serde_json::{Map, Value, json};

use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::records;
use crate::refusal::Refusal;
use crate::store::{Full, Kind, MOD_COUNT, RowId, Store};
use crate::table_api::{Author, Call, changed, written};

pub(crate) use classes::class_or_root;
use classes::{children, class};
pub(crate) use relations::{relate, unrelate};

/// The default `sysparm_limit` of a list.
const DEFAULT_LIMIT: usize = 1000;

/// Checks that the class exists and that the user has the role `itil`.
pub(crate) fn check(call: &Call<'_>, name: &str) -> Result<(), Refusal> {
    let roles = &call.principal.roles;
    let writes = call.request.method != "GET" && call.request.method != "HEAD";
    if !(roles.contains("itil") || roles.contains("admin")) || (writes && roles.contains("snc_read_only")) {
        return Err(Refusal::new(403, "User Not Authorized", Some("The role itil is required")));
    }
    class(name).map(|_| ()).ok_or_else(|| Refusal::new(404, "Invalid class", Some(&format!("{name} is no CMDB class"))))
}

/// The items of a class and of classes that extend it, with their names.
pub(crate) fn list(store: &Store, call: &Call<'_>, name: &str) -> Reply {
    let limit = call.parameters.count("sysparm_limit").unwrap_or(DEFAULT_LIMIT);
    let offset = call.parameters.count("sysparm_offset").unwrap_or(0);
    let total = records::all(store, name).count();
    let items = records::all(store, name).skip(offset).take(limit);
    let shown = items.map(|item| json!({ "sys_id": item.id(), "name": item.text("name") }));
    Reply::json(200, json!({ "result": shown.collect::<Vec<_>>() }).to_string())
        .with_header("X-Total-Count", total.to_string())
}

pub(crate) fn read(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    find(store, call, sys_id)?;
    Ok(shown(store, call, sys_id, 200))
}

pub(crate) fn create(store: &mut Store, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let body = body(call)?;
    let fields = attributes(store, call, &body);
    let links = relations::asked(store, &body)?;
    let sys_id = sys_id_of("cmdb_ci", &format!("created {unique}"));
    written(store, call.table, &sys_id, &fields, None, &author(call, now)).map_err(|Full| Refusal::store_full())?;
    relations::add(store, call, &sys_id, &links, unique, now)?;
    let class = store.table(call.table).definition.name;
    Ok(shown(store, call, &sys_id, 201).with_header("Location", address(call, class, &sys_id)))
}

pub(crate) fn update(
    store: &mut Store,
    call: &Call<'_>,
    sys_id: &str,
    unique: u64,
    now: u64,
) -> Result<Reply, Refusal> {
    let row = find(store, call, sys_id)?;
    let body = body(call)?;
    let fields = attributes(store, call, &body);
    let links = relations::asked(store, &body)?;
    changed(store, row, &fields, &author(call, now)).map_err(|Full| Refusal::store_full())?;
    relations::add(store, call, sys_id, &links, unique, now)?;
    Ok(shown(store, call, sys_id, 200))
}

/// The attributes and relations of a class ("CMDB Meta API").
pub(crate) fn meta(store: &Store, call: &Call<'_>, name: &str) -> Reply {
    let definition = store.table(call.table).definition;
    let attributes = definition.columns.iter().map(|column| {
        let (kind, reference) = column.kind.internal_type();
        json!({
            "element": column.name,
            "label": crate::data::label(column.name),
            "type": kind,
            "reference": reference,
            "max_length": if kind == "GUID" { "32" } else { "4000" },
            "is_mandatory": "false",
            "is_read_only": if column.name.starts_with("sys_") { "true" } else { "false" },
            "is_inherited": if definition.declaring(column.name).name == definition.name { "false" } else { "true" },
            "is_display": if column.name == definition.display { "true" } else { "false" },
            "default_value": if column.default.is_empty() { Value::Null } else { column.default.into() },
        })
    });
    let result = json!({
        "name": name,
        "label": crate::data::label(definition.name),
        "parent": definition.extends.map_or("", |parent| parent.name),
        "children": children(name),
        "attributes": attributes.collect::<Vec<_>>(),
        "identification_rules": { "applies_to": name, "identifiers": [{ "attributes": "name", "is_independent": "true" }] },
        "relationship_rules": [],
    });
    Reply::json(200, json!({ "result": result }).to_string())
}

/// Finds an item of this class. Items of other classes are not found.
fn find(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<RowId, Refusal> {
    store.row(call.table, sys_id).ok_or_else(Refusal::no_record)
}

fn shown(store: &Store, call: &Call<'_>, sys_id: &str, status: u16) -> Reply {
    let mut attributes = Map::new();
    if let Some(item) = records::by_id(store, "cmdb_ci", sys_id) {
        for column in &store.class(item.row).columns {
            let raw = item.text(column.name);
            let value = match column.kind {
                Kind::Reference(target) if !raw.is_empty() => reference(store, call, target, raw),
                _ => raw.into(),
            };
            attributes.insert(column.name.to_owned(), value);
        }
    }
    let result = json!({
        "attributes": attributes,
        "inbound_relations": relations::of(store, call, "child", "parent", sys_id),
        "outbound_relations": relations::of(store, call, "parent", "child", sys_id),
    });
    Reply::json(status, json!({ "result": result }).to_string())
}

fn reference(store: &Store, call: &Call<'_>, table: &str, sys_id: &str) -> Value {
    json!({
        "display_value": store.display_of_reference(table, sys_id).unwrap_or_default(),
        "link": format!("{}/api/now/table/{table}/{sys_id}", call.base),
        "value": sys_id,
    })
}

/// The address of an item in this API. Captured replies name it in `Location` and as the link of a relation's target.
fn address(call: &Call<'_>, class: &str, sys_id: &str) -> String {
    format!("{}/api/now/cmdb/instance/{class}/{sys_id}", call.base)
}

/// A body must name the source of its data: a choice of `discovery_source`.
fn body(call: &Call<'_>) -> Result<Value, Refusal> {
    if !call.request.is_of_type("application/json") {
        return Err(Refusal::new(415, "Unsupported media type", Some("Content-Type must be application/json")));
    }
    let body: Value =
        serde_json::from_slice(&call.request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
    match body.get("source").and_then(Value::as_str) {
        Some(source) if SOURCES.contains(&source) => Ok(body),
        _ => Err(Refusal::new(400, "Invalid source", Some("source must be a choice of discovery_source"))),
    }
}

/// The accepted choices of `discovery_source`.
pub(crate) const SOURCES: [&str; 6] =
    ["ServiceNow", "Manual Entry", "ImportSet", "Other Automated", "SG-SCCM", "ServiceWatch"];

fn attributes(store: &Store, call: &Call<'_>, body: &Value) -> Vec<(usize, String)> {
    let definition = store.table(call.table).definition;
    let given = body.get("attributes").and_then(Value::as_object).into_iter().flatten();
    let mut fields: Vec<(usize, String)> = given
        .filter(|(name, _)| !name.starts_with("sys_"))
        .filter_map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                _ => return None,
            };
            Some((definition.column(name).filter(|column| *column > MOD_COUNT)?, text))
        })
        .collect();
    let source = body.get("source").and_then(Value::as_str);
    if let (Some(column), Some(source)) = (definition.column("discovery_source"), source) {
        fields.push((column, source.to_owned()));
    }
    fields
}

fn author<'a>(call: &Call<'a>, now: u64) -> Author<'a> {
    Author { user_name: call.caller.user_name, user_id: call.caller.user_id, now }
}
