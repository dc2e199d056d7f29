//! Record producers make records of other tables.

use crate::client;

use client::{Client, text};
use serde_json::{Value, json};
use sysparm_instance::Reply;

const INCIDENT: &str = "3f1dd0320a0a0b99000a53f7604a2ef9";
const VPN: &str = "8b3ae7fedc1be1004ece5c08239e522b";

fn submit(client: &mut Client, item: &str, variables: &Value) -> Reply {
    let path = format!("/api/sn_sc/servicecatalog/items/{item}/submit_producer");
    client.write("POST", &path, &json!({ "variables": variables }))
}

#[test]
fn record_producer_makes_a_record_of_its_table() {
    let mut client = Client::with_rows(3);
    let missing = submit(&mut client, INCIDENT, &json!({"urgency": "2"}));
    let message = text(&missing.as_json()["error"], "message");
    assert_eq!((missing.status, message.as_str()), (400, "Mandatory variables are not filled"));
    let answers = json!({"urgency": "1", "comments": "The printer is on fire"});
    let made = submit(&mut client, INCIDENT, &answers).as_json()["result"].clone();
    let id = text(&made, "sys_id");
    assert_eq!(
        made,
        json!({
            "sys_id": id, "number": "INC0000004", "parent_id": null, "record": format!("api/now/table/incident/{id}"),
            "redirect_portal_url": "", "parent_table": "task", "redirect_url": format!("incident.do?sys_id={id}&sysparm_view=ess"),
            "table": "incident", "redirect_to": "",
        })
    );
    let incident = client.record("incident", "sys_id", &id);
    let user = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
    for (field, value) in [
        ("urgency", "1"),
        ("impact", "3"),
        ("priority", "3"),
        ("state", "1"),
        ("caller_id", user.as_str()),
        ("opened_by", &user),
        ("contact_type", "self-service"),
        ("short_description", "The printer is on fire"),
    ] {
        assert_eq!(text(&incident, field), value, "{field}");
    }
    let comment = client.record("sys_journal_field", "element_id", &id);
    assert_eq!(text(&comment, "value"), "The printer is on fire");
    let kept = client.record("question_answer", "table_sys_id", &id);
    assert_eq!(text(&kept, "table_name"), "incident");
    for item in ["none", VPN] {
        assert_eq!(submit(&mut client, item, &json!({})).status, 404, "{item}");
    }
}

#[test]
fn change_template_makes_a_change_request() {
    let mut client = Client::with_rows(3);
    let template = client.record("std_change_record_producer", "name", "Reboot Windows Server");
    let made = submit(&mut client, &text(&template, "sys_id"), &json!({"short_description": "Reboot WEB01"}));
    let made = made.as_json()["result"].clone();
    let change = client.record("change_request", "sys_id", &text(&made, "sys_id"));
    assert_eq!(
        (text(&change, "number"), text(&change, "short_description"), text(&change, "type")),
        (text(&made, "number"), "Reboot WEB01".into(), "standard".into())
    );
}
