/** What a sync and a comparison check alike before anything is sent. */
import type { Table } from "sysparm";
import { MOST_AHEAD } from "./ahead.js";
import { type Send, sendOf } from "./sending.js";
import { SyncError } from "./sync-error.js";

/** @throws SyncError for options and tables that are none */
export function checked(
  name: "sync" | "reconcile",
  table: Table,
  options: { readonly ahead?: number | undefined; readonly pageSize?: number | undefined },
  known: readonly string[],
): { send: Send; ahead: number } {
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined) {
    throw new SyncError("options.unknown", `${name}() knows no option ${unknown}; it knows ${known.join(", ")}`);
  }
  const send = sendOf(table);
  if (!send) throw new SyncError("options.type", `${name}() takes what instance.table() gives`);
  const { ahead = 1, pageSize = 1 } = options;
  if (!(Number.isInteger(pageSize) && pageSize > 0)) {
    throw new SyncError("options.type", "pageSize must be a number of rows");
  }
  if (Number.isInteger(ahead) && ahead >= 0 && ahead <= MOST_AHEAD) return { send, ahead };
  throw new SyncError("options.ahead", `ahead is a number of pages from 0 to ${MOST_AHEAD}`);
}
