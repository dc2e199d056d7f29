//! The tables that queries and lists refer to: tags, dynamic filter options, record hierarchies, views, domains.

use super::{Column, Declaration, Kind, column, define};

const LABELS: &[Column] = &[column("name", Kind::Text), column("active", Kind::Boolean)];
const LABEL_ENTRIES: &[Column] = &[
    column("label", Kind::Reference("label")),
    column("table", Kind::Text),
    column("table_key", Kind::Id),
    column("title", Kind::Text),
];
const OPTIONS: &[Column] = &[
    column("label", Kind::Text),
    column("script", Kind::Text),
    column("field_type", Kind::Text),
    column("table", Kind::Text),
    column("active", Kind::Boolean),
];
const HIERARCHIES: &[Column] = &[
    column("label", Kind::Text),
    column("name", Kind::Text),
    column("table", Kind::Text),
    column("reference_field", Kind::Text),
];
const VIEWS: &[Column] = &[column("name", Kind::Text), column("title", Kind::Text)];
const LISTS: &[Column] = &[column("name", Kind::Text), column("view", Kind::Reference("sys_ui_view"))];
const LIST_ELEMENTS: &[Column] = &[
    column("list_id", Kind::Reference("sys_ui_list")),
    column("element", Kind::Text),
    column("position", Kind::Integer),
];
const DOMAINS: &[Column] =
    &[column("name", Kind::Text), column("parent", Kind::Reference("domain")), column("active", Kind::Boolean)];

pub(super) static TABLES: [Declaration; 8] = [
    define("label", "", "name", LABELS),
    define("label_entry", "", "title", LABEL_ENTRIES),
    define("sys_filter_option_dynamic", "", "label", OPTIONS).extending("sys_metadata"),
    // The documentation calls these records "Record Hierarchy" and names no table.
    define("sys_record_hierarchy", "", "label", HIERARCHIES),
    define("sys_ui_view", "", "title", VIEWS).extending("sys_metadata"),
    define("sys_ui_list", "", "name", LISTS).extending("sys_metadata"),
    define("sys_ui_list_element", "", "element", LIST_ELEMENTS).extending("sys_metadata"),
    define("domain", "", "name", DOMAINS),
];
