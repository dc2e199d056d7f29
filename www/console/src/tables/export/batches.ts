/**
 * Rows for a file, some hundred at a time: those that were read before, or all that a query finds. A reading that was cancelled or has
 * failed waits for a decision, and goes on behind the last row that was handed over.
 */
import type { Instance, ReadOptions, Row } from "sysparm";
import type { Condition, Query } from "sysparm/query";
import { narrowed, ordersIn } from "../asked";
import { idOf } from "../copying";
import type { ReadRequest } from "../reader";
import { displayOption } from "../values";

export type Decision = "resume" | "finish" | "discard";

/** The person gave the export up. */
export class Discarded extends Error {
  override readonly name = "Discarded";
}

export interface Reached {
  /** Rows handed over. */
  rows: number;
  /** Rows that the instance counts; null where it does not say. */
  total: number | null;
  /** Rows that access rules hide; null while that is not known. */
  hidden: number | null;
  complete: boolean;
  /** False where a row came without a sys_id, or the query cannot be narrowed: then no reading begins behind the last row. */
  resumable: boolean;
}

export interface BatchesOptions {
  instance: Instance;
  request: ReadRequest;
  /** Rows at most; `Infinity` for no limit. */
  limit: number;
  queries: typeof Query;
  /** The signal of the reading that begins now. */
  signal: () => AbortSignal;
  onReached: (reached: Reached) => void;
  /** Called when a reading ended early. */
  onStopped: (thrown: unknown) => Promise<Decision>;
}

export async function* batchesOf(options: BatchesOptions): AsyncGenerator<readonly Row[]> {
  const { instance, request, limit, onReached, onStopped } = options;
  const reached: Reached = { rows: 0, total: null, hidden: null, complete: false, resumable: true };
  // In an order of its own, the place of the last row says nothing about the rows before it.
  const isOrdered = ordersIn(request.query).length > 0;
  if (!isOrdered && "problem" in narrowed(options.queries, request.query, FILLED_ID)) reached.resumable = false;
  const passed = new Set<string>();
  let lastId = "";
  for (;;) {
    const before = { ...reached };
    try {
      const query = lastId === "" || isOrdered ? request.query : behind(options.queries, request.query, lastId);
      const read: ReadOptions = { displayValue: displayOption(request.values), signal: options.signal() };
      if (query !== "") read.query = query;
      if (request.fields.length > 0) read.fields = [...new Set([...request.fields, "sys_id"])];
      if (limit < Number.POSITIVE_INFINITY) read.limit = isOrdered ? limit : limit - before.rows;
      for await (const page of instance.table(request.table).pages(read)) {
        const counted = isOrdered ? 0 : before.rows + (before.hidden ?? 0);
        reached.total = page.total === null ? null : page.total + counted;
        reached.hidden = page.hidden === null ? null : page.hidden + (isOrdered ? 0 : (before.hidden ?? 0));
        reached.complete = page.complete;
        for (let start = 0; start < page.rows.length; start += ROWS_A_BATCH) {
          options.signal().throwIfAborted();
          const rows = page.rows.slice(start, start + ROWS_A_BATCH).filter((row) => !passed.has(idOf(row)));
          lastId = idOf(rows.at(-1)) || lastId;
          for (const id of rows.map(idOf)) {
            if (id === "") reached.resumable = false;
            else if (isOrdered) passed.add(id);
          }
          reached.rows += rows.length;
          yield rows;
          onReached({ ...reached });
          await pause();
        }
        onReached({ ...reached });
      }
      return;
    } catch (thrown) {
      const decision = await onStopped(thrown);
      if (decision === "finish") return;
      if (decision === "discard") throw new Discarded();
      if (!reached.resumable) throw new Error(NOT_RESUMABLE);
    }
  }
}

/** Rows that are in memory, and what is known of their reading. */
export interface RowsRead extends Pick<Reached, "hidden" | "complete"> {
  rows: readonly Row[];
}

export async function* batchesIn(
  { rows, hidden, complete }: RowsRead,
  onReached: (reached: Reached) => void,
  signal: () => AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const total = rows.length;
  for (let start = 0; start < total; start += ROWS_A_BATCH) {
    if (signal().aborted) throw new Discarded();
    const end = Math.min(total, start + ROWS_A_BATCH);
    yield rows.slice(start, end);
    onReached({ rows: end, total, hidden, complete, resumable: true });
    await pause();
  }
}

function behind(queries: typeof Query, query: string, id: string): string {
  const asked = narrowed(queries, query, { field: "sys_id", operator: ">", value: id });
  if ("problem" in asked) throw new Error(asked.problem);
  return asked.query;
}

/** Lets the page draw and answer between two batches. */
function pause(): Promise<unknown> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  return scheduler?.yield?.() ?? new Promise((resume) => setTimeout(resume));
}

const FILLED_ID: Condition = { field: "sys_id", operator: "ISNOTEMPTY" };
export const NOT_RESUMABLE =
  "No reading can begin behind the last row: it has no sys_id, or the query is not understood.";
const ROWS_A_BATCH = 500;
