/**
 * The description of a tenant's unified endpoints for one caller (OpenAPI 3.1): the tables and fields that its policy allows, as the tenant's map
 * has them. Made of the plans, so that it says what the endpoints do.
 */

import type { Plan } from "sysparm/model";
import { covers, rulesFor, type TableRules } from "../policy/compile.ts";
import { MOST_ITEMS, MOST_WHOLE_ITEMS, ordersOf, type UnifiedCall } from "./calls.ts";
import { filterable, momentsOf, SINCE } from "./filters.ts";
import { plansOf } from "./plans.ts";
import { RESOURCES, type Resource, type ResourceKind, resourceOfKind } from "./resources.ts";
import { type DescribedField, fieldsOf, itemSchema, partSchema, type Schema } from "./schemas.ts";

/** A resource for one caller. */
interface Described {
  readonly resource: Resource;
  /** Tables that the caller may read. */
  readonly plans: readonly Plan[];
  readonly fields: readonly DescribedField[];
  readonly filters: readonly DescribedField[];
  readonly moments: readonly (keyof typeof SINCE)[];
  readonly orders: readonly string[];
  /** Names of fields that the policy leaves out. */
  readonly omitted: readonly string[];
  readonly part: Schema | undefined;
  readonly creates: boolean;
  readonly changes: boolean;
  readonly hasComments: boolean;
  readonly hasAttachments: boolean;
}

/** The document. */
export async function describe(call: UnifiedCall): Promise<object> {
  const described: Described[] = [];
  for (const resource of RESOURCES) {
    const one = await describedFor(call, resource);
    if (one) described.push(one);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Unified endpoints of the sysparm worker",
      version: "1",
      description: "Tickets, people and configuration items in one shape, as the policy of this caller allows them.",
    },
    servers: [{ url: `/${call.tenant}/unified` }],
    security: [{ key: [] }, { bearer: [] }],
    paths: Object.assign({}, ...described.map(pathsOf)),
    components: {
      securitySchemes: {
        key: { type: "apiKey", in: "header", name: "x-api-key" },
        bearer: { type: "http", scheme: "bearer" },
      },
      responses: { Refused: { description: "A refusal, with its causes.", ...content(ref("Error")) } },
      schemas: { Error: ERROR, ...Object.assign({}, ...described.map(schemasOf)) },
    },
  };
}

async function describedFor(call: UnifiedCall, resource: Resource): Promise<Described | undefined> {
  const rules = (plan: Plan) => rulesFor(call.policy, plan.table);
  const isOpen = call.policy.unrestricted !== undefined;
  const has = (plan: Plan, method: string) => (call.policy.unrestricted ?? rules(plan)?.methods)?.has(method) ?? false;
  const plans = (await plansOf(call.map, resource)).filter((plan) => has(plan, "GET"));
  if (plans.length === 0) return undefined;
  const may = (plan: Plan, column: string, which: keyof Pick<TableRules, "readable" | "conditions">) => {
    const found = rules(plan);
    return isOpen || (found !== undefined && covers(found[which], column));
  };
  const lines = plans.flatMap((plan) => plan.lines.map((line) => ({ plan, table: plan.table, line })));
  const allowed = lines.filter(({ plan, line }) => line.shape === "entry" || may(plan, line.column, "readable"));
  const compared = plans.flatMap((plan) =>
    filterable(plan)
      .filter(({ column }) => may(plan, column, "conditions"))
      .map((line) => ({ table: plan.table, line })),
  );
  const moments = plans.flatMap((plan) => momentsOf(plan, (column) => may(plan, column, "conditions")));
  const orders = plans.flatMap((plan) =>
    ordersOf(plan, (column) => may(plan, column, "readable") && may(plan, column, "conditions")),
  );
  const writable = lines.filter(({ plan, line }) => {
    const found = rules(plan);
    return isOpen || (found !== undefined && covers(found.writable, line.column));
  });
  const shown = new Set(allowed.map(({ line }) => line.field));
  const part = partSchema(tablesOf(plans), fieldsOf(writable));
  return {
    resource,
    plans,
    fields: fieldsOf(allowed),
    filters: fieldsOf(compared),
    moments: [...new Set(moments)],
    orders: [...new Set(orders)],
    omitted: [...new Set(lines.map(({ line }) => line.field))].filter((field) => !shown.has(field)),
    part,
    creates: part !== undefined && plans.some((plan) => has(plan, "POST")),
    changes: part !== undefined && plans.some((plan) => has(plan, "PATCH")),
    // The class of a record is read first, and journals by their columns.
    hasComments: (await mayRead(call, "comment")) && plans.some((plan) => may(plan, "sys_class_name", "readable")),
    hasAttachments: plans.some((plan) => {
      const isAllowed = isOpen || call.policy.attachments.has("GET") || rules(plan)?.attachments.has("GET");
      return isAllowed && may(plan, "sys_class_name", "readable");
    }),
  };
}

/** Whether the rows of a kind can be read at all. */
async function mayRead({ map, policy }: UnifiedCall, kind: ResourceKind): Promise<boolean> {
  if (policy.unrestricted !== undefined) return policy.unrestricted.has("GET");
  const plans = await plansOf(map, resourceOfKind(kind));
  return plans.some((plan) => rulesFor(policy, plan.table)?.methods.has("GET"));
}

const tablesOf = (plans: readonly Plan[]) => plans.map(({ table }) => table);
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const content = (schema: Schema) => ({ content: { "application/json": { schema } } });

/** `configuration_item` as `ConfigurationItem`. */
function nameOf({ kind }: Resource): string {
  return kind.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const NAMES = { type: "array", items: { type: "string" } };
const OMITTED = { ...NAMES, description: "Fields that this reply cannot hold: the caller's policy forbids them." };

function schemasOf({ resource, plans, fields, part }: Described): Record<string, Schema> {
  const name = nameOf(resource);
  return {
    [name]: itemSchema(resource.kind, tablesOf(plans), fields),
    ...(part && { [`${name}Part`]: part }),
  };
}

const page = (item: Schema): Schema => ({
  type: "object",
  required: ["items", "next", "omitted"],
  properties: { items: { type: "array", items: item }, next: { type: ["string", "null"] }, omitted: OMITTED },
});
const changePage = (item: Schema): Schema => ({
  type: "object",
  required: ["items", "next", "more", "omitted"],
  properties: {
    items: { type: "array", items: item },
    next: { type: "string" },
    more: { type: "boolean" },
    omitted: OMITTED,
  },
});
const one = (item: Schema): Schema => ({
  type: "object",
  required: ["item", "omitted"],
  properties: { item, omitted: OMITTED },
});

const DROPPED = { ...NAMES, description: "Fields of which the reply holds another value than was sent." };
const writtenOne = (item: Schema): Schema => ({
  type: "object",
  required: ["item", "omitted", "dropped"],
  properties: { item, omitted: OMITTED, dropped: DROPPED },
});

const query = (name: string, schema: Schema, description: string) => ({ name, in: "query", schema, description });
const COUNT = { type: "integer", minimum: 1, maximum: MOST_ITEMS };
const FEWER = "Items of a page; 50 unless given, or the policy's `maxRows` if that is less.";
const LIMIT = query("limit", COUNT, FEWER);
const LIMIT_OF_OBJECTS = query("limit", COUNT, `${FEWER} At most ${MOST_WHOLE_ITEMS} with \`custom=true\`.`);
const CURSOR = query("cursor", { type: "string" }, "`next` of the page before, with the same other parameters.");
const CUSTOM = query("custom", { type: "string" }, "`true`, or names of columns to add under `custom`.");
const COMMENT_ORDER = query("order", { enum: ["createdAt", "-createdAt", "id"] }, "`createdAt` unless given.");
const SINCE_CURSOR = query("since", { type: "string" }, "`next` of the reading before, or a moment; all unless given.");
const ID = {
  name: "id",
  in: "path",
  required: true,
  schema: { type: "string", pattern: "^[0-9A-Za-z_-]{1,64}$" },
  description: "The sys_id.",
};
/** Those of the Table API for one record. */
const OF_RAW = ["sysparm_fields", "sysparm_display_value", "sysparm_exclude_reference_link", "sysparm_view"].map(
  (name) => query(name, { type: "string" }, "As in the Table API."),
);

/** Tables that have a field, where not all of them do. */
function tablesOfField({ columns }: DescribedField, plans: readonly Plan[]): string {
  const tables = [...columns.values()].flat();
  return tables.length === plans.length ? "" : ` Tables: ${tables.join(", ")}.`;
}

function filterParameters({ filters, moments, plans }: Described) {
  const since = moments.map((name) =>
    query(name, { type: "string", format: "date-time" }, `\`${SINCE[name]}\` is not before it.`),
  );
  const fields = filters.map((filter) => {
    const { field, shape, values } = filter;
    const known = { anyOf: [{ enum: values }, { type: "string", pattern: "^raw:" }] };
    const items = shape === "choice" ? known : shape === "boolean" ? { enum: ["true", "false"] } : { type: "string" };
    const words = `One of these values; empty for records without one.${tablesOfField(filter, plans)}`;
    return { ...query(field, { type: "array", items }, words), style: "form", explode: false };
  });
  return [...since, ...fields];
}

const refusals = { default: { $ref: "#/components/responses/Refused" } };

function pathsOf(described: Described): Record<string, object> {
  const { resource, plans, orders, part, creates, changes, omitted, hasComments, hasAttachments } = described;
  const { name } = resource;
  const kind = nameOf(resource);
  const item = ref(kind);
  const tables = tablesOf(plans);
  const table = query("table", { enum: tables }, `\`${resource.table}\` unless given.`);
  const left = omitted.length === 0 ? "" : ` Left out by the policy of this caller: ${omitted.join(", ")}.`;
  const ok = (description: string, schema: Schema, status = "200") => ({
    [status]: { description, ...content(schema) },
    ...refusals,
  });
  const operation = (id: string, summary: string, parameters: readonly object[], responses: object, body = false) => ({
    operationId: `${id}-${name}`,
    tags: [name],
    summary,
    parameters: [table, ...parameters],
    ...(body && part && { requestBody: { required: true, ...content(ref(`${kind}Part`)) } }),
    responses,
  });
  const list = operation(
    "list",
    `Lists ${name}.${left}`,
    [
      LIMIT_OF_OBJECTS,
      CURSOR,
      query("order", { enum: orders }, "`id` unless given."),
      CUSTOM,
      ...filterParameters(described),
    ],
    ok("A page.", page(item)),
  );
  const any = { type: "object" };
  return {
    [`/${name}`]: {
      get: list,
      ...(creates && { post: operation("create", "Creates one.", [CUSTOM], ok("It.", writtenOne(item), "201"), true) }),
    },
    [`/${name}/changes`]: {
      get: operation(
        "changes",
        "What has changed.",
        [SINCE_CURSOR, LIMIT_OF_OBJECTS, CUSTOM],
        ok("Changes.", changePage(item)),
      ),
    },
    [`/${name}/{id}`]: {
      get: operation("get", "Reads one.", [ID, CUSTOM], ok("It.", one(item))),
      ...(changes && { patch: operation("change", "Changes one.", [ID, CUSTOM], ok("It.", writtenOne(item)), true) }),
    },
    [`/${name}/{id}/raw`]: {
      get: operation("raw", "The instance's own reply.", [ID, ...OF_RAW], {
        "200": { description: "The record as the Table API gives it.", ...content(any) },
        default: { description: "The instance's own refusal, or one of the worker.", ...content(any) },
      }),
    },
    ...(hasComments && {
      [`/${name}/{id}/comments`]: {
        get: operation(
          "comments",
          "Its comments and work notes.",
          [ID, LIMIT, CURSOR, COMMENT_ORDER],
          ok("A page.", page(any)),
        ),
      },
    }),
    ...(hasAttachments && {
      [`/${name}/{id}/attachments`]: {
        get: operation("attachments", "What is known about its files.", [ID, LIMIT, CURSOR], ok("A page.", page(any))),
      },
    }),
  };
}

const ERROR: Schema = {
  type: "object",
  required: ["error", "status"],
  properties: {
    status: { const: "failure" },
    error: {
      type: "object",
      required: ["message", "detail", "code", "causes"],
      properties: {
        message: { type: "string" },
        detail: { type: "string" },
        code: { type: "string", description: "Stable." },
        causes: {
          type: "array",
          items: {
            type: "object",
            required: ["code", "title", "fix"],
            properties: { code: { type: "string" }, title: { type: "string" }, fix: NAMES },
          },
        },
      },
    },
  },
};
