/**
 * One export.
 *
 *     none --start--> running --last row--> ended
 *                       `--cancel, failure--> stopped --resume--> running
 *                                                `--finish--> ended, --discard--> none
 */
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import { type Failure, failureOf } from "../../failure/failure";
import { loadQueries } from "../../schema/schemas";
import type { ReadRequest } from "../reader";
import { batchesIn, batchesOf, type Decision, Discarded, type Reached, type RowsRead } from "./batches";
import { type Contents, FORMAT_FACTS, type Format, textOf } from "./formats";
import type { Sink } from "./sink";

export interface ExportFacts extends Reached {
  format: Format;
  bytes: number;
  /** Milliseconds of reading and writing so far, without pauses. */
  tookMs: number;
  /** The file is written to disk as it comes. */
  streams: boolean;
  /** Texts that were cut for Excel. */
  cut: number;
  /** The rows were in memory; false where the query was read to its end. */
  fromMemory: boolean;
  /** Only a part was saved, by decision. */
  partial: boolean;
}

export type ExportState =
  | { phase: "none" }
  | { phase: "running" | "ended"; facts: ExportFacts }
  | { phase: "stopped"; facts: ExportFacts; failure: Failure | null };

export interface ExportOrder {
  request: ReadRequest;
  columns: readonly string[];
  numbers: ReadonlySet<string>;
  format: Format;
  /** Null to read all that the query finds. */
  rows: RowsRead | null;
  limit: number;
}

export type Exporting = ReturnType<typeof createExporting>;

export function createExporting(
  instance: () => Instance | null,
  load: { queries: typeof loadQueries; excel: () => Promise<typeof import("./excel")> } = {
    queries: loadQueries,
    excel: () => import("./excel"),
  },
) {
  const state = signal<ExportState>({ phase: "none" });
  const problem = signal("");
  let abort = new AbortController();
  let decide: ((decision: Decision) => void) | null = null;
  /** From the order to the end of its export, the choice of its place included. */
  let started = false;

  /** `open` gives the place of the file; null if the person chose none. Ends with the export. */
  async function start(order: ExportOrder, open: () => Promise<Sink | null>): Promise<void> {
    if (started) return;
    started = true;
    problem.value = "";
    let sink: Sink | null = null;
    try {
      // First, while the press of the button still allows a file dialog.
      sink = await open();
      if (!sink) return;
      await write(order, sink);
    } catch (thrown) {
      await sink?.abandon().catch(() => undefined);
      state.value = { phase: "none" };
      const isOwn = thrown instanceof Error && thrown.name === "Error";
      const why = isOwn ? thrown.message : failureOf(thrown).message;
      if (!(thrown instanceof Discarded)) problem.value = `Nothing was saved. ${why}`;
    } finally {
      started = false;
    }
  }

  async function write(order: ExportOrder, sink: Sink): Promise<void> {
    const { format, request } = order;
    const contents: Contents = {
      columns: order.columns,
      values: request.values,
      numbers: order.numbers,
      table: request.table,
    };
    let startedAt = performance.now();
    let facts: ExportFacts = {
      ...{ rows: 0, total: null, hidden: null, complete: false, resumable: true },
      ...{
        format,
        bytes: 0,
        tookMs: 0,
        streams: sink.streams,
        cut: 0,
        fromMemory: order.rows !== null,
        partial: false,
      },
    };
    const add = (part: Partial<ExportFacts>) => {
      const now = performance.now();
      facts = { ...facts, ...part, tookMs: facts.tookMs + now - startedAt };
      startedAt = now;
    };
    const onReached = (reached: Reached) => {
      add(reached);
      state.value = { phase: "running", facts };
    };
    const onStopped = async (thrown: unknown): Promise<Decision> => {
      add({});
      state.value = { phase: "stopped", facts, failure: abort.signal.aborted ? null : failureOf(thrown) };
      const decision = await new Promise<Decision>((decided) => {
        decide = decided;
      });
      decide = null;
      startedAt = performance.now();
      if (decision === "finish") add({ partial: true });
      abort = new AbortController();
      state.value = { phase: "running", facts };
      return decision;
    };

    abort = new AbortController();
    state.value = { phase: "running", facts };
    const signalNow = () => abort.signal;
    const connected = instance();
    let batches = order.rows && batchesIn(order.rows, onReached, signalNow);
    if (!batches) {
      if (!connected) throw new Error("The environment is not connected. Connect it first.");
      const reading = { instance: connected, request, limit: order.limit, queries: await load.queries() };
      batches = batchesOf({ ...reading, signal: signalNow, onReached, onStopped });
    }
    const write = async (part: string | Uint8Array) => {
      const bytes = typeof part === "string" ? encoder.encode(part) : part;
      await sink.write(bytes);
      facts = { ...facts, bytes: facts.bytes + bytes.length };
    };
    if (format === "xlsx") {
      const { excelOf } = await load.excel();
      const onCut = () => {
        facts = { ...facts, cut: facts.cut + 1 };
      };
      const reader = excelOf(batches, contents, onCut).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) await write(part.value);
    } else for await (const part of textOf(format, batches, contents)) await write(part);
    await sink.close();
    add({});
    state.value = { phase: "ended", facts };
  }

  function cancel(): void {
    abort.abort();
  }

  const choose = (decision: Decision) => () => decide?.(decision);

  /** Hides the result of an export that is over. */
  function close(): void {
    if (state.peek().phase === "ended") state.value = { phase: "none" };
    problem.value = "";
  }

  return {
    ...{ state, problem, start, cancel, close },
    ...{ resume: choose("resume"), finish: choose("finish"), discard: choose("discard") },
  };
}

const encoder = new TextEncoder();

/** "incident 2026-11-30 1432.csv" */
export function fileName(table: string, format: Format, at: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${table.replaceAll(/\W/g, "_")} ${day} ${two(at.getHours())}${two(at.getMinutes())}.${format}`;
}

export const typeOf = (format: Format): string => FORMAT_FACTS[format].type;
