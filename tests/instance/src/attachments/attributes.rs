//! Attributes of attachments: keys and values such as an alternative text, since Australia ("Attachment API").

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::data::put;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::instance::Instance;
use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::store::Store;
use crate::table_api::{Call, sent_record};

use super::{readable, writable};

const TABLE: &str = "sys_attachment_attribute";

/// All attributes of an attachment: listed, added to, or deleted.
pub(crate) fn all(
    instance: &mut Instance,
    call: &Call<'_>,
    (method, sys_id): (&str, &str),
    now: u64,
) -> Result<Reply, Refusal> {
    let store = &mut instance.store;
    match method {
        "POST" => {
            writable(store, call, sys_id)?;
            let body = sent_record(call)?;
            let (key, value) = (given(&body, "key")?, given(&body, "value")?);
            if key.is_empty() {
                return Err(Refusal::unreadable_body("key is empty"));
            }
            if of(store, sys_id, key).is_some() {
                return Err(Refusal::unreadable_body(&format!("An attribute with the key {key} exists")));
            }
            let id = sys_id_of(TABLE, &format!("{sys_id}.{key}"));
            let fields = [("sys_attachment", sys_id), ("key", key), ("value", value)];
            put(store, TABLE, &id, &stamp(now), &fields).map_err(|_| Refusal::store_full())?;
            Ok(shown(201, &json!({ "key": key, "value": value })))
        }
        "DELETE" => {
            writable(store, call, sys_id)?;
            remove_all(store, sys_id);
            Ok(Reply::empty(204))
        }
        _ => {
            readable(store, call, sys_id)?;
            Ok(shown(200, &records::with(store, TABLE, "sys_attachment", sys_id).map(|one| attribute(&one)).collect()))
        }
    }
}

/// One attribute of an attachment: read, changed or deleted.
pub(crate) fn one(
    instance: &mut Instance,
    call: &Call<'_>,
    (method, sys_id, key): (&str, &str, &str),
    now: u64,
) -> Result<Reply, Refusal> {
    let store = &mut instance.store;
    match method {
        "GET" => readable(store, call, sys_id)?,
        _ => writable(store, call, sys_id)?,
    }
    let found = of(store, sys_id, key).ok_or_else(Refusal::no_record)?;
    match method {
        "PUT" => {
            let row = found.row;
            let body = sent_record(call)?;
            let value = given(&body, "value")?;
            records::set(store, TABLE, row, &[("value", value)], now);
            Ok(shown(200, &json!({ "key": key, "value": value })))
        }
        "DELETE" => {
            let id = found.id().to_owned();
            records::remove(store, TABLE, &id);
            Ok(Reply::empty(204))
        }
        _ => Ok(shown(200, &attribute(&found))),
    }
}

/// Attributes are deleted with their attachment.
pub(super) fn remove_all(store: &mut Store, sys_id: &str) {
    let ids: Vec<String> =
        records::with(store, TABLE, "sys_attachment", sys_id).map(|record| record.id().to_owned()).collect();
    for id in ids {
        records::remove(store, TABLE, &id);
    }
}

fn of<'a>(store: &'a Store, sys_id: &str, key: &str) -> Option<Record<'a>> {
    records::with(store, TABLE, "sys_attachment", sys_id).find(|attribute| attribute.text("key") == key)
}

fn attribute(record: &Record<'_>) -> Value {
    json!({ "key": record.text("key"), "value": record.text("value") })
}

fn given<'a>(body: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    let value = body.get(name).and_then(Value::as_str);
    value.ok_or_else(|| Refusal::unreadable_body(&format!("{name} is missing")))
}

fn shown(status: u16, result: &Value) -> Reply {
    Reply::json(status, json!({ "result": result }).to_string())
}
