//! Rows through staging tables, and batches of calls.

mod client;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client::{Client, rows, text};
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
    client.add("sys_rest_insert_multiple", &json!({"source_table": "imp_user", "transform": "synchronous"}));
    let body = json!({"records": [{"user_name": "now1"}, {"user_name": "now2"}]});
    client.write("POST", &format!("{STAGING}/insertMultiple"), &body);
    assert_eq!(people(&mut client, "user_nameSTARTSWITHnow"), 2);
    for wrong in [json!({}), json!({"records": "x"}), json!({"records": [1]})] {
        assert_eq!(client.write("POST", &format!("{STAGING}/insertMultiple"), &wrong).status, 400);
    }
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
    assert!(done[1]["redirect_url"].as_str().is_some_and(|url| url.contains("/api/now/attachment/")));
    assert!(done[2].get("headers").is_none());
    let id = done[1]["redirect_url"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_owned();
    let file =
        batch(&mut client, &json!([{"id": "f", "method": "GET", "url": format!("/api/now/attachment/{id}/file")}]), "");
    assert_eq!(file["serviced_requests"][0]["body"], STANDARD.encode("hello"));
}
