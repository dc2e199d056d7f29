/**
 * Updates or deletes the rows of a query, behind their number.
 *
 *     idle --find--> finding --rows--> asking --typed number--> keeping (if asked for) --> writing --answers--> ended
 *
 * Before the writing, `cancel` leads to idle, and a failure, rows that are too old or that have changed to failed.
 */
import { signal } from "@preact/signals";
import type { Instance, Row, Table } from "sysparm";
import type { Query, Schema, WhereOutcome } from "sysparm/query";
import type { PlannedWrite } from "../environments/guard";
import { type Failure, failureOf } from "../failure/failure";
import { count, countProblem } from "../number";
import { PREVIEW } from "./run";

export interface Plan {
  kind: "update" | "delete";
  /** The name of the environment. */
  environment: string;
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
      /** Of the host. */
      asks: WriteHost["asks"];
    }
  /** The rows are read as they are, to be kept. */
  | { phase: "keeping"; plan: Plan; rows: number }
  | { phase: "writing"; plan: Plan; rows: number }
  | { phase: "ended"; plan: Plan; outcome: WhereOutcome }
  /** `changed` is false where nothing can have been written. */
  | { phase: "failed"; plan: Plan; failure: Failure; changed: boolean };

/** How long found rows may be written, in ms: then they are found again. */
export const FRESH_MS = 60_000;
export const TOO_OLD = "The rows were found more than a minute ago. Find them again.";

/** Rows that are written at once. */
const MOST_ROWS = 10_000;

/** The rows that were found are no longer those that would be written. */
class Outdated extends Error {}

export interface WriteHost {
  /** Whether `allow` asks for the number of rows itself: then it is not asked for twice. */
  asks: () => boolean;
  /** Asks on production and where the environment is read-only. */
  allow: (name: string, writes: readonly PlannedWrite[]) => Promise<boolean>;
  /** Keeps the rows as they are, before they are written; null where that is not asked for. */
  keep: ((plan: Plan, rows: Row[]) => void) | null;
}

type Package = Pick<typeof import("sysparm/query"), "updateWhere" | "deleteWhere">;

export function createWriting(load: () => Promise<Package> = () => import("sysparm/query"), now = Date.now) {
  const state = signal<WriteState>({ phase: "idle" });
  let abort: AbortController | undefined;
  let answer: ((yes: boolean) => void) | undefined;
  const isFresh = (at: number) => now() - at <= FRESH_MS;

  /** Finds the rows and waits for `confirm`. */
  async function find(instance: Instance, plan: Plan, host: WriteHost): Promise<void> {
    const mine = new AbortController();
    abort?.abort();
    abort = mine;
    const { signal: ends } = mine;
    const found = new Set<string>();
    const table = noting(instance.table(plan.table), found);
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
      const at = now();
      state.value = { phase: "asking", plan, rows, hidden: hidden ?? 0, first, at, asks: host.asks };
      if (!(await asked) || !(await host.allow(nameOf(plan), [writesOf(plan, rows)])) || ends.aborted) return false;
      // The question of the guard may have stood for long.
      if (!isFresh(at)) throw new Outdated(TOO_OLD);
      if (host.keep) {
        state.value = { phase: "keeping", plan, rows };
        host.keep(plan, await before(instance, plan, found, ends));
      }
      began = true;
      state.value = { phase: "writing", plan, rows };
      return true;
    }
    try {
      const { updateWhere, deleteWhere } = await load();
      const options = { schema: plan.schema, limit: MOST_ROWS, confirm, signal: ends };
      const outcome =
        plan.kind === "delete"
          ? await deleteWhere(table, query, options)
          : await updateWhere(table, query, plan.patch, options);
      // None was found, or none was agreed to.
      const idle = !began && outcome.left.length > 0;
      if (abort === mine) state.value = idle ? { phase: "idle" } : { phase: "ended", plan, outcome };
    } catch (thrown) {
      if (abort !== mine) return;
      const failure = refusalOf(thrown);
      state.value = ends.aborted && !began ? { phase: "idle" } : { phase: "failed", plan, failure, changed: began };
    }
  }

  /**
   * Agrees to the rows that were found. `typed` is their number, unless the environment asks for it. Returns why that is not possible; empty
   * where it was done.
   */
  function confirm(typed: string): string {
    const asking = state.peek();
    if (asking.phase !== "asking") return "No rows are found. Find them first.";
    const wrong = asking.asks() ? "" : countProblem(typed, asking.rows, "row");
    if (wrong !== "") return wrong;
    if (!isFresh(asking.at)) return TOO_OLD;
    answer?.(true);
    return "";
  }

  /** Before the first write nothing is written then; after it the rows that are left are not. */
  function cancel(): void {
    abort?.abort();
    if (state.peek().phase !== "writing") state.value = { phase: "idle" };
  }

  return { state, find, confirm, cancel };
}

function refusalOf(thrown: unknown): Failure {
  if (thrown instanceof Outdated) return { message: thrown.message, repeat: "" };
  const failure = failureOf(thrown);
  if (failure.diagnosis?.code !== "query.too-many-rows") return failure;
  // The package's words are for the author of a program, who can raise the limit.
  const message = `The query finds more than ${count(MOST_ROWS)} rows, which are the most that are written at once. Narrow it.`;
  return { ...failure, message, repeat: "" };
}

function nameOf({ kind, table }: Plan): string {
  return `${kind === "delete" ? "Delete" : "Update"} rows of ${table}`;
}

/** What is about to be sent, for the question on production. */
function writesOf({ kind, table, patch }: Plan, rows: number): PlannedWrite {
  const what = Object.entries(patch).map(([name, value]) => `${name}=${value}`);
  const method = kind === "delete" ? "DELETE" : "PATCH";
  return { line: `${method} /api/now/table/${table}/…${what.length > 0 ? `: ${what.join(", ")}` : ""}`, times: rows };
}

/** The same table. `ids` is given the sys_ids that are read of it: those of the rows that are written. */
function noting(table: Table, ids: Set<string>): Table {
  async function* pages(options: Parameters<Table["pages"]>[0]) {
    for await (const page of table.pages(options)) {
      for (const row of page.rows) ids.add(idOf(row));
      yield page;
    }
  }
  return { ...table, pages } as Table;
}

/**
 * The rows as they are: of an update the fields that it writes, of a delete all.
 * @throws Outdated where one of `ids` is no longer among them: its values would be lost
 */
async function before(instance: Instance, plan: Plan, ids: ReadonlySet<string>, ends: AbortSignal): Promise<Row[]> {
  const fields = plan.kind === "delete" ? {} : { fields: ["sys_id", ...Object.keys(plan.patch)] };
  const rows = new Map<string, Row>();
  const query = plan.query as never;
  for await (const page of instance.table(plan.table).pages({ query, limit: ids.size, signal: ends, ...fields })) {
    for (const row of page.rows) rows.set(idOf(row), row);
  }
  const kept = [...rows].flatMap(([id, row]) => (ids.has(id) ? [row] : []));
  if (kept.length < ids.size) {
    throw new Outdated(
      `The query no longer finds ${ids.size - kept.length} of the ${ids.size} rows, so their values could not be saved. Find them again.`,
    );
  }
  return kept;
}

function idOf(row: Row): string {
  return String(row.sys_id ?? "");
}
