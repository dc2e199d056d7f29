//! Permissions: access rules are rows of `sys_security_acl`, and any role of a rule passes it. An operation without a rule is
//! open to every signed-in user. An administrator passes every rule that does not say otherwise.

use crate::identity::hash;
use crate::records::{self, Record, is_set};
use crate::sign_in::Principal;
use crate::store::{RowId, SYS_ID, Store, TableId};

/// Whether a rule whose roles are all deleted admits nobody; otherwise it requires no role. The default since Brazil ("Access
/// management release notes").
pub(crate) const STRICT: &str = "glide.security.acl_with_invalid_roles_strict_deny";

/// Whether row access rules hide this row from the caller.
pub(crate) fn is_hidden(store: &Store, table: TableId, row: RowId, share: f64) -> bool {
    if share <= 0.0 || store.table(table).definition.name != "incident" {
        return false;
    }
    let place = hash(store.text(table, row, SYS_ID), 0x5eed) >> 11;
    (place as f64) < share * (1_u64 << 53) as f64
}

/// Whether the rules for this name and operation admit the caller.
pub(crate) fn allows(store: &Store, principal: &Principal, kind: &str, name: &str, operation: &str) -> bool {
    let mut rules = records::with(store, "sys_security_acl", "name", name)
        .filter(|rule| rule.is("active") && rule.text("operation") == operation && rule.text("type") == kind)
        .peekable();
    rules.peek().is_none() || rules.any(|rule| passes(store, principal, &rule))
}

fn passes(store: &Store, principal: &Principal, rule: &Record<'_>) -> bool {
    if rule.is("admin_overrides") && principal.roles.contains("admin") {
        return true;
    }
    let mut listed = records::with(store, "sys_security_acl_role", "sys_security_acl", rule.id()).peekable();
    if listed.peek().is_none() {
        return true;
    }
    let roles = listed.filter_map(|row| records::by_id(store, "sys_user_role", row.text("sys_user_role")));
    let mut roles = roles.peekable();
    if roles.peek().is_none() {
        return !is_set(store, STRICT);
    }
    roles.any(|role| principal.roles.contains(role.text("name")))
}

/// Fields, as table and column name, that the caller may not use in this way.
pub(crate) fn denied_fields(store: &Store, principal: &Principal, operation: &str) -> Vec<(String, String)> {
    let rules = records::with(store, "sys_security_acl", "operation", operation);
    let fields = rules.filter(|rule| rule.is("active")).filter_map(|rule| rule.text("name").split_once('.'));
    let denied =
        fields.filter(|(table, field)| !allows(store, principal, "record", &format!("{table}.{field}"), operation));
    denied.map(|(table, field)| (table.to_owned(), field.to_owned())).collect()
}
