//! The base system's dynamic filter options, record hierarchies and views. Queries and lists refer to them by `sys_id` or
//! name, and they are the same on every instance.

use crate::records::ensure;
use crate::search::MY_GROUPS;
use crate::store::{Full, Store};

use super::administration::label;
use super::filling::put;
use super::generator::BASE_DATA;

/// `sys_id`, label and script. The operator page uses the first two for "Me". Shared queries use the last for "One of my groups".
const OPTIONS: [(&str, &str, &str); 3] = [
    ("54635e965f510100a9ad2572f2b4774c", "Me", "gs.getUserID()"),
    ("90d1921e5f510100a9ad2572f2b477fe", "Me", "gs.getUserID()"),
    ("d6435e965f510100a9ad2572f2b47744", "One of my groups", MY_GROUPS),
];

/// `sys_id` (the operator page's for managers), label, table and self-reference.
const HIERARCHIES: [(&str, &str, &str, &str); 2] = [
    ("fdd0fa0f93f5d2505bd0bd886cba1015", "Manager Hierarchy", "sys_user", "manager"),
    ("5c1f3c0e1b2a4d6f8e9a7b6c5d4e3f21", "Parent Incident Hierarchy", "incident", "parent"),
];

/// View, table and fields of its lists.
const VIEWS: [(&str, &str, &[&str]); 4] = [
    ("mobile", "incident", &["number", "short_description", "state", "priority", "assigned_to"]),
    (
        "desktop",
        "incident",
        &[
            "number",
            "opened_at",
            "short_description",
            "caller_id",
            "priority",
            "state",
            "category",
            "assignment_group",
            "assigned_to",
            "sys_updated_on",
            "sys_updated_by",
        ],
    ),
    ("mobile", "sys_user", &["name", "email", "phone"]),
    ("desktop", "sys_user", &["user_name", "name", "email", "active", "sys_created_on", "sys_updated_on"]),
];

/// Inserts all of it into the store.
pub(crate) fn put_filtering(store: &mut Store, created: u64) -> Result<(), Full> {
    for (sys_id, label, script) in OPTIONS {
        let fields = [("label", label), ("script", script), ("field_type", "reference"), ("active", "true")];
        put(store, "sys_filter_option_dynamic", sys_id, BASE_DATA, &fields)?;
    }
    for (sys_id, label, table, field) in HIERARCHIES {
        let name = label.to_lowercase().replace(' ', "_");
        let fields = [("label", label), ("name", &name), ("table", table), ("reference_field", field)];
        put(store, "sys_record_hierarchy", sys_id, BASE_DATA, &fields)?;
    }
    for (view, table, fields) in VIEWS {
        let view_id = ensure(store, "sys_ui_view", view, &[("name", view), ("title", &label(view))], created);
        let list = format!("{table}.{view}");
        let list_id = ensure(store, "sys_ui_list", &list, &[("name", table), ("view", &view_id)], created);
        for (position, element) in fields.iter().enumerate() {
            let position = position.to_string();
            let fields = [("list_id", list_id.as_str()), ("element", element), ("position", &position)];
            ensure(store, "sys_ui_list_element", &format!("{list}.{element}"), &fields, created);
        }
    }
    Ok(())
}
