//! Ordering: the checks in the order of the platform's own script (KB0717979), then the cart becomes a request.

use serde_json::{Map, Value, json};

use crate::exchange::Reply;
use crate::records::{self, is_set, property};
use crate::refusal::Refusal;
use crate::store::{Full, Store};
use crate::table_api::Call;

use super::access::{self, Person, can_view, item};
use super::lines::{self, SHOPPING, Wanted, rows_of};
use super::place::{Placed, place};
use super::{
    Context, Leaving, answers, bad_request, body, cart, delegation, exception, items, not_viewable, result, text,
};

/// Whether the checkout has two steps: the cart is looked at before it is ordered ("Service Catalog checkout models").
fn has_two_steps(store: &Store) -> bool {
    is_set(store, "glide.sc.checkout.twostep")
}

/// Orders an item. The order ends at `ends`; until then its lines are in the cart, where another order takes them once more
/// (KB0813822).
pub(super) fn order_now(
    store: &mut Store,
    leaving: &mut Vec<Leaving>,
    context: Context<'_>,
    (item, ends): (&str, u64),
) -> Result<Reply, Refusal> {
    let body = body(context.call)?;
    let quantity = checked(store, context.call, item, &body)?;
    let wanted = wanted(store, context.call, item, quantity, &body)?;
    // Without the property the item joins the shopping cart, and all that is in it is ordered ("Service Catalog properties", KB0813822).
    let own_cart = format!("cart_{item}");
    let alone = is_set(store, "glide.sc.enable_order_now");
    let name = if alone { own_cart.as_str() } else { SHOPPING };
    let filled = cart::fill(store, context, name, &wanted)?;
    if has_two_steps(store) {
        return Ok(result(&json!({ "cart_id": filled })));
    }
    let full = |Full| Refusal::store_full();
    let taken = if alone || ends <= context.now { Vec::new() } else { lines::taken(store, &filled) };
    let Placed { id, number } = place(store, context, &filled).map_err(full)?;
    for (old, wanted) in taken {
        let line = lines::add(store, context, &filled, &wanted).map_err(full)?;
        let due = leaving.iter().find(|one| one.line == old).map_or(ends, |one| one.due);
        leaving.push(Leaving { line, due });
    }
    Ok(result(&json!({
        "sys_id": id,
        "number": number,
        "request_number": number,
        "request_id": id,
        "table": "sc_request",
    })))
}

/// Orders the cart, or shows it once more where the checkout has two steps.
pub(super) fn checkout(store: &mut Store, context: Context<'_>) -> Result<Reply, Refusal> {
    if !has_two_steps(store) {
        return submit(store, context);
    }
    let cart = filled(store, context)?;
    let mut content = cart::content(store, &cart, cart::described);
    let record = records::by_id(store, "sc_cart", &cart);
    let of_cart = |column: &str| record.map_or("", |cart| cart.text(column));
    let requested_for = of_cart("requested_for");
    let more = [
        ("delivery_address", of_cart("delivery_address")),
        ("special_instructions", of_cart("special_instructions")),
        ("requested_for", requested_for),
        ("requested_for_user", store.display_of_reference("sys_user", requested_for).unwrap_or_default()),
    ];
    if let Some(members) = content.as_object_mut() {
        members.extend(more.map(|(name, value)| (name.to_owned(), Value::from(value))));
    }
    Ok(result(&content))
}

pub(super) fn submit(store: &mut Store, context: Context<'_>) -> Result<Reply, Refusal> {
    let cart = filled(store, context)?;
    placed(store, context, &cart)
}

/// Orders what is in a cart and names the request.
pub(super) fn placed(store: &mut Store, context: Context<'_>, cart: &str) -> Result<Reply, Refusal> {
    let Placed { id, number } = place(store, context, cart).map_err(|Full| Refusal::store_full())?;
    Ok(result(&json!({ "request_number": number, "request_id": id })))
}

/// The caller's shopping cart, if anything is in it.
fn filled(store: &Store, context: Context<'_>) -> Result<String, Refusal> {
    let cart = lines::cart(store, context.call.caller.user_id, SHOPPING);
    let filled = cart.filter(|cart| !lines::of_cart(store, cart.id()).is_empty());
    filled.map(|cart| cart.id().to_owned()).ok_or_else(|| bad_request("Cannot check out with an empty cart!"))
}

/// Checks quantity, access and mandatory variables, in this order, and returns the quantity.
pub(super) fn checked(store: &Store, call: &Call<'_>, id: &str, body: &Map<String, Value>) -> Result<u32, Refusal> {
    let quantity = text(body.get("sysparm_quantity")).as_deref().and_then(quantity_of);
    let quantity = quantity.ok_or_else(|| bad_request("Invalid Quantity value"))?;
    let item = item(store, id).filter(|item| can_view(store, &Person::calling(call.principal), item));
    let item = item.ok_or_else(not_viewable)?;
    let validated = text(body.get("sysparm_no_validation")).as_deref() != Some("true");
    if validated && !answers::are_complete(store, item.id(), &answers_in(body)) {
        return Err(bad_request("Mandatory Variables are required"));
    }
    Ok(quantity)
}

/// Digits with at most one plus sign before them. The script's pattern also admits no digits at all, which is one piece.
fn quantity_of(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() {
        return Some(1);
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// The answers of a body. Anything but an object answers nothing.
pub(super) fn answers_in(body: &Map<String, Value>) -> Map<String, Value> {
    body.get("variables").and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The lines that a body asks for: one for whom it is requested, and one for each user whom it is also requested for.
pub(super) fn wanted(
    store: &Store,
    call: &Call<'_>,
    id: &str,
    quantity: u32,
    body: &Map<String, Value>,
) -> Result<Vec<Wanted>, Refusal> {
    // Record producers and order guides are no normal cart items (`glide.sc.item.not_normal_cart_item`).
    let item = item(store, id).filter(|item| items::kind(item) == "catalog_item").ok_or_else(exception)?;
    let variables = answers_in(body);
    let answered = answers::of_body(store, item.id(), &variables);
    let named = answered.iter().find(|answer| answer.is_requested_for && !answer.value.is_empty());
    let sent = text(body.get("sysparm_requested_for"));
    let user = named.map(|answer| answer.value.as_str()).or(sent.as_deref());
    let mut users = vec![requested_for(store, call, user)?];
    users.extend(delegation::also_requested_for(store, call, item.id(), body)?);
    let line = |requested_for: String| Wanted {
        item: item.id().to_owned(),
        quantity,
        guide: String::new(),
        answers: answered.iter().map(|answer| answer.of_user(&requested_for)).collect(),
        rows: rows_of(store, item.id(), &variables),
        requested_for,
    };
    Ok(users.into_iter().map(line).collect())
}

/// The user whom an order is for. A value that is no user leaves the caller; whether it is another user is decided by
/// `glide.sc.req_for.roles`, and where that is empty by `glide.sc.req_for.roles.default`.
fn requested_for(store: &Store, call: &Call<'_>, given: Option<&str>) -> Result<String, Refusal> {
    let caller = call.caller.user_id;
    let user = given.and_then(|id| access::user(store, &call.caller, id)).map_or(caller, |user| user.id());
    match user == caller || may_request_for_others(store, call) {
        true => Ok(user.to_owned()),
        false => Err(exception()),
    }
}

pub(super) fn may_request_for_others(store: &Store, call: &Call<'_>) -> bool {
    match property(store, "glide.sc.req_for.roles").unwrap_or_default() {
        "" => property(store, "glide.sc.req_for.roles.default") != Some("deny"),
        roles => Person::calling(call.principal).has_any(roles),
    }
}

#[cfg(test)]
mod tests {
    use super::quantity_of;

    #[test]
    fn quantity_is_digits_with_at_most_a_plus() {
        for (text, quantity) in [("1", Some(1)), ("+12", Some(12)), ("", Some(1)), ("0", Some(0)), ("007", Some(7))] {
            assert_eq!(quantity_of(text), quantity, "{text}");
        }
        for text in ["-1", "1.5", "one", "++1", " 1", "undefined", "99999999999"] {
            assert_eq!(quantity_of(text), None, "{text}");
        }
    }
}
