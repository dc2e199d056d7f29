//! Views: which fields a list shows when the caller names none. A view is a `sys_ui_view`, its fields for a table are the elements
//! of a `sys_ui_list` ("Table API", `sysparm_view`).

use crate::records;
use crate::store::Store;

/// The fields of a view for a table in their order; `None` when the table has no such view, and then all fields are returned.
pub(super) fn fields<'a>(store: &'a Store, view: &str, table: &str) -> Option<Vec<&'a str>> {
    let view = records::one(store, "sys_ui_view", "name", view)?;
    let list = records::with(store, "sys_ui_list", "view", view.id()).find(|list| list.text("name") == table)?;
    let elements = records::with(store, "sys_ui_list_element", "list_id", list.id());
    let mut elements: Vec<_> =
        elements.map(|element| (element.number("position").unwrap_or(u64::MAX), element.text("element"))).collect();
    elements.sort_unstable();
    Some(elements.into_iter().map(|(_, element)| element).collect())
}
