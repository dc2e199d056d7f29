//! Record producers make records of other tables, and order guides lead to several items.

use crate::client::{Client, rows, text};

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

#[test]
fn order_guide_leads_to_the_items_whose_conditions_hold() {
    let mut client = Client::with_rows(3);
    let guide = "/api/sn_sc/servicecatalog/items/6690750f4f7b4200086eeed18110c761";
    let agent = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let mut included = |answers: &Value| {
        let reply = client.write("PUT", &format!("{guide}/submit_guide"), &json!({ "variables": answers }));
        rows(&reply).iter().map(|item| text(item, "name")).collect::<Vec<_>>()
    };
    let remote = json!({"hiring_manager": agent, "remote": "Yes", "laptop_type": "developer"});
    assert_eq!(included(&remote), ["Developer Laptop (Mac)", "New Email Account", "Corp VPN"]);
    let office = json!({"hiring_manager": agent, "remote": "No"});
    assert_eq!(included(&office), ["Standard Laptop", "External Monitor", "New Email Account"]);
    let missing = client.write("PUT", &format!("{guide}/submit_guide"), &json!({}));
    assert_eq!(missing.status, 400);

    let chosen = json!({"items": [
        {"sys_id": "e1be6dcb4f7b4200086eeed18110c74c"},
        {"sys_id": "186d917a6fab7980575967ddbb3ee4f2", "variables": {"new_email": "new@example.com"}, "sysparm_quantity": "2"},
    ]});
    let reply = client.write("POST", &format!("{guide}/checkout_guide"), &chosen);
    let line = reply.as_json()["result"]["none"]["items"][1].clone();
    assert_eq!((reply.status, &line["quantity"], &line["delivery_time"]), (200, &json!("2"), &json!("2 Days")));
    client.update_record("sc_cat_item_guide", "name", "New Hire", &json!({"two_step": "true"}));
    let ordered = client.write("POST", &format!("{guide}/checkout_guide"), &chosen).as_json()["result"].clone();
    let item = client.record("sc_req_item", "request", &text(&ordered, "request_id"));
    assert_eq!(text(&item, "order_guide"), "6690750f4f7b4200086eeed18110c761");
    let unanswered = json!({"items": [{"sys_id": "186d917a6fab7980575967ddbb3ee4f2"}]});
    assert_eq!(client.write("POST", &format!("{guide}/checkout_guide"), &unanswered).status, 400);
}

#[test]
fn request_follows_its_state_when_it_is_updated() {
    let mut client = Client::with_rows(3);
    let state = |client: &mut Client, id: &str, body: &Value| {
        let reply = client.write("PATCH", &format!("/api/now/table/sc_request/{id}"), body);
        let request = reply.as_json()["result"].clone();
        ["request_state", "approval", "active"].map(|field| text(&request, field))
    };
    let submitted = json!({"request_state": "submitted"});
    let cheap = client.add("sc_request", &json!({"request_state": "draft", "price": "99.5"}));
    assert_eq!(state(&mut client, &cheap, &submitted), ["in_process", "approved", "true"]);
    let closed = json!({"request_state": "closed_complete"});
    assert_eq!(state(&mut client, &cheap, &closed), ["closed_complete", "approved", "false"]);
    let dear = client.add("sc_request", &json!({"request_state": "draft", "price": "1000.01"}));
    assert_eq!(state(&mut client, &dear, &submitted), ["submitted", "not requested", "true"]);
}
