//! Domain separation: a caller sees the rows of the global domain, of their own and of those below it; the others are invisible
//! ("Table API", `sysparm_query_no_domain`).

use std::collections::HashSet;

use crate::exchange::Parameters;
use crate::records;
use crate::sign_in::Principal;
use crate::store::{Definition, GLOBAL, Kind, RowId, Store, TableId};
use crate::switches::Switches;

use super::check::{Check, Test};
use super::hierarchy::closure;
use super::path::path_of;

/// The rows that a caller's domain makes visible.
#[derive(Clone, Debug)]
pub(crate) struct Domain {
    /// The domain of the rows they write: "the domain of the user who creates it" ("Domain assignment").
    pub(crate) own: String,
    /// The domains of the rows they see.
    visible: HashSet<String>,
}

/// The roles that may read all domains.
const UNBOUND: [&str; 2] = ["admin", "query_no_domain_table_api"];

impl Domain {
    /// The caller's domain; `None` where domains are not separated, where the caller is in the global one, or where the caller may
    /// and does ask for all.
    pub(crate) fn in_force(
        store: &Store,
        principal: &Principal,
        parameters: &Parameters<'_>,
        switches: &Switches,
    ) -> Option<Self> {
        let free = UNBOUND.iter().any(|role| principal.roles.contains(*role));
        if !switches.domain_separation || free && parameters.flag("sysparm_query_no_domain") {
            return None;
        }
        let own = records::by_id(store, "sys_user", &principal.user_id)?.text("sys_domain").to_owned();
        if own == GLOBAL || own.is_empty() {
            return None;
        }
        let below = |parent: &str| records::with(store, "domain", "parent", parent).map(|domain| domain.id()).collect();
        let mut visible = closure(vec![own.clone()], below);
        visible.insert(GLOBAL.to_owned());
        Some(Self { own, visible })
    }

    /// Whether a row is visible. An attachment has the domain of its record ("Domain-separate a custom table"), and so have journal
    /// entries, audits and history. Tables without domain separation are visible to all.
    pub(crate) fn shows(&self, store: &Store, row: RowId) -> bool {
        let definition = store.class(row);
        if belongs(definition) {
            return match owner(store, row) {
                Some((_, Some(record))) => self.shows(store, record),
                // Nothing says which domain a deleted record had.
                Some((table, None)) => store.table(table).definition.column("sys_domain").is_none(),
                None => true,
            };
        }
        let column = definition.column("sys_domain");
        column.is_none_or(|column| self.visible.contains(store.text(row, column)))
    }

    /// The test that every row of a search must pass; `None` for a table whose rows are all visible.
    pub(super) fn test(&self, store: &Store, table: TableId) -> Option<Test> {
        if let Some(path) = path_of(store, table, "sys_domain") {
            return Some(Test { kind: path.kind(store), path, check: Check::Among(self.visible.clone()) });
        }
        let separated = |definition: &Definition| belongs(definition) || definition.column("sys_domain").is_some();
        let mut parts = store.ids().filter(|part| store.is_or_extends(*part, table));
        parts.any(|part| separated(store.table(part).definition)).then_some(())?;
        Some(Test { path: path_of(store, table, "sys_id")?, kind: Kind::Id, check: Check::Visible(self.clone()) })
    }
}

/// The tables whose rows belong to records of other tables, and the columns that name table and record.
const BELONGING: [(&str, [&str; 2]); 4] = [
    ("sys_attachment", ["table_name", "table_sys_id"]),
    ("sys_journal_field", ["name", "element_id"]),
    ("sys_audit", ["tablename", "documentkey"]),
    (HISTORY, ["table", "id"]),
];
const HISTORY: &str = "sys_history_set";
const HISTORY_LINE: &str = "sys_history_line";

fn belongs(definition: &Definition) -> bool {
    definition.name == HISTORY_LINE || BELONGING.iter().any(|(table, _)| *table == definition.name)
}

/// The table and record that a row belongs to, unless that belongs to another one. A deleted record is `None`.
fn owner(store: &Store, row: RowId) -> Option<(TableId, Option<RowId>)> {
    let text = |row: RowId, name: &str| store.class(row).column(name).map_or("", |column| store.text(row, column));
    let row = match store.class(row).name {
        HISTORY_LINE => records::by_id(store, HISTORY, text(row, "set"))?.row,
        _ => row,
    };
    let (_, [table, id]) = BELONGING.iter().find(|(table, _)| *table == store.class(row).name)?;
    let table = store.find(text(row, table)).filter(|table| !belongs(store.table(*table).definition))?;
    Some((table, store.row(table, text(row, id))))
}
