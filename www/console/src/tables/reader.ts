/**
 * Reads one table, page by page, into memory. Keeps the rows, however the read ends, until a later read has its first page: a read that
 * fails before its first row removes nothing.
 *
 *     idle --read--> reading --last page--> ended (complete, unverified or limit)
 *                            `--cancel, error--> ended (cancelled, failed)
 *     any --clear--> idle, without rows
 */
import { batch, signal } from "@preact/signals";
import type { Instance, ReadOptions, Row } from "sysparm";
import { type Failure, failureOf } from "../failure/failure";
import { same } from "../workspace/merge";
import { FieldCollector, fieldList } from "./columns";
import { checkQuery } from "./query-check";
import type { Ending, Progress } from "./words";

export type ReadState =
  | { phase: "idle" }
  | { phase: "reading"; progress: Progress; request: ReadRequest }
  | { phase: "ended"; progress: Progress; ending: Ending; tookMs: number; request: ReadRequest };

/** The request, kept with its rows, because the form may have been edited since. */
export interface ReadRequest {
  table: string;
  query: string;
  fields: string[];
}

export interface FormTexts {
  table: string;
  query: string;
  fields: string;
}

export type Reader = ReturnType<typeof createReader>;

export function createReader() {
  const form = {
    table: signal("incident"),
    query: signal(""),
    fields: signal("number, short_description, priority, state, assignment_group, opened_at, sys_updated_on"),
    labels: signal(false),
    pageSize: signal("1000"),
    limit: signal("100000"),
  };
  /** What was typed into the form before another part of the console filled it in; null if nothing. */
  const typed = signal<FormTexts | null>(null);
  const state = signal<ReadState>({ phase: "idle" });
  const failure = signal<Failure | null>(null);
  const columns = signal<string[]>([]);
  /** Grows with every page and is never copied. Views observe `rowCount`. */
  const rows: Row[] = [];
  const rowCount = signal(0);
  /** Warnings about the query of the latest read. */
  const warnings = signal<string[]>([]);
  /** The request of the rows in memory, which may be older than the latest one. */
  const source = signal<ReadRequest | null>(null);
  let abort: AbortController | undefined;

  const textsOfForm = (): FormTexts => ({
    table: form.table.peek(),
    query: form.query.peek(),
    fields: form.fields.peek(),
  });
  let filled = textsOfForm();

  /** Fills in the form. What a person typed into it can be brought back. */
  function fill(texts: FormTexts): void {
    const before = textsOfForm();
    if (!same(before, filled)) typed.value = before;
    filled = texts;
    setForm(texts);
  }

  function bringBack(): void {
    if (typed.value) setForm(typed.value);
    typed.value = null;
  }

  function setForm({ table, query, fields }: FormTexts): void {
    batch(() => {
      form.table.value = table;
      form.query.value = query;
      form.fields.value = fields;
    });
  }

  function requestOfForm(): ReadRequest {
    return { table: form.table.value.trim(), query: form.query.value.trim(), fields: fieldList(form.fields.value) };
  }

  async function read(instance: Instance): Promise<void> {
    if (state.value.phase === "reading") return;
    const mine = new AbortController();
    abort = mine;
    const request = requestOfForm();
    const limit = whole(form.limit.value);
    const collector = new FieldCollector(request.fields);
    const startedAt = performance.now();
    let progress: Progress = { seen: 0, total: null, hidden: null };
    let ending: Ending = { how: "unverified" };

    batch(() => {
      failure.value = null;
      warnings.value = [];
      state.value = { phase: "reading", progress, request };
    });
    try {
      const options: ReadOptions = { displayValue: form.labels.value, signal: mine.signal };
      if (request.query) options.query = request.query;
      if (request.fields.length > 0) options.fields = request.fields;
      if (form.pageSize.value.trim()) options.pageSize = whole(form.pageSize.value);
      if (form.limit.value.trim()) options.limit = limit;
      for await (const page of instance.table(request.table).pages(options)) {
        if (abort !== mine) return;
        progress = { seen: page.seen, total: page.total, hidden: page.hidden, caveat: page.caveat };
        ending = page.complete ? { how: "complete" } : page.seen >= limit ? { how: "limit" } : { how: "unverified" };
        batch(() => {
          if (source.value !== request) begin(request, collector);
          for (const row of page.rows) rows.push(row);
          if (collector.add(page.rows)) columns.value = collector.columns();
          rowCount.value = rows.length;
          state.value = { phase: "reading", progress, request };
        });
      }
    } catch (thrown) {
      ending = { how: mine.signal.aborted ? "cancelled" : "failed" };
      if (!mine.signal.aborted) failure.value = failureOf(thrown);
    }
    if (abort !== mine) return;
    state.value = { phase: "ended", progress, ending, tookMs: performance.now() - startedAt, request };
    if (request.query === "" || ending.how === "cancelled" || ending.how === "failed") return;
    const found = await checkQuery(instance, request, mine.signal);
    // Another read may have started meanwhile.
    if (abort === mine) warnings.value = found;
  }

  /** Drops the rows of an earlier read. */
  function begin(request: ReadRequest, collector: FieldCollector): void {
    rows.length = 0;
    source.value = request;
    columns.value = collector.columns();
  }

  function cancel(): void {
    abort?.abort();
  }

  /** Ends a read without a word and drops all rows: they belong to an environment that is no longer in use. */
  function clear(): void {
    abort?.abort();
    abort = undefined;
    batch(() => {
      state.value = { phase: "idle" };
      failure.value = null;
      warnings.value = [];
      source.value = null;
      columns.value = [];
      rows.length = 0;
      rowCount.value = 0;
    });
  }

  return {
    form,
    typed,
    fill,
    bringBack,
    state,
    failure,
    columns,
    rows,
    rowCount,
    warnings,
    source,
    read,
    cancel,
    clear,
  };
}

/** Returns NaN for anything but a whole number. The package refuses NaN with an error that names the option. */
function whole(typed: string): number {
  return /^\s*\d+\s*$/.test(typed) ? Number(typed) : Number.NaN;
}
