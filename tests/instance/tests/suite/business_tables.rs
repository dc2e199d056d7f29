//! Configuration items and their relations; HR and customer service tables with their roles.

use crate::client::{Client, rows, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

const INSTANCE: &str = "/api/now/cmdb/instance";

fn item(client: &mut Client, class: &str, sys_id: &str) -> Value {
    client.get(&format!("{INSTANCE}/{class}/{sys_id}"), &[]).as_json()["result"].clone()
}

#[test]
fn service_is_traversed_to_its_servers_and_back() {
    let mut client = Client::with_rows(3000);
    let services = rows(&client.get(&format!("{INSTANCE}/cmdb_ci_service"), &[("sysparm_limit", "1")]));
    assert_eq!(services.len(), 1);
    let all = client.get(&format!("{INSTANCE}/cmdb_ci_service"), &[]);
    assert_eq!(all.header("X-Total-Count"), Some(rows(&all).len().to_string().as_str()));
    let service = text(&services[0], "sys_id");
    let service_item = item(&mut client, "cmdb_ci_service", &service);
    let application = service_item["outbound_relations"][0].clone();
    assert_eq!(application["type"]["display_value"], "Depends on::Used by");
    let application = text(&application["target"], "value");
    let down = item(&mut client, "cmdb_ci", &application);
    let server = text(&down["outbound_relations"][0]["target"], "value");
    assert_eq!(item(&mut client, "cmdb_ci_hardware", &server)["attributes"]["sys_class_name"], "cmdb_ci_server");
    let up: Vec<String> = down["inbound_relations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|relation| text(&relation["target"], "value"))
        .collect();
    assert!(up.contains(&service), "{up:?}");
    assert_eq!(client.get(&format!("{INSTANCE}/cmdb_ci_server/{service}"), &[]).status, 404);
    assert_eq!(client.get(&format!("{INSTANCE}/incident"), &[]).status, 404);
}

#[test]
fn item_is_added_related_changed_and_unrelated() {
    let mut client = Client::with_rows(300);
    let other = text(&rows(&client.get(&format!("{INSTANCE}/cmdb_ci_server"), &[]))[0], "sys_id");
    let kind = text(&client.record("cmdb_rel_type", "name", "Runs on::Runs"), "sys_id");
    let body = json!({
        "source": "ServiceNow",
        "attributes": {"name": "payments", "ip_address": "10.9.9.9", "sys_id": "mine"},
        "outbound_relations": [{"type": kind, "target": other}],
    });
    let made = client.write("POST", &format!("{INSTANCE}/cmdb_ci_appl"), &body);
    assert_eq!(made.status, 201);
    let location = made.header("Location").map(str::to_owned);
    let made = made.as_json()["result"].clone();
    let id = text(&made["attributes"], "sys_id");
    assert_eq!(location, Some(format!("http://practice.test{INSTANCE}/cmdb_ci_appl/{id}")));
    let target = &made["outbound_relations"][0]["target"];
    assert_eq!(text(target, "link"), format!("http://practice.test{INSTANCE}/cmdb_ci/{other}"));
    assert_eq!((text(&made["attributes"], "discovery_source"), id.len()), ("ServiceNow".into(), 32));
    let path = format!("{INSTANCE}/cmdb_ci_appl/{id}");
    let changed = client.write("PATCH", &path, &json!({"source": "ServiceNow", "attributes": {"install_status": "7"}}));
    assert_eq!(changed.as_json()["result"]["attributes"]["install_status"], "7");
    let back = json!({"source": "ServiceNow", "inbound_relations": [{"type": kind, "target": other}]});
    assert_eq!(client.write("POST", &format!("{path}/relation"), &back).status, 201);
    let relation = text(&item(&mut client, "cmdb_ci", &id)["inbound_relations"][0], "sys_id");
    assert_eq!(client.send(Request::new("DELETE", &format!("{path}/relation/{relation}"))).status, 204);
    assert_eq!(item(&mut client, "cmdb_ci", &id)["inbound_relations"], json!([]));
    for wrong in [
        json!({"attributes": {}}),
        json!({"source": "nobody"}),
        json!({"source": "ServiceNow", "outbound_relations": [{"type": kind, "target": "none"}]}),
    ] {
        assert_eq!(client.write("POST", &format!("{INSTANCE}/cmdb_ci_appl"), &wrong).status, 400);
    }
    let by_reader = client.send_as("practice.cmdb", Request::new("GET", &path));
    assert_eq!(by_reader.status, 403);
}

#[test]
fn item_list_is_counted_and_narrowed_by_its_query() {
    let mut client = Client::with_rows(300);
    let path = format!("{INSTANCE}/cmdb_ci");
    let all = client.get(&path, &[("sysparm_limit", "2")]);
    assert_eq!(rows(&all).len(), 2);
    let one = rows(&all)[0].clone();
    let query = format!("name={}", text(&one, "name"));
    let found = client.get(&path, &[("sysparm_query", query.as_str())]);
    assert_eq!((rows(&found), found.header("x-total-count")), (vec![one], Some("1")));
    let total = all.header("x-total-count").and_then(|count| count.parse::<usize>().ok());
    let classes = ["cmdb_ci_computer", "cmdb_ci_printer", "cmdb_ci_netgear", "cmdb_ci_service", "cmdb_ci_appl"];
    let count = |class: &str| rows(&client.get(&format!("{INSTANCE}/{class}"), &[])).len();
    assert_eq!(Some(classes.map(count).iter().sum::<usize>()), total);
    assert_eq!(client.get(&path, &[("sysparm_query", "name=no such item")]).header("x-total-count"), Some("0"));
}

#[test]
fn new_item_and_relation_targets_have_addresses_of_this_api() {
    let mut client = Client::with_rows(300);
    let other = text(&rows(&client.get(&format!("{INSTANCE}/cmdb_ci"), &[]))[0], "sys_id");
    let kind = text(&client.record("cmdb_rel_type", "name", "Runs on::Runs"), "sys_id");
    let body = json!({"source": "ServiceNow", "attributes": {"name": "web"}});
    let made = client.write("POST", &format!("{INSTANCE}/cmdb_ci_linux_server"), &body);
    let id = text(&made.as_json()["result"]["attributes"], "sys_id");
    let path = format!("{INSTANCE}/cmdb_ci_linux_server/{id}");
    assert!(made.header("location").is_some_and(|location| location.ends_with(&path)), "{:?}", made.header("location"));
    let relation = json!({"outbound_relations": [{"type": kind, "target": other}]});
    let related = client.write("POST", &format!("{path}/relation"), &relation);
    assert_eq!(related.status, 201);
    let outbound = &related.as_json()["result"]["outbound_relations"][0];
    let link = |member: &str| text(&outbound[member], "link");
    assert!(link("target").ends_with(&format!("{INSTANCE}/cmdb_ci/{other}")), "{}", link("target"));
    assert!(link("type").ends_with(&format!("/api/now/table/cmdb_rel_type/{kind}")), "{}", link("type"));
}

#[test]
fn item_of_a_wrong_source_or_value_is_refused_as_recorded() {
    let mut client = Client::with_rows(3);
    let path = format!("{INSTANCE}/cmdb_ci_server");
    let foreign = client.write("POST", &path, &json!({"source": "nobody", "attributes": {"name": "x"}}));
    let item = foreign.as_json()["result"]["items"][0].clone();
    assert_eq!((foreign.status, &item["errors"][0]["error"]), (400, &json!("INVALID_INPUT_DATA")));
    assert!(text(&item["errors"][0], "message").starts_with("In payload invalid data source [nobody] exist."));
    let typed =
        client.write("POST", &path, &json!({"source": "ServiceNow", "attributes": {"name": "x", "cpu_count": 2}}));
    let message = "class java.lang.Double cannot be cast to class java.lang.String";
    assert_eq!((typed.status, &typed.as_json()["error"]["message"]), (500, &json!(message)));
    let left = client.get(&path, &[("sysparm_query", "name=x")]);
    assert_eq!(left.header("x-total-count"), Some("0"));
}

#[test]
fn class_lists_its_attributes() {
    let mut client = Client::with_rows(3);
    let meta = client.get("/api/now/cmdb/meta/cmdb_ci_server", &[]).as_json()["result"].clone();
    assert_eq!(
        (text(&meta, "parent"), meta["children"][0].as_str()),
        ("cmdb_ci_computer".into(), Some("cmdb_ci_linux_server"))
    );
    let display: Vec<&Value> =
        meta["attributes"].as_array().into_iter().flatten().filter(|one| one["is_display"] == "true").collect();
    assert_eq!((display.len(), &display[0]["element"]), (1, &json!("name")));
}

#[test]
fn cases_are_readable_with_their_role() {
    let mut client = Client::with_rows(100);
    for (table, reader, writer, stranger) in [
        ("sn_hr_core_case", "practice.hr", "practice.hr.agent", "practice.csm"),
        ("sn_customerservice_case", "practice.csm", "practice.csm", "practice.hr"),
    ] {
        let path = format!("/api/now/table/{table}");
        let read = client.send_as(reader, Request::new("GET", &path));
        assert_eq!((read.status, rows(&read).len()), (200, 60), "{table}");
        for user in [stranger, "practice.visitor", "practice.integration"] {
            let refused = match user {
                "practice.integration" => client.get(&path, &[]),
                user => client.send_as(user, Request::new("GET", &path)),
            };
            assert_eq!(refused.status, 403, "{table} {user}");
        }
        let made = Request::new("POST", &path).with_body("application/json", r#"{"short_description":"new"}"#);
        let made = client.send_as(writer, made);
        assert_eq!(
            (made.status, made.as_json()["result"]["number"].as_str().map(str::len)),
            (201, Some(if table == "sn_hr_core_case" { 10 } else { 9 }))
        );
    }
    let profile = client.send_as(
        "practice.hr",
        Request::new(
            "GET",
            "/api/now/table/sn_hr_core_profile?sysparm_limit=1&sysparm_fields=user.name,employment_status",
        ),
    );
    assert!(rows(&profile)[0]["user.name"].as_str().is_some_and(|name| !name.is_empty()));
    let contact = client.send_as(
        "practice.csm",
        Request::new(
            "GET",
            "/api/now/table/sn_customerservice_case?sysparm_fields=contact.account.name&sysparm_limit=1",
        ),
    );
    assert!(rows(&contact)[0]["contact.account.name"].as_str().is_some_and(|name| !name.is_empty()));
}
