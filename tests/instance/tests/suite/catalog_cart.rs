//! The cart and its lines: what a refused change leaves.

use crate::client;

use client::{Client, text};
use serde_json::json;

const CATALOG: &str = "/api/sn_sc/servicecatalog";
const VPN: &str = "8b3ae7fedc1be1004ece5c08239e522b";

#[test]
fn refused_change_of_a_line_leaves_its_quantity() {
    let mut client = Client::with_rows(1);
    let added = client.write("POST", &format!("{CATALOG}/items/{VPN}/add_to_cart"), &json!({"sysparm_quantity": "1"}));
    assert_eq!(added.status, 200);
    let line = text(&added.as_json()["result"]["items"][0], "cart_item_id");
    let change = json!({"sysparm_quantity": "7", "variables": {}, "sysparm_also_request_for": "nobody"});
    assert_eq!(client.write("PUT", &format!("{CATALOG}/cart/{line}"), &change).status, 404);
    assert_eq!(text(&client.record("sc_cart_item", "sys_id", &line), "quantity"), "1");
}
