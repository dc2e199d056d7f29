//! `POST /api/now/identifyreconcile`: finds the record of each item, then creates or updates it, then relates the items. Errors of items
//! arrive inside a reply with status 200.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::store::{Full, Store};
use crate::table_api::{Call, changed, own_domain, written};

use super::author;
use super::body::Body;
use super::classes::class;
use super::identification::{Identified, PayloadError, Rule, identify, known_source, outcome};
use super::payload::{Item, Payload, Relation};

/// Identifies the items of a payload. `commit` is false for the simulation (`/query`).
pub(crate) fn reconcile(
    store: &mut Store,
    call: &Call<'_>,
    commit: bool,
    unique: u64,
    now: u64,
) -> Result<Reply, Refusal> {
    let roles = &call.principal.roles;
    let may = ["itil", "asset", "admin"].iter().any(|role| roles.contains(*role));
    if !may || (commit && roles.contains("snc_read_only")) {
        return Err(Refusal::new(403, "User Not Authorized", Some("The role itil or asset is required")));
    }
    let body = Body::of(call)?;
    let payload = Payload::of(&body.content)?;
    let source = known_source(call.parameters.text("sysparm_data_source"));
    let rejected = payload.duplicates();
    let mut session =
        Session { store, call, payload: &payload, commit, unique, now, done: HashMap::new(), failed: HashMap::new() };
    let mut answers = vec![Value::Null; payload.items.len()];
    for place in payload.order() {
        let Some(item) = payload.items.get(place) else { continue };
        let mut answer = match (&source, &rejected) {
            (Err(error), _) => {
                outcome(item.class, "INSERT_AS_INCOMPLETE", "Unknown", None, std::slice::from_ref(error))
            }
            (Ok(_), Some((places, error))) => {
                let error = if places.contains(&place) { error.clone() } else { abandoned() };
                session.refused(place, item, None, error)
            }
            (Ok(source), None) => session.item(place, item, source)?,
        };
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("inputIndices".to_owned(), json!([place]));
        }
        if let Some(slot) = answers.get_mut(place) {
            *slot = answer;
        }
    }
    let related = match (source, rejected) {
        (Ok(_), None) => {
            let relations = payload.relations.iter().enumerate();
            relations.map(|(place, one)| session.relation(place, one)).collect::<Result<_, _>>()?
        }
        _ => Vec::new(),
    };
    let result = json!({
        "items": answers,
        "relations": related,
        "additionalCommittedItems": [],
        "additionalCommittedRelations": [],
    });
    Ok(Reply::json(200, json!({ "result": result }).to_string()))
}

/// The error of an item that is not processed because of other items (the text of the platform in KB0755294).
fn abandoned() -> PayloadError {
    PayloadError::new("ABANDONED", "Too many other errors".to_owned())
}

struct Session<'a, 'b> {
    store: &'a mut Store,
    call: &'a Call<'b>,
    payload: &'a Payload<'a>,
    commit: bool,
    unique: u64,
    now: u64,
    /// The records of identified items, by position.
    done: HashMap<usize, String>,
    /// The names of items with errors, by position.
    failed: HashMap<usize, String>,
}

impl Session<'_, '_> {
    fn item(&mut self, place: usize, item: &Item<'_>, source: &str) -> Result<Value, Refusal> {
        let prepared = item.rule().and_then(|rule| Ok((rule, self.host(place, item, rule)?)));
        let (rule, host) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return Ok(self.refused(place, item, None, error)),
        };
        let (found, error) = identify(self.store, &self.call.caller, rule, &|name| item.value(name), host.as_deref());
        if let Some(error) = error {
            return Ok(self.refused(place, item, Some(found), error));
        }
        let operation = self.operation(item, &found);
        let sys_id = match &found.sys_id {
            Some(sys_id) => sys_id.clone(),
            None => sys_id_of("cmdb_ci", &format!("identified {} {place}", self.unique)),
        };
        if self.commit && operation != "NO_CHANGE" {
            self.write(item, &sys_id, operation, source)?;
        }
        self.done.insert(place, sys_id.clone());
        let shown = if self.commit || found.sys_id.is_some() { sys_id.as_str() } else { "Unknown" };
        Ok(outcome(item.class, operation, shown, Some(found), &[]))
    }

    fn refused(&mut self, place: usize, item: &Item<'_>, found: Option<Identified>, error: PayloadError) -> Value {
        self.failed.insert(place, item.value("name"));
        outcome(item.class, "INSERT_AS_PARTIAL", "Unknown", found, &[error])
    }

    /// The record on which a dependent item runs: the payload must have a relation to it.
    fn host(&self, place: usize, item: &Item<'_>, rule: &Rule) -> Result<Option<String>, PayloadError> {
        let Some((kind, host_class)) = rule.hosted else { return Ok(None) };
        let Some(host) = self.payload.host(place, rule) else {
            let (name, verb) = (item.value("name"), kind.split("::").next().unwrap_or_default());
            let message = format!(
                "In payload no relations defined for dependent class [{0}] that matches any containment/hosting rules: [{0} >> {verb} >> {host_class}]. Add appropriate relations in payload for '{name}'",
                item.class
            );
            return Err(PayloadError::new("MISSING_DEPENDENCY", message));
        };
        match (self.done.get(&host), self.failed.get(&host)) {
            (Some(sys_id), _) => Ok(Some(sys_id.clone())),
            (None, failed) => {
                let (name, host) = (item.value("name"), failed.cloned().unwrap_or_default());
                let message = format!(
                    "Abandoning processing payload item '{name}', since its depends on payload item '{host}' has errors"
                );
                Err(PayloadError::new("ABANDONED", message))
            }
        }
    }

    /// What happens to the record: an item of another class than its record reclassifies it, unless its settings forbid that.
    fn operation(&self, item: &Item<'_>, found: &Identified) -> &'static str {
        let record = found.sys_id.as_deref().and_then(|sys_id| records::by_id(self.store, "cmdb_ci", sys_id));
        let Some(record) = record else { return "INSERT" };
        let old = self.store.class(record.row);
        let Some(new) = class(item.class).filter(|new| new.name != old.name) else {
            return if self.differs(item, &record) { "UPDATE" } else { "NO_CHANGE" };
        };
        let (operation, setting) = if new.is_or_extends(old.name) {
            ("UPDATE_WITH_UPGRADE", "updateWithoutUpgrade")
        } else if old.is_or_extends(new.name) {
            ("UPDATE_WITH_DOWNGRADE", "updateWithoutDowngrade")
        } else {
            ("UPDATE_WITH_SWITCH", "updateWithoutSwitch")
        };
        let keeps = item.settings.get(setting).is_some_and(|set| set == &json!(true) || set == &json!("true"));
        if keeps { "UPDATE" } else { operation }
    }

    fn differs(&self, item: &Item<'_>, record: &Record<'_>) -> bool {
        let class = self.store.class(record.row);
        let known = |name: &str| !name.starts_with("sys_") && class.column(name).is_some();
        item.values.keys().any(|name| known(name) && record.text(name) != item.value(name))
    }

    fn write(&mut self, item: &Item<'_>, sys_id: &str, operation: &str, source: &str) -> Result<(), Refusal> {
        let full = |Full| Refusal::store_full();
        let mut values: Vec<(String, String)> = item
            .values
            .keys()
            .filter(|name| !name.starts_with("sys_"))
            .map(|name| (name.clone(), item.value(name)))
            .collect();
        values.push(("discovery_source".to_owned(), source.to_owned()));
        values.push(("last_discovered".to_owned(), stamp(self.now)));
        let old = records::by_id(self.store, "cmdb_ci", sys_id);
        let reclassified = operation.starts_with("UPDATE_WITH_");
        if let (Some(record), true) = (&old, reclassified) {
            let kept = self.store.class(record.row).columns.iter().map(|column| column.name);
            let kept = kept.filter(|name| !name.starts_with("sys_") && !item.values.contains_key(*name));
            let kept: Vec<_> = kept.map(|name| (name.to_owned(), record.text(name).to_owned())).collect();
            values.splice(0..0, kept);
        }
        let row = old.map(|record| record.row);
        let table = match (row, reclassified) {
            (Some(row), false) => self.store.find(self.store.class(row).name),
            _ => self.store.find(item.class),
        };
        let Some(table) = table else { return Ok(()) };
        let definition = self.store.table(table).definition;
        let mut fields: Vec<(usize, String)> =
            values.into_iter().filter_map(|(name, value)| Some((definition.column(&name)?, value))).collect();
        let author = author(self.call, self.now);
        match (row, reclassified) {
            (Some(row), false) => changed(self.store, row, &fields, &author).map_err(full),
            (row, _) => {
                if row.is_some() {
                    records::remove(self.store, "cmdb_ci", sys_id);
                }
                fields.extend(own_domain(definition, &fields, &self.call.caller));
                written(self.store, table, sys_id, &fields, None, &author).map(|_| ()).map_err(full)
            }
        }
    }

    fn relation(&mut self, place: usize, relation: &Relation<'_>) -> Result<Value, Refusal> {
        let kind = records::one(self.store, "cmdb_rel_type", "name", relation.kind).map(|kind| kind.id().to_owned());
        let invalid = |end: &str| {
            PayloadError::new(
                "INVALID_INPUT_DATA",
                format!("Payload relations '{}' has invalid {end} record index: [{place}]", relation.kind),
            )
        };
        let name = relation.kind;
        let unknown = || {
            let message = format!(
                "No such relationship with name [{name}] exist in table [cmdb_rel_type]. If out-of-box relationship for [{name}] has been removed or renamed, it should be restored"
            );
            PayloadError::new("INVALID_INPUT_DATA", message)
        };
        let ends = relation.parent.ok_or_else(|| invalid("parent")).and_then(|parent| {
            let child = relation.child.ok_or_else(|| invalid("child"))?;
            Ok((parent, child, kind.ok_or_else(unknown)?))
        });
        let (parent, child, kind) = match ends {
            Ok(ends) => ends,
            Err(error) => return Ok(outcome("cmdb_rel_ci", "INSERT_AS_INCOMPLETE", "Unknown", None, &[error])),
        };
        let (Some(parent), Some(child)) = (self.done.get(&parent), self.done.get(&child)) else {
            let failed = self.failed.get(&parent).or_else(|| self.failed.get(&child)).cloned().unwrap_or_default();
            let message = format!("While processing relations encountered errors in payload item: {failed}");
            let error = PayloadError::new("ABANDONED", message);
            return Ok(outcome("cmdb_rel_ci", "INSERT_AS_PARTIAL", "Unknown", None, &[error]));
        };
        let same = |one: &Record<'_>| one.text("child") == child && one.text("type") == kind;
        if let Some(known) = records::with(self.store, "cmdb_rel_ci", "parent", parent).find(same) {
            return Ok(outcome("cmdb_rel_ci", "NO_CHANGE", known.id(), None, &[]));
        }
        let id = sys_id_of("cmdb_rel_ci", &format!("identified {} {place}", self.unique));
        if self.commit {
            let fields = [("parent", parent.as_str()), ("child", child.as_str()), ("type", kind.as_str())];
            crate::data::put(self.store, "cmdb_rel_ci", &id, &stamp(self.now), &fields)
                .map_err(|Full| Refusal::store_full())?;
        }
        Ok(outcome("cmdb_rel_ci", "INSERT", if self.commit { &id } else { "Unknown" }, None, &[]))
    }
}
