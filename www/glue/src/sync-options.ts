/** What `sync()` and `reconcile()` are given, looked at before anything is asked: alike for both. */
import type { ReadOptions } from "sysparm";
import { SyncError } from "./sync-error.js";

export function known(whose: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new SyncError("options.type", `${whose} takes an object of options: ${names.join(", ")}`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new SyncError("options.unknown", `${whose} knows no option ${unknown}; it knows ${names.join(", ")}`);
  }
  const { signal } = options as { signal?: Partial<AbortSignal> };
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw new SyncError("options.type", "signal must be an AbortSignal");
  }
}

/** "[object Object]" would be dropped by the instance, and the copy would be one of the whole table. */
export function encodedQuery(query: ReadOptions["query"] = ""): string {
  if (typeof query === "string" || typeof (query as { explain?: unknown } | null)?.explain === "function") {
    return String(query);
  }
  throw new SyncError("options.type", "query is an encoded query, or a Query of sysparm/query");
}
