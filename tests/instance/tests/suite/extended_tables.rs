//! Tables that extend others: a request to `task` or `cmdb_ci` reaches the records of every class below it.

use crate::client::{Client, rows, target, text, total};
use serde_json::{Value, json};
use sysparm_instance::Request;

/// The tables of generated tasks.
const CLASSES: [&str; 5] = ["incident", "problem", "change_request", "sn_hr_core_case", "sn_customerservice_case"];

fn admin(client: &mut Client, path: &str, parameters: &[(&str, &str)]) -> sysparm_instance::Reply {
    client.send_as("practice.admin", Request::new("GET", &target(path, parameters)))
}

fn count(client: &mut Client, table: &str, query: &str) -> usize {
    let parameters = [("sysparm_query", query), ("sysparm_limit", "1"), ("sysparm_fields", "sys_id")];
    total(&admin(client, &format!("/api/now/table/{table}"), &parameters))
}

fn written(client: &mut Client, method: &str, path: &str, body: &Value) -> sysparm_instance::Reply {
    client.send_as("practice.admin", Request::new(method, path).with_body("application/json", body.to_string()))
}

fn one(client: &mut Client, table: &str) -> Value {
    let parameters = [("sysparm_limit", "1"), ("sysparm_exclude_reference_link", "true")];
    rows(&admin(client, &format!("/api/now/table/{table}"), &parameters)).remove(0)
}

#[test]
fn parent_table_lists_counts_and_groups_records_of_all_classes() {
    let mut client = Client::with_rows(300);
    let whole = count(&mut client, "task", "");
    for query in ["", "active=true", "short_descriptionLIKEt", "priority<3^ORpriority=4"] {
        let apart: usize = CLASSES.iter().map(|class| count(&mut client, class, query)).sum();
        assert!(apart > 0);
        assert!(count(&mut client, "task", query) >= apart, "{query}");
        for class in CLASSES {
            let own = count(&mut client, class, query);
            for condition in ["sys_class_name=", "sys_class_nameINSTANCEOF"] {
                let narrowed = [query, &format!("{condition}{class}")].join("^");
                assert_eq!(count(&mut client, "task", narrowed.trim_start_matches('^')), own, "{narrowed}");
            }
        }
    }
    let stats =
        admin(&mut client, "/api/now/stats/task", &[("sysparm_count", "true"), ("sysparm_group_by", "sys_class_name")]);
    let groups = rows(&stats);
    let sizes = groups.iter().map(|group| text(&group["stats"], "count").parse::<usize>().unwrap_or_default());
    assert!(groups.len() >= CLASSES.len());
    assert_eq!(sizes.sum::<usize>(), whole);
}

#[test]
fn pages_of_parent_table_join_into_the_sorted_whole() {
    let mut client = Client::with_rows(300);
    let mut read = Vec::new();
    loop {
        let last: &str = read.last().map_or("", |(id, _): &(String, String)| id.as_str());
        let query = format!("sys_id>{last}^ORDERBYsys_id");
        let parameters =
            [("sysparm_query", query.as_str()), ("sysparm_limit", "50"), ("sysparm_fields", "sys_id,sys_class_name")];
        let page = rows(&admin(&mut client, "/api/now/table/task", &parameters));
        if page.is_empty() {
            break;
        }
        read.extend(page.iter().map(|row| (text(row, "sys_id"), text(row, "sys_class_name"))));
    }
    assert!(read.is_sorted());
    assert_eq!(read.len(), count(&mut client, "task", ""));
    for class in CLASSES {
        assert_eq!(read.iter().filter(|(_, one)| one == class).count(), count(&mut client, class, ""), "{class}");
    }
    let sorted = [
        ("sysparm_query", "ORDERBYDESCsys_updated_on^ORDERBYDESCsys_id"),
        ("sysparm_limit", "1000"),
        ("sysparm_fields", "sys_updated_on,sys_id"),
    ];
    let found = rows(&admin(&mut client, "/api/now/table/task", &sorted));
    let keys: Vec<_> = found.iter().map(|row| (text(row, "sys_updated_on"), text(row, "sys_id"))).collect();
    assert!(keys.iter().rev().is_sorted());
}

#[test]
fn record_is_read_changed_and_deleted_through_its_parent_table() {
    let mut client = Client::with_rows(60);
    let incident = one(&mut client, "incident");
    let id = text(&incident, "sys_id");
    let path = format!("/api/now/table/task/{id}");
    let task = admin(&mut client, &path, &[]).as_json()["result"].clone();
    assert_eq!((text(&task, "sys_class_name"), text(&task, "number")), ("incident".into(), text(&incident, "number")));
    // The fields are those of the table that was asked.
    assert!(task.get("caller_id").is_none() && task.get("assigned_to").is_some());
    let change =
        json!({"short_description": "through the parent", "work_notes": "a note", "state": "2", "caller_id": "nobody"});
    for method in ["PATCH", "PUT"] {
        assert_eq!(written(&mut client, method, &path, &change).status, 200, "{method}");
    }
    let changed = client.record("incident", "sys_id", &id);
    assert_eq!(text(&changed, "short_description"), "through the parent");
    assert_eq!(text(&changed, "caller_id"), text(&incident, "caller_id"));
    let note = client.record("sys_journal_field", "element_id", &id);
    assert_eq!((text(&note, "name"), text(&note, "value")), ("incident".into(), "a note".into()));
    assert_eq!(count(&mut client, "task", "short_description=through the parent"), 1);
    assert_eq!(client.send_as("practice.admin", Request::new("DELETE", &path)).status, 204);
    assert_eq!(count(&mut client, "incident", &format!("sys_id={id}")), 0);
    assert_eq!(count(&mut client, "task", &format!("sys_id={id}")), 0);
    let audit = client.record("sys_audit_delete", "documentkey", &id);
    assert_eq!(text(&audit, "tablename"), "incident");
    // A class does not show the records of its parent or of another class.
    let problem = text(&one(&mut client, "problem"), "sys_id");
    assert_eq!(admin(&mut client, &format!("/api/now/table/incident/{problem}"), &[]).status, 404);
}

#[test]
fn new_record_belongs_to_the_table_or_to_the_class_named() {
    let mut client = Client::with_rows(60);
    let before = count(&mut client, "incident", "");
    for (body, class, prefix) in [
        (json!({"short_description": "plain"}), "task", "TASK"),
        (
            json!({"short_description": "named", "sys_class_name": "incident", "impact": "1", "urgency": "1"}),
            "incident",
            "INC",
        ),
        // Not a class of tasks.
        (json!({"short_description": "foreign", "sys_class_name": "sys_user"}), "task", "TASK"),
    ] {
        let made = written(&mut client, "POST", "/api/now/table/task", &body);
        assert_eq!(made.status, 201);
        let made = made.as_json()["result"].clone();
        assert_eq!(text(&made, "sys_class_name"), class);
        assert!(text(&made, "number").starts_with(prefix), "{made}");
    }
    assert_eq!(count(&mut client, "incident", ""), before + 1);
    // The rules of the class hold: an incident's priority follows from impact and urgency.
    assert_eq!(text(&client.record("incident", "short_description", "named"), "priority"), "1");
    let taken = text(&one(&mut client, "problem"), "sys_id");
    assert_eq!(written(&mut client, "POST", "/api/now/table/incident", &json!({"sys_id": taken})).status, 403);
}

#[test]
fn references_to_a_parent_table_lead_to_records_of_its_classes() {
    let mut client = Client::with_rows(300);
    let parameters = [
        ("sysparm_query", "cmdb_ci.sys_class_name=cmdb_ci_server"),
        ("sysparm_fields", "cmdb_ci,cmdb_ci.name,cmdb_ci.support_group.name"),
        ("sysparm_display_value", "all"),
        ("sysparm_limit", "1"),
    ];
    let incident = rows(&admin(&mut client, "/api/now/table/incident", &parameters)).remove(0);
    let item = &incident["cmdb_ci"];
    assert_eq!(item["display_value"], incident["cmdb_ci.name"]["value"]);
    assert!(!text(&incident["cmdb_ci.support_group.name"], "value").is_empty());
    // The link names the table of the reference field.
    let link = text(item, "link");
    assert!(link.ends_with(&format!("/api/now/table/cmdb_ci/{}", text(item, "value"))), "{link}");
    let path = link.trim_start_matches("http://practice.test").to_owned();
    let read = admin(&mut client, &path, &[]).as_json()["result"].clone();
    assert_eq!(text(&read, "sys_class_name"), "cmdb_ci_server");
    let problem = text(&one(&mut client, "problem"), "sys_id");
    let child = written(&mut client, "POST", "/api/now/table/incident", &json!({"parent": problem}));
    let child = text(&child.as_json()["result"], "sys_id");
    let parent = admin(
        &mut client,
        &format!("/api/now/table/incident/{child}"),
        &[("sysparm_fields", "parent.number,parent.sys_class_name")],
    );
    assert_eq!(parent.as_json()["result"]["parent.sys_class_name"], "problem");
    assert_eq!(count(&mut client, "task", &format!("RLQUERYtask.parent,>=1^ENDRLQUERY^sys_id={problem}")), 1);
}

#[test]
fn items_are_found_through_every_class_above_theirs() {
    let mut client = Client::with_rows(300);
    let servers = count(&mut client, "cmdb_ci_server", "");
    assert!(servers > 0);
    assert_eq!(count(&mut client, "cmdb_ci", "sys_class_nameINSTANCEOFcmdb_ci_server"), servers);
    let whole = count(&mut client, "cmdb_ci", "");
    assert_eq!(count(&mut client, "cmdb", ""), whole);
    assert!(count(&mut client, "cmdb_ci_hardware", "") > servers && count(&mut client, "cmdb_ci_hardware", "") < whole);
    let made = written(&mut client, "POST", "/api/now/table/cmdb_ci_linux_server", &json!({"name": "lin-1"}));
    assert_eq!(made.as_json()["result"]["sys_class_name"], "cmdb_ci_linux_server");
    for class in ["cmdb", "cmdb_ci", "cmdb_ci_hardware", "cmdb_ci_computer", "cmdb_ci_server", "cmdb_ci_linux_server"] {
        assert_eq!(count(&mut client, class, "name=lin-1"), 1, "{class}");
    }
    assert_eq!(count(&mut client, "cmdb_ci_win_server", "name=lin-1"), 0);
}

#[test]
fn display_value_of_a_choice_is_that_of_the_records_class() {
    let mut client = Client::with_rows(60);
    for (class, state) in [("problem", "103"), ("change_request", "-1"), ("incident", "7")] {
        let query = format!("sys_class_name={class}^state={state}");
        let parameters = [
            ("sysparm_query", query.as_str()),
            ("sysparm_fields", "state"),
            ("sysparm_display_value", "true"),
            ("sysparm_limit", "1"),
        ];
        let through = rows(&admin(&mut client, "/api/now/table/task", &parameters));
        let own = rows(&admin(&mut client, &format!("/api/now/table/{class}"), &parameters));
        assert_eq!(through, own, "{class}");
        assert_ne!(text(&own[0], "state"), state, "{class}");
    }
}

#[test]
fn attachment_belongs_to_a_record_named_by_its_parent_table() {
    let mut client = Client::with_rows(60);
    let incident = text(&one(&mut client, "incident"), "sys_id");
    let parameters = [("table_name", "task"), ("table_sys_id", incident.as_str()), ("file_name", "a.txt")];
    let upload = |user: &str, client: &mut Client| {
        let request =
            Request::new("POST", &target("/api/now/attachment/file", &parameters)).with_body("text/plain", "hello");
        client.send_as(user, request).status
    };
    assert_eq!(upload("practice.agent", &mut client), 201);
    // The rules of incidents hold.
    assert_eq!(upload("practice.visitor", &mut client), 404);
}

#[test]
fn list_of_a_parent_table_omits_classes_that_the_caller_may_not_read() {
    let mut client = Client::with_rows(60);
    let parameters = [("sysparm_fields", "sys_class_name,sys_id"), ("sysparm_limit", "1000")];
    let request = |path: &str| Request::new("GET", &target(path, &parameters));
    let seen = |client: &mut Client, user: &str| {
        let reply = client.send_as(user, request("/api/now/table/task"));
        let found = rows(&reply);
        (total(&reply), found.iter().map(|row| text(row, "sys_class_name")).collect::<Vec<_>>())
    };
    let whole = count(&mut client, "task", "");
    let (counted, agent) = seen(&mut client, "practice.agent");
    assert_eq!(counted, whole);
    assert!(agent.contains(&"incident".to_owned()) && !agent.contains(&"sn_hr_core_case".to_owned()));
    let (_, human_resources) = seen(&mut client, "practice.hr");
    assert!(
        human_resources.contains(&"sn_hr_core_case".to_owned()) && !human_resources.contains(&"incident".to_owned())
    );
    let case = text(&one(&mut client, "sn_hr_core_case"), "sys_id");
    let path = format!("/api/now/table/task/{case}");
    assert_eq!(client.send_as("practice.agent", Request::new("GET", &path)).status, 404);
    // The reader of cases may not change them.
    let change = Request::new("PATCH", &path).with_body("application/json", r#"{"short_description":"x"}"#);
    assert_eq!(client.send_as("practice.hr", change).status, 403);
    assert_eq!(client.send_as("practice.hr", Request::new("DELETE", &path)).status, 403);
}

#[test]
fn rule_of_a_parent_table_holds_unless_the_table_has_its_own() {
    let mut client = Client::with_rows(60);
    let role = text(&client.record("sys_user_role", "name", "itil"), "sys_id");
    let rule = client
        .add("sys_security_acl", &json!({"name": "task", "type": "record", "operation": "read", "active": "true"}));
    client.add("sys_security_acl_role", &json!({"sys_security_acl": rule, "sys_user_role": role}));
    let status = |client: &mut Client, user: &str, table: &str| {
        client.send_as(user, Request::new("GET", &format!("/api/now/table/{table}?sysparm_limit=1"))).status
    };
    // A requested item has no rule of its own.
    assert_eq!(status(&mut client, "practice.agent", "sc_req_item"), 200);
    assert_eq!(status(&mut client, "practice.visitor", "sc_req_item"), 403);
    assert_eq!(status(&mut client, "practice.hr", "sn_hr_core_case"), 200);
    let field = client.add(
        "sys_security_acl",
        &json!({"name": "task.short_description", "type": "record", "operation": "read", "active": "true"}),
    );
    let admin = text(&client.record("sys_user_role", "name", "admin"), "sys_id");
    client.add("sys_security_acl_role", &json!({"sys_security_acl": field, "sys_user_role": admin}));
    let incident = client.send_as("practice.agent", Request::new("GET", "/api/now/table/incident?sysparm_limit=1"));
    assert!(rows(&incident)[0].get("short_description").is_none());
    client.add(
        "sys_security_acl",
        &json!({"name": "incident.short_description", "type": "record", "operation": "read", "active": "true"}),
    );
    let incident = client.send_as("practice.agent", Request::new("GET", "/api/now/table/incident?sysparm_limit=1"));
    assert!(rows(&incident)[0].get("short_description").is_some());
}
