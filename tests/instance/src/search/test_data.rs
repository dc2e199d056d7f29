//! Six incidents, four users and their references: small enough to state the matching rows of every query.

#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use std::collections::BTreeSet;

use crate::data::{put, put_filtering};
use crate::store::{MOD_COUNT, RowId, Store, tables};
use crate::switches::InvalidFields;

use super::{Caller, Plan, Wanted, run};

/// 2026-03-01 12:00:00 UTC, a Sunday.
pub(super) const NOON: u64 = 1_772_366_400_000;

const BEFORE: &str = "2026-01-01 00:00:00";

/// Ann manages Bob and Cid, Bob manages Dee.
pub(super) const PEOPLE: [(&str, &str); 4] = [("ann", ""), ("bob", "ann"), ("cid", "ann"), ("dee", "bob")];

/// Fields of the incidents. Other fields are empty.
pub(super) const INCIDENTS: [(&str, &[(&str, &str)]); 6] = [
    (
        "one",
        &[
            ("state", "1"),
            ("priority", "1"),
            ("urgency", "2"),
            ("active", "true"),
            ("short_description", "Printer on fire"),
            ("caller_id", "ann"),
            ("assignment_group", "net"),
            ("opened_at", "2026-03-01 11:30:00"),
            ("due_date", "2026-03-01 20:00:00"),
            ("sys_class_name", "incident"),
        ],
    ),
    (
        "two",
        &[
            ("state", "2"),
            ("priority", "2"),
            ("urgency", "2"),
            ("active", "true"),
            ("short_description", "printer prints blank pages"),
            ("caller_id", "bob"),
            ("parent", "one"),
            ("opened_at", "2026-03-01 10:59:59"),
            ("due_date", "2026-03-03 10:59:59"),
            ("sys_class_name", "incident"),
        ],
    ),
    (
        "three",
        &[
            ("state", "3"),
            ("priority", "3"),
            ("urgency", "1"),
            ("active", "false"),
            ("short_description", "VPN drops"),
            ("description", "printer"),
            ("caller_id", "cid"),
            ("parent", "two"),
            ("opened_at", "2026-02-28 23:30:00"),
            ("due_date", "2026-03-05 00:00:00"),
            ("sys_class_name", "u_major"),
        ],
    ),
    (
        "four",
        &[
            ("state", "7"),
            ("priority", "10"),
            ("urgency", "3"),
            ("active", "false"),
            ("short_description", "Toner for the printer"),
            ("caller_id", "dee"),
            ("opened_at", "2026-02-23 08:00:00"),
            ("due_date", "2026-02-23 08:00:00"),
            ("sys_class_name", "u_flood"),
        ],
    ),
    (
        "five",
        &[("short_description", "A^B, 50% off"), ("opened_at", "2025-03-01 12:00:00"), ("sys_class_name", "task")],
    ),
    ("six", &[]),
];

type Fields = &'static [(&'static str, &'static str)];

/// Other tasks: table, `sys_id` and fields. A search of `task` finds them and the incidents.
const OTHER_TASKS: [(&str, &str, Fields); 4] = [
    (
        "problem",
        "seven",
        &[("state", "103"), ("priority", "2"), ("short_description", "Printer on fire"), ("assigned_to", "ann")],
    ),
    (
        "problem",
        "eight",
        &[("state", "2"), ("active", "false"), ("parent", "one"), ("opened_at", "2026-03-01 10:59:59")],
    ),
    (
        "change_request",
        "nine",
        &[("state", "-5"), ("short_description", "printer"), ("assigned_to", "dee"), ("parent", "seven")],
    ),
    ("task", "ten", &[("state", "7"), ("priority", "10"), ("opened_at", "2026-03-01 10:59:59")]),
];

/// A store with these rows.
pub(super) fn store() -> Store {
    let mut store = Store::new();
    let mut add = |table: &str, id: &str, fields: &[(&str, &str)]| {
        put(&mut store, table, id, BEFORE, fields).unwrap();
    };
    for (name, manager) in PEOPLE {
        add("sys_user", name, &[("user_name", name), ("name", &name.to_uppercase()), ("manager", manager)]);
    }
    add("sys_user_group", "net", &[("name", "Network")]);
    add("sys_user_grmember", "m1", &[("user", "bob"), ("group", "net")]);
    // The operators are tested with empty fields too, so no default fills them.
    let incident = tables().iter().find(|table| table.name == "incident").unwrap();
    let empty: Vec<_> = incident.columns.iter().skip(MOD_COUNT + 1).map(|column| (column.name, "")).collect();
    for (name, fields) in INCIDENTS {
        add("incident", name, &[empty.as_slice(), &[("number", name)], fields].concat());
    }
    for (table, name, fields) in OTHER_TASKS {
        add(table, name, &[&[("number", name)], fields].concat());
    }
    add("sys_db_object", "task", &[("name", "task")]);
    add("sys_db_object", "incident", &[("name", "incident"), ("super_class", "task")]);
    add("label", "hot", &[("name", "Hot")]);
    add("label", "cold", &[("name", "Cold")]);
    for (id, label, incident) in
        [("t1", "hot", "one"), ("t2", "cold", "two"), ("t3", "hot", "two"), ("t4", "cold", "three")]
    {
        add("label_entry", id, &[("label", label), ("table", "incident"), ("table_key", incident)]);
    }
    add("label_entry", "t5", &[("label", "hot"), ("table", "problem"), ("table_key", "four")]);
    put_filtering(&mut store, NOON).unwrap();
    for (class, extends) in [("u_major", "incident"), ("u_flood", "u_major")] {
        let parent = crate::records::one(&store, "sys_db_object", "name", extends).unwrap().id().to_owned();
        let fields = [("name", class), ("super_class", parent.as_str())];
        put(&mut store, "sys_db_object", class, BEFORE, &fields).unwrap();
    }
    store
}

/// Bob's session at noon in a time zone.
pub(super) fn bob<'a>(roles: &'a BTreeSet<String>, time_zone: &'a str) -> Caller<'a> {
    Caller { user_id: "bob", user_name: "bob", roles, time_zone, domain: None, now: NOON }
}

/// The rows that a query finds, in the order of [`INCIDENTS`]. None if the query is refused.
pub(super) fn rows_of(
    store: &mut Store,
    table: &str,
    query: &str,
    zone: &str,
    regime: InvalidFields,
) -> Option<Vec<String>> {
    let roles = BTreeSet::new();
    let table = store.find(table).unwrap();
    let plan = Plan::of(store, table, query, &bob(&roles, zone), regime).ok()?;
    let mut rows = run(store, table, &plan, Wanted::ALL).rows;
    rows.sort_unstable();
    Some(rows.into_iter().map(|row| name(store, row)).collect())
}

fn name(store: &Store, row: RowId) -> String {
    store.text(row, store.table(row.table()).display).to_owned()
}
