/** The operations of one table by path and method. */
import type { OpenApiOperation, TableOperation } from "sysparm/openapi";
import { LONGEST_SUMMARY, operationId, shortened } from "./names.js";
import { FAILURE, type Json, recordName, reference, writtenName } from "./schemas.js";
import type { DescribedTable } from "./tables.js";
import { LONGEST_DESCRIPTION, ofFields, ofQuery, usualFirst } from "./words.js";

/** Who answers, as `openApi()` takes it. */
export type Server = "instance" | "worker";

const USUAL_ROWS = 100;

const inQuery = (name: string, schema: Json, description: string, required = false) => ({
  ...{ name, in: "query", description, ...(required && { required }) },
  schema,
});

const ID = {
  name: "sys_id",
  in: "path",
  required: true,
  description: "Identifier of the record: `sys_id` of a reply.",
  schema: { type: "string", pattern: "^[0-9A-Za-z_-]{1,64}$" },
};
const WITHOUT_LINKS = inQuery(
  "sysparm_exclude_reference_link",
  { type: "boolean" },
  "true: references are text instead of objects with a link. Send true to keep replies short.",
);
const LABELS = inQuery(
  "sysparm_display_value",
  { type: "string", enum: ["true", "false", "all"] },
  "true: labels of choices and names of referenced records; false: stored values; all: both.",
);

/** Paths of a table with the chosen operations. */
export function pathsOf(table: DescribedTable, server: Server): Record<string, Record<string, OpenApiOperation>> {
  const list = `/api/now/table/${table.name}`;
  const all: [TableOperation, string, string][] = [
    ["list", list, "get"],
    ["create", list, "post"],
    ["get", `${list}/{sys_id}`, "get"],
    ["update", `${list}/{sys_id}`, "patch"],
    ["delete", `${list}/{sys_id}`, "delete"],
  ];
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [operation, path, method] of all) {
    if (!table.operations.has(operation)) continue;
    paths[path] = { ...paths[path], [method]: operationOf(table, operation, server) };
  }
  return paths;
}

function operationOf(table: DescribedTable, operation: TableOperation, server: Server): OpenApiOperation {
  const { name } = table;
  const writes = operation === "create" || operation === "update";
  const [summary, description] = wordsOf(table, operation);
  const reading = [fieldsOf(table, server), ...(table.displayValues ? [LABELS] : []), WITHOUT_LINKS];
  const own: Record<TableOperation, object[]> = {
    list: [
      ...(table.compared.length > 0 ? [queryOf(table)] : []),
      ...reading.slice(0, 1),
      limitOf(table, server),
      offsetOf(table),
      ...reading.slice(1),
    ],
    get: [ID, ...reading],
    create: reading,
    update: [ID, ...reading],
    delete: [ID],
  };
  return {
    operationId: operationId(operation, name),
    tags: [name],
    summary: shortened(summary, LONGEST_SUMMARY),
    description: shortened(description, LONGEST_DESCRIPTION),
    // Assistants of OpenAI ask before each call of such an operation ("Consequential flag" of their documentation).
    "x-openai-isConsequential": operation !== "list" && operation !== "get",
    parameters: own[operation],
    ...(writes && {
      requestBody: { required: true, content: { "application/json": { schema: reference(writtenName(table)) } } },
    }),
    responses: { ...repliesOf(table, operation), default: FAILED },
  };
}

function wordsOf(table: DescribedTable, operation: TableOperation): [string, string] {
  const { label, name } = table;
  const what = label === name ? name : `${label} (${name})`;
  const dropped =
    "Fields that the user may not write are ignored without an error: compare the reply with what was sent.";
  switch (operation) {
    case "list":
      return [
        `Find records of ${what}`,
        `Finds records of ${what}. An empty \`result\` means that no record matches, or that access rules hide them: say that none was found, not that there is none. Ask for few rows and fields.`,
      ];
    case "get":
      return [
        `Read a record of ${what}`,
        `Reads one record of ${what} by its sys_id.${findingIn(table)} Status 404: there is no such record, or access rules hide it.`,
      ];
    case "create":
      return [`Create a record of ${what}`, `Creates a record of ${what}. ${dropped}`];
    case "update":
      return [`Change a record of ${what}`, `Changes the fields of a record of ${what} that are sent. ${dropped}`];
    default:
      return [
        `Delete a record of ${what}`,
        `Deletes a record of ${what} for good. Status 404: there is no such record, or access rules hide it.`,
      ];
  }
}

/** Of the operation that finds a sys_id, if there is one. */
function findingIn({ name, operations, compared }: DescribedTable): string {
  if (!operations.has("list")) return "";
  const isNumbered = compared.some((one) => one.name === "number");
  const by = compared.length === 0 ? "" : isNumbered ? " by its number" : " by other fields";
  return ` To find it${by}, use ${operationId("list", name)}.`;
}

const queryOf = (table: DescribedTable) => inQuery("sysparm_query", { type: "string" }, ofQuery(table));

function fieldsOf(table: DescribedTable, server: Server) {
  const some = usualFirst(table.read)
    .slice(0, 4)
    .map(({ name }) => name);
  const schema = { type: "string", ...(some.length > 0 && { example: some.join(",") }) };
  return inQuery("sysparm_fields", schema, ofFields(table), table.choosesFields && server === "instance");
}

function offsetOf({ compared }: DescribedTable) {
  const usual = usualFirst(compared).filter(({ field }) => !field?.type?.startsWith("journal"));
  // Pages need an order in which no two records are equal.
  const unique = ["number", "sys_id"].flatMap((name) => usual.find((one) => one.name === name) ?? []);
  const [first] = [...unique, ...usual];
  const order = first ? ` Needs an order in sysparm_query (^ORDERBY${first.name}).` : "";
  const words = `Records to pass over, for the next page: add sysparm_limit to it.${order}`;
  return inQuery("sysparm_offset", { type: "integer", minimum: 0 }, words);
}

/** A worker whose policy names a number adds it; an instance gives 10,000 rows where none is asked for. More than usual is asked for. */
function limitOf({ maxRows }: DescribedTable, server: Server) {
  const most = maxRows ?? USUAL_ROWS;
  const isAdded = server === "worker" && maxRows !== undefined && maxRows <= USUAL_ROWS;
  const schema = { type: "integer", minimum: 1, maximum: most, ...(isAdded ? { default: most } : { example: 10 }) };
  return inQuery("sysparm_limit", schema, `Rows of the reply, at most ${most}. Ask for few.`, !isAdded);
}

const FAILED = {
  description:
    "A refusal: `error.message` and `error.detail` say why. 401: token, 403: access rules, 429: too many requests.",
  content: {
    "application/json": { schema: reference(FAILURE) },
    "text/html": { schema: { type: "string", description: "A page: the instance sleeps, or a proxy has answered." } },
  },
};

const TOTAL = {
  "X-Total-Count": {
    description: "Records that match, before access rules.",
    schema: { type: "integer" },
  },
};

function repliesOf(table: DescribedTable, operation: TableOperation): Json {
  const of = (result: Json) => ({
    "application/json": { schema: { type: "object", required: ["result"], properties: { result } } },
  });
  const one = of(reference(recordName(table)));
  switch (operation) {
    case "list":
      return {
        "200": {
          description: "The records that the user may read.",
          headers: TOTAL,
          content: of({ type: "array", items: reference(recordName(table)) }),
        },
      };
    case "create":
      return { "201": { description: "The record as it was created.", content: one } };
    case "delete":
      return { "204": { description: "The record is deleted." } };
    default:
      return { "200": { description: "The record.", content: one } };
  }
}
