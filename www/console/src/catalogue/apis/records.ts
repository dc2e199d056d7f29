/** Reading and writing records: Table, Aggregate, Batch, Import Set. */
import type { Api } from "../model";
import { parameters } from "../parameters";

const ONE = parameters("sysparm_fields", "sysparm_display_value", "sysparm_view", "sysparm_query_no_domain");
const WRITTEN = parameters(
  "sysparm_fields",
  "sysparm_display_value",
  "sysparm_exclude_reference_link",
  "sysparm_input_display_value",
  "sysparm_suppress_auto_sys_field",
  "sysparm_view",
);

export const TABLE: Api = {
  name: "Table",
  source: "rest-apis/c_TableAPI",
  needs: "Access to the table by its rules; “Allow access to this table via web services”",
  calls: [
    {
      id: "table-list",
      method: "GET",
      path: "/api/now/table/{table}",
      summary: "List records",
      parameters: parameters(
        "sysparm_query",
        "sysparm_fields",
        ["sysparm_limit", "10"],
        "sysparm_offset",
        "sysparm_display_value",
        "sysparm_exclude_reference_link",
        "sysparm_no_count",
        "sysparm_suppress_pagination_header",
        "sysparm_view",
        "sysparm_query_category",
        "sysparm_query_no_domain",
      ),
      note: "Without sysparm_limit up to 10,000 rows. The limit counts before access rules, so short and empty pages are normal.",
    },
    {
      id: "table-create",
      method: "POST",
      path: "/api/now/table/{table}",
      summary: "Create a record",
      parameters: WRITTEN,
      body: { json: { short_description: "" } },
      note: "201 with the record. Fields that the table does not have are dropped.",
    },
    {
      id: "table-read",
      method: "GET",
      path: "/api/now/table/{table}/{sys_id}",
      summary: "Read a record",
      parameters: [...ONE, ...parameters("sysparm_exclude_reference_link")],
      note: "404 also where access rules hide the record.",
    },
    {
      id: "table-update",
      method: "PATCH",
      path: "/api/now/table/{table}/{sys_id}",
      summary: "Update a record",
      parameters: [...WRITTEN, ...parameters("sysparm_query_no_domain")],
      body: { json: { short_description: "" } },
    },
    {
      id: "table-replace",
      method: "PUT",
      path: "/api/now/table/{table}/{sys_id}",
      summary: "Update a record, as PATCH does",
      parameters: [...WRITTEN, ...parameters("sysparm_query_no_domain")],
      body: { json: { short_description: "" } },
      note: "Fields that are missing in the body stay as they are.",
    },
    {
      id: "table-delete",
      method: "DELETE",
      path: "/api/now/table/{table}/{sys_id}",
      summary: "Delete a record",
      parameters: parameters("sysparm_query_no_domain"),
      note: "204 without a body.",
    },
  ],
};

export const AGGREGATE: Api = {
  name: "Aggregate",
  source: "rest-apis/c_AggregateAPI",
  needs: "Read access to the table; access rules on rows are not applied",
  calls: [
    {
      id: "aggregate",
      method: "GET",
      path: "/api/now/stats/{table}",
      summary: "Count and compute over records",
      parameters: parameters(
        "sysparm_query",
        ["sysparm_count", "true"],
        "sysparm_group_by",
        "sysparm_avg_fields",
        "sysparm_min_fields",
        "sysparm_max_fields",
        "sysparm_sum_fields",
        "sysparm_having",
        "sysparm_order_by",
        "sysparm_display_value",
      ),
      note: "Numbers come as text. A count above the rows that the Table API gives means that access rules hide some.",
    },
  ],
};

export const BATCH: Api = {
  name: "Batch",
  source: "rest-apis/batch-api",
  calls: [
    {
      id: "batch",
      method: "POST",
      path: "/api/now/v1/batch",
      summary: "Several requests in one",
      parameters: [],
      body: {
        json: {
          batch_request_id: "1",
          rest_requests: [
            {
              id: "1",
              method: "GET",
              url: "/api/now/table/incident?sysparm_limit=1",
              headers: [{ name: "Accept", value: "application/json" }],
            },
          ],
        },
      },
      note: "Bodies are base64. The status is 200 even if items failed; those not reached are in unserviced_requests.",
    },
  ],
};

export const IMPORT_SET: Api = {
  name: "Import Set",
  source: "rest-apis/c_ImportSetAPI",
  needs: "A staging table with a transform map; insertMultiple may need role import_transformer",
  calls: [
    {
      id: "import-create",
      method: "POST",
      path: "/api/now/import/{staging_table}",
      summary: "Import one record and transform it at once",
      parameters: [],
      body: { json: { column: "value" } },
      note: "Values must be text. 201 with a status for each transform map: inserted, updated, ignored, skipped or error.",
    },
    {
      id: "import-multiple",
      method: "POST",
      path: "/api/now/import/{staging_table}/insertMultiple",
      summary: "Import many records",
      parameters: parameters("multi_import_set_id", "run_after"),
      body: { json: { records: [{ Column: "value" }] } },
      note: "Transformed later unless sys_rest_insert_multiple says otherwise. Keys are labels of columns by default.",
    },
    {
      id: "import-read",
      method: "GET",
      path: "/api/now/import/{staging_table}/{sys_id}",
      summary: "How an import went",
      parameters: [],
      note: "404 once the import set has been cleaned up.",
    },
  ],
};
