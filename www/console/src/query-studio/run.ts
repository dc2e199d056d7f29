/**
 * Counts the rows of a query as it is written and with its fixes, and reads the first of them.
 *
 *     idle --run--> running --answers--> done       any --run--> running (the former one is aborted)
 */
import { signal } from "@preact/signals";
import type { Instance, Row } from "sysparm";
import type { Query, Schema } from "sysparm/query";
import { type Failure, failureOf } from "../failure/failure";

/** Rows that are shown of a query. */
export const PREVIEW = 20;

export interface Asked {
  table: string;
  query: string;
  /** The query with the likeliest fix of each error; null where there is none. */
  fixed: string | null;
  fields: readonly string[];
}

export interface Answer {
  /** Null where the instance was not asked, or did not say: `failure` says why. */
  written: number | null;
  fixed: number | null;
  rows: readonly Row[];
  failure: Failure | null;
  tookMs: number;
  at: number;
}

export type RunState =
  | { phase: "idle" }
  | { phase: "running"; asked: Asked; cancel: () => void }
  | { phase: "done"; asked: Asked; answer: Answer };

export function createRun(now: () => number = Date.now) {
  const state = signal<RunState>({ phase: "idle" });
  let abort: AbortController | undefined;

  async function run(instance: Pick<Instance, "table">, asked: Asked): Promise<void> {
    abort?.abort();
    const mine = new AbortController();
    abort = mine;
    const before = state.peek();
    const cancel = () => {
      mine.abort();
      if (abort === mine) state.value = before.phase === "done" ? before : { phase: "idle" };
    };
    state.value = { phase: "running", asked, cancel };
    const startedAt = now();
    const table = instance.table(asked.table);
    const { signal: ends } = mine;
    const options = { limit: PREVIEW, pageSize: PREVIEW, displayValue: "all", signal: ends } as const;
    const [written, fixed, page] = await Promise.allSettled([
      tried(() => table.count(asked.query, { signal: ends })),
      asked.fixed === null ? null : tried(() => table.count(asked.fixed ?? "", { signal: ends })),
      tried(() => table.list({ ...options, query: asked.query, fields: asked.fields })),
    ]);
    if (abort !== mine || ends.aborted) return;
    const refused = [written, page, fixed].find((one) => one.status === "rejected");
    const answer: Answer = {
      written: written.status === "fulfilled" ? written.value : null,
      fixed: fixed.status === "fulfilled" ? fixed.value : null,
      rows: page.status === "fulfilled" ? page.value.rows : [],
      failure: refused ? failureOf(refused.reason) : null,
      tookMs: now() - startedAt,
      at: now(),
    };
    state.value = { phase: "done", asked, answer };
  }

  /** Forgets what another environment answered. */
  function clear(): void {
    abort?.abort();
    abort = undefined;
    state.value = { phase: "idle" };
  }

  return { state, run, clear };
}

/** The package refuses some queries before it returns a promise. */
async function tried<T>(ask: () => Promise<T>): Promise<T> {
  return ask();
}

/** More errors than this are not corrected one after the other. */
const MOST = 20;

/** A query with the likeliest fix of each error; null where no error has one. */
export function withFixes(query: Query, schema: Schema): string | null {
  let fixed = query;
  for (let step = 0; step < MOST; step += 1) {
    const fix = fixed.lint(schema).find(({ severity, fixes }) => severity === "error" && fixes.length > 0)?.fixes[0];
    if (!fix) break;
    fixed = fixed.fixed(fix);
  }
  return fixed === query ? null : fixed.toString();
}

/** Fields by which people know a record, in the order in which they are shown. */
const USUAL = ["number", "name", "short_description", "priority", "state", "assigned_to", "sys_updated_on"];
const MOST_COLUMNS = 8;

/** The columns of the first rows: what names a record, then what the query asks for. `known` is empty where the fields are not known. */
export function previewFields(known: readonly string[], asked: readonly string[]): string[] {
  const exists = (name: string) => known.length === 0 || name.includes(".") || known.includes(name);
  const [front, back] = [USUAL.slice(0, 3), USUAL.slice(3)];
  const wanted = [...front, ...asked.filter((name) => name !== "sys_id"), ...back].filter(exists);
  return [...new Set(wanted.length > 0 ? wanted : ["sys_id", ...known])].slice(0, MOST_COLUMNS);
}
