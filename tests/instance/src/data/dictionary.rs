//! `sys_db_object`, `sys_dictionary`, its overrides and `sys_index`: each table and column, at the table that declares it.

use crate::clock::stamp;
use crate::identity::sys_id_of;
use crate::records::{by_id, ensure};
use crate::store::{GLOBAL, Kind, SCOPE, Store};

use super::administration::label;
use super::put;

/// The tables of this instance that extend `task`.
const TASKS: [&str; 3] = ["incident", "problem", "change_request"];

/// Columns that `task` declares and its classes inherit (sample bodies of the Table API).
const OF_TASK: [&str; 35] = [
    "sys_id",
    "sys_created_on",
    "sys_created_by",
    "sys_updated_on",
    "sys_updated_by",
    "sys_mod_count",
    "number",
    "short_description",
    "description",
    "state",
    "active",
    "priority",
    "impact",
    "urgency",
    "assigned_to",
    "assignment_group",
    "opened_at",
    "opened_by",
    "closed_at",
    "closed_by",
    "due_date",
    "parent",
    "company",
    "location",
    "contact_type",
    "correlation_id",
    "correlation_display",
    "calendar_duration",
    "watch_list",
    "comments",
    "work_notes",
    "sys_class_name",
    "sys_domain",
    "cmdb_ci",
    "close_notes",
];

/// Columns of tasks whose choices belong to `task`. Each class has its own states.
const CHOSEN_ON_TASK: [&str; 4] = ["priority", "impact", "urgency", "contact_type"];

/// The table that declares a column in the dictionary.
pub(crate) fn declaring<'a>(table: &'a str, column: &str) -> &'a str {
    if TASKS.contains(&table) && OF_TASK.contains(&column) { "task" } else { table }
}

/// The table that holds the choices of a column in `sys_choice`.
pub(crate) fn choosing<'a>(table: &'a str, column: &str) -> &'a str {
    if TASKS.contains(&table) && CHOSEN_ON_TASK.contains(&column) { "task" } else { table }
}

/// The recorded indexes by table: columns and whether they are unique. The index of `sys_id` is never recorded.
const INDEXES: [(&str, &str, bool); 5] = [
    ("task", "number", true),
    ("task", "sys_updated_on", false),
    ("task", "assignment_group,state", false),
    ("incident", "caller_id", false),
    ("sys_user", "user_name", true),
];

pub(super) fn put_dictionary(store: &mut Store, created: u64) {
    // The only record whose sys_id is a word.
    if by_id(store, "sys_scope", GLOBAL).is_none() {
        let _ = put(store, "sys_scope", GLOBAL, &stamp(created), &[("name", "Global"), ("scope", GLOBAL)]);
    }
    let scope = [("name", "Acme Onboarding"), ("scope", SCOPE), ("version", "1.0.0")];
    let scope = ensure(store, "sys_scope", SCOPE, &scope, created);
    let scope_of = |name: &str| if name.starts_with(SCOPE) { scope.as_str() } else { GLOBAL };
    let definitions: Vec<_> = store.tables.iter().map(|table| table.definition).collect();
    for definition in definitions {
        let label = label(definition.name);
        let fields = [
            ("name", definition.name),
            ("label", &label),
            ("ws_access", "true"),
            ("sys_scope", scope_of(definition.name)),
        ];
        ensure(store, "sys_db_object", definition.name, &fields, created);
        for column in definition.columns {
            let table = declaring(definition.name, column.name);
            let (kind, reference) = column.kind.internal_type();
            let fields = [
                ("name", table),
                ("element", column.name),
                ("column_label", &self::label(column.name)),
                ("internal_type", kind),
                ("reference", if column.name == "parent" && table == "task" { "task" } else { reference }),
                ("mandatory", "false"),
                ("read_only", "false"),
                ("default_value", if (table, column.name) == ("task", "priority") { "4" } else { "" }),
                ("choice", if column.kind.is_choice() { "1" } else { "" }),
                ("active", "true"),
                ("max_length", length(column.kind)),
                ("sys_scope", scope_of(if definition.name.starts_with(SCOPE) { SCOPE } else { column.name })),
            ];
            ensure(store, "sys_dictionary", &format!("{table}.{}", column.name), &fields, created);
        }
    }
    // The example of "Define a dictionary override".
    let priority = [
        ("name", "incident"),
        ("base_table", "task"),
        ("element", "priority"),
        ("default_value_override", "true"),
        ("default_value", "5"),
        ("mandatory_override", "false"),
        ("read_only_override", "false"),
    ];
    ensure(store, "sys_dictionary_override", "incident.priority", &priority, created);
    for (table, columns, unique) in INDEXES {
        let id = sys_id_of("sys_db_object", table);
        let unique = if unique { "true" } else { "false" };
        let fields = [
            ("table", id.as_str()),
            ("logical_table_name", table),
            ("col_name_string", columns),
            ("unique_index", unique),
        ];
        ensure(store, "sys_index", &format!("{table}.{columns}"), &fields, created);
    }
}

fn length(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Reference(_) => "32",
        Kind::Text | Kind::Secret | Kind::Journal | Kind::List(_) => "4000",
        _ => "40",
    }
}
