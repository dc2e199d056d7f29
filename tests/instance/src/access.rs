//! Permissions: access rules are rows of `sys_security_acl`, and any role of a rule passes it. An operation without a rule is
//! open to every signed-in user. An administrator passes every rule that does not say otherwise.

use crate::identity::hash;
use crate::records::{self, Record, is_set};
use crate::sign_in::Principal;
use crate::store::{Definition, RowId, SYS_ID, Store};

/// Whether a rule whose roles are all deleted admits nobody; otherwise it requires no role. The default since Brazil ("Access
/// management release notes").
pub(crate) const STRICT: &str = "glide.security.acl_with_invalid_roles_strict_deny";

/// Whether row access rules hide this row from the caller.
pub(crate) fn is_hidden(store: &Store, row: RowId, share: f64) -> bool {
    if share <= 0.0 || store.class(row).name != "incident" {
        return false;
    }
    let place = hash(store.text(row, SYS_ID), 0x5eed) >> 11;
    (place as f64) < share * (1_u64 << 53) as f64
}

/// Whether the rules for this name and operation admit the caller. Of a table, "the first ACL rule that matches the record's table"
/// decides: a rule of the table itself, of a table that it extends, or of any table ("ACL types", "Explore Access Control Lists").
pub(crate) fn allows(store: &Store, principal: &Principal, kind: &str, name: &str, operation: &str) -> bool {
    let table = store.find(name).filter(|_| kind == "record").map(|table| store.table(table).definition);
    let names = table.into_iter().flat_map(Definition::ancestry).map(|table| table.name);
    let names = std::iter::once(name).chain(names.skip(1)).chain(table.map(|_| ANY));
    let decided = |name: &str| {
        let mut rules = records::with(store, "sys_security_acl", "name", name)
            .filter(|rule| rule.is("active") && rule.text("operation") == operation && rule.text("type") == kind)
            .peekable();
        rules.peek().is_some().then(|| rules.any(|rule| passes(store, principal, &rule)))
    };
    names.map(decided).find_map(|decision| decision).unwrap_or(true)
}

/// Stands for any table, and for any field.
const ANY: &str = "*";

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

/// The rules of fields for one operation, and which of them admit the caller.
#[derive(Debug, Default)]
pub(crate) struct FieldRules(Vec<FieldRule>);

#[derive(Debug)]
struct FieldRule {
    table: String,
    field: String,
    admits: bool,
}

impl FieldRules {
    pub(crate) fn of(store: &Store, principal: &Principal, operation: &str) -> Self {
        let mut rules: Vec<FieldRule> = Vec::new();
        let records = records::with(store, "sys_security_acl", "operation", operation);
        for record in records.filter(|rule| rule.is("active") && rule.text("type") == "record") {
            let Some((table, field)) = record.text("name").split_once('.') else { continue };
            let admits = passes(store, principal, &record);
            // One of several rules for the same name suffices.
            match rules.iter_mut().find(|rule| rule.table == table && rule.field == field) {
                Some(rule) => rule.admits |= admits,
                None => rules.push(FieldRule { table: table.to_owned(), field: field.to_owned(), admits }),
            }
        }
        Self(rules)
    }

    /// Whether no rule keeps the caller from any field.
    pub(crate) fn admit_all(&self) -> bool {
        self.0.iter().all(|rule| rule.admits)
    }

    /// Whether the first rule that matches keeps the caller from a field of a table: a rule of the field in the table, in those that
    /// it extends, in any table, then of any field in the same order ("ACL types", field ACL rules).
    pub(crate) fn refuse(&self, table: &Definition, field: &str) -> bool {
        let tables = || table.ancestry().map(|table| table.name).chain([ANY]);
        let names = tables().map(|table| (table, field)).chain(tables().map(|table| (table, ANY)));
        let rule = |(table, field): (&str, &str)| self.0.iter().find(|rule| rule.table == table && rule.field == field);
        names.filter_map(rule).next().is_some_and(|rule| !rule.admits)
    }
}
