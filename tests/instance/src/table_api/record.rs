//! A single record. One that row access rules hide looks like one that does not exist.

use crate::access::is_hidden;
use crate::exchange::Reply;
use crate::refusal::Refusal;
use crate::store::{RowId, Store};
use crate::switches::Switches;

use super::Call;
use super::shape::Shape;

pub(crate) fn read(store: &Store, call: &Call<'_>, sys_id: &str, switches: &Switches) -> Result<Reply, Refusal> {
    let row = find(store, call, sys_id, switches)?;
    Ok(shown(store, call, row, 200))
}

pub(crate) fn remove(store: &mut Store, call: &Call<'_>, sys_id: &str, switches: &Switches) -> Result<Reply, Refusal> {
    let row = find(store, call, sys_id, switches)?;
    store.delete(call.table, row);
    Ok(Reply::empty(204))
}

pub(super) fn find(store: &Store, call: &Call<'_>, sys_id: &str, switches: &Switches) -> Result<RowId, Refusal> {
    let row = store.row(call.table, sys_id);
    let visible = row.filter(|row| !is_hidden(store, call.table, *row, switches.hidden));
    visible.ok_or_else(Refusal::no_record)
}

/// The record as a reply; without a body when `X-no-response-body` asks for none.
pub(super) fn shown(store: &Store, call: &Call<'_>, row: RowId, status: u16) -> Reply {
    if call.request.header("x-no-response-body") == Some("true") && call.request.method != "GET" {
        return Reply::empty(status);
    }
    let mut body = b"{\"result\":".to_vec();
    Shape::of(store, call.table, &call.parameters, &call.base).write(store, row, &mut body);
    body.push(b'}');
    Reply::json(status, body)
}
