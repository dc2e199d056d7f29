//! Outbound calls that business rules make on a change: what is sent, its signature, bounds, and what is recorded.

use std::io::{Read, Write};
use std::net::TcpListener;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sysparm_instance::{OutboundCall, Request};

use crate::client::{Client, text};
use crate::served::Served;

const KEY: &[u8] = b"a secret that both sides know";

/// A rule that reports changes of incidents to this endpoint.
fn rule(client: &mut Client, endpoint: &str, more: &Value) -> String {
    let script = json!({"endpoint": endpoint, "key": STANDARD.encode(KEY), "headers": {"X-Source": "practice"}});
    let mut row = json!({
        "name": "Change feed", "collection": "incident", "active": "true", "when": "async",
        "action_insert": "true", "action_update": "true", "action_delete": "true", "script": script.to_string(),
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        row[name] = value.clone();
    }
    client.add("sys_script", &row)
}

fn due(client: &mut Client, after_ms: u64) -> Vec<OutboundCall> {
    client.now += after_ms;
    let now = client.now;
    client.instance.outbound(now)
}

fn header<'a>(call: &'a OutboundCall, name: &str) -> &'a str {
    call.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
}

fn log(client: &mut Client, id: &str) -> Value {
    client.record("sys_outbound_http_log", "sys_id", id)
}

#[test]
fn change_is_reported_later_in_a_signed_call() {
    let mut client = Client::with_rows(3);
    rule(&mut client, "http://127.0.0.1:9/changes?a=b", &json!({}));
    let id = client.add("incident", &json!({"short_description": "new"}));
    assert_eq!(due(&mut client, 0), []);
    let calls = due(&mut client, 1000);
    let [call] = calls.as_slice() else { unreachable!("{calls:?}") };
    assert_eq!((call.method.as_str(), call.url.as_str()), ("POST", "http://127.0.0.1:9/changes?a=b"));
    let body: Value = serde_json::from_str(&call.body).unwrap_or_default();
    let sent = ["table", "sys_id", "operation", "sys_mod_count", "sys_updated_on"].map(|name| text(&body, name));
    assert_eq!(sent, ["incident", &id, "insert", "0", "2026-03-01 12:00:00"]);
    assert_eq!((header(call, "User-Agent"), header(call, "X-Source")), ("ServiceNow/1.0", "practice"));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(KEY).unwrap_or_else(|error| unreachable!("{error}"));
    mac.update(format!("{}.{}", header(call, "X-Timestamp"), call.body).as_bytes());
    assert_eq!(header(call, "X-Signature"), STANDARD.encode(mac.finalize().into_bytes()));

    client.update_record("incident", "sys_id", &id, &json!({"short_description": "changed"}));
    client.send_as("practice.admin", Request::new("DELETE", &format!("/api/now/table/incident/{id}")));
    let calls = due(&mut client, 1000);
    let operations: Vec<String> =
        calls.iter().map(|call| text(&serde_json::from_str(&call.body).unwrap_or_default(), "operation")).collect();
    assert_eq!(operations.len(), 2);
    assert!(operations.contains(&"update".to_owned()) && operations.contains(&"delete".to_owned()));
}

#[test]
fn rule_reports_only_what_meets_its_conditions() {
    let mut client = Client::with_rows(3);
    rule(
        &mut client,
        "http://localhost:9/",
        &json!({"filter_condition": "priorityCHANGESTO1", "action_insert": "false"}),
    );
    let id = client.add("incident", &json!({"short_description": "new"}));
    client.update_record("incident", "sys_id", &id, &json!({"short_description": "other"}));
    assert_eq!(due(&mut client, 1000), []);
    client.update_record("incident", "sys_id", &id, &json!({"impact": "1", "urgency": "1"}));
    assert_eq!(due(&mut client, 1000).len(), 1);
}

#[test]
fn failed_call_is_recorded_and_not_repeated() {
    let mut client = Client::with_rows(3);
    client.add("sys_rest_message", &json!({"name": "Feed", "rest_endpoint": "http://127.0.0.1:9/feed"}));
    let script = json!({"rest_message": "Feed", "method": "put"}).to_string();
    rule(&mut client, "", &json!({"script": script}));
    for outcome in [Err("connection refused".to_owned()), Ok(503), Ok(200)] {
        client.add("incident", &json!({"short_description": "new"}));
        let calls = due(&mut client, 1000);
        assert_eq!(
            (calls.len(), calls[0].method.as_str(), calls[0].url.as_str()),
            (1, "PUT", "http://127.0.0.1:9/feed")
        );
        assert_eq!(log(&mut client, &calls[0].id)["state"], "sent");
        let now = client.now;
        client.instance.outbound_ended(&calls[0].id, outcome.clone(), 7, now);
        let row = log(&mut client, &calls[0].id);
        let expected = match outcome {
            Ok(status) => ("done".to_owned(), status.to_string(), String::new()),
            Err(reason) => ("failed".to_owned(), String::new(), reason),
        };
        assert_eq!((text(&row, "state"), text(&row, "response_status"), text(&row, "error_message")), expected);
        assert_eq!(due(&mut client, 1_000_000), []);
    }
}

#[test]
fn calls_to_one_host_and_waiting_calls_are_bounded() {
    let mut client = Client::with_rows(3);
    let id = rule(&mut client, "http://127.0.0.1:9/", &json!({}));
    for number in 0..1005 {
        client.add("incident", &json!({"short_description": number.to_string()}));
    }
    let first = due(&mut client, 1000);
    assert_eq!((first.len(), due(&mut client, 1).len()), (4, 0));
    let now = client.now;
    client.instance.outbound_ended(&first[0].id, Ok(200), 1, now);
    assert_eq!(due(&mut client, 1).len(), 1);
    let dropped = client.record("syslog", "source", "sys_script");
    assert!(text(&dropped, "message").starts_with("1000 outbound calls wait"), "{dropped}");

    client.update_record("sys_script", "sys_id", &id, &json!({"active": "false"}));
    client.instance.outbound_ended(&first[1].id, Ok(200), 1, now);
    assert_eq!(due(&mut client, 1), []);
}

#[test]
fn only_this_machine_and_allowed_hosts_are_called() {
    let mut client = Client::with_rows(3);
    rule(&mut client, "http://example.com/", &json!({}));
    client.add("incident", &json!({"short_description": "new"}));
    assert_eq!(due(&mut client, 1000), []);
    let row = client.record("sys_outbound_http_log", "url", "http://example.com/");
    assert_eq!(row["state"], "failed");
    assert!(text(&row, "error_message").contains("glide.hosts.allowlist"), "{row}");
    client.add("sys_properties", &json!({"name": "glide.hosts.allowlist", "value": "a.example, example.com"}));
    client.add("incident", &json!({"short_description": "new"}));
    assert_eq!(due(&mut client, 1000).len(), 1);
    client.update_record(
        "sys_script",
        "name",
        "Change feed",
        &json!({"script": "{\"endpoint\": \"https://127.0.0.1/\"}"}),
    );
    client.add("incident", &json!({"short_description": "new"}));
    assert_eq!(due(&mut client, 1000), []);
}

#[test]
fn served_instance_sends_its_calls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| unreachable!("{error}"));
    let address = listener.local_addr().unwrap_or_else(|error| unreachable!("{error}"));
    let served = Served::with_rows(3);
    let script = json!({"endpoint": format!("http://{address}/changes"), "key": STANDARD.encode(KEY)}).to_string();
    let row = json!({
        "name": "Feed", "collection": "incident", "active": "true", "when": "async", "action_insert": "true", "script": script,
    });
    let admin = STANDARD.encode("practice.admin:practice-admin-password");
    let post = |table: &str, row: &Value| {
        let body = row.to_string();
        let head = format!(
            "POST /api/now/table/{table} HTTP/1.1\r\nHost: {}\r\nAuthorization: Basic {admin}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            served.address,
            body.len()
        );
        served.exchange(head.as_bytes()).0
    };
    assert!(post("sys_script", &row).contains("201"));
    assert!(post("incident", &json!({"short_description": "sent"})).contains("201"));
    let (mut stream, _) = listener.accept().unwrap_or_else(|error| unreachable!("{error}"));
    let mut received = vec![0; 4096];
    let mut length = 0;
    while !received[..length].ends_with(b"}") {
        let more = stream.read(&mut received[length..]).unwrap_or_default();
        assert!(more > 0, "{}", String::from_utf8_lossy(&received[..length]));
        length += more;
    }
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    let request = String::from_utf8_lossy(&received[..length]).to_ascii_lowercase();
    assert!(request.starts_with("post /changes http/1.1\r\n") && request.contains("\r\nx-signature: "), "{request}");
    for _ in 0..100 {
        let target = "/api/now/table/sys_outbound_http_log?sysparm_query=response_status=204&sysparm_fields=state";
        let get = format!("GET {target} HTTP/1.1\r\nHost: {}\r\nAuthorization: Basic {admin}\r\n\r\n", served.address);
        if String::from_utf8_lossy(&served.exchange(get.as_bytes()).1).contains("done") {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    unreachable!("the reply was not recorded");
}
