//! From a cart to an order: a request, a requested item for each line with its answers, and the first tasks.
//!
//! A request that costs over one thousand dollars waits for approval ("Procurement workflows"); every other is approved at once, and
//! each of its items gets a task.

use crate::clock::{later, stamp};
use crate::data::put;
use crate::identity::sys_id_of;
use crate::records;
use crate::search::Caller;
use crate::store::{Full, Store};
use crate::table_api::added;

use super::lines;
use super::{Context, access, price};

/// The request that an order made.
pub(super) struct Placed {
    pub(super) id: String,
    pub(super) number: String,
}

/// The price, in cents, above which a request needs approval.
const APPROVED_AT_ONCE: i64 = 100_000;

/// A line with all that becomes of it.
struct Bought {
    line: String,
    item: String,
    name: String,
    short_description: String,
    group: String,
    catalog: String,
    frequency: String,
    guide: String,
    requested_for: String,
    quantity: u32,
    once: i64,
    recurring: i64,
    due: String,
}

/// Orders everything in a cart, which is empty afterwards.
pub(super) fn place(store: &mut Store, context: Context<'_>, cart: &str) -> Result<Placed, Full> {
    let bought = bought(store, context, cart);
    let of_cart = |column: &str| records::by_id(store, "sc_cart", cart).map_or("", |cart| cart.text(column)).to_owned();
    let [requested_for, address, instructions] =
        ["requested_for", "delivery_address", "special_instructions"].map(of_cart);
    let total = bought.iter().fold(0_i64, |sum, one| sum.saturating_add(one.once.saturating_mul(one.quantity.into())));
    let approved = total <= APPROVED_AT_ONCE;
    let (approval, state, stage, item_stage) = match approved {
        true => ("approved", "in_process", "request_approved", "fulfillment"),
        false => ("requested", "requested", "requested", "waiting_for_approval"),
    };
    let caller = context.call.caller;
    let due = bought.iter().map(|one| one.due.as_str()).max().unwrap_or_default().to_owned();
    let fields = [
        ("requested_for", requested_for.as_str()),
        ("price", &price::stored(total)),
        ("request_state", state),
        ("stage", stage),
        ("approval", approval),
        ("due_date", &due),
        ("delivery_address", &address),
        ("special_instructions", &instructions),
    ];
    let name = format!("ordered {} {cart}", context.unique);
    let request = added(store, "sc_request", &fields, &caller, &name, context.now)?;
    for one in &bought {
        let item = requested_item(store, context, one, (&request, approval, item_stage))?;
        if approved {
            task(store, &caller, one, (&request, &item), context.now)?;
        }
        records::remove(store, "sc_cart_item", &one.line);
    }
    let number = records::by_id(store, "sc_request", &request).map_or("", |request| request.text("number")).to_owned();
    Ok(Placed { id: request, number })
}

fn bought(store: &Store, context: Context<'_>, cart: &str) -> Vec<Bought> {
    let lines = lines::of_cart(store, cart).into_iter().filter_map(|line| {
        let item = access::item(store, line.text("cat_item"))?;
        let (once, recurring) = lines::prices(store, &line);
        let quantity = line.number("quantity").and_then(|quantity| quantity.try_into().ok());
        Some(Bought {
            line: line.id().to_owned(),
            item: item.id().to_owned(),
            name: item.text("name").to_owned(),
            short_description: item.text("short_description").to_owned(),
            group: item.text("group").to_owned(),
            catalog: item.text("sc_catalogs").split(',').next().unwrap_or_default().to_owned(),
            frequency: item.text("recurring_frequency").to_owned(),
            guide: line.text("order_guide").to_owned(),
            requested_for: line.text("requested_for").to_owned(),
            quantity: quantity.unwrap_or(1),
            once,
            recurring,
            due: later(context.now, item.text("delivery_time")),
        })
    });
    lines.collect()
}

/// Makes a requested item and ties the answers of its line to it.
fn requested_item(
    store: &mut Store,
    context: Context<'_>,
    one: &Bought,
    (request, approval, stage): (&str, &str, &str),
) -> Result<String, Full> {
    let answers = records::with(store, "sc_item_option", "cart_item", &one.line);
    let answers: Vec<String> = answers.map(|answer| answer.id().to_owned()).collect();
    let fields = [
        ("request", request),
        ("parent", request),
        ("cat_item", one.item.as_str()),
        ("sc_catalog", &one.catalog),
        ("requested_for", &one.requested_for),
        ("quantity", &one.quantity.to_string()),
        ("price", &price::stored(one.once)),
        ("recurring_price", &price::stored(one.recurring)),
        ("recurring_frequency", &one.frequency),
        ("order_guide", &one.guide),
        ("short_description", &one.short_description),
        ("assignment_group", &one.group),
        ("approval", approval),
        ("stage", stage),
        ("due_date", &one.due),
        ("estimated_delivery", &one.due),
    ];
    let name = format!("ordered {} {}", context.unique, one.line);
    let item = added(store, "sc_req_item", &fields, &context.call.caller, &name, context.now)?;
    for answer in answers {
        let sys_id = sys_id_of("sc_item_option_mtom", &format!("{item} {answer}"));
        let fields = [("request_item", item.as_str()), ("sc_item_option", &answer)];
        put(store, "sc_item_option_mtom", &sys_id, &stamp(context.now), &fields)?;
        if let Some(row) = records::by_id(store, "sc_item_option", &answer).map(|answer| answer.row) {
            records::set(store, "sc_item_option", row, &[("cart_item", "")], context.now);
        }
    }
    let table = "sc_multi_row_question_answer";
    let rows: Vec<_> = records::with(store, table, "parent_id", &one.line).map(|row| row.row).collect();
    for row in rows {
        let parent = [("parent_id", item.as_str()), ("parent_table_name", "sc_req_item")];
        records::set(store, table, row, &parent, context.now);
    }
    Ok(item)
}

fn task(
    store: &mut Store,
    caller: &Caller<'_>,
    one: &Bought,
    (request, item): (&str, &str),
    now: u64,
) -> Result<(), Full> {
    let fields = [
        ("request", request),
        ("request_item", item),
        ("parent", item),
        ("sc_catalog", one.catalog.as_str()),
        ("short_description", &one.name),
        ("assignment_group", &one.group),
        ("due_date", &one.due),
    ];
    added(store, "sc_task", &fields, caller, &format!("task of {item}"), now)?;
    Ok(())
}
