//! Records that programs and published test suites name by their `sys_id`, which is the same in every instance.

use crate::client::{Client, rows, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

const ADMINISTRATOR: &str = "6816f79cc0a8016401c5a33be04be441";

fn as_administrator(client: &mut Client, path: &str) -> Value {
    client.send_as("admin", Request::new("GET", path)).as_json()["result"].clone()
}

fn count(client: &mut Client, table: &str, query: &str) -> usize {
    let path = format!("/api/now/table/{table}?sysparm_fields=sys_id&sysparm_query={query}");
    as_administrator(client, &path).as_array().map_or(0, Vec::len)
}

#[test]
fn administrator_signs_in_and_has_known_sys_id() {
    let mut client = Client::with_rows(300);
    let user = as_administrator(&mut client, &format!("/api/now/table/sys_user/{ADMINISTRATOR}"));
    assert_eq!((text(&user, "user_name"), text(&user, "name")), ("admin".into(), "System Administrator".into()));
    assert_eq!(text(&user, "email"), "admin@example.com");
}

#[test]
fn people_of_demonstration_data_have_known_sys_ids() {
    let mut client = Client::with_rows(300);
    for (user_name, sys_id) in [
        ("problem.admin", "26fbff173b331300ad3cc9bb34efc4bd"),
        ("natasha.ingram", "46c5bf6ca9fe1981010713e3ac7d3384"),
        ("fred.luddy", "5137153cc611227c000bbd1bd8cd2005"),
    ] {
        assert_eq!(text(&client.record("sys_user", "user_name", user_name), "sys_id"), sys_id);
    }
}

#[test]
fn roles_have_known_sys_ids_and_several_administrators() {
    let mut client = Client::with_rows(300);
    for (name, sys_id) in [("admin", "2831a114c611228501d4ea6c309d626d"), ("itil", "282bf1fac6112285017366cb5f867469")]
    {
        assert_eq!(count(&mut client, "sys_user_role", &format!("name={name}^sys_id={sys_id}")), 1);
    }
    let held = count(&mut client, "sys_user_has_role", "role=2831a114c611228501d4ea6c309d626d");
    assert!((11..25).contains(&held), "{held}");
}

#[test]
fn application_files_are_tables_that_extend_sys_metadata() {
    let mut client = Client::with_rows(300);
    let files = "super_class.name=sys_metadata^nameINsys_dictionary,sys_script,sys_user_role,sys_choice";
    assert_eq!(count(&mut client, "sys_db_object", files), 4);
    assert_eq!(count(&mut client, "sys_user_role", "name=admin^sys_class_name=sys_user_role"), 1);
}

#[test]
fn managers_of_groups_are_found_by_a_join() {
    let mut client = Client::with_rows(300);
    let managers = count(&mut client, "sys_user", "JOINsys_user.sys_id=sys_user_group.manager!active=true");
    assert!((2..10).contains(&managers), "{managers}");
}

#[test]
fn system_log_is_that_of_instance_in_use() {
    let mut client = Client::with_rows(300);
    assert!(count(&mut client, "syslog", "level=0") > 600);
}

#[test]
fn problems_are_numbered_after_generated_ones() {
    let mut client = Client::with_rows(300);
    let problems = rows(&client.get("/api/now/table/problem", &[]));
    let mut numbers: Vec<String> = problems.iter().map(|row| text(row, "number")).collect();
    assert!(numbers.len() > 8, "{numbers:?}");
    let made = client.write("POST", "/api/now/table/problem", &json!({"short_description": "one more"}));
    numbers.push(text(&made.as_json()["result"], "number"));
    numbers.sort();
    let all = numbers.len();
    numbers.dedup();
    assert_eq!(numbers.len(), all);
}
