//! The caller's shopping cart: its content with prices by how often they recur, and changing it.

use serde_json::{Map, Value, json};

use crate::clock::shown_duration;
use crate::exchange::Reply;
use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::store::{Full, Store};

use super::lines::{self, SHOPPING, Wanted};
use super::order::{checked, wanted};
use super::variable_types::{self, Role};
use super::variables::{Entry, entries};
use super::{Context, access, bad_request, body, items, or_null, price, result, variables};

/// The most lines of a cart. The limit is that of this instance.
const MOST_LINES: usize = 1000;

pub(super) fn read(store: &mut Store, context: Context<'_>) -> Result<Reply, Refusal> {
    let cart = lines::open(store, context, SHOPPING).map_err(|Full| Refusal::store_full())?;
    Ok(result(&content(store, &cart, described)))
}

pub(super) fn add(store: &mut Store, context: Context<'_>, item: &str) -> Result<Reply, Refusal> {
    let body = body(context.call)?;
    let quantity = checked(store, context.call, item, &body)?;
    let wanted = wanted(store, context.call, item, quantity, &body)?;
    let cart = fill(store, context, SHOPPING, &wanted)?;
    let lines = lines::of_cart(store, &cart);
    let items: Vec<Value> = lines.iter().map(|line| short(store, line)).collect();
    let subtotal = lines.iter().map(|line| subtotals(store, line).0).fold(0, i64::saturating_add);
    Ok(result(&json!({ "cart_id": cart, "subtotal": price::shown(subtotal), "items": items })))
}

/// Adds lines to the caller's cart of this name, and returns the cart's `sys_id`.
pub(super) fn fill(store: &mut Store, context: Context<'_>, name: &str, wanted: &[Wanted]) -> Result<String, Refusal> {
    let full = |Full| Refusal::store_full();
    let cart = lines::open(store, context, name).map_err(full)?;
    if lines::of_cart(store, &cart).len() + wanted.len() > MOST_LINES {
        let detail = format!("A cart holds at most {MOST_LINES} lines; order or empty it first");
        return Err(Refusal::new(404, "Invalid Request", Some(&detail)));
    }
    for one in wanted {
        lines::add(store, context, &cart, one).map_err(full)?;
    }
    let requested_for = wanted.first().map(|one| one.requested_for.as_str());
    if let (Some(user), Some(row)) = (requested_for, records::by_id(store, "sc_cart", &cart).map(|cart| cart.row)) {
        records::set(store, "sc_cart", row, &[("requested_for", user)], context.now);
    }
    Ok(cart)
}

pub(super) fn update(store: &mut Store, context: Context<'_>, line: &str) -> Result<Reply, Refusal> {
    let body = body(context.call)?;
    let (row, cart, item) = own_line(store, context, line)?;
    let quantity = checked(store, context.call, &item, &body)?;
    let answered = body.contains_key("variables");
    let changed = if answered { wanted(store, context.call, &item, quantity, &body)? } else { Vec::new() };
    records::set(store, "sc_cart_item", row, &[("quantity", &quantity.to_string())], context.now);
    if let Some(changed) = changed.first() {
        lines::forget_answers(store, line);
        lines::answer(store, context, line, changed).map_err(|Full| Refusal::store_full())?;
    }
    Ok(Reply::json(201, json!({ "result": content(store, &cart, described) }).to_string()))
}

pub(super) fn remove(store: &mut Store, context: Context<'_>, line: &str) -> Result<Reply, Refusal> {
    own_line(store, context, line)?;
    lines::remove(store, line);
    Ok(Reply::empty(204))
}

/// Empties and deletes a cart: one's own, or any for the two roles that may.
pub(super) fn empty(store: &mut Store, context: Context<'_>, cart: &str) -> Result<Reply, Refusal> {
    let roles = &context.call.principal.roles;
    let any = roles.contains("admin") || roles.contains("catalog_admin");
    let found = records::by_id(store, "sc_cart", cart);
    let allowed = found.filter(|found| any || found.text("user") == context.call.caller.user_id);
    allowed.ok_or_else(|| bad_request("Invalid cart"))?;
    let lines: Vec<String> = lines::of_cart(store, cart).iter().map(|line| line.id().to_owned()).collect();
    for line in lines {
        lines::remove(store, &line);
    }
    records::remove(store, "sc_cart", cart);
    Ok(Reply::empty(204))
}

/// A line of one of the caller's carts: its row, the cart and the item.
fn own_line(store: &Store, context: Context<'_>, line: &str) -> Result<(crate::store::RowId, String, String), Refusal> {
    let found = records::by_id(store, "sc_cart_item", line).filter(|line| {
        let cart = records::by_id(store, "sc_cart", line.text("cart"));
        cart.is_some_and(|cart| cart.text("user") == context.call.caller.user_id)
    });
    let line = found.ok_or_else(|| bad_request("Invalid cart item"))?;
    Ok((line.row, line.text("cart").to_owned(), line.text("cat_item").to_owned()))
}

/// The cost of all pieces of a line: once, and recurring.
fn subtotals(store: &Store, line: &Record<'_>) -> (i64, i64) {
    let pieces = i64::try_from(line.number("quantity").unwrap_or(1)).unwrap_or(i64::MAX);
    let (once, recurring) = lines::prices(store, line);
    (once.saturating_mul(pieces), recurring.saturating_mul(pieces))
}

/// The content of a cart: sums, and the lines, each described in one way, grouped by how often their prices recur.
pub(super) fn content(store: &Store, cart: &str, described: fn(&Store, &Record<'_>) -> Value) -> Value {
    let lines = lines::of_cart(store, cart);
    let mut members = sums(store, &lines, "");
    members.insert("cart_id".into(), cart.into());
    let mut groups: Vec<(&str, &str, Vec<Record<'_>>)> = Vec::new();
    for line in lines {
        let item = access::item(store, line.text("cat_item"));
        let frequency = item.map_or("", |item| item.text("recurring_frequency"));
        let label = item.map_or("", |item| items::frequency(store, &item));
        match groups.iter_mut().find(|(known, ..)| *known == frequency) {
            Some((.., lines)) => lines.push(line),
            None => groups.push((frequency, label, vec![line])),
        }
    }
    for (frequency, label, lines) in groups {
        let mut group = sums(store, &lines, label);
        group.insert("frequency_label".into(), or_null(label));
        group.insert("items".into(), lines.iter().map(|line| described(store, line)).collect());
        let name = if frequency.is_empty() { "none" } else { frequency };
        members.insert(name.into(), group.into());
    }
    members.into()
}

fn sums(store: &Store, lines: &[Record<'_>], frequency: &str) -> Map<String, Value> {
    let add = |(once, recurring): (i64, i64), line: &Record<'_>| {
        let (more, again) = subtotals(store, line);
        (once.saturating_add(more), recurring.saturating_add(again))
    };
    let (once, recurring) = lines.iter().fold((0, 0), add);
    let sums = json!({
        "subtotal_price": price::shown(once),
        "subtotal_recurring_frequency": frequency,
        "subtotal_recurring_price": price::shown(recurring),
        "total_title": "Total",
        "show_subtotal_price": "true",
        "subtotal_title": "Subtotal",
    });
    match sums {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A line as `add_to_cart` shows it.
fn short(store: &Store, line: &Record<'_>) -> Value {
    let item = access::item(store, line.text("cat_item"));
    let (once, recurring) = lines::prices(store, line);
    json!({
        "catalog_item_id": line.text("cat_item"),
        "quantity": line.text("quantity"),
        "localized_price": price::shown(once),
        "price": price::shown(once),
        "recurring_frequency": or_null(item.map_or("", |item| items::frequency(store, &item))),
        "localized_recurring_price": price::shown(recurring),
        "recurring_price": price::shown(recurring),
        "item_name": item.map_or("", |item| item.text("name")),
        "cart_item_id": line.id(),
    })
}

/// A line with its answers, as the wish list shows it.
pub(super) fn with_answers(store: &Store, line: &Record<'_>) -> Value {
    let mut members = short(store, line);
    if let Some(members) = members.as_object_mut() {
        members.insert("variables".into(), answered(store, line).into());
        members.insert("delivery_time".into(), delivery_time(store, line).into());
    }
    members
}

fn delivery_time(store: &Store, line: &Record<'_>) -> String {
    let item = access::item(store, line.text("cat_item"));
    item.and_then(|item| shown_duration(item.text("delivery_time"))).unwrap_or_default()
}

/// A line with everything that the API gives.
pub(super) fn described(store: &Store, line: &Record<'_>) -> Value {
    let mut members = with_answers(store, line);
    let item = access::item(store, line.text("cat_item"));
    let of_item = |column: &str| item.map_or("", |item| item.text(column));
    let (once, recurring) = subtotals(store, line);
    let more = json!({
        "sys_id": line.id(),
        "item_id": line.text("cat_item"),
        "name": of_item("name"),
        "short_description": of_item("short_description"),
        "sys_class_name": of_item("sys_class_name"),
        "picture": of_item("picture"),
        "order_guide": access::item(store, line.text("order_guide")).map_or("", |guide| guide.text("name")),
        "show_price": item.is_none_or(|item| !item.is("omit_price")),
        "show_quantity": item.is_none_or(|item| !item.is("no_quantity")),
        "show_recurring_price": recurring != 0,
        "subtotal": once / 100,
        "subtotal_price": price::shown(once),
        "recurring_subtotal": recurring / 100,
        "recurring_subtotal_price": price::shown(recurring),
        "created_on": line.text("sys_created_on"),
        "created_by": line.text("sys_created_by"),
        "updated_on": line.text("sys_updated_on"),
        "updated_by": line.text("sys_updated_by"),
    });
    if let (Value::Object(more), Some(members)) = (more, members.as_object_mut()) {
        members.extend(more);
    }
    members
}

/// The answers of a line by the labels of the variables, containers with them, as the API's samples have it.
fn answered(store: &Store, line: &Record<'_>) -> Map<String, Value> {
    let mut shown = Map::new();
    for entry in entries(store, line.text("cat_item")) {
        let members = match entry {
            Entry::Variable(variable) => vec![variable],
            Entry::Set(_, members) => members,
        };
        for variable in members {
            if !matches!(variable_types::of(variable.text("type")).role, Role::Question | Role::Opens) {
                continue;
            }
            let mut answers = records::with(store, "sc_item_option", "cart_item", line.id());
            let answer = answers.find(|answer| answer.text("item_option_new") == variable.id());
            let value = answer.map_or("", |answer| answer.text("value"));
            let display = variables::display(store, &variable, value);
            shown.insert(variable.text("question_text").to_owned(), display.into());
        }
    }
    shown
}
