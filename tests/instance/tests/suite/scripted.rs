//! Scripted REST APIs that a user defines in JSON: paths, templates, versions, formats and refusals.

use crate::client::{Client, text};

use serde_json::{Value, json};
use sysparm_instance::{Reply, Request};

/// An API of the namespace `x_acme` with one resource.
fn define(client: &mut Client, resource: &Value) -> String {
    let service =
        client.add("sys_ws_definition", &json!({"name": "Orders", "namespace": "x_acme", "service_id": "orders"}));
    add_resource(client, &service, resource);
    service
}

fn add_resource(client: &mut Client, service: &str, resource: &Value) {
    let mut resource = resource.clone();
    resource["web_service_definition"] = service.into();
    resource["operation_script"] = resource["operation_script"].to_string().into();
    client.add("sys_ws_operation", &resource);
}

fn get(client: &mut Client, path: &str) -> Reply {
    client.send(Request::new("GET", path))
}

#[test]
fn resource_answers_with_its_template_filled_in() {
    let mut client = Client::with_rows(3);
    let script = json!({
        "status": 202,
        "headers": {"X-Order": "${path.id}"},
        "body": {"id": "${path.id}", "all": ["${query.limit}", 1, "${query.none}"], "by": "${user.user_name}"},
    });
    define(&mut client, &json!({"relative_path": "/order/{id}", "operation_script": script}));
    let reply = get(&mut client, "/api/x_acme/orders/order/A%2F7?limit=5");
    assert_eq!((reply.status, reply.header("X-Order")), (202, Some("A/7")));
    let expected = json!({"result": {"id": "A/7", "all": ["5", 1, ""], "by": "practice.integration"}});
    assert_eq!(reply.as_json(), expected);
    let as_xml = Request::new("GET", "/api/x_acme/orders/order/7").with_header("Accept", "text/xml");
    assert!(String::from_utf8_lossy(client.send(as_xml).bytes()).contains("<id>7</id>"));
}

#[test]
fn body_of_a_request_fills_the_template() {
    let mut client = Client::with_rows(3);
    let script = json!({"status": 201, "body": {"got": "${body.item.name}", "whole": "${body.item}"}});
    define(&mut client, &json!({"http_method": "POST", "operation_script": script}));
    let reply = client.write("POST", "/api/x_acme/orders", &json!({"item": {"name": "pen"}}));
    assert_eq!((reply.status, &reply.as_json()["result"]["got"]), (201, &json!("pen")));
    let xml = Request::new("POST", "/api/x_acme/orders")
        .with_body("application/xml", "<request><entry><item><name>ink</name></item></entry></request>");
    assert_eq!(client.send(xml).as_json()["result"]["got"], "ink");
    let broken = Request::new("POST", "/api/x_acme/orders").with_body("application/json", "{");
    assert_eq!(client.send(broken).status, 400);
}

#[test]
fn unknown_path_method_and_formats_are_refused() {
    let mut client = Client::with_rows(3);
    let script = json!({"body": "plain"});
    define(
        &mut client,
        &json!({"http_method": "POST", "relative_path": "/in", "consumes": "text/*", "produces": "text/csv", "operation_script": script}),
    );
    let unknown = get(&mut client, "/api/x_acme/orders/other");
    let message = "Requested URI does not represent any resource";
    assert_eq!((unknown.status, &unknown.as_json()["error"]["message"]), (400, &json!(message)));
    assert_eq!(get(&mut client, "/api/x_other/orders/in").status, 400);
    assert_eq!(get(&mut client, "/api/x_acme/orders/in").status, 405);
    let post = |kind: &str, accept: &str| {
        Request::new("POST", "/api/x_acme/orders/in").with_body(kind, "a,b").with_header("Accept", accept)
    };
    assert_eq!(client.send(post("application/json", "*/*")).status, 415);
    assert_eq!(client.send(post("text/csv", "application/json")).status, 406);
    let taken = client.send(post("text/csv; charset=utf-8", "text/csv"));
    assert_eq!((taken.status, taken.header("Content-Type")), (200, Some("text/csv")));
}

#[test]
fn template_refuses_with_the_platforms_envelope() {
    let mut client = Client::with_rows(3);
    let script = json!({"status": 404, "error": {"message": "No order ${path.id}", "detail": "none"}});
    let service = define(&mut client, &json!({"relative_path": "/order/{id}", "operation_script": script}));
    let reply = get(&mut client, "/api/x_acme/orders/order/7");
    let envelope = json!({"error": {"message": "No order 7", "detail": "none"}, "status": "failure"});
    assert_eq!((reply.status, reply.as_json()), (404, envelope));
    add_resource(&mut client, &service, &json!({"relative_path": "/bad", "operation_script": ["no", "object"]}));
    assert_eq!(get(&mut client, "/api/x_acme/orders/bad").status, 500);
    let header = json!({"headers": {"X-Bad": "${query.line}"}});
    add_resource(&mut client, &service, &json!({"relative_path": "/header", "operation_script": header}));
    assert_eq!(get(&mut client, "/api/x_acme/orders/header?line=a%0Ab").status, 500);
}

#[test]
fn resource_may_need_a_role_or_no_authentication() {
    let mut client = Client::with_rows(3);
    let script = json!({"role": "order_reader", "body": {}});
    let service = define(&mut client, &json!({"relative_path": "/closed", "operation_script": script}));
    let refused = get(&mut client, "/api/x_acme/orders/closed");
    assert_eq!((refused.status, text(&refused.as_json()["error"], "message")), (403, "User Not Authorized".into()));
    let by_admin = client.send_as("practice.admin", Request::new("GET", "/api/x_acme/orders/closed"));
    assert_eq!(by_admin.status, 200);
    let open = json!({"relative_path": "/open", "requires_authentication": "false", "operation_script": {"body": "${user.user_name}"}});
    add_resource(&mut client, &service, &open);
    let now = client.now;
    let mut anonymous = |path: &str| client.instance.handle(&Request::new("GET", path), now);
    let reply = anonymous("/api/x_acme/orders/open");
    assert_eq!((reply.status, &reply.as_json()["result"]), (200, &json!("guest")));
    assert_eq!(anonymous("/api/x_acme/orders/closed").status, 401);
}

#[test]
fn version_in_the_path_selects_a_resource() {
    let mut client = Client::with_rows(3);
    let service = define(&mut client, &json!({"relative_path": "/free", "operation_script": {"body": "none"}}));
    for (version, default) in [("v1", "false"), ("v2", "true")] {
        let row = json!({"web_service_definition": service, "version_id": version, "is_default": default});
        let id = client.add("sys_ws_version", &row);
        let resource = json!({"relative_path": "/", "web_service_version": id, "operation_script": {"body": version}});
        add_resource(&mut client, &service, &resource);
    }
    let mut result = |path: &str| get(&mut client, path).as_json()["result"].clone();
    assert_eq!(result("/api/x_acme/v1/orders"), "v1");
    assert_eq!(result("/api/x_acme/v2/orders"), "v2");
    assert_eq!(result("/api/x_acme/orders"), "v2");
    assert_eq!(result("/api/x_acme/v3/orders"), json!(null));
    assert_eq!(result("/api/x_acme/orders/free"), "none");
}

#[test]
fn description_lists_the_defined_routes() {
    let mut client = Client::with_rows(3);
    define(&mut client, &json!({"name": "One order", "relative_path": "/order/{id}", "operation_script": {}}));
    let request = Request::new("GET", "/__practice/openapi.json").with_header("Host", "127.0.0.1");
    let description = client.instance.handle(&request, client.now).as_json();
    let operation = &description["paths"]["/api/x_acme/orders/order/{id}"]["get"];
    assert_eq!((&operation["summary"], &operation["parameters"][0]["name"]), (&json!("One order"), &json!("id")));
}

#[test]
fn placeholders_cannot_make_a_reply_of_any_size() {
    let mut client = Client::with_rows(3);
    let script = json!({"body": vec!["${query.text}"; 3000]});
    define(&mut client, &json!({"operation_script": script}));
    let path = format!("/api/x_acme/orders?text={}", "x".repeat(6000));
    assert_eq!(get(&mut client, &path).status, 500);
}
