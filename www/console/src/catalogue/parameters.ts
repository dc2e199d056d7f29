/** Query parameters of the REST APIs, each with what it does. One place, for the catalogue and for the rows of the tester. */
import type { Parameter } from "./model";

export const NOTES = {
  sysparm_query: "Encoded query; ORDERBY sorts",
  sysparm_fields: "Fields of each row, separated by commas",
  sysparm_limit: "Rows per page, before access rules",
  sysparm_offset: "First row of the page",
  sysparm_display_value: "false: raw, true: display value, all: both",
  sysparm_exclude_reference_link: "true: no links in reference fields",
  sysparm_input_display_value: "true: written values are display values",
  sysparm_no_count: "true: no X-Total-Count, which is faster",
  sysparm_suppress_pagination_header: "true: no Link header",
  sysparm_suppress_auto_sys_field: "false: sys_ fields of the body are written",
  sysparm_view: "Fields of a view; sysparm_fields goes before it",
  sysparm_query_category: "Name of an index category for the query",
  sysparm_query_no_domain: "true: over all domains, for admins",
  sysparm_count: "true: counts the records",
  sysparm_avg_fields: "Fields to average, separated by commas",
  sysparm_min_fields: "Fields of which the smallest value is given",
  sysparm_max_fields: "Fields of which the largest value is given",
  sysparm_sum_fields: "Fields to add up, separated by commas",
  sysparm_group_by: "Fields to group by, separated by commas",
  sysparm_having: "Which groups: count^priority^>^3",
  sysparm_order_by: "Order of groups: COUNT, AVG^state, state^DESC",
  table_name: "Table of the record that the file belongs to",
  table_sys_id: "sys_id of that record",
  file_name: "Name of the file",
  encryption_context: "sys_id of an encryption context",
  creation_time: "Time of creation, instead of now",
  multi_import_set_id: "Multi import set that this one joins",
  run_after: "Import set after which this one is transformed",
  sysparm_data_source: "A choice of discovery_source; case counts",
  sysparm_text: "Words to search for",
  sysparm_catalog: "sys_id of a catalog",
  sysparm_category: "sys_id of a category",
  sysparm_type: "Type of the items",
} as const satisfies Readonly<Record<string, string>>;

type ParameterName = keyof typeof NOTES;

/** Parameters by name; one with a value is `["sysparm_limit", "10"]`. */
export function parameters(...names: readonly (ParameterName | readonly [ParameterName, string])[]): Parameter[] {
  return names.map((given) => {
    if (typeof given === "string") return { name: given, note: NOTES[given] };
    const [name, value] = given;
    return { name, note: NOTES[name], value };
  });
}
