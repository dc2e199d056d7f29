//! The service catalog of a new instance: two catalogs, their categories, items with variables of every common type, record producers,
//! templates of standard changes, and the roles that they need ("Service Catalog roles").
//!
//! Catalogs, categories and items of the API's sample replies have the identifiers that they have there.

mod items;
mod variables;

use crate::identity::sys_id_of;
use crate::records::set_property;
use crate::store::{Full, Store};

use super::administration::{grant, rule};
use super::filling::put;
use super::generator::BASE_DATA;

use items::{CATALOGS, CATEGORIES, CHANGES, GUIDE, GUIDED, ITEMS, Item, PRODUCERS};
use variables::{Choices, Variable};

/// Users with exactly the role in their name.
const USERS: [(&str, &str, &str); 2] = [
    ("practice.catalog", "Practice Catalog Administrator", "catalog_admin"),
    ("practice.fulfiller", "Practice Request Fulfiller", "catalog"),
];

const MANAGERS: &[&str] = &["catalog_admin", "catalog_manager", "catalog_editor"];
const FULFILLERS: &[&str] = &["itil", "catalog", "catalog_admin"];

/// The roles that may read and write; none means every user.
const TABLES: [(&[&str], &[&str], &[&str]); 5] = [
    (
        &[
            "sc_catalog",
            "sc_category",
            "sc_cat_item",
            "sc_cat_item_producer",
            "sc_cat_item_guide",
            "sc_cat_item_guide_items",
            "item_option_new",
            "item_option_new_set",
            "io_set_item",
            "question_choice",
        ],
        &[],
        MANAGERS,
    ),
    (&["sc_request", "sc_req_item", "sc_task"], FULFILLERS, FULFILLERS),
    // Fulfillers read answers, but may not write them.
    (
        &["sc_item_option", "sc_item_option_mtom", "sc_multi_row_question_answer", "question_answer"],
        FULFILLERS,
        &["catalog_admin"],
    ),
    (
        &[
            "user_criteria",
            "sc_cat_item_user_criteria_mtom",
            "sc_cat_item_user_criteria_no_mtom",
            "sc_cart",
            "sc_cart_item",
        ],
        MANAGERS,
        &["catalog_admin"],
    ),
    // "Modify or retire a standard change template".
    (
        &["std_change_record_producer", "std_change_producer_version"],
        &["itil", "sn_change_read"],
        &["change_manager", "sn_change_write", "itil"],
    ),
];

/// "Service Catalog properties", with the values of a new instance.
const PROPERTIES: [(&str, &str); 5] = [
    ("glide.sc.checkout.twostep", "false"),
    ("glide.sc.use_user_criteria", "true"),
    ("glide.sc.category.canview.override", "admin,catalog_admin"),
    ("glide.sc.req_for.roles", ""),
    ("glide.sc.item.not_normal_cart_item", "sc_cat_item_guide,sc_cat_item_producer,sc_cat_item_wizard"),
];

/// Rules of requests: table, name, filter and what they set. A submitted request that costs at most one thousand
/// dollars is approved at once ("Procurement workflows").
const RULES: [(&str, &str, &str, &str); 3] = [
    (
        "sc_request",
        "Approve submitted request",
        "request_stateCHANGESTOsubmitted^price<=1000",
        "request_state=in_process^approval=approved^stage=request_approved",
    ),
    ("sc_request", "Close request", "request_stateSTARTSWITHclosed_^active=true", "active=false"),
    ("sc_request", "Reopen request", "request_stateNOT LIKEclosed_^active=false", "active=true"),
];

/// The last numbers that are used up before the first order.
const NUMBERED: [&str; 3] = ["sc_request", "sc_req_item", "sc_task"];

/// Inserts all of it into the store.
pub(crate) fn put_catalog(store: &mut Store, created: u64) -> Result<(), Full> {
    for (name, value) in PROPERTIES {
        set_property(store, name, value, created);
    }
    for (user_name, name, role) in USERS {
        let password = format!("{}-password", user_name.replace('.', "-"));
        let fields = [
            ("user_name", user_name),
            ("name", name),
            ("active", "true"),
            ("locked_out", "false"),
            ("password_needs_reset", "false"),
            ("web_service_access_only", "true"),
            ("identity_type", "machine"),
            ("time_zone", "GMT"),
            ("user_password", &password),
        ];
        put(store, "sys_user", &sys_id_of("sys_user", user_name), BASE_DATA, &fields)?;
        grant(store, user_name, role, created);
    }
    for (tables, read, write) in TABLES {
        for table in tables {
            rule(store, table, "record", "read", read, true, created);
            for operation in ["create", "write", "delete"] {
                rule(store, table, "record", operation, write, true, created);
            }
        }
    }
    for (id, title, description) in CATALOGS {
        let fields =
            [("title", title), ("sys_name", title), ("description", description), ("enable_wish_list", "true")];
        put(store, "sc_catalog", id, BASE_DATA, &fields)?;
    }
    for category in CATEGORIES {
        let fields = [
            ("title", category.title),
            ("sys_name", category.title),
            ("description", category.description),
            ("sc_catalog", category.catalog),
            ("parent", category.parent),
        ];
        put(store, "sc_category", category.id, BASE_DATA, &fields)?;
    }
    for (order, item) in ITEMS.iter().enumerate() {
        put_item(store, "sc_cat_item", item, order, &[])?;
    }
    for (order, (item, table, script)) in PRODUCERS.iter().enumerate() {
        let more = [("table_name", *table), ("view", "ess"), ("script", *script)];
        put_item(store, "sc_cat_item_producer", item, order, &more)?;
    }
    put_item(store, "sc_cat_item_guide", &GUIDE, ITEMS.len(), &[])?;
    for (place, (item, condition)) in GUIDED.iter().enumerate() {
        let id = sys_id_of("sc_cat_item_guide_items", item);
        let order = ((place + 1) * 100).to_string();
        let fields = [("guide", GUIDE.id), ("item", *item), ("condition", *condition), ("order", &order)];
        put(store, "sc_cat_item_guide_items", &id, BASE_DATA, &fields)?;
    }
    for (order, item) in CHANGES.iter().enumerate() {
        let version = sys_id_of("std_change_producer_version", item.name);
        let script = format!("current.type = 'standard';\ncurrent.std_change_producer_version = '{version}';");
        let more =
            [("table_name", "change_request"), ("current_version", version.as_str()), ("script", script.as_str())];
        put_item(store, "std_change_record_producer", item, order, &more)?;
        let name = format!("{} - 1", item.name);
        let fields = [("name", name.as_str()), ("version", "1"), ("std_change_producer", item.id)];
        put(store, "std_change_producer_version", &version, BASE_DATA, &fields)?;
    }
    put_set(store)?;
    for (table, name, filter, template) in RULES {
        let fields = [
            ("name", name),
            ("collection", table),
            ("active", "true"),
            ("action_update", "true"),
            ("when", "before"),
            ("order", "100"),
            ("filter_condition", filter),
            ("template", template),
        ];
        put(store, "sys_script", &sys_id_of("sys_script", &format!("{table}.{name}")), BASE_DATA, &fields)?;
    }
    for table in NUMBERED {
        if let Some(table) = store.find(table).and_then(|id| store.tables.get_mut(id.place())) {
            table.last_number = 10_000;
        }
    }
    Ok(())
}

fn put_item(store: &mut Store, class: &str, item: &Item, order: usize, more: &[(&str, &str)]) -> Result<(), Full> {
    let delivery = match item.days {
        0 => String::new(),
        days => format!("1970-01-{:02} 00:00:00", days + 1),
    };
    let order = (order * 10).to_string();
    let catalog =
        CATEGORIES.iter().find(|category| category.id == item.category).map_or("", |category| category.catalog);
    let mut fields = vec![
        ("name", item.name),
        ("sys_name", item.name),
        ("short_description", item.short_description),
        ("description", item.description),
        ("category", item.category),
        ("sc_catalogs", catalog),
        ("price", item.price),
        ("recurring_price", item.recurring.0),
        ("recurring_frequency", item.recurring.1),
        ("delivery_time", &delivery),
        ("order", &order),
        ("availability", "on_both"),
    ];
    fields.extend(more);
    put(store, class, item.id, BASE_DATA, &fields)?;
    put_variables(store, item.variables, ("cat_item", item.id))
}

/// Inserts the variables of an item, or of a set of variables.
fn put_variables(store: &mut Store, variables: &[Variable], owner: (&str, &str)) -> Result<(), Full> {
    for (order, variable) in variables.iter().enumerate() {
        let id = match variable.id {
            "" => sys_id_of("item_option_new", &format!("{}.{}", owner.1, variable.name)),
            id => id.to_owned(),
        };
        let order = ((order + 1) * 100).to_string();
        let mandatory = if variable.mandatory { "true" } else { "false" };
        let mut fields = vec![
            ("name", variable.name),
            ("sys_name", variable.label),
            ("question_text", variable.label),
            ("type", variable.kind),
            ("mandatory", mandatory),
            ("order", &order),
            owner,
        ];
        fields.extend(variable.more);
        put(store, "item_option_new", &id, BASE_DATA, &fields)?;
        put_question_choices(store, &id, variable.choices)?;
    }
    Ok(())
}

/// Inserts the choices of a variable: text, value and what each adds to the price.
fn put_question_choices(store: &mut Store, question: &str, choices: Choices) -> Result<(), Full> {
    for (order, (text, value, price)) in choices.iter().enumerate() {
        let id = sys_id_of("question_choice", &format!("{question}.{value}"));
        let order = ((order + 1) * 100).to_string();
        let fields = [("question", question), ("text", text), ("value", value), ("misc", price), ("order", &order)];
        put(store, "question_choice", &id, BASE_DATA, &fields)?;
    }
    Ok(())
}

/// A set of variables, and a multi-row set, on the items that have them.
fn put_set(store: &mut Store) -> Result<(), Full> {
    for set in variables::SETS {
        let id = sys_id_of("item_option_new_set", set.name);
        let fields = [
            ("title", set.title),
            ("name", set.title),
            ("internal_name", set.name),
            ("type", set.kind),
            ("order", "1000"),
            ("display_title", "true"),
        ];
        put(store, "item_option_new_set", &id, BASE_DATA, &fields)?;
        put_variables(store, set.variables, ("variable_set", &id))?;
        for item in set.items {
            let link = sys_id_of("io_set_item", &format!("{item}.{}", set.name));
            let fields = [("sc_cat_item", *item), ("variable_set", &id), ("order", "1000")];
            put(store, "io_set_item", &link, BASE_DATA, &fields)?;
        }
    }
    Ok(())
}
