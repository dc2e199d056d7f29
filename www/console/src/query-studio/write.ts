/**
 * Updates or deletes the rows of a query, behind their number.
 *
 *     idle --find--> finding --rows--> asking --typed number--> writing --answers--> ended
 *                       `--failure--> failed       `--cancel, too old--> idle
 */
import { signal } from "@preact/signals";
import type { Instance, Row } from "sysparm";
import type { Query, Schema, WhereOutcome } from "sysparm/query";
import { type Failure, failureOf } from "../failure/failure";
import { PREVIEW } from "./run";

export interface Plan {
  kind: "update" | "delete";
  table: string;
  query: Query;
  schema: Schema;
  /** What an update writes; empty for a delete. */
  patch: Readonly<Record<string, string>>;
  /** The columns of the first rows. */
  fields: readonly string[];
}

export type WriteState =
  | { phase: "idle" }
  | { phase: "finding"; plan: Plan }
  | {
      phase: "asking";
      plan: Plan;
      rows: number;
      /** Rows that the user may not read: they are not written. */
      hidden: number;
      first: readonly Row[];
      /** When they were found. */
      at: number;
    }
  | { phase: "writing"; plan: Plan; rows: number }
  | { phase: "ended"; plan: Plan; outcome: WhereOutcome }
  /** `changed` is false where nothing can have been written. */
  | { phase: "failed"; plan: Plan; failure: Failure; changed: boolean };

/** How long found rows may be written, in ms: then they are found again. */
export const FRESH_MS = 60_000;

export interface WriteHost {
  /** Asks on production and where the environment is read-only. */
  allow: (line: string) => Promise<boolean>;
  /** Keeps the rows as they are, before they are written; null where that is not asked for. */
  keep: ((plan: Plan, rows: Row[]) => void) | null;
}

type Package = Pick<typeof import("sysparm/query"), "updateWhere" | "deleteWhere">;

export function createWriting(load: () => Promise<Package> = () => import("sysparm/query"), now = Date.now) {
  const state = signal<WriteState>({ phase: "idle" });
  let abort: AbortController | undefined;
  let answer: ((yes: boolean) => void) | undefined;

  /** Finds the rows and waits for `confirm`. */
  async function find(instance: Instance, plan: Plan, host: WriteHost): Promise<void> {
    const mine = new AbortController();
    abort?.abort();
    abort = mine;
    const { signal: ends } = mine;
    const table = instance.table(plan.table);
    const query = plan.query as never;
    state.value = { phase: "finding", plan };
    let began = false;
    async function confirm({ rows, hidden }: { rows: number; hidden: number | null }): Promise<boolean> {
      const options = { limit: PREVIEW, pageSize: PREVIEW, displayValue: "all", signal: ends } as const;
      const { rows: first } = await table.list({ ...options, query, fields: plan.fields });
      if (ends.aborted) return false;
      const asked = new Promise<boolean>((resolve) => {
        answer = resolve;
        ends.addEventListener("abort", () => resolve(false));
      });
      state.value = { phase: "asking", plan, rows, hidden: hidden ?? 0, first, at: now() };
      if (!(await asked) || !(await host.allow(lineOf(plan, rows))) || ends.aborted) return false;
      if (host.keep) host.keep(plan, await before(instance, plan, rows, ends));
      began = true;
      state.value = { phase: "writing", plan, rows };
      return true;
    }
    try {
      const { updateWhere, deleteWhere } = await load();
      const options = { schema: plan.schema, confirm, signal: ends };
      const outcome =
        plan.kind === "delete"
          ? await deleteWhere(table, query, options)
          : await updateWhere(table, query, plan.patch, options);
      // None was found, or none was agreed to.
      const idle = !began && outcome.left.length > 0;
      if (abort === mine) state.value = idle ? { phase: "idle" } : { phase: "ended", plan, outcome };
    } catch (thrown) {
      if (abort !== mine) return;
      const failure = failureOf(thrown);
      state.value = ends.aborted && !began ? { phase: "idle" } : { phase: "failed", plan, failure, changed: began };
    }
  }

  /** Agrees to the rows that were found. False: they were found too long ago, or are not that many. */
  function confirm(typed: string): boolean {
    const asking = state.peek();
    if (asking.phase !== "asking") return false;
    const isFresh = now() - asking.at <= FRESH_MS;
    if (!isFresh || Number(typed.replaceAll(",", "")) !== asking.rows) return false;
    answer?.(true);
    return true;
  }

  /** Before the first write nothing is written then; after it the rows that are left are not. */
  function cancel(): void {
    abort?.abort();
    if (state.peek().phase !== "writing") state.value = { phase: "idle" };
  }

  return { state, find, confirm, cancel };
}

/** What is about to be sent, for the question on production. */
function lineOf({ kind, table, patch }: Plan, rows: number): string {
  const what = Object.entries(patch).map(([name, value]) => `${name}=${value}`);
  const method = kind === "delete" ? "DELETE" : "PATCH";
  return `${method} /api/now/table/${table}/… for ${rows} records${what.length > 0 ? `: ${what.join(", ")}` : ""}`;
}

/** The rows as they are: of an update the fields that it writes, of a delete all. */
async function before(instance: Instance, plan: Plan, most: number, ends: AbortSignal): Promise<Row[]> {
  const fields = plan.kind === "delete" ? {} : { fields: ["sys_id", ...Object.keys(plan.patch)] };
  const rows: Row[] = [];
  const query = plan.query as never;
  for await (const page of instance.table(plan.table).pages({ query, limit: most, signal: ends, ...fields })) {
    rows.push(...page.rows);
  }
  return rows;
}
