//! Which items a user may see and order: active ones, for whom their user criteria hold ("Set security for items and categories").

use std::collections::BTreeSet;

use crate::records::{self, Record, property};
use crate::search::Caller;
use crate::sign_in::{Principal, roles_of};
use crate::store::Store;

/// A user as far as access to items depends on them.
pub(super) struct Person<'a> {
    id: &'a str,
    roles: BTreeSet<String>,
}

impl<'a> Person<'a> {
    pub(super) fn calling(principal: &'a Principal) -> Self {
        Self { id: &principal.user_id, roles: principal.roles.clone() }
    }

    /// An active user whom the caller sees, by `sys_id`.
    pub(super) fn of(store: &'a Store, caller: &Caller<'_>, id: &str) -> Option<Self> {
        let user = user(store, caller, id).filter(|user| user.text("active") != "false")?;
        Some(Self { id: user.id(), roles: roles_of(store, user.id()) })
    }

    /// Whether the user has one of these roles, which are separated by commas.
    pub(super) fn has_any(&self, roles: &str) -> bool {
        roles.split(',').any(|role| self.roles.contains(role.trim()))
    }
}

/// A user whom the caller's domain makes visible.
pub(super) fn user<'a>(store: &'a Store, caller: &Caller<'_>, id: &str) -> Option<Record<'a>> {
    records::by_id(store, "sys_user", id).filter(|user| caller.sees(store, user.row))
}

/// Every item, of all tables of items.
pub(super) fn items(store: &Store) -> impl Iterator<Item = Record<'_>> {
    records::all(store, "sc_cat_item")
}

/// The item with this `sys_id`, of whichever table.
pub(super) fn item<'a>(store: &'a Store, sys_id: &str) -> Option<Record<'a>> {
    records::by_id(store, "sc_cat_item", sys_id)
}

/// Whether a user may see an item. Roles of the item count only where user criteria are switched off
/// (`glide.sc.use_user_criteria`).
pub(super) fn can_view(store: &Store, person: &Person<'_>, item: &Record<'_>) -> bool {
    let overriding = property(store, "glide.sc.entitlement.override").unwrap_or("admin");
    if !item.is("active") {
        return false;
    }
    if person.has_any(overriding) {
        return true;
    }
    if property(store, "glide.sc.use_user_criteria") == Some("false") {
        let roles = item.text("roles");
        return roles.is_empty() || person.has_any(roles);
    }
    let matched = |table: &str| {
        let links = records::with(store, table, "sc_cat_item", item.id());
        let criteria = links.filter_map(|link| records::by_id(store, "user_criteria", link.text("user_criteria")));
        let mut results = criteria.map(|criteria| holds(store, person, &criteria)).peekable();
        (results.peek().is_some(), results.any(|held| held))
    };
    let (_, excluded) = matched("sc_cat_item_user_criteria_no_mtom");
    let (limited, included) = matched("sc_cat_item_user_criteria_mtom");
    !excluded && (included || !limited)
}

/// Whether user criteria hold for a user. A script does not run here, so it does not hold: a script that fails has the same effect
/// (KB0724965).
fn holds(store: &Store, person: &Person<'_>, criteria: &Record<'_>) -> bool {
    if !criteria.is("active") || criteria.is("advanced") {
        return false;
    }
    let user = records::by_id(store, "sys_user", person.id);
    let lists = |list: &str, id: &str| list.split(',').any(|one| one.trim() == id);
    let of_user = |column: &str| user.map_or("", |user| user.text(column));
    let in_group = |list: &str| {
        let memberships = records::with(store, "sys_user_grmember", "user", person.id);
        memberships.map(|member| member.text("group")).any(|group| lists(list, group))
    };
    let has_role = |list: &str| {
        let roles = list.split(',').filter_map(|id| records::by_id(store, "sys_user_role", id.trim()));
        roles.map(|role| role.text("name")).any(|role| person.roles.contains(role))
    };
    let conditions = ["user", "group", "role", "company", "department", "location"];
    let set = conditions.into_iter().filter(|column| !criteria.text(column).is_empty());
    let mut results = set.map(|column| match (column, criteria.text(column)) {
        ("user", list) => lists(list, person.id),
        ("group", list) => in_group(list),
        ("role", list) => has_role(list),
        (column, list) => !of_user(column).is_empty() && lists(list, of_user(column)),
    });
    match criteria.is("match_all") {
        true => results.all(|held| held),
        false => results.any(|held| held),
    }
}
