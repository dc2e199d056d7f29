/** Lists, changes and single objects. */

import type { AnyUnified } from "sysparm/model";
import { Answered } from "./answered.ts";
import {
  customOf,
  idOf,
  limitOf,
  MOST_ITEMS,
  MOST_WHOLE_ITEMS,
  nothingElse,
  orderOf,
  parametersOf,
  type ReadTable,
  readTable,
  restrictionsOf,
  take,
  targetOf,
  type UnifiedCall,
} from "./calls.ts";
import { conditionsOf } from "./filters.ts";
import { planOf } from "./plans.ts";
import { cursorOf, type Position, positionOf, type RowOrder, stamp, storedTime } from "./position.ts";
import { positionAt, type Row, readPage, recordOf, type Source, settled } from "./records.ts";
import { invalidCursor, invalidParameter, invalidSince, unusableReply } from "./refusals.ts";
import type { Resource } from "./resources.ts";

/** The reply of a list. */
export interface ItemPage {
  readonly items: readonly AnyUnified[];
  /** The `cursor` of the next page; null on the last one. */
  readonly next: string | null;
  /** Fields of the model that the caller's policy leaves out. */
  readonly omitted: readonly string[];
}

/** The reply of a reading of changes. `next` is the `since` of the next one, also at the end. */
export interface ChangePage extends ItemPage {
  readonly next: string;
  /** Whether there is more at once. Without it, ask again later. */
  readonly more: boolean;
}

/** One object. */
export interface OneItem {
  readonly item: AnyUnified;
  readonly omitted: readonly string[];
}

/** `GET /{resource}` */
export async function listOf(call: UnifiedCall, resource: Resource, url: string): Promise<ItemPage> {
  const given = parametersOf(url);
  const plan = await planOf(call.map, resource, take(given, "table"), call.policy);
  const order = orderOf(plan, take(given, "order"), restrictionsOf(call, plan.table));
  const custom = customOf(take(given, "custom"));
  const read = readTable(call, plan, custom, keysOf(order));
  const limit = limitOf(take(given, "limit"), read.rules?.maxRows, custom === "all" ? MOST_WHOLE_ITEMS : MOST_ITEMS);
  const cursor = take(given, "cursor");
  const conditions = conditionsOf(plan, given, read.rules);
  if (!Array.isArray(conditions)) throw new Answered(conditions);
  return pageOf(call, read, sourceOf(read, conditions, order), limit, cursor);
}

/** A page behind a cursor. @throws Answered */
export async function pageOf(
  call: UnifiedCall,
  read: ReadTable,
  source: Source,
  limit: number,
  cursor: string | undefined,
): Promise<ItemPage> {
  const { order, conditions } = source;
  const walk = JSON.stringify([read.plan.table, order, conditions]);
  const after = cursor === undefined ? undefined : positionOf(cursor, walk);
  if (cursor !== undefined && after === undefined) throw new Answered(invalidCursor);
  const page = await readPage(call.send, source, after, limit);
  const last = page.rows.at(-1);
  const next = page.isLast || last === undefined ? null : cursorOf(placeOf(last, order), walk);
  return { items: itemsOf(read, page.rows), next, omitted: read.columns.omitted };
}

/** `GET /{resource}/changes` */
export async function changesOf(call: UnifiedCall, resource: Resource, url: string): Promise<ChangePage> {
  const given = parametersOf(url);
  const plan = await planOf(call.map, resource, take(given, "table"), call.policy);
  // Entries of journals have no second stamp: they never change.
  const column = plan.column("updatedAt") ?? plan.column("createdAt");
  if (column === undefined)
    throw new Answered(invalidParameter("table", "Pass a table whose rows say when they change."));
  const order: RowOrder = { column, descending: false };
  const custom = customOf(take(given, "custom"));
  const read = readTable(call, plan, custom, keysOf(order));
  const limit = limitOf(take(given, "limit"), read.rules?.maxRows, custom === "all" ? MOST_WHOLE_ITEMS : MOST_ITEMS);
  const since = take(given, "since");
  nothingElse(given, ["table", "since", "limit", "custom"]);
  const walk = JSON.stringify([plan.table, "changes"]);
  const after = since === undefined ? undefined : beginning(since, walk);
  const page = await readPage(call.send, sourceOf(read, [], order), after, limit);
  const { rows, until } = settled(page, column);
  const last = rows.at(-1);
  const place = last ? placeOf(last, order) : (after ?? { value: stamp(until), id: "" });
  const more = rows.length === page.rows.length && !page.isLast;
  return { items: itemsOf(read, rows), next: cursorOf(place, walk), more, omitted: read.columns.omitted };
}

function beginning(since: string, walk: string): Position {
  const moment = storedTime(since);
  const position = moment === undefined ? positionOf(since, walk) : { value: moment, id: "" };
  if (position) return position;
  throw new Answered(invalidSince);
}

/** `GET /{resource}/{id}` */
export async function oneOf(call: UnifiedCall, resource: Resource, id: string, url: string): Promise<OneItem> {
  const given = parametersOf(url);
  const plan = await planOf(call.map, resource, take(given, "table"), call.policy);
  const read = readTable(call, plan, customOf(take(given, "custom")), ["sys_id"]);
  nothingElse(given, ["table", "custom"]);
  const reply = await call.send("GET", targetOf(read, idOf(id)));
  return itemOf(read, await recordOf(reply));
}

/** `GET /{resource}/{id}/raw`: the instance's own reply, whatever it says. Other parameters are those of the Table API. */
export async function rawOf(call: UnifiedCall, resource: Resource, id: string, url: string): Promise<Response> {
  const given = parametersOf(url);
  const plan = await planOf(call.map, resource, take(given, "table"), call.policy);
  const parameters = [...given].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const query = parameters.length === 0 ? "" : `?${parameters.join("&")}`;
  return call.pass(`/api/now/table/${plan.table}/${idOf(id)}${query}`);
}

/** The object in a reply about one record. */
export function itemOf(read: ReadTable, row: Row): OneItem {
  return { item: objectOf(read, row), omitted: read.columns.omitted };
}

function itemsOf(read: ReadTable, rows: readonly Row[]): AnyUnified[] {
  return rows.map((row) => objectOf(read, row));
}

function objectOf({ plan, columns }: ReadTable, row: Row): AnyUnified {
  const object = plan.read(row);
  for (const column of columns.unasked) delete object.custom[column];
  return object;
}

/** Columns without which a place in an order cannot be named. */
export function keysOf({ column }: RowOrder): string[] {
  return column === undefined ? ["sys_id"] : ["sys_id", column];
}

/** A row without its key would begin the walk again. @throws Answered */
function placeOf(row: Row, order: RowOrder): Position {
  const place = positionAt(row, order);
  if (place.id === "" || (order.column !== undefined && place.value === "")) throw new Answered(unusableReply);
  return place;
}

/** Rows of a table in an order. */
export function sourceOf(read: ReadTable, conditions: readonly string[], order: RowOrder): Source {
  const target = (query: string, limit: number, keysOnly: boolean) => {
    const keys = keysOnly ? { sysparm_fields: keysOf(order).join(","), sysparm_display_value: "false" } : {};
    return targetOf(read, undefined, { sysparm_query: query, sysparm_limit: String(limit), ...keys });
  };
  return { target, conditions, order, maxRows: read.rules?.maxRows };
}
