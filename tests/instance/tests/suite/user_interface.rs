//! What forms and lists of the user interface ask, and integrations with them: tables, columns and short addresses.

use crate::client::{Client, rows, target, text, total};

use serde_json::json;
use sysparm_instance::Request;

#[test]
fn schema_lists_the_tables_that_the_caller_may_read() {
    let mut client = Client::with_rows(3);
    let schema = || Request::new("GET", "/api/now/doc/table/schema");
    let mine = rows(&client.send(schema()));
    let incident = json!({
        "label": "Incident", "rawLabel": "Incident", "value": "incident",
        "image": "", "missing": false, "reference": false, "selected": false, "used": false,
    });
    assert!(mine.contains(&incident));
    let labels: Vec<String> = mine.iter().map(|table| text(table, "label")).collect();
    assert!(labels.is_sorted());
    let administrators = rows(&client.send_as("practice.admin", schema()));
    assert!(administrators.len() > mine.len());
    let names = |tables: &[serde_json::Value]| tables.iter().any(|table| table["value"] == "sys_properties");
    assert!(!names(&mine) && names(&administrators));
}

#[test]
fn meta_describes_the_columns_that_the_caller_may_read() {
    let mut client = Client::with_rows(3);
    let reply = client.get("/api/now/ui/meta/incident", &[]);
    let columns = reply.as_json()["result"]["columns"].clone();
    let (number, state, caller) = (&columns["number"], &columns["state"], &columns["caller_id"]);
    assert_eq!((text(number, "type"), text(number, "label")), ("string".into(), "Number".into()));
    assert_eq!((number["mandatory"].clone(), number["filterable"].clone()), (json!(false), json!(true)));
    assert_eq!((text(state, "type"), text(state, "internal_type")), ("choice".into(), "integer".into()));
    let choices = state["choices"].as_array().cloned().unwrap_or_default();
    assert_eq!((text(&choices[0], "label"), text(&choices[0], "value")), ("-- None --".into(), String::new()));
    assert!(choices.iter().any(|choice| choice["value"] == "3" && choice["label"] == "On Hold"));
    assert_eq!((text(caller, "type"), text(caller, "reference")), ("reference".into(), "sys_user".into()));
    assert_eq!(text(caller, "reference_display_field"), "name");
    let listed = client.get("/api/now/table/incident", &[("sysparm_limit", "1")]);
    let fields: Vec<String> = rows(&listed)[0].as_object().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    let described: Vec<String> = columns.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    assert_eq!(described, fields);
    assert_eq!(client.get("/api/now/ui/meta/no_such_table", &[]).status, 400);
    assert_eq!(client.get("/api/now/ui/meta/sys_properties", &[]).status, 403);
}

#[test]
fn short_address_stands_for_the_parameters_of_the_long_one() {
    let mut client = Client::with_rows(60);
    let ids: Vec<String> =
        rows(&client.get("/api/now/table/incident", &[("sysparm_limit", "40"), ("sysparm_fields", "sys_id")]))
            .iter()
            .map(|row| text(row, "sys_id"))
            .collect();
    let query = format!("sys_idIN{}", ids.join(","));
    let long = target(
        "https://practice.test/api/now/table/incident",
        &[("sysparm_query", &query), ("sysparm_fields", "sys_id")],
    );
    let mut shorten = |url: &str| {
        let reply = client.write("POST", "/api/now/tinyurl", &json!({ "url": url }));
        assert_eq!(reply.status, 200);
        text(&reply.as_json(), "result")
    };
    let short = shorten(&long);
    assert!(short.starts_with("api/now/table/incident?sysparm_tiny="), "{short}");
    assert_eq!(shorten(&long), short, "an address has one short form");
    assert!(shorten("incident_list.do?sysparm_query=active=true").starts_with("incident_list.do?sysparm_tiny="));
    let reply = client.send(Request::new("GET", &format!("/{short}")));
    assert_eq!((reply.status, total(&reply)), (200, 40));
    assert_eq!(rows(&reply)[0].as_object().map(serde_json::Map::len), Some(1));
    for body in [json!({}), json!({ "url": 1 }), json!([])] {
        assert_eq!(client.write("POST", "/api/now/tinyurl", &body).status, 400, "{body}");
    }
}

#[test]
fn short_addresses_are_bounded() {
    let mut client = Client::with_rows(1);
    for number in 0..1100 {
        client.now += 1000;
        let url = format!("incident_list.do?sysparm_query=number={number}");
        assert_eq!(client.write("POST", "/api/now/tinyurl", &json!({ "url": url })).status, 200);
        if number % 500 == 0 {
            client.sign_in();
        }
    }
    let kept = client.send_as("practice.admin", Request::new("GET", "/api/now/table/sys_tiny_url?sysparm_limit=1"));
    assert_eq!(total(&kept), 1000);
}
