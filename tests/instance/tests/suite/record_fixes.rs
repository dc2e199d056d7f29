//! Refusals of an API, and the record whose change ends each of them.

use crate::client::{Client, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

const INCIDENTS: &str = "/api/now/table/incident?sysparm_limit=1";

fn begin(client: &mut Client, name: &str) {
    let request =
        Request::new("POST", "/__practice/scenario").with_body("application/json", json!({ "name": name }).to_string());
    assert_eq!(client.instance.handle(&request, client.now).status, 200);
    client.sign_in();
}

fn list(client: &mut Client) -> u16 {
    client.send(Request::new("GET", INCIDENTS)).status
}

/// A scenario's name, the refusal of a list, and the record with the change that fixes it.
const RECORD_FIXES: [(&str, u16, &str, &str, &str, &str, &str); 5] = [
    ("token-of-guest", 401, "", "", "", "", ""),
    ("oauth-not-in-policy", 401, "sys_api_access_policy", "name", "Table API policy", "active", "false"),
    ("api-scope-missing", 403, "sys_api_access_scope", "rest_api", "Table API", "active", "false"),
    ("rest-api-role-missing", 403, "sys_security_acl", "name", "Table API", "active", "false"),
    ("rate-limited", 200, "sys_rate_limit_rules", "name", "Five an hour", "request_limit", "9"),
];

#[test]
fn refusal_ends_when_the_refusing_record_is_fixed() {
    let mut client = Client::with_rows(5);
    for (name, status, table, column, value, field, fixed) in RECORD_FIXES {
        begin(&mut client, name);
        assert_eq!(list(&mut client), status, "{name}");
        if table.is_empty() {
            let change =
                Request::new("POST", "/__practice/switches").with_body("application/json", r#"{"release":"zurich"}"#);
            client.instance.handle(&change, client.now);
            client.sign_in();
        } else {
            client.update_record(table, column, value, &json!({ field: fixed }));
        }
        assert_eq!(list(&mut client), 200, "{name}");
    }
}

#[test]
fn basic_is_allowed_again_by_its_role() {
    let mut client = Client::with_rows(5);
    begin(&mut client, "basic-restricted");
    let asked = |client: &mut Client| client.send_as("practice.agent", Request::new("GET", INCIDENTS)).status;
    assert_eq!(asked(&mut client), 401);
    let log = client.record("syslog", "source", "SNCRestrictBasicAuthUserAuthenticationGate");
    assert!(text(&log, "message").contains("denied basic-auth API call for interactive-login user [practice.agent]"));
    let user = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let role = client.add("sys_user_role", &json!({"name": "snc_basic_auth_api_access"}));
    client.add("sys_user_has_role", &json!({"user": user, "role": role, "state": "active"}));
    assert_eq!(asked(&mut client), 200);
}

#[test]
fn field_that_may_be_matched_may_not_be_sorted_by() {
    let mut client = Client::with_rows(5);
    let rule =
        json!({"name": "incident.sys_updated_on", "type": "record", "operation": "query_range", "active": "true"});
    let rule = client.add("sys_security_acl", &rule);
    let role = client.add("sys_user_role", &json!({"name": "sync"}));
    client.add("sys_security_acl_role", &json!({"sys_security_acl": rule, "sys_user_role": role}));
    let mut asked = |query: &str| client.get("/api/now/table/incident", &[("sysparm_query", query)]).status;
    assert_eq!(asked("sys_updated_onISNOTEMPTY"), 200);
    assert_eq!(asked("sys_updated_on>2020-01-01 00:00:00"), 403);
    assert_eq!(asked("ORDERBYsys_updated_on"), 403);
}

#[test]
fn import_is_inserted_then_ignored_then_updated() {
    let mut client = Client::with_rows(5);
    let mut statuses = Vec::new();
    for email in ["a@example.com", "a@example.com", "b@example.com"] {
        let body = json!({"user_name": "new.person", "email": email});
        let reply = client.write("POST", "/api/now/import/imp_user", &body);
        assert_eq!(reply.status, 201);
        statuses.push(reply.as_json()["result"][0]["status"].clone());
    }
    assert_eq!(statuses, ["inserted", "ignored", "updated"].map(Value::from));
    assert_eq!(text(&client.record("sys_user", "user_name", "new.person"), "email"), "b@example.com");
}

#[test]
fn deleted_record_leaves_an_audit_row() {
    let mut client = Client::with_rows(5);
    let sys_id = text(&client.record("incident", "number", "INC0000003"), "sys_id");
    assert_eq!(client.send(Request::new("DELETE", &format!("/api/now/table/incident/{sys_id}"))).status, 204);
    let trace = client.record("sys_audit_delete", "documentkey", &sys_id);
    assert_eq!((text(&trace, "tablename"), text(&trace, "display_value")), ("incident".into(), "INC0000003".into()));
}

#[test]
fn page_reads_replies_once_a_rule_names_its_origin() {
    let mut client = Client::with_rows(5);
    begin(&mut client, "cors-api");
    let origin = "http://localhost:5173";
    let admitted = |client: &mut Client| {
        let reply = client.send(Request::new("GET", INCIDENTS).with_header("Origin", origin));
        reply.header("Access-Control-Allow-Origin").map(str::to_owned)
    };
    assert_eq!(admitted(&mut client), None);
    let rule =
        json!({"name": "Page", "active": "true", "rest_api": "Table API", "domain": origin, "http_methods": "GET"});
    client.add("sys_cors_rule", &rule);
    assert_eq!(admitted(&mut client).as_deref(), Some(origin));
}
