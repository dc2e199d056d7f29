/** What belongs to a record: its comments and work notes, and its files. Of records that the caller may read, and no others. */

import type { Plan } from "sysparm/model";
import { policyRefusal } from "../gateway/refusals.ts";
import { covers, rulesFor } from "../policy/compile.ts";
import { smaller } from "../policy/other-rules.ts";
import { decide } from "../policy/policy.ts";
import { Answered } from "./answered.ts";
import {
  idOf,
  limitOf,
  nothingElse,
  orderOf,
  parametersOf,
  readTable,
  restrictionsOf,
  take,
  type UnifiedCall,
} from "./calls.ts";
import { planOf } from "./plans.ts";
import type { RowOrder } from "./position.ts";
import { type ItemPage, keysOf, pageOf, sourceOf } from "./reading.ts";
import { recordOf } from "./records.ts";
import { invalidParameter } from "./refusals.ts";
import { type Resource, resourceOfKind } from "./resources.ts";

/** Nothing moves in this order. */
const BY_ID: RowOrder = { column: undefined, descending: false };

/** What the model calls the record that something belongs to. */
const [RECORD, TABLE] = ["recordId", "recordTable"] as const;

const CLASS = "sys_class_name";

interface Owner {
  readonly id: string;
  /** Of the table that was asked for. */
  readonly plan: Plan;
  /** The table of the record's own class. */
  readonly table: string;
}

/** The record, read as the caller, so that its access rules and the policy of its own class hold. @throws Answered */
async function ownerOf(call: UnifiedCall, plan: Plan, id: string): Promise<Owner> {
  const reply = await call.send("GET", `/api/now/table/${plan.table}/${id}?sysparm_fields=sys_id,${CLASS}`);
  const { [CLASS]: own } = await recordOf(reply);
  // Tables that no other extends have no class.
  const table = typeof own === "string" && /^[a-z0-9_]{1,80}$/.test(own) ? own : plan.table;
  mayRead(call, table, id, "sys_id");
  return { id, plan, table };
}

/** @throws Answered with the policy's refusal */
function mayRead({ policy }: UnifiedCall, table: string, id: string, columns: string): void {
  const decision = decide(policy, { method: "GET", target: `/api/now/table/${table}/${id}?sysparm_fields=${columns}` });
  if (!decision.allowed) throw new Answered(policyRefusal(decision));
}

interface Asked {
  readonly plan: Plan;
  readonly limit: string | undefined;
  readonly cursor: string | undefined;
  readonly order: string | undefined;
}

async function askedOf(call: UnifiedCall, resource: Resource, url: string, more: readonly string[]): Promise<Asked> {
  const given = parametersOf(url);
  const plan = await planOf(call.map, resource, take(given, "table"), call.policy);
  const order = more.includes("order") ? take(given, "order") : undefined;
  const asked = { plan, limit: take(given, "limit"), cursor: take(given, "cursor"), order };
  nothingElse(given, ["table", "limit", "cursor", ...more]);
  return asked;
}

/**
 * `GET /{resource}/{id}/comments`: entries of the journal, which the policy allows as rows of their table, and of the record's columns that it
 * allows to read. In the order of time, because people read them as a conversation.
 */
export async function commentsOf(call: UnifiedCall, resource: Resource, id: string, url: string): Promise<ItemPage> {
  const { plan: ofRecord, limit, cursor, order: given } = await askedOf(call, resource, url, ["order"]);
  const plan = await planOf(call.map, resourceOfKind("comment"));
  const usual = plan.column("createdAt") === undefined ? "id" : "createdAt";
  const order = orderOf(plan, given ?? usual, restrictionsOf(call, plan.table));
  const read = readTable(call, plan, [], keysOf(order));
  const owner = await ownerOf(call, ofRecord, idOf(id));
  // Not by the table as well: an entry keeps the one that it was written through, which may be a parent or a former class of the record's.
  const conditions = [`${columnOf(plan.column(RECORD))}=${owner.id}`];
  const shown = plan.lines.find(({ field }) => field === "visibility");
  const { allowed, withheld } = journalsOf(call, owner, shown?.values?.map(([raw]) => raw) ?? []);
  if (shown?.values) conditions.push(`${shown.column}IN${allowed.join(",")}`);
  const page = await pageOf(call, read, sourceOf(read, conditions, order), limitOf(limit, read.rules?.maxRows), cursor);
  return { ...page, omitted: [...page.omitted, ...withheld] };
}

/** Columns of the record whose entries may be shown, and the names of the others. @throws Answered where none may be */
function journalsOf(call: UnifiedCall, { id, plan, table }: Owner, columns: readonly string[]) {
  const rules = restrictionsOf(call, table);
  const isAllowed = (column: string) => rules === undefined || covers(rules.readable, column);
  const allowed = columns.filter(isAllowed);
  if (allowed.length === 0 && columns.length > 0) mayRead(call, table, id, columns.join(","));
  const nameOf = (column: string) => plan.lines.find((line) => line.column === column)?.field ?? `custom.${column}`;
  return { allowed, withheld: columns.filter((column) => !isAllowed(column)).map(nameOf) };
}

/** `GET /{resource}/{id}/attachments`: what the Attachment API says about them; their content is read there. */
export async function attachmentsOf(call: UnifiedCall, resource: Resource, id: string, url: string): Promise<ItemPage> {
  const { plan: ofRecord, limit, cursor } = await askedOf(call, resource, url, []);
  const plan = await planOf(call.map, resourceOfKind("attachment"));
  const read = {
    plan,
    rules: undefined,
    columns: { fields: undefined, displayValues: false, omitted: [], unasked: [] },
  };
  // Files are stored under the class of their record.
  const { id: record, table } = await ownerOf(call, ofRecord, idOf(id));
  const conditions = [`${columnOf(plan.column(TABLE))}=${table}`, `${columnOf(plan.column(RECORD))}=${record}`];
  const maxRows = smaller(call.policy.maxRows, rulesFor(call.policy, table)?.maxRows);
  const target = (query: string, most: number) =>
    `/api/now/attachment?sysparm_query=${encodeURIComponent(query)}&sysparm_limit=${most}`;
  const source = { target, conditions, order: BY_ID, maxRows };
  return pageOf(call, read, source, limitOf(limit, maxRows), cursor);
}

/** @throws Answered where the tenant's map has taken the column away */
function columnOf(column: string | undefined): string {
  if (column !== undefined) return column;
  throw new Answered(invalidParameter("table", "The tenant's map has no column for the record that this belongs to."));
}
