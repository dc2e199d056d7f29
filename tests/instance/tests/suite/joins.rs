//! Conditions on records of other tables: JOIN, SUBQUERY and related lists of many-to-many tables. They narrow a list, and a test
//! that meets the whole table instead deletes too much.

use crate::client::{Client, rows, text, total};

use std::collections::BTreeSet;

use serde_json::Value;

fn all(client: &mut Client, table: &str) -> Vec<Value> {
    let everything = [("sysparm_exclude_reference_link", "true"), ("sysparm_limit", "100000")];
    rows(&client.get(&format!("/api/now/table/{table}"), &everything))
}

fn found(client: &mut Client, table: &str, query: &str) -> BTreeSet<String> {
    let asked = [("sysparm_query", query), ("sysparm_fields", "sys_id"), ("sysparm_limit", "100000")];
    let reply = client.get(&format!("/api/now/table/{table}"), &asked);
    assert_eq!(reply.status, 200, "{query}");
    let ids: BTreeSet<String> = rows(&reply).iter().map(|row| text(row, "sys_id")).collect();
    assert_eq!(total(&reply), ids.len(), "{query}");
    ids
}

/// The values of a column in the rows that are kept.
fn values(rows: &[Value], column: &str, keep: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    rows.iter().filter(|row| keep(row)).map(|row| text(row, column)).filter(|value| !value.is_empty()).collect()
}

#[test]
fn join_that_nothing_meets_finds_nothing() {
    let mut client = Client::with_rows(50);
    for query in [
        "JOINsys_user.sys_id=sys_user_grmember.user!user=00000000000000000000000000000000",
        "SUBQUERYsys_id,user,sys_user_grmember^user=00000000000000000000000000000000^ENDSUBQUERY",
        "SUBQUERYsys_id,user,sys_user_grmember^user=00000000000000000000000000000000",
        "active=true^JOINsys_user.sys_id=incident.caller_id!state=7^^state=1",
    ] {
        assert_eq!(found(&mut client, "sys_user", query), BTreeSet::new(), "{query}");
    }
    for query in [
        "RLQUERYsys_user_grmember.group,>0,m2m^user.nameLIKEzzzz^ENDRLQUERY",
        "RLQUERYsys_user_grmember.group,>0,m2m^user.nameLIKEzzzz",
    ] {
        assert_eq!(found(&mut client, "sys_user_group", query), BTreeSet::new(), "{query}");
    }
}

#[test]
fn join_finds_the_records_with_a_counterpart() {
    let mut client = Client::with_rows(300);
    let users = all(&mut client, "sys_user");
    let incidents = all(&mut client, "incident");
    let of_callers = |keep: &dyn Fn(&Value) -> bool| {
        let callers = values(&incidents, "caller_id", keep);
        values(&users, "sys_id", |user| callers.contains(&text(user, "sys_id")))
    };
    let solved = of_callers(&|row| row["state"] == "6" && row["active"] == "true");
    assert!(!solved.is_empty() && solved.len() < users.len());
    for query in [
        "JOINsys_user.sys_id=incident.caller_id!state=6^^active=true",
        "SUBQUERYsys_id,caller_id,incident^state=6^active=true^ENDSUBQUERY",
        "RLQUERYincident.caller_id,>=1^state=6^active=true^ENDRLQUERY",
    ] {
        assert_eq!(found(&mut client, "sys_user", query), solved, "{query}");
    }
    let any = of_callers(&|_| true);
    assert_eq!(found(&mut client, "sys_user", "JOINsys_user.sys_id=incident.caller_id!"), any);
    assert_eq!(found(&mut client, "sys_user", "JOINsys_user.sys_id=incident.caller_id"), any);
    let named = "name=Practice Administrator^JOINsys_user.sys_id=incident.caller_id!";
    assert!(found(&mut client, "sys_user", named).len() <= 1, "a single caret ends a join");
}

#[test]
fn joins_always_occur_and_their_conditions_may_be_alternatives() {
    let mut client = Client::with_rows(300);
    let users = all(&mut client, "sys_user");
    let incidents = all(&mut client, "incident");
    let members = values(&all(&mut client, "sys_user_grmember"), "user", |_| true);
    let callers = |keep: &dyn Fn(&Value) -> bool| values(&incidents, "caller_id", keep);
    let (calling, urgent) = (callers(&|_| true), callers(&|row| row["priority"] == "1"));
    let query = "JOINsys_user.sys_id=incident.caller_id!priority=1^NQnameSTARTSWITHA";
    let expected = values(&users, "sys_id", |user| {
        let id = text(user, "sys_id");
        calling.contains(&id) && (urgent.contains(&id) || text(user, "name").starts_with('A'))
    });
    assert_eq!(found(&mut client, "sys_user", query), expected);
    let query = "JOINsys_user.sys_id=incident.caller_id!^JOINsys_user.sys_id=sys_user_grmember.user!";
    let expected: BTreeSet<String> = calling.intersection(&members).cloned().collect();
    assert_eq!(found(&mut client, "sys_user", query), expected);
}

#[test]
fn join_starts_from_a_joined_table() {
    let mut client = Client::with_rows(300);
    let incidents = all(&mut client, "incident");
    let members = all(&mut client, "sys_user_grmember");
    let groups = values(&incidents, "assignment_group", |row| row["priority"] == "1");
    let expected = values(&members, "user", |row| groups.contains(&text(row, "group")));
    let query =
        "JOINsys_user.sys_id=sys_user_grmember.user!^JOINsys_user_grmember.group=incident.assignment_group!priority=1";
    assert_eq!(found(&mut client, "sys_user", query), expected);
    let nested = "SUBQUERYsys_id,user,sys_user_grmember^SUBQUERYgroup,assignment_group,incident^^priority=1^^ENDSUBQUERY^ENDSUBQUERY";
    assert_eq!(found(&mut client, "sys_user", nested), expected);
}

#[test]
fn join_that_cannot_be_read_is_an_invalid_condition() {
    let mut client = Client::with_rows(20);
    let everyone = all(&mut client, "sys_user").len();
    let queries = [
        "JOINsys_user.sys_id=no_such_table.user!",
        "JOINsys_user.no_such_field=incident.caller_id!",
        "JOINincident.sys_id=problem.sys_id!",
        "JOINsys_user.manager.name=sys_user.name!",
        "JOIN",
        "JOIN.0ANYTHING",
        "SUBQUERYsys_id^ENDSUBQUERY",
    ];
    for query in queries {
        assert_eq!(found(&mut client, "sys_user", query).len(), everyone, "{query}");
    }
    client.instance.switches_mut().invalid_field_regime = sysparm_instance::InvalidFields::NoRows;
    for query in queries {
        assert_eq!(found(&mut client, "sys_user", query).len(), 0, "{query}");
    }
}

#[test]
fn deep_and_long_queries_are_answered() {
    let mut client = Client::with_rows(20);
    client.instance.switches_mut().longest_url = usize::MAX;
    for query in
        ["SUBQUERYsys_id,manager,sys_user^".repeat(3000), "JOINsys_user.sys_id=sys_user.manager!^".repeat(3000)]
    {
        found(&mut client, "sys_user", &query);
    }
}
