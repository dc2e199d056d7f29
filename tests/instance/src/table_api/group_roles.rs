//! Members of a group inherit its roles: the platform adds and removes their rows of `sys_user_has_role` ("Roles inherited from
//! groups" on the pages about users and groups; the sample body of that table names `granted_by`).

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::records::{self, Record};
use crate::store::{Full, Store};

/// A role that a user has by being a member of a group.
struct Inherited {
    user: String,
    role: String,
    group: String,
}

impl Inherited {
    fn unique(&self) -> String {
        sys_id_of("sys_user_has_role", &format!("{}.{}.{}", self.user, self.role, self.group))
    }
}

/// The roles that a membership or a role of a group, given by `sys_id`, passes on.
fn inherited(store: &Store, table: &str, sys_id: &str) -> Vec<Inherited> {
    let Some(row) = records::by_id(store, table, sys_id) else { return Vec::new() };
    let group = row.text("group");
    let passes = |role: &Record<'_>| role.text("inherits") != "false";
    let of = |user: &str, role: &str| Inherited { user: user.into(), role: role.into(), group: group.into() };
    match table {
        "sys_user_grmember" => {
            let roles = records::with(store, "sys_group_has_role", "group", group).filter(passes);
            roles.map(|role| of(row.text("user"), role.text("role"))).collect()
        }
        "sys_group_has_role" if passes(&row) => {
            let members = records::with(store, "sys_user_grmember", "group", group);
            members.map(|member| of(member.text("user"), row.text("role"))).collect()
        }
        _ => Vec::new(),
    }
}

/// Gives the members of a group what a new row passes on.
pub(super) fn grant(store: &mut Store, table: &str, sys_id: &str, now: u64) -> Result<(), Full> {
    for one in inherited(store, table, sys_id) {
        if records::by_id(store, "sys_user_has_role", &one.unique()).is_some() {
            continue;
        }
        let fields = [
            ("user", one.user.as_str()),
            ("role", &one.role),
            ("granted_by", &one.group),
            ("inherited", "true"),
            ("state", "active"),
        ];
        put(store, "sys_user_has_role", &one.unique(), &stamp(now), &fields)?;
    }
    Ok(())
}

/// Takes back what a row passed on, before it is deleted.
pub(super) fn withdraw(store: &mut Store, table: &str, sys_id: &str) {
    for one in inherited(store, table, sys_id) {
        records::remove(store, "sys_user_has_role", &one.unique());
    }
}
