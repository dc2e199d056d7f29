//! A password can be written and used, and is never seen: not read, not compared, not computed with.

use crate::client::{Client, target, text};

use serde_json::json;
use sysparm_instance::Request;

const PASSWORD: &str = "practice-visitor-password";

fn users(client: &mut Client, path: &str, parameters: &[(&str, &str)]) -> String {
    let reply = client.send_as("practice.admin", Request::new("GET", &target(path, parameters)));
    assert_eq!(reply.status, 200);
    String::from_utf8_lossy(reply.bytes()).into_owned()
}

#[test]
fn password_is_in_no_reply() {
    let mut client = Client::with_rows(3);
    let table = "/api/now/table/sys_user";
    let stats = "/api/now/stats/sys_user";
    for (path, parameters) in [
        (table, &[][..]),
        (table, &[("sysparm_display_value", "all")]),
        (table, &[("sysparm_display_value", "true"), ("sysparm_fields", "user_password")]),
        ("/api/now/table/sys_user_grmember", &[("sysparm_fields", "user.user_password")]),
        (stats, &[("sysparm_count", "true"), ("sysparm_group_by", "user_password")]),
        (stats, &[("sysparm_min_fields", "user_password"), ("sysparm_max_fields", "user_password")]),
        (stats, &[("sysparm_group_by", "user_name"), ("sysparm_order_by", "MAX^user_password")]),
    ] {
        let body = users(&mut client, path, parameters);
        assert!(!body.contains("-password\""), "{path} {parameters:?}");
    }
    let made = client.send_as(
        "practice.admin",
        Request::new("POST", table).with_body("application/json", json!({ "user_password": PASSWORD }).to_string()),
    );
    assert_eq!(text(&made.as_json()["result"], "user_password"), "{encrypted}");
}

#[test]
fn display_value_of_password_is_masked() {
    let mut client = Client::with_rows(3);
    let path =
        target("/api/now/table/sys_user", &[("sysparm_query", "user_name=admin"), ("sysparm_display_value", "all")]);
    let reply = client.send_as("admin", Request::new("GET", &path)).as_json();
    assert_eq!(reply["result"][0]["user_password"], json!({"display_value": "********", "value": "{encrypted}"}));
}

#[test]
fn query_tells_only_whether_there_is_a_password() {
    let mut client = Client::with_rows(3);
    let mut found = |query: &str| {
        let body =
            users(&mut client, "/api/now/table/sys_user", &[("sysparm_query", query), ("sysparm_fields", "user_name")]);
        body.matches("user_name").count()
    };
    let with = found("user_passwordISNOTEMPTY");
    let all = found("");
    assert!(with > 0);
    assert_eq!(found("user_passwordISEMPTY") + with, all);
    assert_eq!((found("user_password="), found("user_password!=")), (all - with, with));
    for query in [
        "user_password=practice-visitor-password",
        "user_passwordSTARTSWITHp",
        "user_passwordLIKEpractice",
        "user_password>a",
        "user_passwordBETWEENa@z",
        "user_passwordINpractice-visitor-password,x",
    ] {
        assert_eq!(found(query), 0, "{query}");
    }
    for query in ["user_password!=x", "user_passwordNOT LIKEpractice", "user_passwordNOT INx"] {
        assert_eq!(found(query), all, "{query}");
    }
}
