//! Replies of the Service Catalog to orders.

use super::at;
use crate::request::Method;

#[test]
fn catalog_says_which_check_of_an_order_failed() {
    let item = "/api/sn_sc/servicecatalog/items/04b7e94b4f7b4200086eeed18110c7fd";
    let order = &format!("{item}/order_now");
    for (method, path, status, message, code) in [
        (Method::Post, order.as_str(), 400, "Invalid Quantity value", "catalog.quantity"),
        (Method::Put, "/api/sn_sc/v1/servicecatalog/cart/x", 400, "Invalid Quantity value", "catalog.quantity"),
        (Method::Post, order, 400, "Security constraints prevent ordering of Item", "catalog.item-refused"),
        (Method::Get, item, 400, "Kein Zugriff", "catalog.item-refused"),
        (Method::Post, order, 400, "Mandatory Variables are required", "catalog.answer-missing"),
        (Method::Post, order, 400, "Mandatory variables are not filled", "catalog.answer-missing"),
        (Method::Post, order, 400, "Exception while reading request", "request.unreadable"),
        (Method::Post, order, 404, "Invalid Request", "catalog.order-failed"),
        (Method::Post, "/api/x/items/1", 404, "Invalid Request", "path.unknown"),
        (Method::Post, "/api/sn_sc/servicecatalog/cart/checkout", 400, "Leerer Warenkorb", "catalog.cart-empty"),
        (Method::Post, "/api/sn_sc/servicecatalog/cart/submit_order", 400, "", "catalog.cart-empty"),
    ] {
        let text = format!(r#"{{"error":{{"message":"{message}","detail":""}},"status":"failure"}}"#);
        assert_eq!(at(method, path, status, &text).diagnosis.code.as_str(), code, "{path} {message}");
    }
}
