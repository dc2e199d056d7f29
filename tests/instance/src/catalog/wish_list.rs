//! The wish list: a cart of its own, which is never checked out.

use serde_json::{Value, json};

use crate::exchange::Reply;
use crate::records;
use crate::refusal::Refusal;
use crate::store::{Full, Store};

use super::cart::{described, fill, with_answers};
use super::lines::{self, WISHES};
use super::order::{checked, wanted};
use super::{Context, body, exception, result};

pub(super) fn list(store: &mut Store, context: Context<'_>) -> Result<Reply, Refusal> {
    let cart = lines::open(store, context, WISHES).map_err(|Full| Refusal::store_full())?;
    let items: Vec<Value> = lines::of_cart(store, &cart).iter().map(|line| described(store, line)).collect();
    Ok(result(&json!({ "cart_id": cart, "items": items })))
}

pub(super) fn read(store: &Store, context: Context<'_>, line: &str) -> Result<Reply, Refusal> {
    let cart = lines::cart(store, context.call.caller.user_id, WISHES).ok_or_else(exception)?;
    let line = records::by_id(store, "sc_cart_item", line).filter(|line| line.text("cart") == cart.id());
    Ok(result(&with_answers(store, &line.ok_or_else(exception)?)))
}

/// Mandatory variables may wait until the item is ordered: the API's sample leaves them open.
pub(super) fn add(store: &mut Store, context: Context<'_>, item: &str) -> Result<Reply, Refusal> {
    let mut body = body(context.call)?;
    body.insert("sysparm_no_validation".into(), "true".into());
    let quantity = checked(store, context.call, item, &body)?;
    let wanted = wanted(store, context.call, item, quantity, &body)?;
    let cart = fill(store, context, WISHES, &wanted)?;
    let items: Vec<Value> = lines::of_cart(store, &cart).iter().map(|line| with_answers(store, line)).collect();
    Ok(result(&json!({ "cart_id": cart, "items": items })))
}
