//! Lists as CSV, XML and JSON files from the addresses of the user interface.

use crate::client::{Client, target, text};

use serde_json::{Value, json};
use sysparm_instance::{Reply, Request};

fn export(client: &mut Client, page: &str, parameters: &[(&str, &str)]) -> Reply {
    let reply = client.get(page, parameters);
    assert_eq!(reply.status, 200, "{page} {parameters:?}: {}", String::from_utf8_lossy(reply.bytes()));
    reply
}

fn body(reply: &Reply) -> String {
    String::from_utf8_lossy(reply.bytes()).into_owned()
}

fn records(reply: &Reply) -> Vec<Value> {
    reply.as_json()["records"].as_array().cloned().unwrap_or_default()
}

#[test]
fn csv_has_names_and_display_values_in_the_order_asked_for() {
    let mut client = Client::with_rows(20);
    let fields = [("CSV", ""), ("sysparm_fields", "state,number"), ("sysparm_query", "number=INC0000003")];
    for page in ["/incident.do", "/incident_list.do"] {
        let reply = export(&mut client, page, &fields);
        assert_eq!(reply.header("Content-Type"), Some("text/csv;charset=UTF-8"));
        assert_eq!(reply.header("Content-Disposition"), Some("attachment;filename=incident.csv"));
        let text = body(&reply);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!((lines[0], lines.len(), lines[2]), ("\"state\",\"number\"", 3, ""));
        assert!(lines[1].ends_with(",\"INC0000003\"") && !lines[1].starts_with("\"1\""), "{text}");
    }
    let made = json!({ "short_description": "a \"quoted\", text\r\nof two lines" });
    let id = text(&client.write("POST", "/api/now/table/incident", &made).as_json()["result"], "sys_id");
    let query = format!("sys_id={id}");
    let reply = export(
        &mut client,
        "/incident.do",
        &[("CSV", ""), ("sysparm_fields", "short_description"), ("sysparm_query", &query)],
    );
    assert_eq!(body(&reply), "\"short_description\"\r\n\"a \"\"quoted\"\", text\r\nof two lines\"\r\n");
    client.add("sys_properties", &json!({"name": "glide.export.csv.raw.value", "value": "true"}));
    let raw =
        export(&mut client, "/incident.do", &[("CSV", ""), ("sysparm_fields", "state"), ("sysparm_query", &query)]);
    assert_eq!(body(&raw), "\"state\"\r\n\"1\"\r\n");
}

#[test]
fn export_is_sorted_and_limited_as_properties_say() {
    let mut client = Client::with_rows(120);
    let lines = |client: &mut Client, more: &[(&str, &str)]| {
        let asked = [&[("CSV", ""), ("sysparm_fields", "number"), ("sysparm_orderby", "number")], more].concat();
        body(&export(client, "/incident.do", &asked)).lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let all = lines(&mut client, &[]);
    assert!(all.len() > 100 && all.is_sorted());
    assert_eq!(lines(&mut client, &[("sysparm_record_count", "7")]), all[..7]);
    client.add("sys_properties", &json!({"name": "glide.ui.export.limit", "value": "50"}));
    assert_eq!(lines(&mut client, &[("sysparm_record_count", "70")]), all[..50]);
    client.add("sys_properties", &json!({"name": "glide.csv.export.limit", "value": "60"}));
    assert_eq!(lines(&mut client, &[]), all[..60]);
}

#[test]
fn json_has_raw_values_and_display_values_of_references_on_demand() {
    let mut client = Client::with_rows(20);
    let all = [("JSONv2", ""), ("sysparm_query", "caller_idISNOTEMPTY^ORDERBYnumber"), ("sysparm_record_count", "3")];
    let plain = records(&export(&mut client, "/incident.do", &all));
    assert_eq!((plain.len(), text(&plain[0], "__status")), (3, "success".into()));
    assert_eq!(text(&plain[0], "caller_id").len(), 32);
    let shown = records(&export(&mut client, "/incident.do", &[&all[..], &[("displayvalue", "true")]].concat()));
    let both = records(&export(&mut client, "/incident.do", &[&all[..], &[("displayvalue", "all")]].concat()));
    assert_eq!(both[0]["dv_caller_id"], shown[0]["caller_id"]);
    assert_eq!(both[0]["caller_id"], plain[0]["caller_id"]);
    assert_eq!(shown[0]["state"], plain[0]["state"], "only references are shown");
    let id = text(&plain[1], "sys_id");
    let one = records(&export(&mut client, "/incident.do", &[("JSONv2", ""), ("sysparm_sys_id", &id)]));
    assert_eq!(one, [plain[1].clone()]);
    let keys = export(&mut client, "/incident.do", &[&all[..], &[("sysparm_action", "getKeys")]].concat());
    assert_eq!(records(&keys)[1], id);
    let first = export(&mut client, "/incident.do", &[&[("JSON", "")], &all[1..]].concat());
    assert_eq!(records(&first)[0]["__status"], Value::Null);
}

#[test]
fn xml_has_an_element_for_each_record_without_journals() {
    let mut client = Client::with_rows(20);
    let asked = [("XML", ""), ("sysparm_query", "number=INC0000003")];
    let reply = export(&mut client, "/incident.do", &asked);
    assert_eq!(reply.header("Content-Type"), Some("text/xml;charset=UTF-8"));
    let text = body(&reply);
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?><xml><incident>"), "{text}");
    assert!(text.ends_with("</incident></xml>") && text.contains("<number>INC0000003</number>"), "{text}");
    assert!(
        !text.contains("<work_notes>") && !text.contains("<work_notes/>") && !text.contains("display_value"),
        "{text}"
    );
}

#[test]
fn export_obeys_sign_in_and_access_rules() {
    let mut client = Client::with_rows(40);
    let request = || Request::new("GET", &target("/incident.do", &[("CSV", ""), ("sysparm_fields", "number,sys_id")]));
    let now = client.now;
    assert_eq!(client.instance.handle(&request(), now).status, 401);
    client.instance.switches_mut().hidden = 0.5;
    let shown = body(&client.send(request())).lines().count();
    let every = body(&client.send_as("practice.admin", request())).lines().count();
    assert!(shown < every, "{shown} of {every}");
    let denied = client.get("/sys_properties.do", &[("CSV", "")]);
    assert_eq!(denied.status, 403);
    for page in ["/no_such_table.do?CSV", "/incident.do", "/incident.do?sysparm_query=CSV", "/a/incident.do?CSV"] {
        assert_eq!(client.send(Request::new("GET", page)).status, 404, "{page}");
    }
    assert_eq!(client.send(Request::new("POST", "/incident.do?CSV")).status, 405);
}
