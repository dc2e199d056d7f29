//! Items: lists by catalog, category, type and text, and one item with its variables.

use serde_json::{Value, json};

use crate::exchange::{Parameters, Reply};
use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::store::{Store, tables};
use crate::table_api::Call;

use super::access::{Person, can_view, item, items};
use super::browse::page;
use super::{or_null, price, result, variables};

/// The limit comes before the access rules, as in the Table API, so a page may be short.
pub(super) fn list(store: &Store, call: &Call<'_>) -> Reply {
    let person = Person::calling(call.principal);
    let mut found: Vec<Record<'_>> = items(store).filter(|item| is_wanted(item, &call.parameters)).collect();
    found.sort_by_key(|item| (item.text("name"), item.id()));
    let viewable = page(found, &call.parameters).filter(|item| can_view(store, &person, item));
    result(&viewable.map(|item| described(store, &item)).collect())
}

pub(super) fn read(store: &Store, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    let person = Person::calling(call.principal);
    let item = item(store, id).filter(|item| can_view(store, &person, item)).ok_or_else(super::not_viewable)?;
    let mut described = described(store, &item);
    if let Some(members) = described.as_object_mut() {
        members.insert("categories".into(), categories(store, &item));
        members.insert("variables".into(), variables::described(store, item.id()).into());
        members.insert("ui_policy".into(), json!([]));
        members.insert("client_script".into(), json!({ "onChange": [], "onSubmit": [], "onLoad": [] }));
        members.insert("data_lookup".into(), json!([]));
    }
    Ok(result(&described))
}

/// Whether an item is in the catalog and category, of the type and with the words that a list asks for. Other types are ignored.
fn is_wanted(item: &Record<'_>, parameters: &Parameters<'_>) -> bool {
    let given = |name: &str| parameters.text(name).filter(|text| !text.is_empty());
    let in_catalog = given("sysparm_catalog").is_none_or(|id| item.text("sc_catalogs").split(',').any(|one| one == id));
    let in_category = given("sysparm_category").is_none_or(|id| item.text("category") == id);
    let of_type = match given("sysparm_type") {
        Some("Record Producer") => kind(item) == "record_producer",
        Some("Order Guide") => kind(item) == "order_guide",
        _ => true,
    };
    let on_device = match given("sysparm_view") {
        Some("desktop") => item.text("availability") != "on_mobile",
        Some("mobile") => item.text("availability") != "on_desktop",
        _ => true,
    };
    let searched = ["name", "short_description", "description", "meta"].map(|column| item.text(column).to_lowercase());
    let words = given("sysparm_text").unwrap_or_default().to_lowercase();
    let said = words.split_whitespace().all(|word| searched.iter().any(|text| text.contains(word.trim_matches('"'))));
    item.is("active") && in_catalog && in_category && of_type && on_device && said
}

/// `type` in replies.
pub(super) fn kind(item: &Record<'_>) -> &'static str {
    let class = tables().iter().find(|table| table.name == item.text("sys_class_name"));
    match class {
        Some(class) if class.is_or_extends("sc_cat_item_producer") => "record_producer",
        Some(class) if class.is_or_extends("sc_cat_item_guide") => "order_guide",
        _ => "catalog_item",
    }
}

pub(super) fn described(store: &Store, item: &Record<'_>) -> Value {
    let catalogs = item.text("sc_catalogs").split(',').filter_map(|id| records::by_id(store, "sc_catalog", id));
    let catalogs: Vec<Value> = catalogs.map(|catalog| titled(Some(catalog))).collect();
    let (once, recurring) = (price::cents(item.text("price")), price::cents(item.text("recurring_price")));
    let show_price = !item.is("omit_price") && (once != 0 || recurring != 0);
    let mut described = json!({
        "short_description": or_null(item.text("short_description")),
        "kb_article": "",
        "icon": item.text("icon"),
        "description": item.text("description"),
        "availability": item.text("availability"),
        "mandatory_attachment": item.is("mandatory_attachment"),
        "request_method": item.text("request_method"),
        "show_price": show_price,
        "type": kind(item),
        "show_quantity": !item.is("no_quantity"),
        "sys_class_name": item.text("sys_class_name"),
        "picture": item.text("picture"),
        "url": "",
        "sys_id": item.id(),
        "content_type": "",
        "catalogs": catalogs,
        "name": item.text("name"),
        "category": titled(records::by_id(store, "sc_category", item.text("category"))),
        "order": item.number("order").unwrap_or_default(),
    });
    if let (true, Some(members)) = (show_price, described.as_object_mut()) {
        for (name, value) in [
            ("price", price::shown(once).into()),
            ("localized_price", price::shown(once).into()),
            ("price_currency", price::CURRENCY.into()),
            ("local_currency", price::CURRENCY.into()),
            ("recurring_price", price::shown(recurring).into()),
            ("localized_recurring_price", price::shown(recurring).into()),
            ("recurring_price_currency", price::CURRENCY.into()),
            ("recurring_frequency", or_null(frequency(store, item))),
        ] {
            members.insert(name.into(), value);
        }
    }
    described
}

/// The label of how often a recurring price is due.
pub(super) fn frequency<'a>(store: &'a Store, item: &Record<'a>) -> &'a str {
    let value = item.text("recurring_frequency");
    let mut choices = records::with(store, "sys_choice", "element", "recurring_frequency");
    let label = choices.find(|choice| choice.text("name") == "sc_cat_item" && choice.text("value") == value);
    label.map_or(value, |choice| choice.text("label"))
}

fn titled(record: Option<Record<'_>>) -> Value {
    match record {
        Some(record) => json!({ "sys_id": record.id(), "title": record.text("title") }),
        None => json!({ "sys_id": "", "title": null }),
    }
}

/// The category of an item below its parent.
fn categories(store: &Store, item: &Record<'_>) -> Value {
    let Some(category) = records::by_id(store, "sc_category", item.text("category")) else {
        return json!([]);
    };
    let parent = records::by_id(store, "sc_category", category.text("parent"));
    let inner = json!({ "sys_id": category.id(), "active": category.is("active"), "title": category.text("title") });
    match parent {
        Some(parent) => json!([{
            "sys_id": parent.id(),
            "active": parent.is("active"),
            "category": inner,
            "title": parent.text("title"),
        }]),
        None => json!([inner]),
    }
}
