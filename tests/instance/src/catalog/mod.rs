//! The Service Catalog API: catalogs, categories and items, the cart, orders and record producers ("Service Catalog API" in the
//! REST API reference; the checks of an order and their texts in KB0717979).

mod access;
mod answers;
mod browse;
mod cart;
mod delegation;
mod guide;
mod items;
mod lines;
mod order;
mod place;
mod price;
mod producer;
mod script;
mod variable_types;
mod variables;
mod wish_list;

use serde_json::{Map, Value, json};

use crate::exchange::Reply;
use crate::instance::Instance;
use crate::refusal::Refusal;
use crate::store::Store;
use crate::table_api::Call;

/// The handler of an endpoint of this API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CatalogOperation {
    Catalogs,
    Catalog,
    Categories,
    Category,
    Items,
    Item,
    OrderNow,
    AddToCart,
    SubmitProducer,
    Cart,
    UpdateCart,
    RemoveFromCart,
    EmptyCart,
    Checkout,
    SubmitOrder,
    DeliveryAddress,
    Delegation,
    InvalidDelegates,
    DisplayValue,
    WishList,
    WishListItem,
    AddToWishList,
    SubmitGuide,
    CheckoutGuide,
}

/// What a handler knows of its request.
#[derive(Clone, Copy)]
struct Context<'a> {
    call: &'a Call<'a>,
    /// Distinguishes the rows of this request from those of every other.
    unique: u64,
    now: u64,
}

/// A line that stays in its cart until the order that took it ends.
#[derive(Debug)]
pub(crate) struct Leaving {
    line: String,
    due: u64,
}

/// Takes the lines of ended orders out of their carts.
pub(crate) fn advance(store: &mut Store, leaving: &mut Vec<Leaving>, now: u64) {
    leaving.retain(|one| {
        let stays = one.due > now;
        if !stays {
            lines::remove(store, &one.line);
        }
        stays
    });
}

pub(crate) fn answer(
    instance: &mut Instance,
    call: &Call<'_>,
    operation: CatalogOperation,
    captured: &[&str],
    unique: u64,
    now: u64,
) -> Result<Reply, Refusal> {
    let (store, leaving) = (&mut instance.store, &mut instance.leaving);
    let ends = now.saturating_add(instance.switches.delay_ms);
    let context = Context { call, unique, now };
    let id = captured.first().copied().unwrap_or_default();
    match operation {
        CatalogOperation::Catalogs => Ok(browse::catalogs(store, call)),
        CatalogOperation::Catalog => browse::catalog(store, call, id),
        CatalogOperation::Categories => browse::categories(store, call, id),
        CatalogOperation::Category => browse::category(store, call, id),
        CatalogOperation::Items => Ok(items::list(store, call)),
        CatalogOperation::Item => items::read(store, call, id),
        CatalogOperation::OrderNow => order::order_now(store, leaving, context, (id, ends)),
        CatalogOperation::AddToCart => cart::add(store, context, id),
        CatalogOperation::SubmitProducer => producer::submit(store, context, id),
        CatalogOperation::Cart => cart::read(store, context),
        CatalogOperation::UpdateCart => cart::update(store, context, id),
        CatalogOperation::RemoveFromCart => cart::remove(store, context, id),
        CatalogOperation::EmptyCart => cart::empty(store, context, id),
        CatalogOperation::Checkout => order::checkout(store, context),
        CatalogOperation::SubmitOrder => order::submit(store, context),
        CatalogOperation::DeliveryAddress => delegation::address(store, call, id),
        CatalogOperation::Delegation => {
            Ok(delegation::delegation(store, call, id, captured.get(1).copied().unwrap_or_default()))
        }
        CatalogOperation::InvalidDelegates => delegation::invalid_delegates(store, call, id),
        CatalogOperation::DisplayValue => variables::display_value(store, call, id),
        CatalogOperation::WishList => wish_list::list(store, context),
        CatalogOperation::WishListItem => wish_list::read(store, context, id),
        CatalogOperation::AddToWishList => wish_list::add(store, context, id),
        CatalogOperation::SubmitGuide => guide::submit(store, call, id),
        CatalogOperation::CheckoutGuide => guide::checkout(store, context, id),
    }
}

fn result(of: &Value) -> Reply {
    Reply::json(200, json!({ "result": of }).to_string())
}

/// A refusal by a script of this API, whose `detail` is empty (KB0656003).
fn bad_request(message: &str) -> Refusal {
    Refusal::new(400, message, Some(""))
}

/// An item that does not exist or that the caller may not see.
fn not_viewable() -> Refusal {
    bad_request("Security constraints prevent ordering of Item")
}

/// Any exception inside an order (KB0717979).
fn exception() -> Refusal {
    Refusal::new(404, "Invalid Request", Some(""))
}

/// The members of a body; an empty body has none.
fn body(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    if call.request.body.is_empty() {
        return Ok(Map::new());
    }
    if !call.request.is_of_type("application/json") {
        return Err(Refusal::new(415, "Unsupported media type", Some("Content-Type must be application/json")));
    }
    let parsed: Value =
        serde_json::from_slice(&call.request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
    match parsed {
        Value::Object(members) => Ok(members),
        _ => Err(Refusal::unreadable_body("expected a JSON object")),
    }
}

/// A member as the script of the platform reads it: as a text, whatever its type.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A text of the API that is `null` where the record has none.
fn or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}
