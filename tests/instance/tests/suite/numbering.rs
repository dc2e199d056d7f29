//! Numbers of new records: formats in `sys_number`, the last number in `sys_number_counter`.

use crate::client::{Client, text};

use serde_json::{Value, json};

fn number(client: &mut Client, table: &str) -> String {
    let id = client.add(table, &json!({}));
    text(&client.record(table, "sys_id", &id), "number")
}

fn counter(client: &mut Client, table: &str) -> String {
    text(&client.record("sys_number_counter", "table", table), "number")
}

#[test]
fn counter_holds_the_number_that_was_given_last() {
    let mut client = Client::with_rows(30);
    let format = client.record("sys_number", "category", "incident");
    assert_eq!(["prefix", "maximum_digits"].map(|column| text(&format, column)), ["INC", "7"]);
    assert_eq!(client.record("sys_db_object", "name", "incident")["number_ref"], format["sys_id"]);
    assert_eq!(counter(&mut client, "incident"), "30");
    assert_eq!((number(&mut client, "incident"), counter(&mut client, "incident")), ("INC0000031".into(), "31".into()));
    let given = client.add("incident", &json!({"number": "INC0099999"}));
    assert_eq!(text(&client.record("incident", "sys_id", &given), "number"), "INC0099999");
    assert_eq!(counter(&mut client, "incident"), "31", "a number that the caller sends is not counted");
}

#[test]
fn import_sets_and_orders_are_counted_too() {
    let mut client = Client::with_rows(3);
    let imported = client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "ada"})).as_json();
    assert_eq!(
        (text(&imported, "import_set"), counter(&mut client, "sys_import_set")),
        ("ISET0010001".into(), "10001".into())
    );
    let order = json!({"sysparm_quantity": "1", "variables": {}, "sysparm_no_validation": "true"});
    let vpn = "/api/sn_sc/servicecatalog/items/8b3ae7fedc1be1004ece5c08239e522b/order_now";
    let ordered: Value = client.write("POST", vpn, &order).as_json();
    let number = text(&ordered["result"], "number");
    assert_eq!(number, format!("REQ{:0>7}", counter(&mut client, "sc_request")));
}

#[test]
fn changed_format_and_counter_decide_the_next_number() {
    let mut client = Client::with_rows(3);
    client.update_record("sys_number", "category", "incident", &json!({"number": "5000"}));
    assert_eq!(number(&mut client, "incident"), "INC0005000");
    client.update_record("sys_number", "category", "incident", &json!({"number": "100"}));
    assert_eq!(number(&mut client, "incident"), "INC0005001", "the counter does not go back to a lower base");
    client.update_record("sys_number_counter", "table", "incident", &json!({"number": "7000"}));
    client.update_record("sys_number", "category", "incident", &json!({"prefix": "ABC", "maximum_digits": "2"}));
    assert_eq!(number(&mut client, "incident"), "ABC7001");
    client.update_record("sys_number", "category", "incident", &json!({"maximum_digits": "none"}));
    assert_eq!(number(&mut client, "incident"), "ABC0007002");
}

#[test]
fn table_without_a_format_has_that_of_the_table_it_extends() {
    let mut client = Client::with_rows(3);
    let id = text(&client.record("sys_number", "category", "change_task"), "sys_id");
    let request = sysparm_instance::Request::new("DELETE", &format!("/api/now/table/sys_number/{id}"));
    assert_eq!(client.send_as("practice.admin", request).status, 204);
    assert!(number(&mut client, "change_task").starts_with("TASK"));
    client.add("sys_number", &json!({"category": "change_task", "prefix": "CT"}));
    assert_eq!(number(&mut client, "change_task"), "CT0001000", "the base is 1000 unless it is given");
}
