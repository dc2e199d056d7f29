/** The CMDB: instances, meta data, identification and reconciliation. */
import type { Api } from "../model";
import { parameters } from "../parameters";

const CLASS = "/api/now/cmdb/instance/{class}";
const ITEM = { attributes: { name: "" }, source: "ServiceNow" };
const RELATIONS = {
  inbound_relations: [{ target: "{{target_sys_id}}", type: "{{type_sys_id}}" }],
  outbound_relations: [],
  source: "ServiceNow",
};

export const CMDB_INSTANCE: Api = {
  name: "CMDB Instance",
  source: "rest-apis/cmdb-instance-api",
  needs: "Role itil",
  calls: [
    {
      id: "cmdb-list",
      method: "GET",
      path: CLASS,
      summary: "List configuration items of a class",
      parameters: parameters("sysparm_query", ["sysparm_limit", "10"], "sysparm_offset"),
      note: "Only sys_id and name of each.",
    },
    {
      id: "cmdb-create",
      method: "POST",
      path: CLASS,
      summary: "Add an item with its relations",
      parameters: [],
      body: { json: { ...ITEM, inbound_relations: [], outbound_relations: [] } },
      note: "source is a choice of discovery_source.",
    },
    {
      id: "cmdb-read",
      method: "GET",
      path: `${CLASS}/{sys_id}`,
      summary: "Read an item with its relations",
      parameters: [],
    },
    {
      id: "cmdb-update",
      method: "PATCH",
      path: `${CLASS}/{sys_id}`,
      summary: "Update an item",
      parameters: [],
      body: { json: ITEM },
    },
    {
      id: "cmdb-replace",
      method: "PUT",
      path: `${CLASS}/{sys_id}`,
      summary: "Update an item by PUT",
      parameters: [],
      body: { json: ITEM },
    },
    {
      id: "cmdb-relation-add",
      method: "POST",
      path: `${CLASS}/{sys_id}/relation`,
      summary: "Add relations to an item",
      parameters: [],
      body: { json: RELATIONS },
    },
    {
      id: "cmdb-relation-remove",
      method: "DELETE",
      path: `${CLASS}/{sys_id}/relation/{relation_sys_id}`,
      summary: "Remove a relation of an item",
      parameters: [],
    },
  ],
};

export const CMDB_META: Api = {
  name: "CMDB Meta",
  source: "rest-apis/cmdb-meta-api",
  needs: "Role itil",
  calls: [
    {
      id: "cmdb-meta",
      method: "GET",
      path: "/api/now/cmdb/meta/{class}",
      summary: "What a class is made of, and its rules",
      parameters: [],
    },
  ],
};

const PAYLOAD = {
  json: { items: [{ className: "cmdb_ci_server", values: { name: "", serial_number: "" } }], relations: [] },
};
const RECONCILE = "/api/now/identifyreconcile";
const IN_BODY = "Errors of items come with status 200: read errorCount of each.";

export const RECONCILIATION: Api = {
  name: "Identification and Reconciliation",
  source: "rest-apis/c_IdentifyReconcileAPI",
  needs: "Role itil or asset",
  calls: [
    {
      id: "reconcile",
      method: "POST",
      path: RECONCILE,
      summary: "Add or update items by the identification rules",
      parameters: parameters(["sysparm_data_source", "ServiceNow"]),
      body: PAYLOAD,
      note: `${IN_BODY} Without sysparm_data_source the payload is kept as incomplete.`,
    },
    {
      id: "reconcile-enhanced",
      method: "POST",
      path: `${RECONCILE}/enhanced`,
      summary: "The same, with partial and incomplete payloads",
      parameters: parameters(["sysparm_data_source", "ServiceNow"]),
      body: PAYLOAD,
      note: IN_BODY,
    },
    {
      id: "reconcile-query",
      method: "POST",
      path: `${RECONCILE}/query`,
      summary: "What the rules would do; nothing is written",
      parameters: parameters(["sysparm_data_source", "ServiceNow"]),
      body: PAYLOAD,
    },
    {
      id: "reconcile-query-enhanced",
      method: "POST",
      path: `${RECONCILE}/queryEnhanced`,
      summary: "What the enhanced rules would do; nothing is written",
      parameters: parameters(["sysparm_data_source", "ServiceNow"]),
      body: PAYLOAD,
    },
  ],
};
