//! Relations of configuration items: rows of `cmdb_rel_ci`.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::data::put;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::records;
use crate::refusal::Refusal;
use crate::store::{Full, Store};
use crate::table_api::Call;

use super::{Body, find, reference, shown};

/// A relation to create: its direction, the other item, and its type.
pub(super) struct Asked {
    outbound: bool,
    target: String,
    kind: String,
}

/// The maximum number of relations in one request.
const MOST: usize = 1000;

/// The inbound or outbound relations of an item, each with the other item.
pub(super) fn of(store: &Store, call: &Call<'_>, own: &str, other: &str, sys_id: &str) -> Vec<Value> {
    let relations = records::with(store, "cmdb_rel_ci", own, sys_id);
    let relations = relations.filter(|relation| !is_elsewhere(store, call, relation.text(other)));
    let described = relations.map(|relation| {
        json!({
            "sys_id": relation.id(),
            "type": reference(store, call, "cmdb_rel_type", relation.text("type")),
            "target": reference(store, call, "cmdb_ci", relation.text(other)),
        })
    });
    described.collect()
}

/// Whether an item is of a domain that the caller does not see.
fn is_elsewhere(store: &Store, call: &Call<'_>, item: &str) -> bool {
    records::by_id(store, "cmdb_ci", item).is_some_and(|item| !call.caller.sees(store, item.row))
}

/// Parses the relations of a body. An unknown target or type is refused before anything is written.
pub(super) fn asked(store: &Store, call: &Call<'_>, body: &Value) -> Result<Vec<Asked>, Refusal> {
    let mut all = Vec::new();
    for (member, outbound) in [("outbound_relations", true), ("inbound_relations", false)] {
        for one in body.get(member).and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let asked = Asked { outbound, target: text("target"), kind: text("type") };
            let known = records::by_id(store, "cmdb_ci", &asked.target).is_some()
                && !is_elsewhere(store, call, &asked.target)
                && records::by_id(store, "cmdb_rel_type", &asked.kind).is_some();
            if !known {
                return Err(Refusal::new(400, "Invalid relation", Some("target and type must exist")));
            }
            if all.len() >= MOST {
                let detail = format!("Send at most {MOST} relations in one request");
                return Err(Refusal::new(400, "Payload too large", Some(&detail)));
            }
            all.push(asked);
        }
    }
    Ok(all)
}

pub(super) fn add(
    store: &mut Store,
    call: &Call<'_>,
    sys_id: &str,
    asked: &[Asked],
    unique: u64,
    now: u64,
) -> Result<(), Refusal> {
    for (number, relation) in asked.iter().enumerate() {
        let (parent, child) = match relation.outbound {
            true => (sys_id, relation.target.as_str()),
            false => (relation.target.as_str(), sys_id),
        };
        let id = sys_id_of("cmdb_rel_ci", &format!("{} {unique} {number}", call.caller.user_name));
        let fields = [("parent", parent), ("child", child), ("type", &relation.kind)];
        put(store, "cmdb_rel_ci", &id, &stamp(now), &fields).map_err(|Full| Refusal::store_full())?;
    }
    Ok(())
}

/// `POST .../relation`. Its body needs no source (integration test of the Ansible collection servicenow.itsm).
pub(crate) fn relate(
    store: &mut Store,
    call: &Call<'_>,
    sys_id: &str,
    unique: u64,
    now: u64,
) -> Result<Reply, Refusal> {
    find(store, call, sys_id)?;
    let asked = asked(store, call, &Body::of(call)?.content)?;
    add(store, call, sys_id, &asked, unique, now)?;
    Ok(shown(store, call, sys_id, 201))
}

/// `DELETE .../relation/{sys_id}`, for a relation of this item.
pub(crate) fn unrelate(store: &mut Store, call: &Call<'_>, sys_id: &str, relation: &str) -> Result<Reply, Refusal> {
    find(store, call, sys_id)?;
    let known = records::by_id(store, "cmdb_rel_ci", relation)
        .is_some_and(|relation| relation.text("parent") == sys_id || relation.text("child") == sys_id);
    if !known {
        return Err(Refusal::no_record());
    }
    records::remove(store, "cmdb_rel_ci", relation);
    Ok(Reply::empty(204))
}
