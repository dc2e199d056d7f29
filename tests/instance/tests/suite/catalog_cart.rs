//! The cart and its lines: what a refused change leaves, and the limits.

use crate::client;

use client::{Client, text};
use serde_json::{Value, json};

const CATALOG: &str = "/api/sn_sc/servicecatalog";
const VPN: &str = "8b3ae7fedc1be1004ece5c08239e522b";
const GUIDE: &str = "6690750f4f7b4200086eeed18110c761";

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

#[test]
fn order_guide_with_too_many_items_is_refused() {
    let mut client = Client::with_rows(1);
    let items: Vec<Value> = vec![json!({ "sys_id": VPN }); 101];
    let reply = client.write("POST", &format!("{CATALOG}/items/{GUIDE}/checkout_guide"), &json!({ "items": items }));
    let error = reply.as_json()["error"].clone();
    assert_eq!((reply.status, text(&error, "message")), (400, "Invalid request body".to_owned()));
    assert_eq!(text(&error, "detail"), "The body has 101 items; send at most 100");
    assert_eq!(client.record("sc_cart_item", "cat_item", VPN), Value::Null);
}
