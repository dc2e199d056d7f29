//! A single record. A record that row access rules hide gets the same reply as one that does not exist.

use crate::access::is_hidden;
use crate::clock::stamp;
use crate::data::put;
use crate::exchange::{Reply, is_true};
use crate::identity::sys_id_of;
use crate::refusal::Refusal;
use crate::store::{Full, RowId, Store};

use super::Call;
use super::audit;
use super::business_rules::{self, Action};
use super::change_feed::Watch;
use super::group_roles;
use super::permissions::may;
use super::shape::Shape;
use super::write::Author;

pub(crate) fn read(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    let row = find(store, call, sys_id)?;
    Ok(shown(store, call, row, 200))
}

pub(crate) fn remove(store: &mut Store, call: &Call<'_>, sys_id: &str, now: u64) -> Result<Reply, Refusal> {
    let row = find(store, call, sys_id)?;
    if !may(store, call, row.table(), "delete") {
        return Err(Refusal::write_denied("Delete"));
    }
    business_rules::before(store, call, Action::Delete(row), &mut Vec::new())?;
    // A deletion is recorded under the record's own class.
    let definition = store.class(row);
    let display = store.text(row, store.table(row.table()).display).to_owned();
    let author = Author::of(&call.caller, now);
    if let Some(watch) = Watch::of(store, Action::Delete(row)) {
        watch.report(store, row, &author).map_err(|Full| Refusal::store_full())?;
    }
    group_roles::withdraw(store, definition.name, sys_id);
    audit::deleted(store, row, &author);
    store.delete(row);
    let fields = [("tablename", definition.name), ("documentkey", sys_id), ("display_value", &display)];
    let unique = sys_id_of("sys_audit_delete", &format!("{}.{sys_id}", definition.name));
    // The row is deleted even if the store is too full for the audit row.
    let _ = put(store, "sys_audit_delete", &unique, &stamp(now), &fields);
    Ok(Reply::empty(204))
}

pub(super) fn find(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<RowId, Refusal> {
    let row = store.row(call.table, sys_id);
    let shown = |row: &RowId| !is_hidden(store, *row, call.share) && may(store, call, row.table(), "read");
    let visible = row.filter(|row| call.caller.sees(store, *row) && shown(row));
    visible.ok_or_else(Refusal::no_record)
}

/// The record as a reply; without a body when `X-no-response-body` asks for none.
pub(super) fn shown(store: &Store, call: &Call<'_>, row: RowId, status: u16) -> Reply {
    if call.request.header("x-no-response-body").is_some_and(is_true) && call.request.method != "GET" {
        return Reply::empty(status);
    }
    let mut body = b"{\"result\":".to_vec();
    Shape::of(store, call).write(store, row, &mut body);
    body.push(b'}');
    Reply::json(status, body)
}
