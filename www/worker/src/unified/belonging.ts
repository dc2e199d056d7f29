/** What belongs to a record: its comments and work notes, and its files. */

import { rulesFor } from "../policy/compile.ts";
import { smaller } from "../policy/other-rules.ts";
import { Answered } from "./answered.ts";
import { idOf, limitOf, nothingElse, parametersOf, readTable, take, type UnifiedCall } from "./calls.ts";
import { planOf } from "./plans.ts";
import type { RowOrder } from "./position.ts";
import { type ItemPage, pageOf, sourceOf } from "./reading.ts";
import { invalidParameter } from "./refusals.ts";
import { RESOURCES, type Resource } from "./resources.ts";

/** Nothing of either moves in this order. */
const ORDER: RowOrder = { column: undefined, descending: false };

/** What the model calls the record that something belongs to. */
const [RECORD, TABLE] = ["recordId", "recordTable"] as const;

interface Asked {
  readonly table: string;
  readonly limit: string | undefined;
  readonly cursor: string | undefined;
}

async function askedOf(call: UnifiedCall, resource: Resource, url: string): Promise<Asked> {
  const given = parametersOf(url);
  const { table } = await planOf(call.map, resource, take(given, "table"));
  const asked = { table, limit: take(given, "limit"), cursor: take(given, "cursor") };
  nothingElse(given, ["table", "limit", "cursor"]);
  return asked;
}

/** `GET /{resource}/{id}/comments`: entries of the journal, which the policy allows as rows of their table. */
export async function commentsOf(call: UnifiedCall, resource: Resource, id: string, url: string): Promise<ItemPage> {
  const { limit, cursor } = await askedOf(call, resource, url);
  const plan = await planOf(call.map, kindOf("comment"));
  const read = readTable(call, plan, [], ["sys_id"]);
  const shown = plan.lines.find(({ field }) => field === "visibility");
  const conditions = [`${columnOf(plan.column(RECORD))}=${idOf(id)}`];
  if (shown?.values) conditions.push(`${shown.column}IN${shown.values.map(([raw]) => raw).join(",")}`);
  return pageOf(call, read, sourceOf(read, conditions, ORDER), limitOf(limit, read.rules?.maxRows), cursor);
}

/** `GET /{resource}/{id}/attachments`: what the Attachment API says about them; their content is read there. */
export async function attachmentsOf(call: UnifiedCall, resource: Resource, id: string, url: string): Promise<ItemPage> {
  const { table, limit, cursor } = await askedOf(call, resource, url);
  const plan = await planOf(call.map, kindOf("attachment"));
  const read = { plan, rules: undefined, columns: { fields: undefined, displayValues: false, omitted: [] } };
  const conditions = [`${columnOf(plan.column(TABLE))}=${table}`, `${columnOf(plan.column(RECORD))}=${idOf(id)}`];
  const maxRows = smaller(call.policy.maxRows, rulesFor(call.policy, table)?.maxRows);
  const target = (query: string, most: number) =>
    `/api/now/attachment?sysparm_query=${encodeURIComponent(query)}&sysparm_limit=${most}`;
  return pageOf(call, read, { target, conditions, order: ORDER, maxRows }, limitOf(limit, maxRows), cursor);
}

function kindOf(kind: Resource["kind"]): Resource {
  return RESOURCES.find((resource) => resource.kind === kind) as Resource;
}

/** @throws Answered where the tenant's map has taken the column away */
function columnOf(column: string | undefined): string {
  if (column !== undefined) return column;
  throw new Answered(invalidParameter("table", "The tenant's map has no column for the record that this belongs to."));
}
