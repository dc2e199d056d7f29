//! Orders that the Service Catalog refuses.

use serde_json::{Value, json};
use sysparm_instance::Reply;

use super::RequestFix;
use super::requests::*;
use crate::client::{Client, text};
use crate::record_fixes::property;

const CATALOG: &str = "/api/sn_sc/servicecatalog";

fn post(client: &mut Client, path: &str, body: &Value) -> Reply {
    client.write("POST", &format!("{CATALOG}{path}"), body)
}

fn order(client: &mut Client, name: &str, body: &Value) -> Reply {
    let item = text(&client.record("sc_cat_item", "name", name), "sys_id");
    post(client, &format!("/items/{item}/order_now"), body)
}

fn one(client: &mut Client, name: &str) -> Reply {
    order(client, name, &json!({"sysparm_quantity": "1"}))
}

/// Limits an item to user criteria.
fn limited(client: &mut Client, criteria: &Value) {
    let item = text(&client.record("sc_cat_item", "name", "Corp VPN"), "sys_id");
    let criteria = client.add("user_criteria", criteria);
    client.add("sc_cat_item_user_criteria_mtom", &json!({"sc_cat_item": item, "user_criteria": criteria}));
}

fn server(client: &mut Client, answers: &Value) -> Reply {
    order(client, "Virtual Server", &json!({"sysparm_quantity": "1", "variables": answers}))
}

fn for_agent(client: &mut Client) -> Reply {
    let agent = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    order(client, "Corp VPN", &json!({"sysparm_quantity": "1", "sysparm_requested_for": agent}))
}

pub(super) const FIXES: &[RequestFix] = &[
    (
        "catalog.quantity-wrong",
        nothing,
        |client| order(client, "Corp VPN", &json!({})),
        |client| one(client, "Corp VPN"),
    ),
    (
        "catalog.user-criteria",
        |client| {
            let agent = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
            limited(client, &json!({"name": "Agents", "user": agent}));
        },
        |client| one(client, "Corp VPN"),
        |client| {
            let own = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
            client.update_record("user_criteria", "name", "Agents", &json!({"user": own}));
            one(client, "Corp VPN")
        },
    ),
    (
        "catalog.criteria-script",
        |client| {
            limited(client, &json!({"name": "Scripted", "advanced": "true", "script": "gs.log('x'); answer = true;"}))
        },
        |client| one(client, "Corp VPN"),
        |client| {
            let own = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
            client.update_record("user_criteria", "name", "Scripted", &json!({"advanced": "false", "user": own}));
            one(client, "Corp VPN")
        },
    ),
    (
        "catalog.item-inactive",
        |client| client.update_record("sc_cat_item", "name", "Corp VPN", &json!({"active": "false"})),
        |client| one(client, "Corp VPN"),
        |client| {
            client.update_record("sc_cat_item", "name", "Corp VPN", &json!({"active": "true"}));
            one(client, "Corp VPN")
        },
    ),
    (
        "catalog.answer-left-out",
        nothing,
        |client| server(client, &json!({"operating_system": "rhel9", "cost_center": "4711"})),
        |client| server(client, &json!({"operating_system": "rhel9", "environment": "test", "cost_center": "4711"})),
    ),
    (
        "catalog.set-answer-left-out",
        nothing,
        |client| server(client, &json!({"operating_system": "rhel9", "environment": "test"})),
        |client| server(client, &json!({"operating_system": "rhel9", "environment": "test", "cost_center": "4711"})),
    ),
    (
        "catalog.cart-without-lines",
        nothing,
        |client| post(client, "/cart/checkout", &json!({})),
        |client| {
            let item = text(&client.record("sc_cat_item", "name", "Corp VPN"), "sys_id");
            post(client, &format!("/items/{item}/add_to_cart"), &json!({"sysparm_quantity": "1"}));
            post(client, "/cart/checkout", &json!({}))
        },
    ),
    (
        "catalog.not-for-others",
        |client| property(client, "glide.sc.req_for.roles", "catalog_admin"),
        for_agent,
        |client| {
            property(client, "glide.sc.req_for.roles", "itil");
            for_agent(client)
        },
    ),
    (
        "catalog.not-orderable",
        nothing,
        |client| order(client, "Create Incident", &json!({"sysparm_quantity": "1", "variables": {"comments": "x"}})),
        |client| {
            let item = text(&client.record("sc_cat_item", "name", "Create Incident"), "sys_id");
            post(client, &format!("/items/{item}/submit_producer"), &json!({"variables": {"comments": "x"}}))
        },
    ),
];
