//! Refusals of single APIs and of the platform as a whole, each as the knowledge base or a capture has it.

use crate::client::{Client, target, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

fn change(client: &mut Client, kind: &str) -> String {
    let made = client.write("POST", "/api/now/table/change_request", &json!({ "type": kind, "state": "-5" }));
    assert_eq!(made.status, 201);
    text(&made.as_json()["result"], "sys_id")
}

fn moved(client: &mut Client, id: &str, state: &str) -> (u16, Value) {
    let reply = client.write("PATCH", &format!("/api/now/table/change_request/{id}"), &json!({ "state": state }));
    (reply.status, reply.as_json())
}

#[test]
fn change_request_moves_through_the_states_of_its_type() {
    let mut client = Client::with_rows(3);
    let courses: [(&str, &[&str]); 3] = [
        ("normal", &["-4", "-3", "-2", "-1", "0", "3"]),
        ("standard", &["-2", "-1", "0", "3"]),
        ("emergency", &["-3", "-2", "-1", "0", "3"]),
    ];
    for (kind, states) in courses {
        let id = change(&mut client, kind);
        let (status, refused) = moved(&mut client, &id, "-1");
        assert_eq!((status, text(&refused["error"], "message")), (403, "Operation Failed".into()), "{kind}");
        let detail = "Operation against file 'change_request' was aborted by Business Rule 'Change Model: Check State Transition'";
        assert_eq!(text(&refused["error"], "detail"), detail);
        for state in states {
            assert_eq!(moved(&mut client, &id, state).0, 200, "{kind} to {state}");
            assert_eq!(moved(&mut client, &id, state).0, 200, "the same state is no move");
        }
        assert_eq!(moved(&mut client, &id, "-1").0, 403, "{kind} is closed");
    }
    let id = change(&mut client, "normal");
    for state in ["-4", "-5", "4"] {
        assert_eq!(moved(&mut client, &id, state).0, 200, "{state}");
    }
    assert_eq!(moved(&mut client, &id, "-5").0, 403);
    let rule = json!({ "active": "false" });
    client.update_record("sys_script", "name", "Change Model: Check State Transition", &rule);
    assert_eq!(moved(&mut client, &id, "0").0, 200);
}

#[test]
fn maintenance_has_a_page_of_its_own() {
    let mut client = Client::with_rows(1);
    let once = json!({ "fail_next": { "count": 1, "status": 503, "path": "/api/" } });
    let request = Request::new("POST", "/__practice/switches")
        .with_header("Host", "127.0.0.1:8787")
        .with_body("application/json", once.to_string());
    let now = client.now;
    assert_eq!(client.instance.handle(&request, now).status, 200);
    let reply = client.get("/api/now/table/incident", &[]);
    let page = String::from_utf8_lossy(reply.bytes()).into_owned();
    assert!(reply.status == 503 && page.contains("<title>Service Interruption</title>"), "{page}");
    assert!(page.contains("This instance is unavailable"));
}

#[test]
fn file_name_with_plain_brackets_is_refused() {
    let mut client = Client::with_rows(1);
    let id = text(&client.record("incident", "number", "INC0000001"), "sys_id");
    let encoded = target(
        "/api/now/attachment/file",
        &[("table_name", "incident"), ("table_sys_id", &id), ("file_name", "a[1].txt")],
    );
    for (address, status) in [(encoded.clone(), 201), (encoded.replace("%5B", "[").replace("%5D", "]"), 400)] {
        let file = Request::new("POST", &address).with_body("text/plain", "text");
        let reply = client.send(file);
        assert_eq!(reply.status, status, "{address}");
        if status == 400 {
            assert_eq!(text(&reply.as_json()["error"], "message"), "Invalid query");
        }
    }
}
