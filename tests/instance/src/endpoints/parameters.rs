//! The parameters of the endpoints: their values and meanings.

use serde_json::{Value, json};

/// The type of a parameter.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Count,
    Flag,
    /// `true`, `false` or `all`.
    Display,
}

const PARAMETERS: &[(&str, Takes, &str)] = &[
    ("sysparm_query", Takes::Text, "Encoded query."),
    (
        "sysparm_fields",
        Takes::Text,
        "Fields to give, by commas; dotted names follow references. Unknown names are passed over.",
    ),
    ("sysparm_limit", Takes::Count, "How many at most; applied before row access rules, so that fewer may come."),
    ("sysparm_offset", Takes::Count, "How many to pass over."),
    ("sysparm_display_value", Takes::Display, "Values as they are kept, as people see them, or both."),
    ("sysparm_exclude_reference_link", Takes::Flag, "References without their links."),
    ("sysparm_suppress_pagination_header", Takes::Flag, "No Link header."),
    ("sysparm_no_count", Takes::Flag, "No counting: X-Total-Count is the number of records in the reply."),
    ("sysparm_view", Takes::Text, "View whose fields are given."),
    ("sysparm_orderby", Takes::Text, "Column to sort an export by."),
    ("sysparm_record_count", Takes::Count, "How many records at most; no more than the export's limit."),
    ("sysparm_sys_id", Takes::Text, "The only record to export."),
    ("displayvalue", Takes::Display, "References in JSON as they are kept, as people see them, or both."),
    ("sysparm_count", Takes::Flag, "Count the records."),
    ("sysparm_avg_fields", Takes::Text, "Fields to average, by commas."),
    ("sysparm_min_fields", Takes::Text, "Fields to give the smallest value of, by commas."),
    ("sysparm_max_fields", Takes::Text, "Fields to give the largest value of, by commas."),
    ("sysparm_sum_fields", Takes::Text, "Fields to add up, by commas."),
    ("sysparm_group_by", Takes::Text, "Fields to group by, by commas."),
    ("sysparm_having", Takes::Text, "Which groups to give, by what was computed: count^priority^>^3."),
    ("sysparm_order_by", Takes::Text, "The order of the groups: COUNT, AVG^state or state^DESC."),
    ("sysparm_name", Takes::Text, "Names to look for."),
    ("table_name", Takes::Text, "Table of the record that the file belongs to."),
    ("table_sys_id", Takes::Text, "The record that the file belongs to."),
    ("file_name", Takes::Text, "The file's name."),
    ("encryption_context", Takes::Text, "Taken and passed over: nothing is encrypted here."),
    ("creation_time", Takes::Text, "Taken and passed over: the time of the upload counts."),
    ("multi_import_set_id", Takes::Text, "The multi import set that the new import set joins."),
    ("run_after", Takes::Text, "The import set after which this one is transformed."),
    ("sysparm_text", Takes::Text, "Words that the title, or the name and descriptions, must have."),
    ("sysparm_catalog", Takes::Text, "Catalog of the items."),
    ("sysparm_category", Takes::Text, "Category of the items."),
    ("sysparm_type", Takes::Text, "Record Producer or Order Guide; anything else is passed over."),
    ("sysparm_top_level_only", Takes::Flag, "Only categories without a parent."),
    ("sysparm_data_source", Takes::Text, "Source of the data: a choice of discovery_source."),
    ("size", Takes::Count, "How many bytes."),
];

/// A query parameter as OpenAPI describes it. A value of the wrong type is ignored, as on the platform.
pub(super) fn in_query(name: &str) -> Value {
    let known = PARAMETERS.iter().find(|(other, ..)| *other == name);
    let (takes, description) = known.map_or((Takes::Text, ""), |(_, takes, description)| (*takes, *description));
    let schema = match takes {
        Takes::Text => json!({ "type": "string" }),
        Takes::Count => json!({ "type": "integer", "minimum": 0 }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Display => json!({ "enum": ["true", "false", "all"] }),
    };
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
}

/// A value for a part of a path that leads somewhere.
pub(super) fn example(name: &str) -> &'static str {
    match name {
        "table_name" => "incident",
        "staging_table" => "imp_user",
        "class_name" => "cmdb_ci_server",
        "catalog_id" => "e0d08b13c3330100c8b837659bba8fb4",
        "category_id" => "d258b953c611227a0146101fb1be7c31",
        "item_id" => "04b7e94b4f7b4200086eeed18110c7fd",
        "variable_id" => "90b72d4b4f7b4200086eeed18110c701",
        _ => "46d44a5dc0a8010e0000b1ec4a6d7a52",
    }
}
