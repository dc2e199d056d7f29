//! Import sets: staging tables, transform maps, and what transforms did.

use super::{Column, Declaration, Kind, choice, column, define};

const IMPORT_STATES: &[(&str, &str)] = &[
    ("pending", "Pending"),
    ("inserted", "Inserted"),
    ("updated", "Updated"),
    ("ignored", "Ignored"),
    ("skipped", "Skipped"),
    ("error", "Error"),
];
const STAGED_USERS: &[Column] = &[
    column("user_name", Kind::Text),
    column("first_name", Kind::Text),
    column("last_name", Kind::Text),
    column("email", Kind::Text),
];
/// What every staging table inherits.
const IMPORT_ROWS: &[Column] = &[
    column("sys_import_set", Kind::Reference("sys_import_set")),
    column("sys_import_row", Kind::Integer),
    choice("sys_import_state", Kind::Choice, IMPORT_STATES),
    column("sys_import_state_comment", Kind::Text),
    column("sys_row_error", Kind::Text),
    column("sys_transform_map", Kind::Reference("sys_transform_map")),
    column("sys_target_table", Kind::Text),
    column("sys_target_sys_id", Kind::Text),
];
const IMPORT_SETS: &[Column] = &[
    column("number", Kind::Text),
    column("table_name", Kind::Text),
    choice("state", Kind::Choice, &[("loaded", "Loaded"), ("processed", "Processed")]),
    choice("mode", Kind::Choice, &[("synchronous", "Synchronous"), ("asynchronous", "Asynchronous")]),
    column("load_completed", Kind::DateTime),
    column("multi_import_set", Kind::Reference("sys_multi_import_set")),
];
const MULTI_IMPORT_SETS: &[Column] = &[column("name", Kind::Text)];
/// The transform history of an import set.
const IMPORT_RUNS: &[Column] = &[
    column("set", Kind::Reference("sys_import_set")),
    column("sys_transform_map", Kind::Reference("sys_transform_map")),
    choice("state", Kind::Choice, &[("complete", "Complete"), ("complete_with_errors", "Complete with errors")]),
    column("total", Kind::Integer),
    column("inserts", Kind::Integer),
    column("updates", Kind::Integer),
    column("ignored", Kind::Integer),
    column("skipped", Kind::Integer),
    column("errors", Kind::Integer),
    column("completed", Kind::DateTime),
];
const DATA_SOURCES: &[Column] = &[
    column("name", Kind::Text),
    column("import_set_table_name", Kind::Text),
    column("format", Kind::Text),
    column("jpath_root_node", Kind::Text),
];
const MULTIPLE_INSERTS: &[Column] = &[
    column("source_table", Kind::Text),
    choice("transform", Kind::Choice, &[("asynchronous", "Asynchronous"), ("synchronous", "Synchronous")]),
    choice("column_mapping", Kind::Choice, &[("label", "Label"), ("column_name", "Column name")]),
    column("use_data_source_format", Kind::Boolean),
];
const TRANSFORM_MAPS: &[Column] = &[
    column("name", Kind::Text),
    column("source_table", Kind::Text),
    column("target_table", Kind::Text),
    column("order", Kind::Integer),
    column("active", Kind::Boolean),
];
const TRANSFORM_ENTRIES: &[Column] = &[
    column("map", Kind::Reference("sys_transform_map")),
    column("source_field", Kind::Text),
    column("target_field", Kind::Text),
    column("coalesce", Kind::Boolean),
];

pub(super) static TABLES: [Declaration; 9] = [
    define("sys_import_set_row", "", "sys_id", IMPORT_ROWS),
    define("imp_user", "", "user_name", STAGED_USERS).extending("sys_import_set_row"),
    define("sys_import_set", "ISET", "number", IMPORT_SETS),
    define("sys_multi_import_set", "", "name", MULTI_IMPORT_SETS),
    define("sys_import_set_run", "", "set", IMPORT_RUNS),
    define("sys_data_source", "", "name", DATA_SOURCES),
    // The documentation names the table and the labels of its fields, not their names.
    define("sys_rest_insert_multiple", "", "source_table", MULTIPLE_INSERTS),
    define("sys_transform_map", "", "name", TRANSFORM_MAPS).extending("sys_metadata"),
    define("sys_transform_entry", "", "target_field", TRANSFORM_ENTRIES).extending("sys_metadata"),
];
