//! The Table API: lists, single records, and writing them ("Table API" in the REST API reference).

mod list;
mod record;
mod shape;
mod write;

pub(crate) use list::{list, plan};
pub(crate) use record::{read, remove};
pub(crate) use write::{insert, update};

use crate::exchange::{Parameters, Request};
use crate::search::Caller;
use crate::store::TableId;

/// What the handlers of the Table API have in common.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) parameters: Parameters<'a>,
    pub(crate) table: TableId,
    /// Version 1 of the API answers an empty list with 404.
    pub(crate) version_1: bool,
    pub(crate) caller: Caller<'a>,
    /// Scheme and host under which the client reached the instance, for the links in replies.
    pub(crate) base: String,
}
