//! The Table API: lists, single records, and writing them ("Table API" in the REST API reference).

mod audit;
mod body;
mod business_rules;
mod calculated;
mod change_feed;
mod draft;
mod group_roles;
mod history;
mod journal;
mod list;
pub(crate) mod permissions;
mod record;
mod rules;
mod script_condition;
mod shape;
pub(crate) mod transitions;
mod unique;
mod view;
mod write;

pub(crate) use body::sent_record;
pub(crate) use list::{list, plan};
pub(crate) use record::{read, remove};
pub(crate) use rules::own_domain;
pub(crate) use shape::{Display, Shape, display_value};
pub(crate) use write::{Author, added, changed, completed, insert, update, written};

use crate::access::FieldRules;
use crate::exchange::{Parameters, Request};
use crate::search::{Caller, Path};
use crate::sign_in::Principal;
use crate::store::{Kind, Store, TableId};

/// The context that all handlers of the Table API share.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) parameters: Parameters<'a>,
    pub(crate) table: TableId,
    /// The version in the path, "v1" or "v2"; empty for the latest.
    pub(crate) version: &'a str,
    pub(crate) caller: Caller<'a>,
    /// Scheme and host under which the client reached the instance, for the links in replies.
    pub(crate) base: String,
    pub(crate) principal: &'a Principal,
    /// The share of incidents that row access rules hide from the caller.
    pub(crate) share: f64,
    /// The rules of fields for reading.
    pub(crate) field_rules: FieldRules,
}

impl Call<'_> {
    /// The address of a table's records, in the version of the request.
    pub(crate) fn address_of(&self, table: &str) -> String {
        let separator = if self.version.is_empty() { "" } else { "/" };
        format!("{}/api/now{separator}{}/table/{table}/", self.base, self.version)
    }

    /// The address of an attachment's content, in the version of the request: the `Location` of an upload.
    pub(crate) fn address_of_file(&self, sys_id: &str) -> String {
        let separator = if self.version.is_empty() { "" } else { "/" };
        format!("{}/api/now{separator}{}/attachment/{sys_id}/file", self.base, self.version)
    }

    /// Whether access rules let the caller read this column.
    pub(crate) fn may_read(&self, store: &Store, (table, column): (TableId, usize)) -> bool {
        if self.field_rules.admit_all() {
            return true;
        }
        let definition = store.table(table).definition;
        let name = definition.columns.get(column).map_or("", |column| column.name);
        !self.field_rules.refuse(definition, name)
    }

    /// Whether the caller may compute with the values of this column: those of passwords are shown to nobody.
    pub(crate) fn may_compute(&self, store: &Store, path: &Path) -> bool {
        path.kind(store) != Kind::Secret && self.may_read(store, path.end)
    }
}
