//! The variables of an item, own ones and those of its variable sets (`io_set_item`), in the order of the form.

use serde_json::{Map, Value, json};

use crate::exchange::Reply;
use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::store::Store;
use crate::table_api::Call;

use super::variable_types::{self, Role};
use super::{body, price, result, text};

/// A place on the form of an item.
pub(super) enum Entry<'a> {
    Variable(Record<'a>),
    Set(Record<'a>, Vec<Record<'a>>),
}

/// What stands on an item's form, in its order.
pub(super) fn entries<'a>(store: &'a Store, item: &'a str) -> Vec<Entry<'a>> {
    let own = active(records::with(store, "item_option_new", "cat_item", item));
    let mut entries: Vec<(i64, Entry<'a>)> =
        own.into_iter().map(|variable| (order(&variable), Entry::Variable(variable))).collect();
    for link in records::with(store, "io_set_item", "sc_cat_item", item) {
        if let Some(set) = records::by_id(store, "item_option_new_set", link.text("variable_set")) {
            let members = active(records::with(store, "item_option_new", "variable_set", set.id()));
            let place = if link.text("order").is_empty() { order(&set) } else { order(&link) };
            entries.push((place, Entry::Set(set, members)));
        }
    }
    entries.sort_by_key(|(order, _)| *order);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The variables of an item that take an answer of their own: those of multi-row sets do not, as they are answered in rows.
pub(super) fn questions<'a>(store: &'a Store, item: &'a str) -> Vec<Record<'a>> {
    let all = entries(store, item).into_iter().flat_map(|entry| match entry {
        Entry::Variable(variable) => vec![variable],
        Entry::Set(set, _) if is_multi_row(&set) => Vec::new(),
        Entry::Set(_, members) => members,
    });
    all.filter(|variable| variable_types::of(variable.text("type")).role == Role::Question).collect()
}

/// The multi-row sets of an item with their variables.
pub(super) fn multi_row_sets<'a>(store: &'a Store, item: &'a str) -> Vec<(Record<'a>, Vec<Record<'a>>)> {
    let sets = entries(store, item).into_iter().filter_map(|entry| match entry {
        Entry::Set(set, members) if is_multi_row(&set) => Some((set, members)),
        _ => None,
    });
    sets.collect()
}

fn is_multi_row(set: &Record<'_>) -> bool {
    set.text("type") == "one_to_many"
}

fn active<'a>(variables: impl Iterator<Item = Record<'a>>) -> Vec<Record<'a>> {
    let mut variables: Vec<_> = variables.filter(|variable| variable.is("active")).collect();
    variables.sort_by_key(|variable| (order(variable), variable.id()));
    variables
}

fn order(record: &Record<'_>) -> i64 {
    record.text("order").parse().unwrap_or_default()
}

/// The variables of an item as a reply shows them. What stands between the start and the end of a container is its `children`.
pub(super) fn described(store: &Store, item: &str) -> Vec<Value> {
    let mut open: Vec<Value> = Vec::new();
    let mut shown: Vec<Value> = Vec::new();
    for entry in entries(store, item) {
        let (described, role) = match entry {
            Entry::Variable(variable) => {
                (variable_shown(store, &variable), variable_types::of(variable.text("type")).role)
            }
            Entry::Set(set, members) => (set_shown(store, &set, &members), Role::Shows),
        };
        match role {
            Role::Opens => open.push(described),
            Role::Closes => {
                if let Some(closed) = open.pop() {
                    put(&mut open, &mut shown, closed);
                }
            }
            _ => put(&mut open, &mut shown, described),
        }
    }
    // A container that is never closed ends with the form.
    while let Some(closed) = open.pop() {
        put(&mut open, &mut shown, closed);
    }
    shown
}

/// Adds a variable to the innermost open container, else to the form.
fn put(open: &mut [Value], shown: &mut Vec<Value>, described: Value) {
    let container = open.last_mut().and_then(|container| container.get_mut("children")?.as_array_mut());
    container.unwrap_or(shown).push(described);
}

/// A set of variables looks like a container.
fn set_shown(store: &Store, set: &Record<'_>, members: &[Record<'_>]) -> Value {
    let children: Vec<Value> = members.iter().map(|member| variable_shown(store, member)).collect();
    let friendly = if is_multi_row(set) { "sc_multi_row" } else { "container_start" };
    json!({
        "label": set.text("title"),
        "type": 0,
        "mandatory": false,
        "displayvalue": "",
        "friendly_type": friendly,
        "render_label": set.is("display_title"),
        "read_only": false,
        "children": children,
        "name": set.text("internal_name"),
        "attributes": "",
        "id": set.id(),
        "value": "",
        "help_text": "",
        "max_length": 0,
    })
}

fn variable_shown(store: &Store, variable: &Record<'_>) -> Value {
    let of_type = variable_types::of(variable.text("type"));
    let default = variable.text("default_value");
    let value = match of_type.friendly {
        "check_box" => Value::Bool(default == "true"),
        _ => default.into(),
    };
    let displayed = match (of_type.friendly, default) {
        ("check_box", "") => "false".to_owned(),
        _ => display(store, variable, default),
    };
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("label", variable.text("question_text").into());
    put("type", of_type.shown().into());
    put("mandatory", variable.is("mandatory").into());
    put("displayvalue", displayed.into());
    put("friendly_type", of_type.friendly.into());
    if of_type.role != Role::Opens {
        put("display_type", of_type.display.into());
    }
    put("render_label", true.into());
    put("read_only", variable.is("read_only").into());
    put("name", variable.text("name").into());
    put("attributes", variable.text("attributes").into());
    put("id", variable.id().into());
    put("value", value);
    put("help_text", variable.text("help_text").into());
    put("max_length", 0.into());
    match of_type.friendly {
        "container_start" => drop(put("children", json!([]))),
        "check_box" => {
            put("pricing_implications", (price::cents(variable.text("price_if_checked")) != 0).into());
        }
        "yes_no" | "multiple_choice" | "select_box" | "numeric_scale" => {
            let choices = choices(store, variable);
            put("pricing_implications", choices.iter().any(|choice| choice.price != 0).into());
            let choices = choices.iter().map(|choice| json!({ "label": choice.label, "value": choice.value }));
            put("choices", choices.collect());
        }
        _ => {}
    }
    if let Some(table) = referenced(variable) {
        put("reference", table.into());
        put("ref_qualifier", variable.text("reference_qual").into());
    }
    Value::Object(members)
}

/// The table whose records a variable takes.
pub(super) fn referenced<'a>(variable: &Record<'a>) -> Option<&'a str> {
    let column = match variable_types::of(variable.text("type")).friendly {
        "reference" => "reference",
        "requested_for" => return Some("sys_user"),
        "list_collector" => "list_table",
        "lookup_select_box" | "lookup_multiple_choice" => "lookup_table",
        _ => return None,
    };
    Some(variable.text(column)).filter(|table| !table.is_empty())
}

/// A choice of a variable: what it adds to the price, in cents.
pub(super) struct Choice {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) price: i64,
}

/// The choices of a variable: its own, those of a column (`choice_table`, `choice_field`), yes and no, or the numbers of a scale.
pub(super) fn choices(store: &Store, variable: &Record<'_>) -> Vec<Choice> {
    let plain = |label: &str, value: &str| Choice { label: label.into(), value: value.into(), price: 0 };
    match variable_types::of(variable.text("type")).friendly {
        "yes_no" => return vec![plain("Yes", "Yes"), plain("No", "No")],
        "numeric_scale" => {
            let bound = |column: &str, default: i64| variable.text(column).parse::<i64>().unwrap_or(default);
            let numbers = bound("scale_min", 1)..=bound("scale_max", 5);
            return numbers.take(MOST_NUMBERS).map(|number| plain(&number.to_string(), &number.to_string())).collect();
        }
        _ => {}
    }
    let mut choices = Vec::new();
    if variable.is("include_none") {
        choices.push(plain("-- None --", ""));
    }
    let (table, field) = (variable.text("choice_table"), variable.text("choice_field"));
    if !table.is_empty() && !field.is_empty() {
        let of_column =
            records::with(store, "sys_choice", "name", table).filter(|choice| choice.text("element") == field);
        choices.extend(of_column.map(|choice| plain(choice.text("label"), choice.text("value"))));
        return choices;
    }
    let own = records::with(store, "question_choice", "question", variable.id()).filter(|one| !one.is("inactive"));
    let mut own: Vec<Record<'_>> = own.collect();
    own.sort_by_key(|choice| (order(choice), choice.id()));
    choices.extend(own.iter().map(|choice| Choice {
        label: choice.text("text").into(),
        value: choice.text("value").into(),
        price: price::cents(choice.text("misc")),
    }));
    choices
}

const MOST_NUMBERS: usize = 100;

/// The display value of an answer.
pub(super) fn display(store: &Store, variable: &Record<'_>, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    if let Some(table) = referenced(variable) {
        let shown = |id: &str| store.display_of_reference(table, id).unwrap_or(id).to_owned();
        return value.split(',').map(shown).collect::<Vec<_>>().join(", ");
    }
    match variable_types::of(variable.text("type")).friendly {
        "masked" => MASK.to_owned(),
        "multiple_choice" | "select_box" => {
            let known = choices(store, variable).into_iter().find(|choice| choice.value == value);
            known.map_or_else(|| value.to_owned(), |choice| choice.label)
        }
        _ => value.to_owned(),
    }
}

const MASK: &str = "********";

/// POST of a value to a variable: its display value.
pub(super) fn display_value(store: &Store, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    let variable = records::by_id(store, "item_option_new", id).ok_or_else(super::exception)?;
    let value = text(body(call)?.get("sysparm_value")).unwrap_or_default();
    let record = |id: &str| records::by_id(store, referenced(&variable)?, id);
    let hidden = value.split(',').filter_map(record).any(|record| !call.caller.sees(store, record.row));
    let shown = if hidden { value } else { display(store, &variable, &value) };
    Ok(result(&shown.into()))
}
