//! Identification and reconciliation: each item of a payload finds its record or becomes one.

use crate::client::{Client, rows, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

const PATH: &str = "/api/now/identifyreconcile";

fn reconcile(client: &mut Client, path: &str, payload: &Value) -> Value {
    let reply = client.write("POST", &format!("{path}?sysparm_data_source=ServiceNow"), payload);
    assert_eq!(reply.status, 200);
    reply.as_json()["result"].clone()
}

fn operations(result: &Value) -> Vec<(String, String)> {
    let items = result["items"].as_array().into_iter().flatten();
    items.map(|item| (text(item, "operation"), text(item, "sysId"))).collect()
}

fn server(name: &str, serial: &str) -> Value {
    json!({"className": "cmdb_ci_linux_server", "values": {"name": name, "serial_number": serial}})
}

#[test]
fn item_is_inserted_once_then_found_by_its_identifier() {
    let mut client = Client::with_rows(3);
    let made = operations(&reconcile(&mut client, PATH, &json!({"items": [server("web", "S-1")]})));
    assert_eq!(made[0].0, "INSERT");
    let again = operations(&reconcile(&mut client, PATH, &json!({"items": [server("web", "S-1")]})));
    assert_eq!(again, [("NO_CHANGE".to_owned(), made[0].1.clone())]);
    let renamed = reconcile(&mut client, PATH, &json!({"items": [server("web2", "S-1")]}));
    assert_eq!(operations(&renamed), [("UPDATE".to_owned(), made[0].1.clone())]);
    assert_eq!(renamed["items"][0]["identificationAttempts"][0]["attemptResult"], "MATCHED");
    let record = client.record("cmdb_ci", "sys_id", &made[0].1);
    assert_eq!([text(&record, "name"), text(&record, "sys_class_name")], ["web2", "cmdb_ci_linux_server"]);
}

#[test]
fn simulation_of_identification_writes_nothing() {
    let mut client = Client::with_rows(3);
    for path in [format!("{PATH}/query"), format!("{PATH}/queryEnhanced")] {
        let result = reconcile(&mut client, &path, &json!({"items": [server("web", "S-1")]}));
        assert_eq!(operations(&result), [("INSERT".to_owned(), "Unknown".to_owned())]);
    }
    assert!(rows(&client.get("/api/now/table/cmdb_ci", &[("sysparm_query", "serial_number=S-1")])).is_empty());
}

#[test]
fn item_of_a_more_special_class_upgrades_its_record() {
    let mut client = Client::with_rows(3);
    let general = json!({"className": "cmdb_ci_server", "values": {"name": "db", "asset_tag": "P1"}});
    let made = operations(&reconcile(&mut client, PATH, &json!({"items": [general]})));
    let special = json!({"className": "cmdb_ci_linux_server", "values": {"name": "db"}});
    let kept = json!({"className": "cmdb_ci_linux_server", "values": {"name": "db"}, "settings": {"updateWithoutUpgrade": true}});
    let same = operations(&reconcile(&mut client, PATH, &json!({"items": [kept]})));
    assert_eq!(same, [("UPDATE".to_owned(), made[0].1.clone())]);
    assert_eq!(text(&client.record("cmdb_ci", "sys_id", &made[0].1), "sys_class_name"), "cmdb_ci_server");
    let upgraded = operations(&reconcile(&mut client, PATH, &json!({"items": [special]})));
    assert_eq!(upgraded, [("UPDATE_WITH_UPGRADE".to_owned(), made[0].1.clone())]);
    let record = client.record("cmdb_ci", "sys_id", &made[0].1);
    assert_eq!([text(&record, "sys_class_name"), text(&record, "asset_tag")], ["cmdb_ci_linux_server", "P1"]);
}

#[test]
fn application_needs_a_relation_to_its_host() {
    let mut client = Client::with_rows(3);
    let application = json!({"className": "cmdb_ci_appl", "values": {"name": "shop"}});
    let alone = reconcile(&mut client, PATH, &json!({"items": [application]}));
    assert_eq!(alone["items"][0]["errors"][0]["error"], "MISSING_DEPENDENCY");
    let runs = json!({"parent": 0, "child": 1, "type": "Runs on::Runs"});
    let payload = json!({"items": [application, server("host", "S-9")], "relations": [runs]});
    let hosted = reconcile(&mut client, PATH, &payload);
    let made = operations(&hosted);
    assert_eq!([made[0].0.as_str(), made[1].0.as_str()], ["INSERT", "INSERT"]);
    assert_eq!(hosted["relations"][0]["operation"], "INSERT");
    let again = reconcile(&mut client, PATH, &payload);
    assert_eq!(operations(&again), made.iter().map(|(_, id)| ("NO_CHANGE".to_owned(), id.clone())).collect::<Vec<_>>());
    assert_eq!(again["relations"][0]["operation"], "NO_CHANGE");
    let elsewhere = json!({"items": [application, server("other", "S-10")], "relations": [runs]});
    assert_eq!(operations(&reconcile(&mut client, PATH, &elsewhere))[0].0, "INSERT");
}

#[test]
fn payload_errors_arrive_inside_a_reply_of_status_200() {
    let mut client = Client::with_rows(3);
    let item = server("web", "S-1");
    for (path, payload, error) in [
        (PATH.to_owned(), json!({"items": [item]}), "INVALID_INPUT_DATA"),
        (format!("{PATH}?sysparm_data_source=servicenow"), json!({"items": [item]}), "INVALID_INPUT_DATA"),
        (
            format!("{PATH}?sysparm_data_source=ServiceNow"),
            json!({"items": [{"className": "incident", "values": {"name": "x"}}]}),
            "IDENTIFICATION_RULE_MISSING",
        ),
        (
            format!("{PATH}?sysparm_data_source=ServiceNow"),
            json!({"items": [{"className": "cmdb_ci_server", "values": {"asset_tag": "x"}}]}),
            "MISSING_MATCHING_ATTRIBUTES",
        ),
    ] {
        let reply = client.write("POST", &path, &payload);
        let item = reply.as_json()["result"]["items"][0].clone();
        assert_eq!((reply.status, &item["errors"][0]["error"], &item["errorCount"]), (200, &json!(error), &json!(1)));
        assert_eq!(item["sysId"], "Unknown");
    }
    assert!(rows(&client.get("/api/now/table/cmdb_ci", &[("sysparm_query", "serial_number=S-1")])).is_empty());
    let wrong = json!({"items": [item], "relations": [{"parent": 0, "child": 7, "type": "Runs on::Runs"}]});
    let result = reconcile(&mut client, PATH, &wrong);
    assert_eq!(result["relations"][0]["errors"][0]["error"], "INVALID_INPUT_DATA");
    let empty = reconcile(&mut client, PATH, &json!({"items": [], "relations": []}));
    assert_eq!((empty["items"].clone(), empty["relations"].clone()), (json!([]), json!([])));
}

fn errors(result: &Value) -> Vec<String> {
    let items = result["items"].as_array().into_iter().flatten();
    items.map(|item| text(&item["errors"][0], "error")).collect()
}

#[test]
fn payload_with_duplicate_items_is_rejected_as_a_whole() {
    let mut client = Client::with_rows(3);
    for (second, fields) in [(server("b", "S-1"), "serial_number"), (server("A", "S-2"), "name")] {
        let items = json!([server("a", "S-1"), server("other", "S-3"), second]);
        let result = reconcile(&mut client, PATH, &json!({ "items": items, "relations": [] }));
        let rejected = ["DUPLICATE_PAYLOAD_RECORDS", "ABANDONED", "DUPLICATE_PAYLOAD_RECORDS"];
        assert_eq!(errors(&result), rejected, "{fields}");
        let message = format!(
            "Found duplicate items in the payload (index 0 and 2), using className [cmdb_ci_linux_server] and fields [{fields}]. Remove duplicate items from payload"
        );
        assert_eq!(text(&result["items"][2]["errors"][0], "message"), message);
    }
    let written = [("sysparm_query", "serial_numberSTARTSWITHS-")];
    assert!(rows(&client.get("/api/now/table/cmdb_ci_linux_server", &written)).is_empty());
}

#[test]
fn applications_of_one_name_on_two_hosts_are_no_duplicates() {
    let mut client = Client::with_rows(3);
    let application = json!({"className": "cmdb_ci_appl", "values": {"name": "shop"}});
    let runs = |parent: usize, child: usize| json!({"parent": parent, "child": child, "type": "Runs on::Runs"});
    let items = json!([application, application, server("a", "S-1"), server("b", "S-2")]);
    let apart = json!({ "items": items, "relations": [runs(0, 2), runs(1, 3)] });
    assert!(operations(&reconcile(&mut client, PATH, &apart)).iter().all(|(operation, _)| operation == "INSERT"));
    let together = json!({ "items": items, "relations": [runs(0, 2), runs(1, 2)] });
    assert_eq!(errors(&reconcile(&mut client, PATH, &together))[0], "DUPLICATE_PAYLOAD_RECORDS");
}

#[test]
fn lookup_and_related_items_need_a_rule() {
    let mut client = Client::with_rows(3);
    for (member, error, kind) in [
        ("lookup", "IDENTIFICATION_RULE_FOR_LOOKUP_MISSING", "Lookup"),
        ("related", "IDENTIFICATION_RULE_FOR_RELATED_ITEM_MISSING", "Related"),
    ] {
        let mut item = server("web", "S-1");
        item[member] = json!([{"className": "cmdb_serial_number", "values": {"serial_number": "S-1"}}]);
        let result = reconcile(&mut client, PATH, &json!({"items": [item, server("db", "S-2")]}));
        assert_eq!(errors(&result), [error, ""], "{member}");
        let message =
            format!("Identity Rule for table [cmdb_ci_hardware] missing {kind} Rule for class [cmdb_serial_number]");
        assert_eq!(text(&result["items"][0]["errors"][0], "message"), message);
        item[member] = json!([]);
        let result = reconcile(&mut client, &format!("{PATH}/query"), &json!({"items": [item]}));
        assert_eq!(operations(&result)[0].0, "INSERT", "{member}");
    }
}

#[test]
fn identification_needs_a_role_that_may_write() {
    let mut client = Client::with_rows(3);
    let body = json!({"items": [server("web", "S-1")], "relations": []}).to_string();
    let mut status = |user: &str, path: &str| {
        let request = Request::new("POST", &format!("{path}?sysparm_data_source=ServiceNow"));
        client.send_as(user, request.with_body("application/json", body.clone())).status
    };
    let simulation = format!("{PATH}/query");
    for (user, simulated, committed) in
        [("practice.visitor", 403, 403), ("practice.auditor", 200, 403), ("practice.admin", 200, 200)]
    {
        assert_eq!((status(user, &simulation), status(user, PATH)), (simulated, committed), "{user}");
    }
}

#[test]
fn payload_with_too_many_items_is_refused_with_both_numbers() {
    let mut client = Client::with_rows(3);
    let reply = client.write("POST", PATH, &json!({"items": vec![json!({}); 1001], "relations": []}));
    let error = reply.as_json()["error"].clone();
    assert_eq!((reply.status, text(&error, "message")), (400, "Payload too large".to_owned()));
    assert!(text(&error, "detail").contains("1001 items") && text(&error, "detail").contains("at most 1000"));
}
