//! Business rules act on the records that meet their conditions, and on no others.

use crate::client::{self, Client, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

fn with_rule(rule: &Value) -> Client {
    let mut client = Client::with_rows(5);
    let mut row = json!({
        "name": "Practice rule", "collection": "incident", "active": "true",
        "action_insert": "true", "action_update": "true", "action_delete": "true",
    });
    for (name, value) in rule.as_object().into_iter().flatten() {
        row[name] = value.clone();
    }
    client.add("sys_script", &row);
    client
}

fn made(client: &mut Client, body: &Value) -> (u16, Value) {
    let reply = client.write("POST", "/api/now/table/incident", body);
    (reply.status, reply.as_json())
}

fn changed(client: &mut Client, sys_id: &str, body: &Value) -> (u16, Value) {
    let reply = client.write("PATCH", &format!("/api/now/table/incident/{sys_id}"), body);
    (reply.status, reply.as_json())
}

fn aborts(more: &Value) -> Value {
    let mut rule = json!({ "abort_action": "true" });
    for (name, value) in more.as_object().into_iter().flatten() {
        rule[name] = value.clone();
    }
    rule
}

#[test]
fn only_records_that_meet_the_filter_are_aborted() {
    let filter = "short_descriptionLIKEEICAR^ORdescriptionLIKEEICAR^EQ";
    let mut client = with_rule(&aborts(&json!({ "filter_condition": filter })));
    let (status, harmless) = made(&mut client, &json!({ "short_description": "harmless" }));
    assert_eq!(status, 201);
    for body in [json!({ "short_description": "An EICAR file" }), json!({ "description": "EICAR" })] {
        let (status, refused) = made(&mut client, &body);
        assert_eq!((status, &refused["error"]["message"]), (403, &json!("Operation Failed")));
        let detail = text(&refused["error"], "detail");
        assert!(detail.starts_with("Operation against file 'incident' was aborted by Business Rule 'Practice rule^"));
    }
    // "Filters based on string compares are case-sensitive."
    assert_eq!(made(&mut client, &json!({ "short_description": "eicar" })).0, 201);
    let id = text(&harmless["result"], "sys_id");
    assert_eq!(changed(&mut client, &id, &json!({ "short_description": "now EICAR" })).0, 403);
    let kept = client.record("incident", "sys_id", &id);
    assert_eq!((text(&kept, "short_description"), text(&kept, "sys_mod_count")), ("harmless".into(), "0".into()));
    let delete = Request::new("DELETE", &format!("/api/now/table/incident/{id}"));
    assert_eq!(client.send(delete).status, 204);
}

#[test]
fn aborted_insert_leaves_no_record() {
    let mut client = with_rule(&aborts(&json!({ "filter_condition": "short_descriptionSTARTSWITHNo" })));
    let count = |client: &mut Client| client::total(&client.get("/api/now/table/incident", &[("sysparm_limit", "1")]));
    let before = count(&mut client);
    assert_eq!(made(&mut client, &json!({ "short_description": "No" })).0, 403);
    assert_eq!(count(&mut client), before);
}

#[test]
fn rule_runs_only_at_its_operation_and_before_it() {
    let mut client = with_rule(&aborts(&json!({ "action_insert": "false", "action_update": "false" })));
    let (status, kept) = made(&mut client, &json!({ "short_description": "kept" }));
    assert_eq!(status, 201);
    let id = text(&kept["result"], "sys_id");
    assert_eq!(changed(&mut client, &id, &json!({ "short_description": "changed" })).0, 200);
    let refused = client.send(Request::new("DELETE", &format!("/api/now/table/incident/{id}")));
    assert_eq!(refused.status, 403);
    for (column, value) in [("when", "after"), ("when", "display"), ("active", "false"), ("collection", "problem")] {
        let mut client = with_rule(&aborts(&json!({ column: value })));
        assert_eq!(made(&mut client, &json!({})).0, 201, "{column} {value}");
    }
}

#[test]
fn rule_of_a_parent_table_covers_its_classes() {
    let mut client = with_rule(&aborts(&json!({ "collection": "task", "filter_condition": "short_description=stop" })));
    assert_eq!(made(&mut client, &json!({ "short_description": "stop" })).0, 403);
    assert_eq!(made(&mut client, &json!({ "short_description": "go" })).0, 201);
}

#[test]
fn change_conditions_compare_with_the_record_before() {
    let filter = "stateCHANGESTO6^EQ";
    let mut client = with_rule(&aborts(&json!({ "action_insert": "false", "filter_condition": filter })));
    let (_, row) = made(&mut client, &json!({ "state": "2" }));
    let id = text(&row["result"], "sys_id");
    assert_eq!(changed(&mut client, &id, &json!({ "description": "same state" })).0, 200);
    assert_eq!(changed(&mut client, &id, &json!({ "state": "6" })).0, 403);
    assert_eq!(changed(&mut client, &id, &json!({ "state": "3" })).0, 200);
}

#[test]
fn script_condition_is_met_or_its_rule_does_not_run() {
    let cases = [
        ("current.short_description == 'stop'", true),
        ("current.short_description.changes() && current.operation() == 'insert'", true),
        ("!current.short_description.nil() && (current.active || false)", true),
        ("current.isNewRecord() && gs.hasRole('itil')", true),
        ("current.short_description != \"stop\"", false),
        ("current.state.changesTo(107)", false),
        ("current.description.nil() == true", false),
        ("current.short_description.indexOf('stop') > -1", false),
        ("(current.active", false),
        ("eval('true')", false),
    ];
    for (condition, met) in cases {
        let mut client = with_rule(&aborts(&json!({ "condition": condition })));
        let (status, _) = made(&mut client, &json!({ "short_description": "stop" }));
        assert_eq!(status == 403, met, "{condition}");
    }
    let both = json!({ "condition": "current.active == true", "filter_condition": "short_description=stop" });
    let mut client = with_rule(&aborts(&both));
    assert_eq!(made(&mut client, &json!({ "short_description": "go" })).0, 201);
    assert_eq!(made(&mut client, &json!({ "short_description": "stop" })).0, 403);
}

#[test]
fn filter_that_cannot_be_read_meets_nothing() {
    for filter in ["no_such_column=1", "short_descriptionMATCHES1", "state=javascript:evil()"] {
        let mut client = with_rule(&aborts(&json!({ "filter_condition": filter })));
        assert_eq!(made(&mut client, &json!({ "short_description": "1" })).0, 201, "{filter}");
    }
}

#[test]
fn templates_set_fields_in_the_order_of_their_rules() {
    let template = "description=set by rule^work_notes=noted^category=network^EQ";
    let mut client =
        with_rule(&json!({ "template": template, "order": "200", "filter_condition": "short_description=second" }));
    client.add(
        "sys_script",
        &json!({
            "name": "First", "collection": "incident", "active": "true", "action_insert": "true", "order": "100",
            "template": "short_description=second", "filter_condition": "short_description=first",
        }),
    );
    let (status, row) = made(&mut client, &json!({ "short_description": "first" }));
    let row = &row["result"];
    assert_eq!(
        (status, text(row, "short_description"), text(row, "description")),
        (201, "second".into(), "set by rule".into())
    );
    assert_eq!(text(row, "category"), "network");
    let entries = client.record("sys_journal_field", "element_id", &text(row, "sys_id"));
    assert_eq!(text(&entries, "value"), "noted");
    let (_, other) = made(&mut client, &json!({ "short_description": "other" }));
    assert_eq!(text(&other["result"], "description"), "");
}

#[test]
fn template_copies_fields_and_names_the_caller() {
    let mut client = with_rule(&json!({
        "template": "descriptionSAMEASshort_description^assigned_to=javascript:gs.getUserID()^EQ",
    }));
    let caller = client.record("sys_user", "user_name", "practice.integration");
    let (_, row) = made(&mut client, &json!({ "short_description": "copied" }));
    assert_eq!(text(&row["result"], "description"), "copied");
    assert_eq!(row["result"]["assigned_to"]["value"], caller["sys_id"]);
}

#[test]
fn rule_for_a_role_runs_for_its_users_only() {
    let mut client = Client::with_rows(5);
    let role = client.record("sys_user_role", "name", "itil");
    let admin = client.record("sys_user_role", "name", "admin");
    for (role, status) in [(role, 403), (admin, 201)] {
        let roles = text(&role, "sys_id");
        let mut client = with_rule(&aborts(&json!({ "role_conditions": roles })));
        assert_eq!(made(&mut client, &json!({})).0, status, "{}", text(&role, "name"));
    }
}
