//! Rows through staging tables, and batches of calls.

use crate::client::{Client, rows, text};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const STAGING: &str = "/api/now/import/imp_user";

fn people(client: &mut Client, query: &str) -> usize {
    rows(&client.get("/api/now/table/sys_user", &[("sysparm_query", query)])).len()
}

#[test]
fn single_record_is_staged_and_transformed_at_once() {
    let mut client = Client::with_rows(3);
    let row = json!({"user_name": "ada", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"});
    let statuses: Vec<String> = [&row, &row, &json!({"user_name": "ada", "email": "countess@example.com"})]
        .into_iter()
        .map(|row| {
            let reply = client.write("POST", STAGING, row);
            assert_eq!(reply.status, 201);
            text(&reply.as_json()["result"][0], "status")
        })
        .collect();
    assert_eq!(statuses, ["inserted", "ignored", "updated"]);
    let body = client.write("POST", STAGING, &row).as_json();
    assert_eq!((&body["import_set"], &body["staging_table"]), (&json!("ISET0010004"), &json!("imp_user")));

    let staged = text(&client.record("imp_user", "email", "countess@example.com"), "sys_id");
    let read = client.get(&format!("{STAGING}/{staged}"), &[]);
    let result = read.as_json()["result"][0].clone();
    assert_eq!((text(&result, "status"), text(&result, "table")), ("updated".into(), "sys_user".into()));
    assert_eq!(client.get(&format!("{STAGING}/none"), &[]).status, 404);
}

#[test]
fn records_are_transformed_later_in_order() {
    let mut client = Client::with_rows(3);
    let records: Vec<Value> = (0..20).map(|number| json!({"user_name": format!("many{number}")})).collect();
    let reply = client.write("POST", &format!("{STAGING}/insertMultiple"), &json!({ "records": records }));
    let body = reply.as_json();
    assert_eq!((reply.status, text(&body, "import_set_id").len()), (201, 32));
    assert_eq!(people(&mut client, "user_nameSTARTSWITHmany"), 0);
    let multi = text(&body, "multi_import_set_id");
    let again = client.write(
        "POST",
        &format!("{STAGING}/insertMultiple?multi_import_set_id={multi}"),
        &json!({"records": [{"user_name": "many3", "first_name": "Late"}]}),
    );
    assert_eq!(again.as_json()["multi_import_set_id"], multi.as_str());
    client.now += 2000;
    assert_eq!(people(&mut client, "user_nameSTARTSWITHmany"), 20);
    assert_eq!(people(&mut client, "user_name=many3^first_name=Late"), 1);
    let set = client.record("sys_import_set", "sys_id", &text(&body, "import_set_id"));
    assert_eq!(set["state"], "processed");
}

#[test]
fn records_are_transformed_at_once_if_configured() {
    let mut client = Client::with_rows(3);
    configure(&mut client, &json!({"transform": "synchronous"}));
    let body = json!({"records": [{"user_name": "now1"}, {"user_name": "now2"}]});
    client.write("POST", &format!("{STAGING}/insertMultiple"), &body);
    assert_eq!(people(&mut client, "user_nameSTARTSWITHnow"), 2);
    for wrong in [json!({}), json!({"records": "x"}), json!({"records": [1]})] {
        assert_eq!(client.write("POST", &format!("{STAGING}/insertMultiple"), &wrong).status, 400);
    }
}

fn configure(client: &mut Client, change: &Value) {
    client.update_record("sys_rest_insert_multiple", "source_table", "imp_user", change);
}

fn import_many(client: &mut Client, parameters: &str, body: &Value) -> Value {
    let reply = client.write("POST", &format!("{STAGING}/insertMultiple{parameters}"), body);
    assert_eq!(reply.status, 201, "{}", reply.as_json());
    reply.as_json()
}

#[test]
fn keys_of_records_are_labels_unless_configured_otherwise() {
    let mut client = Client::with_rows(3);
    configure(&mut client, &json!({"transform": "synchronous", "column_mapping": "label"}));
    import_many(
        &mut client,
        "",
        &json!({"records": [{"User name": "label1", "First name": "Ada"}, {"user_name": "name1"}]}),
    );
    assert_eq!(people(&mut client, "user_name=label1^first_name=Ada"), 1);
    // A record whose keys name no column leaves a row without a key, which is skipped.
    assert_eq!(people(&mut client, "user_name=name1"), 0);
    assert_eq!(rows(&client.get("/api/now/table/imp_user", &[("sysparm_query", "sys_import_state=skipped")])).len(), 1);

    let source = json!({"name": "Users", "import_set_table_name": "imp_user", "jpath_root_node": "/data/users"});
    client.add("sys_data_source", &source);
    configure(&mut client, &json!({"use_data_source_format": "true", "column_mapping": "column_name"}));
    import_many(&mut client, "", &json!({"data": {"users": [{"user_name": "source1"}]}}));
    assert_eq!(people(&mut client, "user_name=source1"), 1);
    let wrong = client.write("POST", &format!("{STAGING}/insertMultiple"), &json!({"records": []}));
    assert_eq!(wrong.status, 400);
}

#[test]
fn import_set_runs_after_the_one_that_it_names() {
    let mut client = Client::with_rows(3);
    let first = import_many(&mut client, "", &json!({"records": [{"user_name": "order", "email": "a@example.com"}]}));
    let first = text(&first, "import_set_id");
    let second = json!({"records": [{"user_name": "order", "email": "b@example.com"}]});
    let second = text(&import_many(&mut client, &format!("?run_after={first}"), &second), "import_set_id");
    let state = |client: &mut Client, set: &str| text(&client.record("sys_import_set", "sys_id", set), "state");
    assert_eq!([state(&mut client, &first), state(&mut client, &second)], ["loaded", "loaded"]);
    client.now += 2000;
    assert_eq!(people(&mut client, "user_name=order^email=b@example.com"), 1);
    assert_eq!([state(&mut client, &first), state(&mut client, &second)], ["processed", "processed"]);
    let set = client.record("sys_import_set", "sys_id", &second);
    assert_eq!(set["mode"], "asynchronous");
    let multi = client.record("sys_multi_import_set", "sys_id", &text(&set, "multi_import_set"));
    assert_eq!(multi["name"], "imp_user");
}

#[test]
fn transform_history_counts_what_became_of_the_rows() {
    let mut client = Client::with_rows(3);
    configure(&mut client, &json!({"transform": "synchronous"}));
    let records = json!({"records": [
        {"user_name": "one"}, {"user_name": "two"}, {"user_name": "one"}, {"user_name": "two", "email": "x@example.com"}, {"email": "y"},
    ]});
    let set = text(&import_many(&mut client, "", &records), "import_set_id");
    let run = client.record("sys_import_set_run", "set", &set);
    let counts = ["total", "inserts", "updates", "ignored", "skipped", "errors"].map(|name| text(&run, name));
    assert_eq!((counts.join(" ").as_str(), text(&run, "state")), ("5 2 1 1 1 0", "complete".into()));
    let parameters = [("sysparm_query", format!("sys_import_set={set}^ORDERBYsys_import_row"))];
    let parameters = parameters.each_ref().map(|(name, value)| (*name, value.as_str()));
    let staged = rows(&client.get("/api/now/table/imp_user", &parameters));
    let states: Vec<String> = staged.iter().map(|row| text(row, "sys_import_state")).collect();
    assert_eq!(states, ["inserted", "inserted", "ignored", "updated", "skipped"]);
}

#[test]
fn every_active_map_gives_a_result() {
    let mut client = Client::with_rows(3);
    let map = json!({"name": "Group", "source_table": "imp_user", "target_table": "sys_user_group", "active": "true", "order": "200"});
    let map = client.add("sys_transform_map", &map);
    client.add(
        "sys_transform_entry",
        &json!({"map": map, "source_field": "user_name", "target_field": "name", "coalesce": "true"}),
    );
    let reply = client.write("POST", STAGING, &json!({"user_name": "both"}));
    let results = reply.as_json()["result"].as_array().cloned().unwrap_or_default();
    let shown: Vec<String> = results.iter().map(|one| text(one, "transform_map") + " " + &text(one, "table")).collect();
    assert_eq!(shown, ["User sys_user", "Group sys_user_group"]);
    let again = client.write("POST", STAGING, &json!({"user_name": "both"})).as_json();
    let again = &again["result"][1];
    assert_eq!(
        (text(again, "status"), text(again, "status_message")),
        ("ignored".into(), "No field values changed".into())
    );
}

#[test]
fn imported_record_has_a_number_and_the_defaults_of_the_dictionary() {
    let mut client = Client::with_rows(3);
    let map = json!({"name": "Incident", "source_table": "imp_user", "target_table": "incident", "active": "true"});
    let map = client.add("sys_transform_map", &map);
    for (source, target) in [("user_name", "short_description"), ("first_name", "urgency")] {
        client.add("sys_transform_entry", &json!({"map": map, "source_field": source, "target_field": target}));
    }
    client.write("POST", STAGING, &json!({"user_name": "imported", "first_name": "1"}));
    let imported = client.record("incident", "short_description", "imported");
    let incidents = "/api/now/table/incident?sysparm_exclude_reference_link=true";
    let posted = client.write("POST", incidents, &json!({"short_description": "posted", "urgency": "1"}));
    let posted = posted.as_json()["result"].clone();
    assert!(text(&imported, "number").starts_with("INC") && imported["number"] != posted["number"], "{imported}");
    assert_eq!(imported["task_effective_number"], imported["number"]);
    for field in ["opened_at", "opened_by", "state", "impact", "priority", "category"] {
        assert_eq!(imported[field], posted[field], "{field}");
    }
}

#[test]
fn single_record_may_be_xml_and_hold_any_value() {
    let mut client = Client::with_rows(3);
    let xml = "<request><entry><user_name>xml1</user_name></entry></request>";
    let request = sysparm_instance::Request::new("POST", STAGING).with_body("application/xml", xml);
    let reply = client.send(request);
    assert_eq!((reply.status, reply.as_json()["result"][0]["status"].clone()), (201, json!("inserted")));
    client.write("POST", STAGING, &json!({"user_name": "nested", "first_name": {"a": 1}, "last_name": 7}));
    assert_eq!(people(&mut client, "user_name=nested^first_name={a=1}^last_name=7"), 1);
    let plain = sysparm_instance::Request::new("POST", STAGING).with_body("text/plain", "user_name=x");
    assert_eq!(client.send(plain).status, 415);
    let many = sysparm_instance::Request::new("POST", &format!("{STAGING}/insertMultiple"));
    assert_eq!(client.send(many.with_body("application/xml", xml)).status, 415);
}

#[test]
fn row_stays_pending_without_the_rule_that_transforms_it() {
    let mut client = Client::with_rows(3);
    client.update_record("sys_script", "name", "Transform synchronously", &json!({"active": "false"}));
    let reply = client.write("POST", STAGING, &json!({"user_name": "waits"}));
    let expected = json!([{"transform_map": "", "status": "error", "error_message": "Invalid table "}]);
    assert_eq!((reply.status, &reply.as_json()["result"]), (201, &expected));
    assert_eq!(client.record("imp_user", "user_name", "waits")["sys_import_state"], "pending");
    assert_eq!(people(&mut client, "user_name=waits"), 0);
}

#[test]
fn data_arrives_though_the_maps_are_not_readable() {
    let mut client = Client::with_rows(3);
    let rule = json!({"name": "sys_transform_map", "type": "record", "operation": "read", "active": "true"});
    let rule = client.add("sys_security_acl", &rule);
    let role = client.add("sys_user_role", &json!({"name": "import_transformer"}));
    client.add("sys_security_acl_role", &json!({"sys_security_acl": rule, "sys_user_role": role}));
    let reply = client.write("POST", STAGING, &json!({"user_name": "arrives"}));
    let message = "java.lang.NullPointerException: null value in entry: transform_map=null";
    assert_eq!((reply.status, &reply.as_json()["error"]["message"]), (500, &json!(message)));
    assert_eq!(people(&mut client, "user_name=arrives"), 1);
}

fn batch(client: &mut Client, requests: &Value, most: &str) -> Value {
    let body = json!({"batch_request_id": 7, "rest_requests": requests});
    let request = sysparm_instance::Request::new("POST", "/api/now/v1/batch")
        .with_body("application/json", body.to_string())
        .with_header("X-BATCHREQUEST-MAX-OUTPUT-SIZE", most);
    let reply = client.send(request);
    assert_eq!(reply.status, 200);
    reply.as_json()
}

#[test]
fn batch_runs_items_within_the_limit_and_names_the_rest() {
    let mut client = Client::with_rows(200);
    let get = |id: &str, limit: usize| json!({"id": id, "method": "GET", "url": format!("/api/now/table/incident?sysparm_limit={limit}"), "headers": []});
    let done = batch(&mut client, &json!([get("small", 1), get("huge", 200), get("after", 1)]), "20000");
    let ids: Vec<String> =
        done["serviced_requests"].as_array().into_iter().flatten().map(|one| text(one, "id")).collect();
    assert_eq!(
        (ids.as_slice(), &done["unserviced_requests"]),
        (["small".to_owned(), "after".to_owned()].as_slice(), &json!(["huge"]))
    );
    assert_eq!(done["batch_request_id"], "7");

    client.instance.switches_mut().delay_ms = 12_000;
    let done = batch(&mut client, &json!([get("1", 1), get("2", 1), get("3", 1)]), "");
    assert_eq!(done["unserviced_requests"], json!(["3"]));
}

#[test]
fn batch_reports_item_failures_and_carries_files() {
    let mut client = Client::with_rows(3);
    let record = text(&client.record("incident", "number", "INC0000001"), "sys_id");
    let attach = format!("/api/now/attachment/file?table_name=incident&table_sys_id={record}&file_name=a.txt");
    let items = json!([
        {"id": "1", "method": "GET", "url": "/api/now/table/nosuch"},
        {"id": "2", "method": "POST", "url": attach, "headers": [{"name": "Content-Type", "value": "text/plain"}], "body": STANDARD.encode("hello")},
        {"id": "3", "method": "GET", "url": "/api/now/table/incident", "exclude_response_headers": true},
    ]);
    let done = batch(&mut client, &items, "")["serviced_requests"].clone();
    assert_eq!((&done[0]["status_code"], &done[0]["error_message"]), (&json!(400), &json!("Invalid table nosuch")));
    assert_eq!(done[1]["status_code"], 201);
    assert!(done[2].get("headers").is_none());
    let url = done[1]["redirect_url"].as_str().and_then(|url| url.find("/api/now/attachment/").map(|at| &url[at..]));
    let file = batch(&mut client, &json!([{"id": "f", "method": "GET", "url": url.unwrap_or_default()}]), "");
    assert_eq!(file["serviced_requests"][0]["body"], STANDARD.encode("hello"));
}
