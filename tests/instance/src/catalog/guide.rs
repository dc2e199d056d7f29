//! Order guides: the items that follow from the needs a user describes, and ordering them together ("Order guides").

use serde_json::{Map, Value, json};

use crate::exchange::Reply;
use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::store::Store;
use crate::table_api::Call;

use super::access::{Person, can_view, item};
use super::cart::{content, fill, with_answers};
use super::lines::SHOPPING;
use super::order::{answers_in, checked, placed, wanted};
use super::{Context, answers, bad_request, body, items, not_viewable, result, text, variables};

/// The most items of one guide. The limit is that of this instance.
const MOST_ITEMS: usize = 100;

/// The guide with this `sys_id`, if the caller may see it.
fn guide<'a>(store: &'a Store, call: &Call<'_>, id: &str) -> Result<Record<'a>, Refusal> {
    let person = Person::calling(call.principal);
    let found = item(store, id).filter(|guide| items::kind(guide) == "order_guide" && can_view(store, &person, guide));
    found.ok_or_else(not_viewable)
}

/// The items whose conditions the answers meet.
pub(super) fn submit(store: &Store, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    let body = body(call)?;
    guide(store, call, id)?;
    let given = answers_in(&body);
    if !answers::are_complete(store, id, &given) {
        return Err(bad_request("Mandatory Variables are required"));
    }
    let person = Person::calling(call.principal);
    let mut rules: Vec<Record<'_>> = records::with(store, "sc_cat_item_guide_items", "guide", id)
        .filter(|rule| rule.is("active") && holds(rule.text("condition"), &given))
        .collect();
    rules.sort_by_key(|rule| rule.number("order").unwrap_or_default());
    let included = rules.iter().filter_map(|rule| {
        let item = item(store, rule.text("item")).filter(|item| can_view(store, &person, item))?;
        let mut described = items::described(store, &item);
        let more = json!({
            "show_quantity": false,
            "quantity": "1",
            "order": rule.text("order"),
            "variables": variables::described(store, item.id()),
            "ui_policy": [],
            "client_script": { "onChange": [], "onSubmit": [], "onLoad": [] },
            "data_lookup": [],
        });
        if let (Value::Object(more), Some(members)) = (more, described.as_object_mut()) {
            members.extend(more);
        }
        Some(described)
    });
    Ok(result(&included.collect()))
}

/// Whether answers meet a condition: `name=value` and `name!=value`, all of them where `^` joins several.
fn holds(condition: &str, given: &Map<String, Value>) -> bool {
    condition.split('^').filter(|part| !part.is_empty()).all(|part| {
        let answer = |name: &str| text(given.get(name)).unwrap_or_default();
        match (part.split_once("!="), part.split_once('=')) {
            (Some((name, value)), _) => answer(name) != value,
            (None, Some((name, value))) => answer(name) == value,
            _ => false,
        }
    })
}

/// Puts the chosen items into the cart; a guide with two steps orders the cart, too.
pub(super) fn checkout(store: &mut Store, context: Context<'_>, id: &str) -> Result<Reply, Refusal> {
    let body = body(context.call)?;
    let orders = guide(store, context.call, id)?.is("two_step");
    let chosen = body.get("items").and_then(Value::as_array).ok_or_else(|| bad_request("Invalid request body"))?;
    if chosen.len() > MOST_ITEMS {
        let detail = format!("The body has {} items; send at most {MOST_ITEMS}", chosen.len());
        return Err(Refusal::new(400, "Invalid request body", Some(&detail)));
    }
    let mut lines = Vec::new();
    for one in chosen {
        let mut one = one.as_object().cloned().ok_or_else(|| bad_request("Invalid request body"))?;
        one.entry("sysparm_quantity").or_insert_with(|| "1".into());
        let item = text(one.get("sys_id")).unwrap_or_default();
        let quantity = checked(store, context.call, &item, &one)?;
        if quantity == 0 {
            return Err(bad_request("Invalid Quantity value"));
        }
        lines.extend(wanted(store, context.call, &item, quantity, &one)?);
    }
    for line in &mut lines {
        id.clone_into(&mut line.guide);
    }
    let cart = fill(store, context, SHOPPING, &lines)?;
    match orders {
        true => placed(store, context, &cart),
        false => Ok(result(&content(store, &cart, with_answers))),
    }
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn condition_compares_answers() {
        let given = serde_json::json!({"remote": "Yes", "laptop_type": "developer"});
        let given = given.as_object().cloned().unwrap_or_default();
        for (condition, holding) in [
            ("", true),
            ("remote=Yes", true),
            ("remote=No", false),
            ("remote!=No^laptop_type=developer", true),
            ("remote=Yes^laptop_type=standard", false),
            ("missing=", true),
            ("remoteISNOTEMPTY", false),
        ] {
            assert_eq!(holds(condition, &given), holding, "{condition}");
        }
    }
}
