//! Items are ordered: the checks and their order, the cart, and the records that an order makes.

use crate::client::{Client, rows, text};

use serde_json::{Value, json};
use sysparm_instance::{Reply, Request};

const CATALOG: &str = "/api/sn_sc/servicecatalog";
const LAPTOP: &str = "04b7e94b4f7b4200086eeed18110c7fd";
const TABLET: &str = "060f3afa3731300054b6a3549dbe5d3e";
const PHONE: &str = "0d08837237153000158bbfc8bcbe5d02";
const EMAIL: &str = "186d917a6fab7980575967ddbb3ee4f2";
const VPN: &str = "8b3ae7fedc1be1004ece5c08239e522b";
/// A record producer.
const INCIDENT: &str = "3f1dd0320a0a0b99000a53f7604a2ef9";

fn post(client: &mut Client, path: &str, body: &Value) -> Reply {
    client.write("POST", &format!("{CATALOG}{path}"), body)
}

fn refused(reply: &Reply) -> (u16, String) {
    (reply.status, text(&reply.as_json()["error"], "message"))
}

fn result(reply: &Reply) -> Value {
    assert!(reply.status < 300, "{}", String::from_utf8_lossy(reply.bytes()));
    reply.as_json()["result"].clone()
}

fn order(client: &mut Client, item: &str, body: &Value) -> Value {
    result(&post(client, &format!("/items/{item}/order_now"), body))
}

/// The requested items of a request, in the order of their numbers.
fn requested(client: &mut Client, request: &Value) -> Vec<Value> {
    let query = format!("request={}^ORDERBYnumber", text(request, "request_id"));
    let parameters = [("sysparm_query", query.as_str()), ("sysparm_exclude_reference_link", "true")];
    rows(&client.get("/api/now/table/sc_req_item", &parameters))
}

/// The answers of a requested item: the variable's name and the value.
fn answers(client: &mut Client, item: &Value) -> Vec<(String, String)> {
    let query = format!("request_item={}^ORDERBYsc_item_option.order", text(item, "sys_id"));
    let fields = "sc_item_option.item_option_new.name,sc_item_option.value";
    let found =
        client.get("/api/now/table/sc_item_option_mtom", &[("sysparm_query", &query), ("sysparm_fields", fields)]);
    let pair = |row: &Value| (text(row, "sc_item_option.item_option_new.name"), text(row, "sc_item_option.value"));
    rows(&found).iter().map(pair).collect()
}

fn set_property(client: &mut Client, name: &str, value: &str) {
    match client.record("sys_properties", "name", name) {
        Value::Object(_) => client.update_record("sys_properties", "name", name, &json!({"value": value})),
        _ => drop(client.add("sys_properties", &json!({"name": name, "value": value}))),
    }
}

#[test]
fn order_makes_a_request_with_item_answers_and_task() {
    let mut client = Client::with_rows(3);
    let body =
        json!({"sysparm_quantity": 2, "variables": {"data_plan": "1GB", "originalnumber": "555", "no_such": "x"}});
    let made = order(&mut client, PHONE, &body);
    assert_eq!((text(&made, "number"), text(&made, "table")), ("REQ0010001".into(), "sc_request".into()));
    assert_eq!((&made["request_id"], &made["request_number"]), (&made["sys_id"], &made["number"]));

    let request = client.record("sc_request", "sys_id", &text(&made, "request_id"));
    let user = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
    for (field, value) in [
        ("requested_for", user.as_str()),
        ("opened_by", &user),
        ("opened_at", "2026-03-01 12:00:00"),
        // The price of a piece with the choice's surcharge, times two, is above what is approved at once.
        ("price", "1609.98"),
        ("approval", "requested"),
        ("request_state", "requested"),
        ("stage", "requested"),
        ("active", "true"),
        ("sys_class_name", "sc_request"),
    ] {
        assert_eq!(text(&request, field), value, "{field}");
    }
    let items = requested(&mut client, &made);
    assert_eq!(items.len(), 1);
    for (field, value) in [
        ("number", "RITM0010001"),
        ("cat_item", PHONE),
        ("quantity", "2"),
        ("price", "804.99"),
        ("recurring_price", "29"),
        ("recurring_frequency", "monthly"),
        ("stage", "waiting_for_approval"),
        ("state", "1"),
        ("requested_for", &user),
        ("estimated_delivery", "2026-03-03 12:00:00"),
        ("sc_catalog", "e0d08b13c3330100c8b837659bba8fb4"),
    ] {
        assert_eq!(text(&items[0], field), value, "{field}");
    }
    let given = answers(&mut client, &items[0]);
    let expected = [("replacement", "No"), ("originalnumber", "555"), ("data_plan", "1GB")];
    assert_eq!(given, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(rows(&client.get("/api/now/table/sc_task", &[])).is_empty());

    let made = order(&mut client, TABLET, &json!({"sysparm_quantity": "1"}));
    let request = client.record("sc_request", "sys_id", &text(&made, "request_id"));
    assert_eq!((text(&request, "approval"), text(&request, "request_state")), ("approved".into(), "in_process".into()));
    let item = requested(&mut client, &made).remove(0);
    let task = client.record("sc_task", "request_item", &text(&item, "sys_id"));
    assert_eq!(
        (text(&task, "number"), text(&task, "request"), text(&task, "state"), text(&item, "stage")),
        ("SCTASK0010001".into(), text(&made, "request_id"), "1".into(), "fulfillment".into())
    );
}

#[test]
fn order_is_checked_for_quantity_then_access_then_answers() {
    let mut client = Client::with_rows(3);
    let now = |item: &str| format!("/items/{item}/order_now");
    let quantity = (400, "Invalid Quantity value".to_owned());
    let access = (400, "Security constraints prevent ordering of Item".to_owned());
    let mandatory = (400, "Mandatory Variables are required".to_owned());
    for (item, body, expected) in [
        ("none", json!({}), &quantity),
        (EMAIL, json!({"sysparm_quantity": "-1"}), &quantity),
        (EMAIL, json!({"sysparm_quantity": "one"}), &quantity),
        (EMAIL, json!({"sysparm_quantity": 1.5}), &quantity),
        ("none", json!({"sysparm_quantity": "1"}), &access),
        (EMAIL, json!({"sysparm_quantity": "1"}), &mandatory),
        (EMAIL, json!({"sysparm_quantity": "+1", "variables": {"new_email": ""}}), &mandatory),
        (EMAIL, json!({"sysparm_quantity": "1", "variables": "new_email"}), &mandatory),
    ] {
        let reply = post(&mut client, &now(item), &body);
        assert_eq!(&refused(&reply), expected, "{item} {body}");
        assert_eq!((&reply.as_json()["error"]["detail"], &reply.as_json()["status"]), (&json!(""), &json!("failure")));
    }
    // A mandatory variable of a set counts although the item does not list it.
    let server = text(&client.record("sc_cat_item", "name", "Virtual Server"), "sys_id");
    let own = json!({"operating_system": "rhel9", "environment": "test"});
    let reply = post(&mut client, &now(&server), &json!({"sysparm_quantity": "1", "variables": own}));
    assert_eq!(refused(&reply), mandatory);
    // An answer may stand under the identifier, as the portal sends it; and the check may be left out.
    let portal = json!({"sysparm_quantity": "1", "variables": {"IO:65865e474fbb4200086eeed18110c7dd": "a@b.example"}});
    let made = order(&mut client, EMAIL, &portal);
    let item = requested(&mut client, &made).remove(0);
    assert_eq!(answers(&mut client, &item), [("new_email".to_owned(), "a@b.example".to_owned())]);
    order(&mut client, EMAIL, &json!({"sysparm_quantity": "1", "sysparm_no_validation": "true"}));
    // What fails inside the order is not found.
    let producer = post(&mut client, &now(INCIDENT), &json!({"sysparm_quantity": "1", "variables": {"comments": "x"}}));
    assert_eq!(refused(&producer), (404, "Invalid Request".into()));
    let malformed =
        client.send(Request::new("POST", &format!("{CATALOG}{}", now(VPN))).with_body("application/json", "{'a'"));
    assert_eq!(malformed.status, 400);
    let form = client.send(Request::new("POST", &format!("{CATALOG}{}", now(VPN))).with_body("text/plain", "a"));
    assert_eq!(form.status, 415);
}

#[test]
fn order_now_takes_the_whole_cart_unless_it_has_its_own() {
    let mut client = Client::with_rows(3);
    let one = json!({"sysparm_quantity": "1"});
    post(&mut client, &format!("/items/{TABLET}/add_to_cart"), &one);
    let made = order(&mut client, VPN, &one);
    let items: Vec<String> = requested(&mut client, &made).iter().map(|item| text(item, "cat_item")).collect();
    assert_eq!(items, [TABLET, VPN]);
    let alone = order(&mut client, VPN, &one);
    assert_eq!(requested(&mut client, &alone).len(), 1);

    set_property(&mut client, "glide.sc.enable_order_now", "true");
    post(&mut client, &format!("/items/{TABLET}/add_to_cart"), &one);
    let made = order(&mut client, VPN, &one);
    assert_eq!(requested(&mut client, &made).len(), 1);
    let cart = result(&client.get(&format!("{CATALOG}/cart"), &[]));
    assert_eq!(cart["none"]["items"][0]["catalog_item_id"], TABLET);
}

#[test]
fn cart_adds_up_by_how_often_prices_recur() {
    let mut client = Client::with_rows(3);
    let empty = result(&client.get(&format!("{CATALOG}/cart"), &[]));
    assert_eq!((text(&empty, "subtotal_price"), empty.get("none")), ("$0.00".into(), None));
    let laptop = json!({"sysparm_quantity": "3", "variables": {"acrobat": "true"}});
    let added = result(&post(&mut client, &format!("/items/{LAPTOP}/add_to_cart"), &laptop));
    assert_eq!((&added["subtotal"], &added["cart_id"]), (&json!("$3,300.00"), &empty["cart_id"]));
    assert_eq!(added["items"][0]["recurring_frequency"], "Annually");
    post(&mut client, &format!("/items/{TABLET}/add_to_cart"), &json!({"sysparm_quantity": "2"}));
    let cart = result(&client.get(&format!("{CATALOG}/cart"), &[]));
    assert_eq!(
        (text(&cart, "subtotal_price"), text(&cart, "subtotal_recurring_price"), text(&cart, "show_subtotal_price")),
        ("$4,500.00".into(), "$300.00".into(), "true".into())
    );
    let yearly = &cart["yearly"];
    assert_eq!((&yearly["frequency_label"], &yearly["subtotal_price"]), (&json!("Annually"), &json!("$3,300.00")));
    let line = &yearly["items"][0];
    for (member, value) in [
        (
            "variables",
            json!({"Optional Software": "", "Adobe Acrobat": "true", "Adobe Photoshop": "", "Additional software requirements": ""}),
        ),
        ("quantity", json!("3")),
        ("price", json!("$1,100.00")),
        ("subtotal", json!(3300)),
        ("recurring_subtotal_price", json!("$300.00")),
        ("delivery_time", json!("5 Days")),
        ("created_by", json!("practice.integration")),
        ("item_id", json!(LAPTOP)),
    ] {
        assert_eq!(line[member], value, "{member}");
    }

    let tablet = text(&cart["none"]["items"][0], "cart_item_id");
    let changed = client.write("PUT", &format!("{CATALOG}/cart/{tablet}"), &json!({"sysparm_quantity": "1"}));
    assert_eq!((changed.status, &changed.as_json()["result"]["subtotal_price"]), (201, &json!("$3,900.00")));
    let wrong = client.write("PUT", &format!("{CATALOG}/cart/{tablet}"), &json!({}));
    assert_eq!(refused(&wrong), (400, "Invalid Quantity value".into()));
    let delete = |path: String| Request::new("DELETE", &format!("{CATALOG}/cart/{path}"));
    assert_eq!(client.send_as("practice.agent", delete(tablet.clone())).status, 400);
    assert_eq!(client.send(delete(tablet.clone())).status, 204);
    assert_eq!(client.send(delete(tablet)).status, 400);
    let id = text(&cart, "cart_id");
    assert_eq!(client.send_as("practice.agent", delete(format!("{id}/empty"))).status, 400);
    assert_eq!(client.send_as("practice.catalog", delete(format!("{id}/empty"))).status, 204);
    assert_eq!(client.record("sc_cart_item", "cart", &id), Value::Null);
    let nothing = post(&mut client, "/cart/checkout", &json!({}));
    assert_eq!(refused(&nothing), (400, "Cannot check out with an empty cart!".into()));
}

#[test]
fn checkout_has_one_step_or_two() {
    let mut client = Client::with_rows(3);
    let add =
        |client: &mut Client| post(client, &format!("/items/{VPN}/add_to_cart"), &json!({"sysparm_quantity": "1"}));
    add(&mut client);
    let placed = result(&client.send(Request::new("POST", &format!("{CATALOG}/cart/checkout"))));
    assert_eq!(text(&placed, "request_number"), "REQ0010001");
    assert_eq!(requested(&mut client, &placed).len(), 1);

    set_property(&mut client, "glide.sc.checkout.twostep", "true");
    // With two steps an order goes into the cart and no further.
    let quick = order(&mut client, VPN, &json!({"sysparm_quantity": "1"}));
    assert_eq!(
        quick.as_object().map(|members| members.keys().cloned().collect::<Vec<_>>()),
        Some(vec!["cart_id".to_owned()])
    );
    let shown = result(&post(&mut client, "/cart/checkout", &json!({})));
    let user = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
    assert_eq!((text(&shown, "requested_for"), &shown["cart_id"]), (user, &quick["cart_id"]));
    let placed = result(&post(&mut client, "/cart/submit_order", &json!({})));
    assert_eq!(text(&placed, "request_number"), "REQ0010002");
    assert_eq!(refused(&post(&mut client, "/cart/submit_order", &json!({}))).0, 400);
}

#[test]
fn order_for_others_needs_their_right_and_the_callers() {
    let mut client = Client::with_rows(3);
    let agent = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    let visitor = text(&client.record("sys_user", "user_name", "practice.visitor"), "sys_id");
    let made = order(&mut client, VPN, &json!({"sysparm_quantity": "1", "sysparm_requested_for": agent}));
    let request = client.record("sc_request", "sys_id", &text(&made, "request_id"));
    assert_eq!(text(&request, "requested_for"), agent);
    assert_ne!(text(&request, "opened_by"), agent);

    let workspace = text(&client.record("sc_cat_item", "name", "Project Workspace"), "sys_id");
    let variables = json!({"project_name": "Moon", "project_manager": agent});
    let several = json!({"sysparm_quantity": "1", "variables": variables, "sysparm_also_request_for": format!("{agent},{visitor}")});
    let made = order(&mut client, &workspace, &several);
    let items = requested(&mut client, &made);
    assert_eq!(items.len(), 3);
    assert_eq!((text(&items[1], "requested_for"), text(&items[2], "requested_for")), (agent.clone(), visitor));
    // One name that is no user refuses the whole order, as does an item without the variable.
    let mut one_wrong = several.clone();
    one_wrong["sysparm_also_request_for"] = json!(format!("{agent},nobody"));
    let before = rows(&client.get("/api/now/table/sc_request", &[])).len();
    for (item, body) in [(workspace.as_str(), &one_wrong), (VPN, &several)] {
        let reply = post(&mut client, &format!("/items/{item}/order_now"), body);
        assert_eq!(refused(&reply), (404, "Invalid Request".into()), "{item}");
    }
    assert_eq!(rows(&client.get("/api/now/table/sc_request", &[])).len(), before);
    let invalid = post(
        &mut client,
        &format!("/items/{workspace}/get_invalid_delegated_users"),
        &json!({"sysparm_also_request_for": format!("{agent},nobody")}),
    );
    assert_eq!(result(&invalid), json!({"invalidUsers": ["nobody"]}));
    let none = post(&mut client, &format!("/items/{VPN}/get_invalid_delegated_users"), &json!({}));
    assert_eq!(result(&none)["errCode"], "42202");
    for (user, entitled) in [(agent.as_str(), true), ("nobody", false)] {
        let reply = client.get(&format!("{CATALOG}/items/{VPN}/delegation/{user}"), &[]);
        assert_eq!(result(&reply), json!({"result": entitled}), "{user}");
    }

    set_property(&mut client, "glide.sc.req_for.roles.default", "deny");
    let denied = post(
        &mut client,
        &format!("/items/{VPN}/order_now"),
        &json!({"sysparm_quantity": "1", "sysparm_requested_for": agent}),
    );
    assert_eq!(refused(&denied), (404, "Invalid Request".into()));
    let address = client.get(&format!("{CATALOG}/cart/delivery_address/{agent}"), &[]);
    assert_eq!(address.status, 400);
    set_property(&mut client, "glide.sc.req_for.roles", "itil");
    order(&mut client, VPN, &json!({"sysparm_quantity": "1", "sysparm_requested_for": agent}));
}

#[test]
fn multi_row_set_is_answered_by_a_text_of_rows() {
    let mut client = Client::with_rows(3);
    let rule = text(&client.record("sc_cat_item", "name", "Firewall Rule"), "sys_id");
    let rules =
        json!([{"source": "10.0.0.1", "destination": "10.0.0.2"}, {"source": "10.0.0.3", "destination": "10.0.0.4"}]);
    let body =
        json!({"sysparm_quantity": "1", "variables": {"reason": "New service", "firewall_rules": rules.to_string()}});
    let made = order(&mut client, &rule, &body);
    let item = requested(&mut client, &made).remove(0);
    let parameters = [
        ("sysparm_query", format!("parent_id={}^item_option_new.name=source^ORDERBYrow_index", text(&item, "sys_id"))),
        ("sysparm_fields", "row_index,value,parent_table_name".to_owned()),
    ];
    let parameters = parameters.each_ref().map(|(name, value)| (*name, value.as_str()));
    let kept = rows(&client.get("/api/now/table/sc_multi_row_question_answer", &parameters));
    let kept: Vec<_> = kept.iter().map(|row| (text(row, "row_index"), text(row, "value"))).collect();
    assert_eq!(kept, [("0".to_owned(), "10.0.0.1".to_owned()), ("1".to_owned(), "10.0.0.3".to_owned())]);
}

#[test]
fn requested_item_made_by_table_has_no_answers() {
    let mut client = Client::with_rows(3);
    let made =
        client.write("POST", "/api/now/table/sc_req_item", &json!({"cat_item": PHONE, "short_description": "Phone"}));
    let item = result(&made);
    assert_eq!((made.status, text(&item, "state"), text(&item, "quantity")), (201, "1".into(), "1".into()));
    assert!(answers(&mut client, &item).is_empty());
    assert_eq!(client.record("sc_task", "request_item", &text(&item, "sys_id")), Value::Null);
}

#[test]
fn wish_list_is_kept_apart_from_the_cart() {
    let mut client = Client::with_rows(3);
    let added =
        result(&post(&mut client, &format!("/items/{EMAIL}/add_to_wishlist"), &json!({"sysparm_quantity": "1"})));
    assert_eq!(added["items"][0]["variables"], json!({"Preferred Email address": ""}));
    let line = text(&added["items"][0], "cart_item_id");
    let listed = result(&client.get(&format!("{CATALOG}/wishlist"), &[]));
    assert_eq!((&listed["items"][0]["cart_item_id"], &listed["cart_id"]), (&json!(line), &added["cart_id"]));
    assert_eq!(result(&client.get(&format!("{CATALOG}/wishlist/{line}"), &[]))["delivery_time"], "2 Days");
    assert_eq!(client.get(&format!("{CATALOG}/wishlist/none"), &[]).status, 404);
    assert_eq!(refused(&post(&mut client, "/cart/submit_order", &json!({}))).0, 400);
}

#[test]
fn answer_has_a_display_value() {
    let mut client = Client::with_rows(3);
    let manager = text(&client.record("item_option_new", "name", "project_manager"), "sys_id");
    let plan = text(&client.record("item_option_new", "name", "environment"), "sys_id");
    let agent = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    for (variable, value, shown) in [(&manager, agent.as_str(), "Practice Agent"), (&plan, "production", "Production")]
    {
        let reply =
            post(&mut client, &format!("/variables/{variable}/display_value"), &json!({"sysparm_value": value}));
        assert_eq!(result(&reply), shown);
    }
    assert_eq!(post(&mut client, "/variables/none/display_value", &json!({})).status, 404);
}

#[test]
fn order_takes_the_items_of_an_order_in_progress_once_more() {
    let mut client = Client::with_rows(3);
    client.instance.switches_mut().delay_ms = 500;
    let named = |name: &str| json!({"sysparm_quantity": "1", "variables": {"new_email": name}});
    let first = order(&mut client, EMAIL, &named("ada@example.com"));
    client.now += 300;
    let second = order(&mut client, EMAIL, &named("bob@example.com"));
    assert_eq!(requested(&mut client, &first).len(), 1);
    let items = requested(&mut client, &second);
    let values: Vec<String> = items.iter().map(|item| answers(&mut client, item)[0].1.clone()).collect();
    assert_eq!(values, ["ada@example.com", "bob@example.com"]);
    let kept = rows(&client.get("/api/now/table/sc_item_option", &[("sysparm_fields", "sys_id")]));
    let ids: std::collections::BTreeSet<String> = kept.iter().map(|row| text(row, "sys_id")).collect();
    assert_eq!((kept.len(), ids.len()), (5, 5));
    // When the first order has ended only the second one's item is in the cart.
    client.now += 300;
    let cart = result(&client.get(&format!("{CATALOG}/cart"), &[]));
    assert_eq!(cart["none"]["items"].as_array().map(Vec::len), Some(1));
    client.now += 500;
    let third = order(&mut client, EMAIL, &named("eve@example.com"));
    assert_eq!(requested(&mut client, &third).len(), 1);

    set_property(&mut client, "glide.sc.enable_order_now", "true");
    client.now += 500;
    order(&mut client, EMAIL, &named("ada@example.com"));
    let alone = order(&mut client, EMAIL, &named("bob@example.com"));
    assert_eq!(requested(&mut client, &alone).len(), 1);
}
