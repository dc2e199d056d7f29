//! Rate-limit rules as records: which rule applies, from when, and the headers.

use crate::client::{Client, NOON, text};

use serde_json::json;
use sysparm_instance::Request;

const HOUR: u64 = 3_600_000;

fn rule(client: &mut Client, name: &str, limit: u64, apply_to: &str, column: &str, who: &str) -> String {
    let mut row = json!({"name": name, "active": "true", "rest_api": "Table API", "request_limit": limit.to_string(),
        "apply_to": apply_to, "table": "incident"});
    if !column.is_empty() {
        row[column] = json!(who);
    }
    client.add("sys_rate_limit_rules", &row)
}

fn statuses(client: &mut Client, count: usize) -> Vec<u16> {
    (0..count).map(|_| client.get("/api/now/table/incident", &[("sysparm_limit", "1")]).status).collect()
}

#[test]
fn most_specific_rule_applies_and_of_two_roles_the_lower_limit() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().rate_lag_ms = 0;
    let user = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
    let [itil, reader] = ["itil", "personalize_dictionary"].map(|name| {
        let role = client.record("sys_user_role", "name", name);
        text(&role, "sys_id")
    });
    let limit_header = |client: &mut Client| {
        let reply = client.get("/api/now/table/incident", &[("sysparm_limit", "1")]);
        reply.header("X-RateLimit-Limit").unwrap_or_default().to_owned()
    };
    assert_eq!(limit_header(&mut client), "");
    for (name, limit, apply_to, column, who, expected) in [
        ("all", 10, "all", "", "", "10"),
        ("wide role", 40, "role", "role", itil.as_str(), "40"),
        ("narrow role", 30, "role", "role", &reader, "30"),
        ("strange user", 5, "user", "user", &itil, "30"),
        ("user", 50, "user", "user", &user, "50"),
    ] {
        rule(&mut client, name, limit, apply_to, column, who);
        assert_eq!(limit_header(&mut client), expected, "{name}");
    }
}

#[test]
fn denial_names_rule_and_wait_until_the_next_window() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().rate_lag_ms = 0;
    let id = rule(&mut client, "Two", 2, "all", "", "");
    client.now = NOON + 600_000;
    assert_eq!(statuses(&mut client, 3), [200, 200, 429]);
    let denied = client.get("/api/now/table/incident", &[]);
    let header = |name: &str| denied.header(name).unwrap_or_default().to_owned();
    assert_eq!(header("X-RateLimit-Rule"), id);
    assert_eq!(header("X-RateLimit-Reset"), ((NOON + HOUR) / 1000).to_string());
    assert_eq!(header("Retry-After"), "3000");
    assert_eq!(client.get("/api/now/table/problem", &[]).status, 200, "the rule is for one table");
    client.now = NOON + HOUR;
    client.sign_in();
    assert_eq!(statuses(&mut client, 3), [200, 200, 429]);
    client.update_record("sys_rate_limit_rules", "name", "Two", &json!({"request_limit": "3"}));
    assert_eq!(statuses(&mut client, 4), [200, 200, 200, 429], "another limit begins the count anew");
}

#[test]
fn limit_is_overshot_until_counts_are_written() {
    let mut client = Client::with_rows(1);
    rule(&mut client, "Two", 2, "all", "", "");
    assert_eq!(statuses(&mut client, 20), [200; 20]);
    client.now += 29_999;
    assert_eq!(statuses(&mut client, 1), [200]);
    client.now += 1;
    assert_eq!(statuses(&mut client, 1), [429]);
}

#[test]
fn users_are_counted_separately() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().rate_lag_ms = 0;
    rule(&mut client, "One", 1, "all", "", "");
    let list = || Request::new("GET", "/api/now/table/incident?sysparm_limit=1");
    assert_eq!(statuses(&mut client, 2), [200, 429]);
    assert_eq!(
        [client.send_as("practice.agent", list()).status, client.send_as("practice.agent", list()).status],
        [200, 429]
    );
}
