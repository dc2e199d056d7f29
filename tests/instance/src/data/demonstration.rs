//! Records of the base system and of its demonstration data under the `sys_id`s that they have in every instance, because programs and
//! published test suites name them: the administrator, people, two roles, a department, problems, and the lines of a log in use.

use crate::clock::stamp;
use crate::identity::sys_id_of;
use crate::store::{Full, Store};

use super::administration::grant_to;
use super::filling::put;
use super::generator::BASE_DATA;

/// `sys_id` and name. Record names in PySNC's tests and in the samples of the product documentation.
const ROLES: [(&str, &str); 2] =
    [("2831a114c611228501d4ea6c309d626d", "admin"), ("282bf1fac6112285017366cb5f867469", "itil")];

/// `sys_id`, user name, first name, last name, roles. An empty `sys_id` stands for one that follows from the user name.
const PEOPLE: [(&str, &str, &str, &str, &[&str]); 20] = [
    ("62826bf03710200044e0bfc8bcbe5df1", "abel.tuter", "Abel", "Tuter", &[]),
    ("a8f98bb0eb32010045e1a5115206fe3a", "abraham.lincoln", "Abraham", "Lincoln", &[]),
    ("46d44a23a9fe19810012d100cca80666", "beth.anglin", "Beth", "Anglin", &["admin"]),
    ("", "bow.ruggeri", "Bow", "Ruggeri", &["admin"]),
    ("", "bud.richman", "Bud", "Richman", &["admin"]),
    ("", "charlie.whitherspoon", "Charlie", "Whitherspoon", &["admin"]),
    ("", "christen.mitchell", "Christen", "Mitchell", &["admin"]),
    ("5137153cc611227c000bbd1bd8cd2007", "david.loo", "David", "Loo", &["admin"]),
    ("9ee1b13dc6112271007f9d0efdb69cd0", "don.goodliffe", "Don", "Goodliffe", &["admin"]),
    ("5137153cc611227c000bbd1bd8cd2005", "fred.luddy", "Fred", "Luddy", &["admin"]),
    ("", "howard.johnson", "Howard", "Johnson", &["admin"]),
    ("681b365ec0a80164000fb0b05854a0cd", "itil", "ITIL", "User", &["itil"]),
    ("681ccaf9c0a8016400b98a06818d57c7", "employee", "Joe", "Employee", &[]),
    ("", "luke.wilson", "Luke", "Wilson", &["admin"]),
    ("46c5bf6ca9fe1981010713e3ac7d3384", "natasha.ingram", "Natasha", "Ingram", &[]),
    ("f8588956937002002dcef157b67ffb98", "change.manager", "Change", "Manager", &["itil"]),
    ("26fbff173b331300ad3cc9bb34efc4bd", "problem.admin", "Problem", "Administrator", &["itil"]),
    ("38cb3f173b331300ad3cc9bb34efc4d6", "problem.coordinator.b", "Problem", "Coordinator B", &["itil"]),
    ("", "problem.coordinator.a", "Problem", "Coordinator A", &["itil"]),
    ("", "problem.manager", "Problem", "Manager", &["itil"]),
];

const ADMINISTRATOR: &str = "6816f79cc0a8016401c5a33be04be441";
/// The password of the administrator.
const PASSWORD: &str = "admin-password";
const FINANCE: (&str, &str) = ("a581ab703710200044e0bfc8bcbe5de8", "46c5bf6ca9fe1981010713e3ac7d3384");

/// Groups whose members administer something, with the role that they inherit and their manager. The demonstration data has a few.
const GROUPS_WITH_ROLES: [(&str, &str, &str); 4] = [
    ("Catalog Request Approvers", "catalog_admin", "46d44a23a9fe19810012d100cca80666"),
    ("User Administration", "user_admin", "5137153cc611227c000bbd1bd8cd2005"),
    ("Knowledge Administration", "knowledge_admin", "5137153cc611227c000bbd1bd8cd2007"),
    ("Event Administration", "evt_mgmt_admin", "9ee1b13dc6112271007f9d0efdb69cd0"),
];

const PROBLEMS: [&str; 8] = [
    "Unable to print from the finance floor",
    "Mail is delivered twice",
    "Reports of the warehouse end with a timeout",
    "Switch on the third floor restarts",
    "Sign-in page is slow in the morning",
    "Sessions of the terminal server freeze",
    "Duplicate entries in the asset list",
    "Certificates expire without a notice",
];

/// The lines that an instance in use has logged, below the number at which the oldest is deleted.
const LOGGED: usize = 640;

/// Inserts the two roles, before any other record refers to them.
pub(super) fn put_roles(store: &mut Store) -> Result<(), Full> {
    for (sys_id, name) in ROLES {
        put(store, "sys_user_role", sys_id, BASE_DATA, &[("name", name)])?;
    }
    Ok(())
}

/// Inserts the rest.
pub(super) fn put_demonstration(store: &mut Store, created: u64) -> Result<(), Full> {
    let (finance, head) = FINANCE;
    put(store, "cmn_department", finance, BASE_DATA, &[("name", "Finance"), ("id", "2150"), ("dept_head", head)])?;
    put_people(store, created)?;
    for (group, role, manager) in GROUPS_WITH_ROLES {
        let id = sys_id_of("sys_user_group", group);
        let fields = [("name", group), ("active", "true"), ("manager", manager)];
        put(store, "sys_user_group", &id, BASE_DATA, &fields)?;
        let role = super::administration::role_named(store, role, created);
        let fields = [("group", id.as_str()), ("role", &role), ("inherits", "true")];
        put(store, "sys_group_has_role", &sys_id_of("sys_group_has_role", group), BASE_DATA, &fields)?;
    }
    put_problems(store)?;
    for line in 0..LOGGED {
        let message = format!("Completed: scheduled job {}", line % 40);
        let fields = [("source", "Scheduler"), ("message", message.as_str()), ("level", "0")];
        let logged = stamp(created.saturating_sub(60_000 * (LOGGED - line) as u64));
        put(store, "syslog", &sys_id_of("syslog", &format!("before {line}")), &logged, &fields)?;
    }
    Ok(())
}

fn put_people(store: &mut Store, created: u64) -> Result<(), Full> {
    let administrator = [
        ("user_name", "admin"),
        ("name", "System Administrator"),
        ("first_name", "System"),
        ("last_name", "Administrator"),
        ("email", "admin@example.com"),
        ("title", "System Administrator"),
        ("department", FINANCE.0),
        ("time_zone", "America/Los_Angeles"),
        ("user_password", PASSWORD),
        ("active", "true"),
        ("locked_out", "false"),
    ];
    put(store, "sys_user", ADMINISTRATOR, BASE_DATA, &administrator)?;
    grant_to(store, ADMINISTRATOR, "admin", created);
    for (sys_id, user_name, first, last, roles) in PEOPLE {
        let sys_id = if sys_id.is_empty() { sys_id_of("sys_user", user_name) } else { sys_id.to_owned() };
        let fields = [
            ("user_name", user_name),
            ("name", &format!("{first} {last}")),
            ("first_name", first),
            ("last_name", last),
            ("email", &format!("{user_name}@example.com")),
            ("active", "true"),
            ("locked_out", "false"),
        ];
        put(store, "sys_user", &sys_id, BASE_DATA, &fields)?;
        for role in roles {
            grant_to(store, &sys_id, role, created);
        }
    }
    Ok(())
}

/// Problems, numbered after those that the generator made.
fn put_problems(store: &mut Store) -> Result<(), Full> {
    for short_description in PROBLEMS {
        let table = store.find("problem").and_then(|id| store.tables.get_mut(id.place()));
        let number = table.map_or(0, |table| {
            table.last_number += 1;
            table.last_number
        });
        let number = format!("PRB{number:07}");
        let fields = [
            ("number", number.as_str()),
            ("short_description", short_description),
            ("state", "101"),
            ("problem_state", "101"),
            ("active", "true"),
            ("priority", "4"),
            ("opened_by", ADMINISTRATOR),
            ("opened_at", BASE_DATA),
            ("sys_class_name", "problem"),
        ];
        put(store, "problem", &sys_id_of("problem", &number), BASE_DATA, &fields)?;
    }
    Ok(())
}
