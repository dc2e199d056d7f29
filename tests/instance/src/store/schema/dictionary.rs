//! The records that describe tables and columns.

use super::{Column, Declaration, Kind, choice, column, define, integer};

const TABLE_RECORDS: &[Column] = &[
    column("name", Kind::Text),
    column("label", Kind::Text),
    column("super_class", Kind::Reference("sys_db_object")),
    column("ws_access", Kind::Boolean),
    column("number_ref", Kind::Reference("sys_number")),
];
/// "Choice list specification".
const CHOICE_LISTS: &[(&str, &str)] = &[
    ("1", "Dropdown with -- None --"),
    ("2", "Suggestion"),
    ("3", "Dropdown without -- None -- (must specify default)"),
];
const COLUMN_RECORDS: &[Column] = &[
    column("name", Kind::Text),
    column("element", Kind::Text),
    column("column_label", Kind::Text),
    column("internal_type", Kind::Text),
    column("reference", Kind::Text),
    column("reference_key", Kind::Text),
    column("max_length", Kind::Integer),
    column("mandatory", Kind::Boolean),
    column("read_only", Kind::Boolean),
    column("unique", Kind::Boolean),
    column("virtual", Kind::Boolean),
    column("display", Kind::Boolean),
    column("array", Kind::Boolean),
    column("audit", Kind::Boolean),
    column("primary", Kind::Boolean),
    column("attributes", Kind::Text),
    column("comments", Kind::Text),
    column("dependent", Kind::Text),
    column("calculation", Kind::Text),
    column("default_value", Kind::Text),
    choice("choice", Kind::NumberChoice, CHOICE_LISTS),
    column("active", Kind::Boolean),
];
/// "Define a dictionary override": for each attribute whether it is overridden, and the value.
const OVERRIDES: &[Column] = &[
    column("name", Kind::Text),
    column("base_table", Kind::Text),
    column("element", Kind::Text),
    column("mandatory_override", Kind::Boolean),
    column("mandatory", Kind::Boolean),
    column("read_only_override", Kind::Boolean),
    column("read_only", Kind::Boolean),
    column("default_value_override", Kind::Boolean),
    column("default_value", Kind::Text),
];
/// The fields that the platform's script for indexes fills in.
const INDEXES: &[Column] = &[
    column("table", Kind::Reference("sys_db_object")),
    column("logical_table_name", Kind::Text),
    column("col_name_string", Kind::Text),
    column("unique_index", Kind::Boolean),
];

const CHOICES: &[Column] = &[
    column("name", Kind::Text),
    column("element", Kind::Text),
    column("value", Kind::Text),
    column("label", Kind::Text),
    column("sequence", Kind::Integer),
    column("language", Kind::Text),
    column("dependent_value", Kind::Text),
    column("hint", Kind::Text),
    column("inactive", Kind::Boolean),
];

/// "Add auto-numbering records in a table"; the column names are those that applications in source form have.
const NUMBERS: &[Column] = &[
    column("category", Kind::Text),
    column("prefix", Kind::Text),
    integer("number").with_default("1000"),
    integer("maximum_digits").with_default("7"),
];
const COUNTERS: &[Column] = &[column("table", Kind::Text), integer("number")];

pub(super) static TABLES: [Declaration; 7] = [
    define("sys_db_object", "", "label", TABLE_RECORDS).extending("sys_metadata"),
    define("sys_dictionary", "", "element", COLUMN_RECORDS).extending("sys_metadata"),
    define("sys_dictionary_override", "", "element", OVERRIDES).extending("sys_metadata"),
    define("sys_choice", "", "label", CHOICES).extending("sys_metadata"),
    define("sys_index", "", "col_name_string", INDEXES),
    define("sys_number", "", "prefix", NUMBERS).extending("sys_metadata"),
    define("sys_number_counter", "", "table", COUNTERS),
];
