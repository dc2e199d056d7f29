/** The options of `sync()` and `reconcile()`, checked before the first request. */
import type { KnownErrorCode, Table } from "sysparm";
import type { ReconcileOptions, SyncOptions } from "sysparm/sync";
import {
  ADDITIONS,
  ANY,
  checkArgument,
  checkOptions,
  NAMES,
  type OptionType,
  type OptionTypes,
  QUERY,
  SIGNAL,
} from "../protocol/check-options.js";
import { type Send, sendOf } from "../protocol/send.js";
import { AHEAD } from "../shared/read-ahead.js";
import { SyncError } from "./error.js";

/** What both have. Members of checkpoints are checked where they are read. */
const BOTH = {
  query: QUERY,
  pageSize: {
    expects: "a whole number of rows from 1",
    accepts: (value: unknown) => Number.isInteger(value) && (value as number) > 0,
  },
  ahead: AHEAD,
  signal: SIGNAL,
  ...ADDITIONS,
};

export const SYNC: OptionTypes<SyncOptions> = {
  ...BOTH,
  fields: NAMES,
  displayValue: {
    expects: 'false or "all": a sync needs the stored values',
    accepts: (value) => value === false || value === "all",
    code: "sync.labels",
  },
  checkpoint: ANY,
  deletions: {
    expects: "a list of table names, or false",
    accepts: (value) => value === false || NAMES.accepts(value),
  },
};

export const RECONCILE: OptionTypes<ReconcileOptions> = { ...BOTH, copy: ANY, compared: ANY, syncedTo: ANY };

/** The function that sends and the pages ahead. @throws SyncError for invalid options and tables */
export function checkedOptions(
  table: Table,
  options: { ahead?: number | undefined },
  types: Readonly<Record<string, OptionType>>,
): { send: Send; ahead: number } {
  checkOptions(options, types, refuse);
  const send = sendOf(table);
  checkArgument("table", send ?? null, { expects: "what instance.table() gives", accepts: Boolean }, refuse);
  return { send: send as Send, ahead: options.ahead ?? 1 };
}

export function refuse(code: KnownErrorCode, message: string): SyncError {
  return new SyncError(code, message);
}
