//! Carts and their lines: rows of `sc_cart` and `sc_cart_item`, with the answers that belong to a line.

use crate::clock::stamp;
use crate::data::put;
use crate::identity::sys_id_of;
use crate::records::{self, Record};
use crate::store::{Full, Store};

use super::Context;
use super::answers::{Answer, surcharge};
use super::variables::multi_row_sets;
use super::{access, price};

/// The name of a user's shopping cart.
pub(super) const SHOPPING: &str = "DEFAULT";
/// The name of the cart that holds a user's wish list.
pub(super) const WISHES: &str = "saved_items";

/// An item with quantity and answers, for one user.
pub(super) struct Wanted {
    pub(super) item: String,
    pub(super) quantity: u32,
    pub(super) requested_for: String,
    /// The order guide that it came from, if it came from one.
    pub(super) guide: String,
    pub(super) answers: Vec<Answer>,
    /// The rows that answer multi-row sets: set, number of the row, variable and value.
    pub(super) rows: Vec<[String; 4]>,
}

/// A user's cart of this name.
pub(super) fn cart<'a>(store: &'a Store, user: &str, name: &str) -> Option<Record<'a>> {
    records::with(store, "sc_cart", "user", user).find(|cart| cart.text("name") == name)
}

/// The `sys_id` of a user's cart of this name, which is created if it is missing.
pub(super) fn open(store: &mut Store, context: Context<'_>, name: &str) -> Result<String, Full> {
    let user = context.call.caller.user_id;
    if let Some(cart) = cart(store, user, name) {
        return Ok(cart.id().to_owned());
    }
    let sys_id = sys_id_of("sc_cart", &format!("{user} {name} {}", context.unique));
    let fields = [("user", user), ("name", name), ("requested_for", user)];
    put(store, "sc_cart", &sys_id, &stamp(context.now), &fields)?;
    Ok(sys_id)
}

/// The lines of a cart in the order in which they came.
pub(super) fn of_cart<'a>(store: &'a Store, cart: &str) -> Vec<Record<'a>> {
    let mut lines: Vec<_> = records::with(store, "sc_cart_item", "cart", cart).collect();
    lines.sort_by_key(|line| line.number("order").unwrap_or_default());
    lines
}

/// Adds a line to a cart and returns its `sys_id`.
pub(super) fn add(store: &mut Store, context: Context<'_>, cart: &str, wanted: &Wanted) -> Result<String, Full> {
    let last = of_cart(store, cart).last().and_then(|line| line.number("order")).unwrap_or_default();
    let order = (last + 1).to_string();
    // A line that is added again after the order is another one than before it.
    let ordered = store.find("sc_req_item").map_or(0, |items| store.table(items).last_number);
    let sys_id = sys_id_of("sc_cart_item", &format!("{cart} {} {order} {ordered}", context.unique));
    let fields = [
        ("cart", cart),
        ("cat_item", wanted.item.as_str()),
        ("quantity", &wanted.quantity.to_string()),
        ("order", &order),
        ("requested_for", &wanted.requested_for),
        ("order_guide", &wanted.guide),
    ];
    let by = context.call.caller.user_name;
    put(store, "sc_cart_item", &sys_id, &stamp(context.now), &fields)?;
    if let Some(row) = records::by_id(store, "sc_cart_item", &sys_id).map(|line| line.row) {
        records::set(store, "sc_cart_item", row, &[("sys_created_by", by), ("sys_updated_by", by)], context.now);
    }
    answer(store, context, &sys_id, wanted)?;
    Ok(sys_id)
}

/// Stores the answers of a line.
pub(super) fn answer(store: &mut Store, context: Context<'_>, line: &str, wanted: &Wanted) -> Result<(), Full> {
    let created = stamp(context.now);
    for Answer { variable, value, order, .. } in &wanted.answers {
        let sys_id = sys_id_of("sc_item_option", &format!("{line} {variable} {}", context.unique));
        let fields = [("item_option_new", variable.as_str()), ("value", value), ("order", order), ("cart_item", line)];
        put(store, "sc_item_option", &sys_id, &created, &fields)?;
    }
    for [set, row, variable, value] in &wanted.rows {
        let name = format!("{line} {set} {row} {variable} {}", context.unique);
        let sys_id = sys_id_of("sc_multi_row_question_answer", &name);
        let fields = [
            ("parent_id", line),
            ("parent_table_name", "sc_cart_item"),
            ("variable_set", set),
            ("row_index", row),
            ("item_option_new", variable),
            ("value", value),
        ];
        put(store, "sc_multi_row_question_answer", &sys_id, &created, &fields)?;
    }
    Ok(())
}

/// The lines of a cart, each with all that is needed to add it again.
pub(super) fn taken(store: &Store, cart: &str) -> Vec<(String, Wanted)> {
    let lines = of_cart(store, cart).into_iter().map(|line| {
        let answers = records::with(store, "sc_item_option", "cart_item", line.id()).map(|answer| Answer {
            variable: answer.text("item_option_new").to_owned(),
            value: answer.text("value").to_owned(),
            order: answer.text("order").to_owned(),
            is_requested_for: false,
        });
        let columns = ["variable_set", "row_index", "item_option_new", "value"];
        let rows = records::with(store, "sc_multi_row_question_answer", "parent_id", line.id());
        let wanted = Wanted {
            item: line.text("cat_item").to_owned(),
            quantity: line.number("quantity").and_then(|quantity| quantity.try_into().ok()).unwrap_or(1),
            requested_for: line.text("requested_for").to_owned(),
            guide: line.text("order_guide").to_owned(),
            answers: answers.collect(),
            rows: rows.map(|row| columns.map(|column| row.text(column).to_owned())).collect(),
        };
        (line.id().to_owned(), wanted)
    });
    lines.collect()
}

/// Removes the answers of a line.
pub(super) fn forget_answers(store: &mut Store, line: &str) {
    for (table, column) in [("sc_item_option", "cart_item"), ("sc_multi_row_question_answer", "parent_id")] {
        let answers: Vec<String> = records::with(store, table, column, line).map(|row| row.id().to_owned()).collect();
        for answer in answers {
            records::remove(store, table, &answer);
        }
    }
}

/// Removes a line with its answers.
pub(super) fn remove(store: &mut Store, line: &str) {
    forget_answers(store, line);
    records::remove(store, "sc_cart_item", line);
}

/// What one piece of a line costs once and each time that it recurs, in cents.
pub(super) fn prices(store: &Store, line: &Record<'_>) -> (i64, i64) {
    let Some(item) = access::item(store, line.text("cat_item")) else {
        return (0, 0);
    };
    let answers = records::with(store, "sc_item_option", "cart_item", line.id());
    let added = surcharge(store, answers.map(|answer| (answer.text("item_option_new"), answer.text("value"))));
    (price::cents(item.text("price")).saturating_add(added), price::cents(item.text("recurring_price")))
}

/// The rows that a body gives for the multi-row sets of an item: each under the set's internal name, as a text that holds a JSON array
/// of objects (KB0760304).
pub(super) fn rows_of(
    store: &Store,
    item: &str,
    variables: &serde_json::Map<String, serde_json::Value>,
) -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    for (set, members) in multi_row_sets(store, item) {
        let given = super::text(variables.get(set.text("internal_name"))).unwrap_or_default();
        let given: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&given).unwrap_or_default();
        for (number, answers) in given.iter().take(MOST_ROWS).enumerate() {
            for member in &members {
                let value = super::text(answers.get(member.text("name"))).unwrap_or_default();
                rows.push([set.id().to_owned(), number.to_string(), member.id().to_owned(), value]);
            }
        }
    }
    rows
}

/// The default of `max_rows` of a multi-row set.
const MOST_ROWS: usize = 50;
