//! Domain separation: a caller sees the rows of the global domain, of their own and of those below it; the others are invisible
//! ("Table API", `sysparm_query_no_domain`).

use std::collections::HashSet;

use crate::exchange::Parameters;
use crate::records;
use crate::search::closure;
use crate::sign_in::Principal;
use crate::store::{GLOBAL, RowId, Store};
use crate::switches::Switches;

/// The rows that a caller's domain makes visible.
pub(crate) struct Domain {
    /// The domain of the rows they write.
    pub(super) own: String,
    /// The domains of the rows they see.
    pub(super) visible: HashSet<String>,
}

impl Domain {
    /// Whether a row is visible. Tables without domain separation are visible to all.
    pub(crate) fn shows(&self, store: &Store, row: RowId) -> bool {
        let column = store.class(row).column("sys_domain");
        column.is_none_or(|column| self.visible.contains(store.text(row, column)))
    }
}

/// The roles that may read all domains.
const UNBOUND: [&str; 2] = ["admin", "query_no_domain_table_api"];

/// The caller's domain; `None` where domains are not separated, where the caller is in the global one, or where the caller may
/// and does ask for all.
pub(crate) fn in_force(
    store: &Store,
    principal: &Principal,
    parameters: &Parameters<'_>,
    switches: &Switches,
) -> Option<Domain> {
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
    Some(Domain { own, visible })
}
