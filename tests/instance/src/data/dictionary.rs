//! `sys_db_object`, `sys_dictionary`, its overrides and `sys_index`: each table and column, at the table that declares it.

use crate::clock::stamp;
use crate::identity::sys_id_of;
use crate::records::{by_id, ensure};
use crate::store::{Access, Column, GLOBAL, Kind, SCOPE, Store, tables};

use super::administration::label;
use super::put;

/// The recorded indexes that are not unique, by table. The index of `sys_id` is never recorded. "Out of the box, ServiceNow does not
/// enforce uniqueness on the task.number field" (community blog 3492720, by a ServiceNow employee).
const INDEXES: [(&str, &str); 4] =
    [("task", "number"), ("task", "sys_updated_on"), ("task", "assignment_group,state"), ("incident", "caller_id")];

pub(super) fn put_dictionary(store: &mut Store, created: u64) {
    // The only record whose sys_id is a word.
    if by_id(store, "sys_scope", GLOBAL).is_none() {
        let _ = put(store, "sys_scope", GLOBAL, &stamp(created), &[("name", "Global"), ("scope", GLOBAL)]);
    }
    let scope = [("name", "Acme Onboarding"), ("scope", SCOPE), ("version", "1.0.0")];
    let scope = ensure(store, "sys_scope", SCOPE, &scope, created);
    let scope_of = |name: &str| if name.starts_with(SCOPE) { scope.as_str() } else { GLOBAL };
    for table in tables() {
        let parent = table.extends.map_or_else(String::new, |parent| sys_id_of("sys_db_object", parent.name));
        let fields = [
            ("name", table.name),
            ("label", &label(table.name)),
            ("super_class", parent.as_str()),
            ("ws_access", "true"),
            ("sys_scope", scope_of(table.name)),
        ];
        ensure(store, "sys_db_object", table.name, &fields, created);
        put_collection(store, table.name, scope_of(table.name), created);
        for column in &table.columns {
            let declaring = table.declaring(column.name);
            if declaring.name == table.name {
                put_column(store, table.name, column, scope_of(column_scope(table.name, column.name)), created);
            } else if table.overrides(column.name) {
                put_override(store, (table.name, declaring.name), column, created);
            }
        }
    }
    // The example of "Define a dictionary override". Impact and urgency give the priority ("Default priority lookup rules").
    for table in ["incident", "problem"] {
        let priority = [
            ("name", table),
            ("base_table", "task"),
            ("element", "priority"),
            ("default_value_override", "true"),
            ("default_value", "5"),
            ("mandatory_override", "false"),
            ("read_only_override", "true"),
            ("read_only", "true"),
        ];
        ensure(store, "sys_dictionary_override", &format!("{table}.priority"), &priority, created);
    }
    for (table, columns) in INDEXES {
        put_index(store, table, columns, "false", created);
    }
}

/// The tables that are audited: "by default, the system tracks changes to the incident, change, and problem tables" ("Exploring
/// Auditing").
const AUDITED: [&str; 3] = ["incident", "change_request", "problem"];

/// The entry of the table itself, whose element is empty.
fn put_collection(store: &mut Store, table: &str, scope: &str, created: u64) {
    let fields = [
        ("name", table),
        ("column_label", &label(table)),
        ("internal_type", "collection"),
        ("audit", if AUDITED.contains(&table) { "true" } else { "false" }),
        ("active", "true"),
        ("sys_scope", scope),
    ];
    ensure(store, "sys_dictionary", &format!("{table}."), &fields, created);
}

fn put_index(store: &mut Store, table: &str, columns: &str, unique: &str, created: u64) {
    let id = sys_id_of("sys_db_object", table);
    let fields =
        [("table", id.as_str()), ("logical_table_name", table), ("col_name_string", columns), ("unique_index", unique)];
    ensure(store, "sys_index", &format!("{table}.{columns}"), &fields, created);
}

/// A column of a scoped application's table belongs to its scope, and so does a column with the scope's prefix in another table.
fn column_scope<'a>(table: &'a str, column: &'a str) -> &'a str {
    if table.starts_with(SCOPE) { table } else { column }
}

fn put_column(store: &mut Store, table: &str, column: &Column, scope: &str, created: u64) {
    let (kind, reference) = column.kind.internal_type();
    let fields = [
        ("name", table),
        ("element", column.name),
        ("column_label", &label(column.name)),
        ("internal_type", kind),
        ("reference", reference),
        ("mandatory", "false"),
        ("read_only", if column.access == Access::ReadOnly { "true" } else { "false" }),
        ("virtual", if column.access == Access::Calculated { "true" } else { "false" }),
        ("unique", if column.unique { "true" } else { "false" }),
        ("default_value", column.default),
        ("choice", if column.kind.is_choice() { "1" } else { "" }),
        ("active", "true"),
        ("max_length", length(column.kind)),
        ("sys_scope", scope),
    ];
    ensure(store, "sys_dictionary", &format!("{table}.{}", column.name), &fields, created);
    if column.unique {
        put_index(store, table, column.name, "true", created);
    }
}

/// The record of a column that a table overrides: its default value. Overridden choices are rows of `sys_choice`.
fn put_override(store: &mut Store, (table, base): (&str, &str), column: &Column, created: u64) {
    let fields = [
        ("name", table),
        ("base_table", base),
        ("element", column.name),
        ("default_value_override", "true"),
        ("default_value", column.default),
        ("mandatory_override", "false"),
        ("read_only_override", "false"),
    ];
    ensure(store, "sys_dictionary_override", &format!("{table}.{}", column.name), &fields, created);
}

fn length(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Reference(_) => "32",
        Kind::Text | Kind::Secret | Kind::Journal | Kind::List(_) => "4000",
        _ => "40",
    }
}
