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
import { createLayouts, type Layouts } from "./layouts";
import { checkQuery } from "./query-check";
import { displayOption, type Values } from "./values";
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
  values: Values;
}

export interface FormTexts {
  table: string;
  query: string;
  fields: string;
}

export type Reader = ReturnType<typeof createReader>;

export function createReader(layouts: Layouts = createLayouts()) {
  const form = {
    table: signal("incident"),
    query: signal(""),
    fields: signal(layouts.fieldsOf("incident")),
    values: signal<Values>(layouts.of("incident").values ?? "raw"),
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
  let collector = new FieldCollector([]);
  let abort: AbortController | undefined;

  const textsOfForm = (): FormTexts => ({
    table: form.table.peek(),
    query: form.query.peek(),
    fields: form.fields.peek(),
  });
  let filled = textsOfForm();
  /** The table whose columns the form has, unless other ones were typed since. */
  let taken = { table: form.table.peek(), fields: form.fields.peek() };

  /** Fills in the form. What a person typed into it can be brought back. */
  function fill(texts: FormTexts): void {
    const before = textsOfForm();
    if (!same(before, filled)) typed.value = before;
    filled = texts;
    taken = texts;
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

  /** Takes over the remembered columns of the table that the form names now, unless fields were typed for it. */
  function takeTable(): void {
    const table = form.table.peek().trim();
    const isTyped = form.fields.peek() !== taken.fields;
    if (table === taken.table || isTyped) return;
    const fields = layouts.fieldsOf(table);
    taken = { table, fields };
    batch(() => {
      form.fields.value = fields;
      form.values.value = layouts.of(table).values ?? form.values.peek();
    });
  }

  /** Remembers the columns of the form for its table. */
  function remember(): void {
    const { table, fields, values } = requestOfForm();
    taken = { table, fields: form.fields.peek() };
    if (TABLE_NAME.test(table)) layouts.change(table, { fields: fields.join(", "), values });
  }

  function requestOfForm(): ReadRequest {
    return {
      table: form.table.value.trim(),
      query: form.query.value.trim(),
      fields: fieldList(form.fields.value),
      values: form.values.value,
    };
  }

  /** Reads with other texts in the form, also during a read. */
  async function ask(instance: Instance, texts: Partial<FormTexts>): Promise<void> {
    abort?.abort();
    abort = undefined;
    batch(() => {
      setForm({ ...textsOfForm(), ...texts });
      if (state.peek().phase === "reading") state.value = { phase: "idle" };
    });
    await read(instance);
  }

  async function read(instance: Instance): Promise<void> {
    if (state.value.phase === "reading") return;
    const mine = new AbortController();
    abort = mine;
    const request = requestOfForm();
    const limit = whole(form.limit.value);
    const startedAt = performance.now();
    let progress: Progress = { seen: 0, total: null, hidden: null };
    let ending: Ending = { how: "unverified" };

    batch(() => {
      failure.value = null;
      warnings.value = [];
      state.value = { phase: "reading", progress, request };
    });
    try {
      const options: ReadOptions = { displayValue: displayOption(request.values), signal: mine.signal };
      if (request.query) options.query = request.query;
      // A reading by offset would leave it out, and the record of a row is found by it.
      if (request.fields.length > 0) options.fields = [...new Set([...request.fields, "sys_id"])];
      if (form.pageSize.value.trim()) options.pageSize = whole(form.pageSize.value);
      if (form.limit.value.trim()) options.limit = limit;
      for await (const page of instance.table(request.table).pages(options)) {
        if (abort !== mine) return;
        progress = { seen: page.seen, total: page.total, hidden: page.hidden, caveat: page.caveat };
        ending = page.complete ? { how: "complete" } : page.seen >= limit ? { how: "limit" } : { how: "unverified" };
        batch(() => {
          if (source.value !== request) begin(request);
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
  function begin(request: ReadRequest): void {
    rows.length = 0;
    source.value = request;
    collector = new FieldCollector(request.fields);
    columns.value = collector.columns();
  }

  /** Shows these columns of the rows that were read, in this order, and remembers them. */
  function arrange(shown: readonly string[]): void {
    const table = source.peek()?.table ?? "";
    const fields = shown.join(", ");
    collector = new FieldCollector(shown);
    columns.value = [...shown];
    layouts.change(table, { fields });
    if (form.table.peek().trim() !== table) return;
    form.fields.value = fields;
    taken = { table, fields };
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
    layouts,
    typed,
    fill,
    bringBack,
    takeTable,
    remember,
    ask,
    arrange,
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

const TABLE_NAME = /^[a-z]\w{0,79}$/i;
