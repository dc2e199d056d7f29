//! `syslog_transaction`: every request that arrived and its reply, where an administrator sees whether a call arrived at all.
//! The journal stores the requests; they become rows when the table is read, so that a request costs nothing and the store
//! holds no more than the journal does.

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::instance::Instance;
use crate::journal::Entry;
use crate::records;
use crate::store::Store;

pub(crate) const TABLE: &str = "syslog_transaction";

/// Rebuilds the rows of the table.
pub(crate) fn show(instance: &mut Instance) {
    let store = &mut instance.store;
    let old: Vec<String> = records::all(store, TABLE).map(|row| row.id().to_owned()).collect();
    for sys_id in old {
        records::remove(store, TABLE, &sys_id);
    }
    for (place, entry) in instance.journal.numbered() {
        write(store, place, entry);
    }
}

/// The `sys_id` is that of the entry's place in the ring: a store that never forgets a text sees the same few again.
fn write(store: &mut Store, place: usize, entry: &Entry) {
    let url = match entry.query.as_str() {
        "" => entry.path.clone(),
        query => format!("{}?{query}", entry.path),
    };
    let kind = if entry.path.starts_with("/api/") { "rest" } else { "other" };
    let fields = [
        ("url", url.as_str()),
        ("type", kind),
        ("http_method", &entry.method),
        ("http_response_code", &entry.status.to_string()),
        ("response_time", &format!("{:.0}", entry.ms)),
        ("remote_ip", &entry.sender.address),
        ("user_agent", &entry.sender.agent),
        ("sys_created_by", &entry.sender.user),
    ];
    // A full store shows one transaction less.
    let _ = put(store, TABLE, &sys_id_of(TABLE, &place.to_string()), &stamp(entry.at), &fields);
}
