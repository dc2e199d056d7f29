/** What `sync()` and `reconcile()` are given, looked at before anything is asked: alike for both. */
import type { ReadOptions, Table } from "sysparm";
import type { Query } from "sysparm/query";
import { type Send, sendOf } from "../protocol/send.js";
import { objectionTo } from "../shared/query-text.js";
import { MOST_AHEAD } from "../shared/read-ahead.js";
import { SyncError } from "./error.js";

interface Checked {
  readonly ahead?: number | undefined;
  readonly pageSize?: number | undefined;
  readonly signal?: Partial<AbortSignal> | undefined;
}

/** @throws SyncError for options and tables that are none */
export function checked(
  whose: string,
  table: Table,
  options: Checked,
  names: readonly string[],
): { send: Send; ahead: number } {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new SyncError("options.type", `${whose} takes an object of options: ${names.join(", ")}`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new SyncError("options.unknown", `${whose} knows no option ${unknown}; it knows ${names.join(", ")}`);
  }
  const { ahead = 1, pageSize = 1, signal } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw new SyncError("options.type", "signal must be an AbortSignal");
  }
  const send = sendOf(table);
  if (!send) throw new SyncError("options.type", `${whose} takes what instance.table() gives`);
  if (!(Number.isInteger(pageSize) && pageSize > 0)) {
    throw new SyncError("options.type", "pageSize must be a number of rows");
  }
  if (Number.isInteger(ahead) && ahead >= 0 && ahead <= MOST_AHEAD) return { send, ahead };
  throw new SyncError("options.ahead", `ahead is a number of pages from 0 to ${MOST_AHEAD}`);
}

/** "[object Object]" would be dropped by the instance, and the copy would be one of the whole table. */
export function encodedQuery(query: ReadOptions["query"] = ""): string {
  if (typeof (query as Partial<Query> | null)?.encoded === "function") return (query as Query).encoded();
  const objection = typeof query === "string" ? objectionTo(query) : undefined;
  if (objection) throw new SyncError("query.unread", objection);
  if (typeof query === "string") return query;
  throw new SyncError("options.type", "query is an encoded query, or a Query of sysparm/query");
}
