//! Short addresses: `POST /api/now/tinyurl` stores a long one, and `sysparm_tiny` stands for its parameters in any later request
//! ("Enable tiny URL support"; the body and its use in a REST path are those of the Ansible collection servicenow.itsm).

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::data::put;
use crate::exchange::{Reply, Request};
use crate::identity::sys_id_of;
use crate::records;
use crate::refusal::Refusal;
use crate::store::{Full, Store, UPDATED_ON};

/// The table of short addresses.
const TABLE: &str = "sys_tiny_url";

/// The number of addresses that are kept; the oldest is dropped for another.
const MAX_KEPT: usize = 1000;

/// Longer addresses are refused.
const LONGEST: usize = 1 << 20;

/// Stores an address. The same address has the same short one.
pub(crate) fn create(store: &mut Store, request: &Request, now: u64) -> Result<Reply, Refusal> {
    if !request.is_of_type("application/json") {
        return Err(Refusal::new(415, "Unsupported media type", Some("Content-Type must be application/json")));
    }
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
    let url = body.get("url").and_then(Value::as_str);
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        return Err(Refusal::unreadable_body("expected an object with the member url, a text"));
    };
    if url.len() > LONGEST {
        let detail = format!("url has {} bytes; send at most {LONGEST}", url.len());
        return Err(Refusal::unreadable_body(&detail));
    }
    let sys_id = sys_id_of(TABLE, url);
    let tiny = sys_id.get(..12).unwrap_or_default().to_owned();
    if records::by_id(store, TABLE, &sys_id).is_none() {
        make_place(store);
        let fields = [("tiny_url", tiny.as_str()), ("url", url)];
        put(store, TABLE, &sys_id, &stamp(now), &fields).map_err(|Full| Refusal::store_full())?;
    }
    let path = url.split_once('?').map_or(url, |(path, _)| path);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let result = format!("{}?sysparm_tiny={tiny}", path.trim_start_matches('/'));
    Ok(Reply::json(200, json!({ "result": result }).to_string()))
}

fn make_place(store: &mut Store) {
    let Some(table) = store.find(TABLE) else { return };
    if store.len(table) >= MAX_KEPT
        && let Some(oldest) = store.ordered(table, UPDATED_ON).first().copied()
    {
        store.delete(oldest);
    }
}

/// The request with the parameters of the address that its `sysparm_tiny` stands for; `None` if it has none or none is known.
pub(crate) fn expanded(store: &Store, request: &Request) -> Option<Request> {
    if !request.query.contains("sysparm_tiny") {
        return None;
    }
    let parameters = request.parameters();
    let tiny = parameters.text("sysparm_tiny")?;
    let url = records::one(store, TABLE, "tiny_url", tiny)?.text("url");
    let (_, query) = url.split_once('?')?;
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    Some(Request { query: query.to_owned(), ..request.clone() })
}
