//! The CMDB Instance API and the CMDB Meta API: a configuration item with its attributes and its inbound and outbound relations.

mod body;
mod classes;
mod identification;
mod payload;
mod reconciliation;
mod relations;

use serde_json::{Map, Value, json};

use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::records;
use crate::refusal::Refusal;
use crate::search::{Wanted, run};
use crate::store::{Full, Kind, RowId, SYS_ID, Store};
use crate::switches::Switches;
use crate::table_api::{Author, Call, changed, own_domain, plan, written};

use body::Body;
pub(crate) use classes::class_or_root;
use classes::{children, class};
pub(crate) use identification::SOURCES;
pub(crate) use reconciliation::reconcile;
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

/// The items of a class and of classes that extend it, with their names. `X-Total-Count` counts all of them.
pub(crate) fn list(store: &mut Store, call: &Call<'_>, switches: &Switches) -> Result<Reply, Refusal> {
    let limit = call.parameters.count("sysparm_limit").unwrap_or(DEFAULT_LIMIT);
    let offset = call.parameters.count("sysparm_offset").unwrap_or(0);
    let plan = plan(store, call, switches)?;
    let found = run(store, call.table, &plan, Wanted { offset, limit, count: true, scan: false });
    let items = found.rows.iter().filter_map(|row| records::by_id(store, "cmdb_ci", store.text(*row, SYS_ID)));
    let shown = items.map(|item| json!({ "sys_id": item.id(), "name": item.text("name") }));
    let reply = Reply::json(200, json!({ "result": shown.collect::<Vec<_>>() }).to_string());
    Ok(reply.with_header("X-Total-Count", found.total.unwrap_or_default().to_string()))
}

pub(crate) fn read(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    find(store, call, sys_id)?;
    Ok(shown(store, call, sys_id, 200))
}

pub(crate) fn create(store: &mut Store, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let body = Body::of(call)?;
    let class = store.table(call.table).definition.name;
    let source = match body.source() {
        Ok(source) => source,
        Err(error) => return Ok(Body::unidentified(class, &error)),
    };
    let mut fields = body.fields(store, call, source)?;
    fields.extend(own_domain(store.table(call.table).definition, &fields, &call.caller));
    let links = relations::asked(store, call, &body.content)?;
    let sys_id = sys_id_of("cmdb_ci", &format!("created {unique}"));
    written(store, call.table, &sys_id, &fields, None, &author(call, now)).map_err(|Full| Refusal::store_full())?;
    relations::add(store, call, &sys_id, &links, unique, now)?;
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
    let body = Body::of(call)?;
    let source = match body.source() {
        Ok(source) => source,
        Err(error) => return Ok(Body::unidentified(store.class(row).name, &error)),
    };
    let fields = body.fields(store, call, source)?;
    let links = relations::asked(store, call, &body.content)?;
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
    let row = store.row(call.table, sys_id).filter(|row| call.caller.sees(store, *row));
    row.ok_or_else(Refusal::no_record)
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

/// A reference to an item links to this API (recorded replies), any other to the Table API.
fn reference(store: &Store, call: &Call<'_>, table: &str, sys_id: &str) -> Value {
    let link = match class(table) {
        Some(class) => address(call, class.name, sys_id),
        None => format!("{}/api/now/table/{table}/{sys_id}", call.base),
    };
    json!({
        "display_value": store.display_of_reference(table, sys_id).unwrap_or_default(),
        "link": link,
        "value": sys_id,
    })
}

/// The address of an item.
fn address(call: &Call<'_>, class: &str, sys_id: &str) -> String {
    format!("{}/api/now/cmdb/instance/{class}/{sys_id}", call.base)
}

fn author<'a>(call: &Call<'a>, now: u64) -> Author<'a> {
    Author::of(&call.caller, now)
}
