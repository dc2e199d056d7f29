/** Reads records and pages of them from the instance, by requests that the caller's policy decides. */

import { announcesMoreThan, cappedBody } from "../gateway/byte-cap.ts";
import { busy, type OwnRefusal } from "../gateway/refusals.ts";
import { Answered } from "./answered.ts";
import { MemoryFull } from "./held-replies.ts";
import { type Position, queryOf, type RowOrder, stamp } from "./position.ts";
import { hiddenRows, longReply, movingRows, unusableReply } from "./refusals.ts";

/** Sends a request as one of the caller's own: decided, counted and capped, with the tenant's credential. */
export type Send = (method: string, target: string, body?: string) => Promise<Response>;

/** A row as the Table API gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** Of one reply that is converted: it is held in memory. */
const LONGEST_REPLY = 4 * 1024 * 1024;

/** In one request for keys alone. The largest page that instances give by default. */
const MOST_KEYS = 10_000;

/** Each begins at a row that showed a moment before; when the next one starts, that row is gone. */
const MOST_TRIES = 4;

/** What a page is read from. */
export interface Source {
  /** The address of a request: all columns of the reply, or those of the key alone. */
  readonly target: (query: string, limit: number, keysOnly: boolean) => string;
  readonly conditions: readonly string[];
  readonly order: RowOrder;
  /** Most rows of a request; undefined where the policy sets none. */
  readonly maxRows: number | undefined;
}

/** Some rows in their order. */
export interface RowPage {
  readonly rows: readonly Row[];
  /** No row is behind them. */
  readonly isLast: boolean;
  /** When the instance answered, in milliseconds since 1970 by its own clock. */
  readonly at: number;
}

interface Answer extends RowPage {
  /** Rows that the query finds, those among them that access rules hide. */
  readonly total: number | undefined;
}

/**
 * The rows behind a position. The instance takes rows that its access rules hide out of a page after it has counted them, so a page may be short, or
 * empty, before the end. @throws Answered
 */
export async function readPage(
  send: Send,
  source: Source,
  after: Position | undefined,
  limit: number,
): Promise<RowPage> {
  const { conditions, order } = source;
  const most = Math.min(source.maxRows ?? MOST_KEYS, MOST_KEYS);
  let place = after;
  let inclusive = false;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const answer = await ask(send, source.target(queryOf(conditions, order, place, inclusive), limit, false), limit);
    if (answer.rows.length > 0 || answer.isLast) return answer;
    const keys = await ask(send, source.target(queryOf(conditions, order, place, inclusive), most, true), most);
    const [first] = keys.rows;
    if (first === undefined) {
      if (keys.isLast) return keys;
      throw new Answered(hiddenRows(most));
    }
    place = positionAt(first, order);
    inclusive = true;
  }
  // A page without a row has no place to go on at, and none may end a list before its end.
  throw new Answered(movingRows);
}

async function ask(send: Send, target: string, limit: number): Promise<Answer> {
  const reply = await send("GET", target);
  const rows = await resultOf(reply, unusableReply);
  if (!Array.isArray(rows) || !rows.every(isRow)) throw new Answered(unusableReply);
  const counted = Number(reply.headers.get("x-total-count") ?? Number.NaN);
  const total = Number.isSafeInteger(counted) ? counted : undefined;
  const date = Date.parse(reply.headers.get("date") ?? "");
  const isLast = total === undefined ? rows.length === 0 : total <= limit;
  return { rows, total, isLast, at: Number.isNaN(date) ? Date.now() : date };
}

/** The one record of a reply. `unusable`: what the caller gets for a reply of success without one. @throws Answered */
export async function recordOf(reply: Response, unusable: OwnRefusal | Response = unusableReply): Promise<Row> {
  const row = await resultOf(reply, unusable);
  if (!isRow(row)) throw new Answered(unusable);
  return row;
}

/** @throws Answered with a reply that is none of success */
async function resultOf(reply: Response, unusable: OwnRefusal | Response): Promise<unknown> {
  if (!reply.ok) throw new Answered(reply);
  const isRead = unusable === unusableReply;
  if (announcesMoreThan(reply, LONGEST_REPLY)) {
    void reply.body?.cancel().catch(() => {});
    throw new Answered(isRead ? longReply : unusable);
  }
  try {
    return ((await new Response(cappedBody(reply, LONGEST_REPLY)).json()) as { result?: unknown }).result;
  } catch (error) {
    // The instance has done what a write asked for, so only a reading may be called refused.
    if (isRead && error instanceof MemoryFull) throw new Answered(busy());
    // Cut off, longer than the policy allows, or no JSON.
    throw new Answered(unusable);
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The key of a row. */
export function positionAt(row: Row, { column }: RowOrder): Position {
  return { value: column === undefined ? "" : storedIn(row, column), id: storedIn(row, "sys_id") };
}

/** The stored value of a column, of a row in either form. */
export function storedIn(row: Row, column: string): string {
  const content = row[column];
  const value = isRow(content) ? content.value : content;
  return typeof value === "string" ? value : "";
}

/** Seconds before the instance's own time. A row is stamped before it is committed, so later stamps may still arrive before these. */
const LAG_MS = 3_000;

/** The rows of a page of changes that no earlier one can follow any more, and the moment up to which. */
export function settled(
  { rows, at }: RowPage,
  column: string,
): { readonly rows: readonly Row[]; readonly until: number } {
  const until = at - LAG_MS;
  const bound = stamp(until);
  const open = rows.findIndex((row) => storedIn(row, column) > bound);
  return { rows: open < 0 ? rows : rows.slice(0, open), until };
}
