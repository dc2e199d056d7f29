/** What one call of a unified endpoint works with: its parameters, the table's plan, and the addresses of its requests. */

import type { ModelMap, Plan } from "sysparm/model";
import { type CompiledPolicy, covers, rulesFor, type TableRules } from "../policy/compile.ts";
import { Answered } from "./answered.ts";
import { type AskedCustom, type Columns, columnsFor } from "./columns.ts";
import { ID, type RowOrder } from "./position.ts";
import type { Send } from "./records.ts";
import { invalidId, invalidParameter, noSuchParameter, repeatedParameter } from "./refusals.ts";

/** One call of a caller: who may do what, and how its requests are sent. */
export interface UnifiedCall {
  readonly tenant: string;
  readonly policy: CompiledPolicy;
  readonly map: ModelMap | undefined;
  /** Refusals of the instance come with their causes. */
  readonly send: Send;
  /** A reading whose reply the caller gets as it is. */
  readonly pass: (target: string) => Promise<Response>;
  /** The body of the caller's request. @throws Answered */
  readonly body: () => Promise<unknown>;
}

/** The parameters of a call by name. @throws Answered for one that is given twice */
export function parametersOf(url: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const [name, value] of new URL(url).searchParams) {
    if (given.has(name)) throw new Answered(repeatedParameter);
    given.set(name, value);
  }
  return given;
}

/** Takes parameters out of those that are given, and leaves the others. */
export function take(given: Map<string, string>, name: string): string | undefined {
  const value = given.get(name);
  given.delete(name);
  return value;
}

/** @throws Answered unless every parameter was taken */
export function nothingElse(given: ReadonlyMap<string, string>, known: readonly string[]): void {
  if (given.size > 0) throw new Answered(noSuchParameter(known));
}

const DEFAULT_LIMIT = 50;
/** Whole objects are held in memory. */
export const MOST_ITEMS = 200;
/** With every column of the table, journals among them. */
export const MOST_WHOLE_ITEMS = 50;

/** How many items are asked for. Unless the caller says so, no more than the policy allows. */
export function limitOf(text: string | undefined, maxRows: number | undefined, most = MOST_ITEMS): number {
  if (text === undefined) return Math.min(DEFAULT_LIMIT, maxRows ?? DEFAULT_LIMIT);
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= most) return limit;
  throw new Answered(invalidParameter("limit", `Pass a whole number from 1 to ${most}.`));
}

const COLUMN = /^[a-z_][a-z0-9_]{0,79}$/;
const MOST_COLUMNS = 100;

/** `custom`: true, or names of columns. */
export function customOf(text: string | undefined): AskedCustom {
  if (text === undefined || text === "false") return [];
  if (text === "true") return "all";
  const columns = text.split(",");
  if (columns.length <= MOST_COLUMNS && columns.every((column) => COLUMN.test(column))) return columns;
  throw new Answered(
    invalidParameter("custom", `Pass true, or up to ${MOST_COLUMNS} names of columns with commas between them.`),
  );
}

/** The orders of a list, by the value of the parameter. */
const ORDERS = ["id", "createdAt", "-createdAt", "updatedAt", "-updatedAt"] as const;

/** Those that a table has. `allows`: whether the policy lets a column be read and compared. */
export function ordersOf(plan: Pick<Plan, "column">, allows: (column: string) => boolean): string[] {
  return ORDERS.filter((order) => {
    const column = columnOfOrder(plan, order);
    return order === "id" || (column !== undefined && allows(column));
  });
}

function columnOfOrder(plan: Pick<Plan, "column">, order: string): string | undefined {
  return plan.column(order.replace(/^-/, ""));
}

/** `rules`: of the table, where the policy restricts fields. @throws Answered for an order that the table does not have */
export function orderOf(plan: Plan, text = "id", rules?: TableRules): RowOrder {
  if (text === "id") return { column: undefined, descending: false };
  const column = ORDERS.some((order) => order === text) ? columnOfOrder(plan, text) : undefined;
  if (column !== undefined) return { column, descending: text.startsWith("-") };
  const allows = (one: string) => rules === undefined || (covers(rules.readable, one) && covers(rules.conditions, one));
  throw new Answered(invalidParameter("order", `Pass one of ${ordersOf(plan, allows).join(", ")}.`));
}

/** @throws Answered for what is no sys_id */
export function idOf(text: string): string {
  if (ID.test(text)) return text;
  throw new Answered(invalidId);
}

/** A table as a caller may read it. */
export interface ReadTable {
  readonly plan: Plan;
  readonly rules: TableRules | undefined;
  readonly columns: Columns;
}

/** What the policy restricts in a table; undefined where it restricts nothing. */
export function restrictionsOf({ policy }: UnifiedCall, table: string): TableRules | undefined {
  return policy.unrestricted === undefined ? rulesFor(policy, table) : undefined;
}

/** `keys`: columns that the call cannot do without. */
export function readTable(call: UnifiedCall, plan: Plan, custom: AskedCustom, keys: readonly string[]): ReadTable {
  const rules = restrictionsOf(call, plan.table);
  return { plan, rules, columns: columnsFor(plan, rules, custom, keys) };
}

/** The address of a table or a record with the parameters of a reading. */
export function targetOf({ plan, columns }: ReadTable, record?: string, more: Readonly<Record<string, string>> = {}) {
  const parameters: Record<string, string> = { ...more };
  if (columns.fields) parameters.sysparm_fields ??= columns.fields.join(",");
  if (columns.displayValues) parameters.sysparm_display_value ??= "all";
  const text = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `/api/now/table/${plan.table}${record === undefined ? "" : `/${record}`}?${text.join("&")}`;
}
