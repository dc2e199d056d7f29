//! Outbound REST calls that business rules make on a change, as the common change feed does with `sn_ws.RESTMessageV2`. The calls
//! wait in `sys_outbound_http_log`, which also keeps what became of them. A call that fails is not repeated ("Outbound REST").
//!
//! The instance decides which calls are due. The shell sends them.

mod message;

use serde_json::json;

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::instance::Instance;
use crate::records::{self, Record, property};
use crate::store::{Full, Store, UPDATED_ON};

pub use message::OutboundCall;
use message::{Message, host_of, signed};

const TABLE: &str = "sys_outbound_http_log";

/// An asynchronous rule runs later, as a scheduled job ("Business rules").
const LATER_MS: u64 = 500;
/// The most calls that wait or are being sent. Further changes are not reported, and the log says so.
const MAX_WAITING: usize = 1000;
/// The most rows of the table; the oldest ended calls are deleted first.
const MAX_RECORDED: usize = 5000;
/// Connections in all and to one host ("HTTP connection management properties").
const MAX_CONNECTIONS: usize = 20;
const MAX_PER_HOST: usize = 4;

/// A change that a rule reports.
pub(crate) struct Change<'a> {
    pub(crate) table: &'a str,
    pub(crate) sys_id: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) mod_count: &'a str,
    pub(crate) updated_on: &'a str,
}

/// Whether the script of a rule makes a call.
pub(crate) fn makes_call(script: &str) -> bool {
    Message::of(script).is_some()
}

/// Queues the call of a rule.
pub(crate) fn enqueue(store: &mut Store, rule: &str, change: &Change<'_>, now: u64) -> Result<(), Full> {
    let Some(message) = records::by_id(store, "sys_script", rule).and_then(|rule| Message::of(rule.text("script")))
    else {
        return Ok(());
    };
    let waiting = records::all(store, TABLE).filter(|row| is_open(row)).count();
    let count = store.find(TABLE).map_or(0, |table| store.len(table));
    let unique = sys_id_of(TABLE, &format!("{rule}.{}.{}.{now}.{count}", change.sys_id, change.mod_count));
    if waiting >= MAX_WAITING {
        let text = format!(
            "{MAX_WAITING} outbound calls wait; the change of {} {} is not reported",
            change.table, change.sys_id
        );
        records::log(store, "sys_script", &text, count as u64, now);
        return Ok(());
    }
    trim(store);
    // The receiver reads the record itself, and drops what is older than what it has.
    let body = json!({
        "table": change.table,
        "sys_id": change.sys_id,
        "operation": change.operation,
        "sys_mod_count": change.mod_count,
        "sys_updated_on": change.updated_on,
    });
    let due = now.saturating_add(LATER_MS).to_string();
    let fields = [
        ("source_table", "sys_script"),
        ("source_record", rule),
        ("url", &message.endpoint(store)),
        ("http_method", &message.method),
        ("request_body", &body.to_string()),
        ("state", "ready"),
        ("due", &due),
    ];
    put(store, TABLE, &unique, &stamp(now), &fields)
}

fn is_open(row: &Record<'_>) -> bool {
    matches!(row.text("state"), "ready" | "sent")
}

fn trim(store: &mut Store) {
    let Some(table) = store.find(TABLE) else {
        return;
    };
    if store.len(table) < MAX_RECORDED {
        return;
    }
    let oldest = store.ordered(table, UPDATED_ON).to_vec();
    let ids = oldest.into_iter().map(|row| store.text(row, crate::store::SYS_ID).to_owned());
    let ended = ids.into_iter().find(|id| records::by_id(store, TABLE, id).is_some_and(|row| !is_open(&row)));
    if let Some(id) = ended {
        records::remove(store, TABLE, &id);
    }
}

/// Takes the calls that are due and may be sent now.
pub(crate) fn due(instance: &mut Instance, now: u64) -> Vec<OutboundCall> {
    let store = &mut instance.store;
    let host = |row: &Record<'_>| host_of(row.text("url")).unwrap_or_default();
    let mut connected: Vec<String> = with_state(store, "sent").map(|row| host(&row)).collect();
    let mut ready: Vec<(u64, String)> = with_state(store, "ready")
        .filter_map(|row| Some((row.number("due")?, row.id().to_owned())))
        .filter(|(due, _)| *due <= now)
        .collect();
    ready.sort();
    let mut calls = Vec::new();
    for (_, id) in ready {
        let Some(row) = records::by_id(store, TABLE, &id) else { continue };
        let host = host(&row);
        let to_host = connected.iter().filter(|other| **other == host).count();
        if connected.len() >= MAX_CONNECTIONS || to_host >= MAX_PER_HOST {
            continue;
        }
        match prepared(store, &row, now) {
            Ok(call) => {
                calls.push(call);
                connected.push(host);
                set_state(store, &id, &[("state", "sent")], now);
            }
            Err(reason) => set_state(store, &id, &[("state", "failed"), ("error_message", &reason)], now),
        }
    }
    calls
}

/// Records how a call ended: the status of its reply, or why there is none.
pub(crate) fn ended(instance: &mut Instance, id: &str, outcome: Result<u16, String>, took_ms: u64, now: u64) {
    let took = took_ms.to_string();
    let (state, status, error) = match outcome {
        Ok(status) => ("done", status.to_string(), String::new()),
        Err(reason) => ("failed", String::new(), reason),
    };
    let fields = [("state", state), ("response_status", &status), ("error_message", &error), ("response_time", &took)];
    set_state(&mut instance.store, id, &fields, now);
}

fn with_state<'a>(store: &'a Store, state: &'a str) -> impl Iterator<Item = Record<'a>> {
    records::with(store, TABLE, "state", state)
}

fn set_state(store: &mut Store, id: &str, fields: &[(&str, &str)], now: u64) {
    if let Some(row) = records::by_id(store, TABLE, id).map(|record| record.row) {
        records::set(store, TABLE, row, fields, now);
    }
}

fn prepared(store: &Store, row: &Record<'_>, now: u64) -> Result<OutboundCall, String> {
    let rule = records::by_id(store, "sys_script", row.text("source_record")).filter(|rule| rule.is("active"));
    let message =
        rule.and_then(|rule| Message::of(rule.text("script"))).ok_or("The business rule makes no call any more")?;
    let url = row.text("url");
    let host = host_of(url).ok_or_else(|| format!("The endpoint \"{url}\" is no http URL with a host"))?;
    let allowed = property(store, "glide.hosts.allowlist").unwrap_or_default();
    if !is_loopback(&host) && !allowed.split(',').any(|one| one.trim().eq_ignore_ascii_case(&host)) {
        return Err(format!("{host} is not on this machine; add it to the property glide.hosts.allowlist"));
    }
    let milliseconds =
        |name: &str, default: u64| property(store, name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let body = row.text("request_body").to_owned();
    let mut headers = vec![
        ("User-Agent".to_owned(), property(store, "glide.http.user.agent").unwrap_or("ServiceNow/1.0").to_owned()),
        ("Content-Type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(message.headers.iter().cloned());
    if let Some(key) = &message.key {
        let timestamp = (now / 1000).to_string();
        let signature =
            signed(key, &format!("{timestamp}.{body}")).ok_or("The key of the rule is not base64; encode it")?;
        headers.push(("X-Timestamp".to_owned(), timestamp));
        headers.push(("X-Signature".to_owned(), signature));
    }
    Ok(OutboundCall {
        id: row.id().to_owned(),
        method: row.text("http_method").to_ascii_uppercase(),
        url: url.to_owned(),
        headers,
        body,
        connect_ms: milliseconds("glide.http.connection_timeout", 10_000),
        timeout_ms: milliseconds("glide.http.timeout", 175_000),
    })
}

/// Whether a host is this machine.
fn is_loopback(host: &str) -> bool {
    let address: Option<std::net::IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}
