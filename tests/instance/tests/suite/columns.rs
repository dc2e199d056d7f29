//! Columns and tables of the base system: what a new record holds, what the platform calculates, and what must be unique.

use crate::client::{Client, rows, text, total};
use serde_json::{Value, json};
use sysparm_instance::Request;

fn made(client: &mut Client, table: &str, body: &Value) -> Value {
    let request = Request::new("POST", &format!("/api/now/table/{table}?sysparm_exclude_reference_link=true"))
        .with_body("application/json", body.to_string());
    let reply = client.send_as("practice.admin", request);
    assert_eq!(reply.status, 201, "{table}: {}", String::from_utf8_lossy(reply.bytes()));
    reply.as_json()["result"].clone()
}

#[test]
fn incident_has_the_columns_of_a_sample_body() {
    let mut client = Client::with_rows(1);
    let incident = client.record("incident", "number", "INC0000001");
    for column in ["parent_incident", "business_stc", "origin_table", "contract", "delivery_plan", "sys_tags", "cause"]
    {
        assert!(incident.get(column).is_some(), "{column}");
    }
    assert!(incident.as_object().is_some_and(|members| members.len() > 90));
    assert_eq!(
        [&incident["incident_state"], &incident["task_effective_number"]],
        [&incident["state"], &incident["number"]]
    );
}

#[test]
fn tasks_of_each_class_have_their_own_numbers_and_states() {
    let mut client = Client::with_rows(1);
    for (table, prefix, state) in [
        ("change_task", "CTASK", "-5"),
        ("problem_task", "PTASK", "151"),
        ("incident_task", "TASK", "1"),
        ("kb_knowledge", "KB", ""),
    ] {
        let row = made(&mut client, table, &json!({"short_description": "new"}));
        assert!(text(&row, "number").starts_with(prefix), "{row}");
        assert_eq!(text(&row, "state"), state, "{table}");
    }
    let article = made(&mut client, "kb_knowledge", &json!({}));
    assert_eq!([text(&article, "workflow_state"), text(&article, "valid_to")], ["draft", "2100-01-01"]);
}

#[test]
fn calculated_columns_follow_the_others() {
    let mut client = Client::with_rows(1);
    let user = made(&mut client, "sys_user", &json!({"user_name": "ada", "first_name": "Ada", "last_name": "Byron"}));
    assert_eq!([text(&user, "name"), text(&user, "vip")], ["Ada Byron", "false"]);
    client.update_record("sys_user", "user_name", "ada", &json!({"last_name": "King", "name": "ignored"}));
    assert_eq!(text(&client.record("sys_user", "user_name", "ada"), "name"), "Ada King");
    let named = made(&mut client, "sys_user", &json!({"user_name": "bot", "name": "Build bot"}));
    assert_eq!(text(&named, "name"), "Build bot");
    let city = made(&mut client, "cmn_location", &json!({"name": "Porto"}));
    let site = made(&mut client, "cmn_location", &json!({"name": "Site 2", "parent": city["sys_id"]}));
    assert_eq!(text(&site, "full_name"), "Porto/Site 2");
    let incident = made(&mut client, "incident", &json!({"incident_state": "2"}));
    assert_eq!([text(&incident, "state"), text(&incident, "incident_state")], ["2", "2"]);
}

#[test]
fn closing_a_task_of_any_class_makes_it_inactive() {
    let mut client = Client::with_rows(1);
    for (table, open, closed) in [
        ("problem", "102", "107"),
        ("change_request", "-4", "4"),
        ("change_task", "2", "4"),
        ("problem_task", "152", "157"),
    ] {
        let id = text(&made(&mut client, table, &json!({})), "sys_id");
        // The change model has no way back from the last states.
        let reopened = if table == "change_request" { None } else { Some((open, "true")) };
        for (state, active) in [(open, "true"), (closed, "false")].into_iter().chain(reopened) {
            client.update_record(table, "sys_id", &id, &json!({"state": state}));
            assert_eq!(text(&client.record(table, "sys_id", &id), "active"), active, "{table} {state}");
        }
        assert!(!text(&client.record(table, "sys_id", &id), "closed_at").is_empty());
    }
}

#[test]
fn unique_value_is_refused_a_second_time() {
    let mut client = Client::with_rows(1);
    for body in [json!({"user_name": "first"}), json!({"user_name": "second"})] {
        client.add("sys_user", &body);
    }
    let write = |method: &str, path: &str, body: Value| {
        Request::new(method, path).with_body("application/json", body.to_string())
    };
    let reply =
        client.send_as("practice.admin", write("POST", "/api/now/table/sys_user", json!({"user_name": "First"})));
    assert_eq!(reply.status, 403);
    assert_eq!(
        reply.as_json()["error"]["detail"],
        "Unique Key violation detected by database (Duplicate entry 'First' for key 'user_name')"
    );
    let second = text(&client.record("sys_user", "user_name", "second"), "sys_id");
    let path = format!("/api/now/table/sys_user/{second}");
    assert_eq!(client.send_as("practice.admin", write("PATCH", &path, json!({"user_name": "first"}))).status, 403);
    assert_eq!(client.send_as("practice.admin", write("PATCH", &path, json!({"user_name": "Second"}))).status, 200);
    for _ in 0..2 {
        assert_eq!(client.send_as("practice.admin", write("POST", "/api/now/table/sys_user", json!({}))).status, 201);
    }
}

#[test]
fn read_only_columns_keep_their_values() {
    let mut client = Client::with_rows(1);
    let sent = json!({"sys_class_name": "problem", "sys_tags": "red", "sys_domain_path": "/a/", "sys_mod_count": "9"});
    let row = made(&mut client, "incident", &sent);
    let kept = ["sys_class_name", "sys_tags", "sys_domain_path", "sys_mod_count"].map(|column| text(&row, column));
    assert_eq!(kept, ["incident", "", "/", "0"]);
    let listed = [("sysparm_query", "elementINsys_tags,sys_mod_count^read_only=false")];
    let dictionary = client.get("/api/now/table/sys_dictionary", &listed);
    assert_eq!((total(&dictionary), rows(&dictionary).len()), (0, 0));
}

#[test]
fn both_journals_are_shown_together() {
    let mut client = Client::with_rows(1);
    let change = json!({"comments": "for the caller", "work_notes": "for us", "comments_and_work_notes": "dropped"});
    client.update_record("incident", "number", "INC0000001", &change);
    let both = [("sysparm_query", "number=INC0000001"), ("sysparm_display_value", "true")];
    let shown = text(&rows(&client.get("/api/now/table/incident", &both))[0], "comments_and_work_notes");
    assert!(shown.contains("(Additional comments)\nfor the caller") && shown.contains("(Work notes)\nfor us"));
    assert!(!shown.contains("dropped"));
}

#[test]
fn members_of_a_group_inherit_its_roles_while_they_are_members() {
    let mut client = Client::with_rows(1);
    let user = client.add("sys_user", &json!({"user_name": "member"}));
    let group = client.add("sys_user_group", &json!({"name": "Night shift"}));
    let itil = text(&client.record("sys_user_role", "name", "itil"), "sys_id");
    let asset = client.add("sys_user_role", &json!({"name": "night_asset"}));
    client.add("sys_group_has_role", &json!({"group": group, "role": itil}));
    let member = client.add("sys_user_grmember", &json!({"group": group, "user": user}));
    client.add("sys_group_has_role", &json!({"group": group, "role": asset}));
    let roles = |client: &mut Client| {
        let query = format!("/api/now/table/sys_user_has_role?sysparm_exclude_reference_link=true&user={user}");
        rows(&client.send_as("practice.admin", Request::new("GET", &query)))
    };
    let given = roles(&mut client);
    assert_eq!(given.len(), 2, "{given:?}");
    for role in &given {
        let shown = ["inherited", "granted_by", "state"].map(|column| text(role, column));
        assert_eq!(shown, ["true", group.as_str(), "active"]);
    }
    let gone = Request::new("DELETE", &format!("/api/now/table/sys_user_grmember/{member}"));
    assert_eq!(client.send_as("practice.admin", gone).status, 204);
    assert!(roles(&mut client).is_empty());
}

#[test]
fn generated_people_and_places_are_filled_in() {
    let mut client = Client::with_rows(1000);
    let count = |client: &mut Client, table: &str, query: &str| {
        total(&client.get(&format!("/api/now/table/{table}"), &[("sysparm_query", query), ("sysparm_limit", "1")]))
    };
    assert!((1..20).contains(&count(&mut client, "sys_user", "mobile_phoneISNOTEMPTY")));
    for (table, column) in [("cmn_department", "dept_head"), ("cmn_location", "full_name"), ("problem", "opened_by")] {
        assert_eq!(count(&mut client, table, &format!("{column}ISEMPTY")), 0, "{table}.{column}");
    }
}
