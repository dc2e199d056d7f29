//! The instance's metadata, and its display values: the dictionary on the tables that declare, choices and indexes, journals,
//! durations, and times as each user writes them.

use crate::client::{Client, rows, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

fn read(client: &mut Client, table: &str, query: &str) -> Vec<Value> {
    let fields = [("sysparm_query", query), ("sysparm_exclude_reference_link", "true"), ("sysparm_limit", "1000")];
    rows(&client.get(&format!("/api/now/table/{table}"), &fields))
}

fn elements(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(row, "element")).collect()
}

#[test]
fn column_is_listed_under_the_table_that_declares_it() {
    let mut client = Client::with_rows(1);
    let own = elements(&read(&mut client, "sys_dictionary", "name=incident^elementISNOTEMPTY"));
    let inherited = elements(&read(&mut client, "sys_dictionary", "name=task^elementISNOTEMPTY"));
    assert!(own.contains(&"caller_id".to_owned()) && !own.contains(&"priority".to_owned()));
    assert!(inherited.contains(&"priority".to_owned()) && inherited.contains(&"sys_id".to_owned()));
    assert!(own.iter().all(|column| !inherited.contains(column)));
    let incident = read(&mut client, "sys_db_object", "name=incident");
    let parent = read(&mut client, "sys_db_object", &format!("sys_id={}", text(&incident[0], "super_class")));
    assert_eq!(text(&parent[0], "name"), "task");
}

#[test]
fn new_record_has_the_defaults_of_its_dictionary() {
    let mut client = Client::with_rows(1);
    let caller = text(&client.record("sys_user", "user_name", "practice.admin"), "sys_id");
    for (table, expected) in [
        ("incident", [("category", "inquiry"), ("state", "1"), ("knowledge", "false"), ("opened_by", caller.as_str())]),
        ("problem", [("known_error", "false"), ("state", "101"), ("made_sla", "true"), ("opened_by", caller.as_str())]),
        (
            "cmdb_ci_server",
            [("sys_class_name", "cmdb_ci_server"), ("attested", "false"), ("name", ""), ("asset_tag", "")],
        ),
    ] {
        let body = json!({"short_description": "new"}).to_string();
        let request = Request::new("POST", &format!("/api/now/table/{table}?sysparm_exclude_reference_link=true"));
        let made = client.send_as("practice.admin", request.with_body("application/json", body)).as_json();
        for (column, value) in expected {
            assert_eq!(made["result"][column], value, "{table}.{column}");
        }
    }
}

#[test]
fn classes_inherit_choices_of_task_and_have_their_own_states() {
    let mut client = Client::with_rows(1);
    let tables = |rows: &[Value]| rows.iter().map(|row| text(row, "name")).collect::<Vec<_>>();
    let priority = read(&mut client, "sys_choice", "element=priority^nameINtask,incident,problem,change_request");
    assert_eq!(tables(&priority), ["task"; 5]);
    let state = tables(&read(&mut client, "sys_choice", "element=state^value=3"));
    assert!(state.contains(&"incident".to_owned()) && state.contains(&"change_request".to_owned()));
}

#[test]
fn overrides_and_indexes_are_visible_to_dictionary_editors() {
    let mut client = Client::with_rows(1);
    let overrides = read(&mut client, "sys_dictionary_override", "name=incident^element=priority");
    assert_eq!([text(&overrides[0], "base_table"), text(&overrides[0], "default_value")], ["task", "5"]);
    let states = read(&mut client, "sys_dictionary_override", "base_table=task^element=state");
    let defaults = states.iter().map(|one| [text(one, "name"), text(one, "default_value")]);
    assert!(
        defaults.clone().any(|one| one == ["incident", "1"]) && defaults.clone().any(|one| one == ["problem", "101"])
    );
    for (table, column, unique) in [("task", "number", "false"), ("sys_user", "user_name", "true")] {
        let index = read(&mut client, "sys_index", &format!("logical_table_name={table}^col_name_string={column}"));
        assert_eq!(text(&index[0], "unique_index"), unique, "{table}.{column}");
    }
    for table in ["sys_dictionary", "sys_db_object", "sys_dictionary_override", "sys_index"] {
        let reply = client.send_as("practice.agent", Request::new("GET", &format!("/api/now/table/{table}")));
        assert_eq!(reply.status, 403, "{table}");
    }
}

#[test]
fn journal_field_stores_its_entries_in_another_table() {
    let mut client = Client::with_rows(1);
    let id = text(&client.record("incident", "number", "INC0000001"), "sys_id");
    let path = format!("/api/now/table/incident/{id}");
    let count = text(&client.record("incident", "sys_id", &id), "sys_mod_count");
    client.update_record("incident", "sys_id", &id, &json!({"work_notes": "looked\n\nand saw", "comments": ""}));
    client.now += 60_000;
    client.update_record("incident", "sys_id", &id, &json!({"work_notes": "fixed"}));
    let shown = client.get(&path, &[("sysparm_display_value", "all")]).as_json();
    assert_eq!(shown["result"]["work_notes"]["value"], "");
    assert_eq!(
        shown["result"]["work_notes"]["display_value"],
        "2026-03-01 12:01:00 - Practice Administrator (Work notes)\nfixed\n\n\
         2026-03-01 12:00:00 - Practice Administrator (Work notes)\nlooked\n\nand saw\n\n"
    );
    assert_eq!(shown["result"]["comments"]["display_value"], "");
    let changes = text(&client.record("incident", "sys_id", &id), "sys_mod_count");
    assert_eq!(changes.parse::<u32>().ok(), count.parse::<u32>().ok().map(|count| count + 2));
    let kept = read(&mut client, "sys_journal_field", &format!("element_id={id}^ORDERBYsys_created_on"));
    let values: Vec<_> = kept.iter().map(|entry| text(entry, "value")).collect();
    assert_eq!(values, ["looked\n\nand saw", "fixed"]);
    assert_eq!([text(&kept[0], "name"), text(&kept[0], "sys_created_by")], ["incident", "practice.admin"]);
}

#[test]
fn times_and_durations_are_displayed_in_the_users_format() {
    let mut client = Client::with_rows(1);
    let change = json!({"due_date": "2026-03-01 12:30:05", "calendar_duration": "1970-01-02 03:04:00"});
    client.update_record("incident", "number", "INC0000001", &change);
    let own = json!({"time_zone": "Europe/Berlin", "date_format": "dd-MM-yyyy", "time_format": "hh:mm:ss a"});
    client.update_record("sys_user", "user_name", "practice.integration", &own);
    let one = [("sysparm_query", "number=INC0000001"), ("sysparm_display_value", "all")];
    let shown = rows(&client.get("/api/now/table/incident", &one));
    assert_eq!(
        shown[0]["due_date"],
        json!({"display_value": "01-03-2026 01:30:05 PM", "value": "2026-03-01 12:30:05"})
    );
    let duration = json!({"display_value": "1 Day 3 Hours 4 Minutes", "value": "1970-01-02 03:04:00"});
    assert_eq!(shown[0]["calendar_duration"], duration);
    let id = text(&shown[0]["sys_id"], "value");
    let input = Request::new("PATCH", &format!("/api/now/table/incident/{id}?sysparm_input_display_value=true"))
        .with_body("application/json", json!({"due_date": "02-03-2026 01:30:05 PM"}).to_string());
    assert_eq!(client.send(input).as_json()["result"]["due_date"], "2026-03-02 12:30:05");
}
