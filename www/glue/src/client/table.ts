/** Tables: pages, rows and single records. */
import type {
  CallOptions,
  CountOptions,
  CreateOptions,
  DeleteOptions,
  Page,
  ReadOptions,
  RecordOptions,
  Row,
  Table,
  UpdateOptions,
  UpsertOptions,
  Written,
} from "sysparm";
import {
  ADDITIONS,
  checkOptions,
  DISPLAY_VALUE,
  FLAG,
  NAMES,
  OBJECT,
  type OptionType,
  type OptionTypes,
  SIGNAL,
} from "../protocol/check-options.js";
import { ExpectedBody } from "../protocol/codes.js";
import { type Send, withSend } from "../protocol/send.js";
import { countIn, incomplete, locatedIn, stored } from "../shared/rows.js";
import { failed, invalid, text } from "./errors.js";
import { type ReadingContext, readPages } from "./pages.js";
import { countPath, recordPath } from "./paths.js";
import { loadWalks } from "./wasm.js";

const CALL: OptionTypes<CallOptions> = { signal: SIGNAL, ...ADDITIONS };
const COUNT: OptionTypes<CountOptions> = { ...CALL, verify: FLAG };
const RECORD: OptionTypes<RecordOptions> = { fields: NAMES, displayValue: DISPLAY_VALUE, ...CALL };
const EXPECT: OptionType = { ...OBJECT, expects: "{ sys_mod_count }" };
const RECOVERY: OptionType = { ...OBJECT, expects: "{ settleMs?, attempts? }", code: "options.recovery" };
const CORRELATION: OptionType = {
  ...OBJECT,
  expects: "{ field, value?, lookFirst?, verify? }",
  code: "options.correlation",
};
const CREATE: OptionTypes<CreateOptions> = { ...RECORD, correlation: CORRELATION, recovery: RECOVERY };
const UPDATE: OptionTypes<UpdateOptions> = { ...RECORD, expect: EXPECT, recovery: RECOVERY };
const DELETE: OptionTypes<DeleteOptions> = { expect: EXPECT, recovery: RECOVERY, ...CALL };

/** The contract in index.d.ts has the types; here only names matter. */
type SafeWrite = (context: object, ...given: unknown[]) => Promise<never>;

/** `Table` without what its types infer: rows of any fields in any form. */
interface UntypedTable extends Pick<Table, "name" | "delete" | "count"> {
  list(options?: ReadOptions): Promise<Page>;
  get(id: string, options?: RecordOptions): Promise<Row>;
  create(row: Written, options?: CreateOptions): Promise<Row>;
  update(id: string, patch: Written, options?: UpdateOptions): Promise<Row>;
  pages(options?: ReadOptions): AsyncIterableIterator<Page>;
  rows(options?: ReadOptions): AsyncIterableIterator<Row>;
  first(options?: Omit<ReadOptions, "limit">): Promise<Row | undefined>;
  toArray(options?: ReadOptions): Promise<Row[]>;
  findBy(field: string, value: string | number | boolean, options?: RecordOptions): Promise<Row | undefined>;
  upsert(row: Written, options: UpsertOptions): Promise<Row>;
}

/** `send` is for interactive calls. `reading` begins a long reading, which lets those go first. */
export function openTable(name: string, send: Send, reading: () => Send, context: ReadingContext): Table {
  const pages = (options?: ReadOptions) => {
    loadWalks();
    return readPages(name, options ?? {}, reading(), context);
  };
  const record = async (method: string, id: string | undefined, options: RecordOptions, row?: Written) => {
    // An update has an option that is also called `expect`.
    const { fields, displayValue, signal, headers, params } = options;
    const path = recordPath(name, id, options);
    if (method !== "GET") checkRecord(row);
    const init = row && { body: JSON.stringify(row) };
    const { reply, result } = await send({
      method,
      path,
      expect: ExpectedBody.record,
      init,
      signal,
      headers,
      params,
    });
    const made = result as Row;
    const isNotAsked = fields?.length && !fields.includes("sys_id");
    if (stored(made, "sys_id") || (isNotAsked && Object.keys(made).length > 0)) return made;
    // If the user may not read the record that it wrote, only the record's address is known.
    const own = id ?? locatedIn(reply);
    if (!own) throw incomplete(invalid, "neither the sys_id of the record that was created nor its address");
    return { ...made, sys_id: displayValue === "all" ? { value: own, display_value: own } : own };
  };
  // Loads writes with recovery on first use.
  const safely = async (write: keyof typeof import("../recovery/writes.js"), ...given: unknown[]): Promise<never> =>
    ((await import("../recovery/writes.js"))[write] as SafeWrite)({ table, invalid, failed }, ...given);
  const table: UntypedTable = {
    name,
    pages,
    async list(options) {
      const { pageSize: most = 1000, limit = Number.POSITIVE_INFINITY } = options ?? {};
      // Rows that access rules hide leave a page short of the rows wanted.
      const wanted = limit <= most ? limit : 0;
      let first: Page | undefined;
      let known: Page | undefined;
      for await (const page of readPages(name, { ...options, ahead: options?.ahead ?? 0 }, send, context)) {
        const rows = first?.rows ?? [];
        if (first && page.rows.length > 0 && rows.length >= wanted) return first;
        known = { ...page, rows: first ? [...rows, ...page.rows] : page.rows };
        if (page.rows.length > 0) first = known;
        // If the count says that these are all rows, the next page proves it and shows how many are hidden.
        if (first && first.rows.length >= wanted && (page.total ?? Number.POSITIVE_INFINITY) > most) break;
      }
      return known ?? { rows: [], seen: 0, total: null, hidden: null, complete: false, caveat: null, next: null };
    },
    async get(id, options = {}) {
      checkOptions(options, RECORD, invalid);
      return record("GET", text("sys_id", id), options);
    },
    async create(row, options = {}) {
      checkOptions(options, CREATE, invalid);
      const isSafe = options.correlation || options.recovery;
      return isSafe ? safely("create", row, options) : record("POST", undefined, options, row);
    },
    async update(id, patch, options = {}) {
      checkOptions(options, UPDATE, invalid);
      const isSafe = options.expect || options.recovery;
      return isSafe ? safely("update", id, patch, options) : record("PATCH", text("sys_id", id), options, patch);
    },
    async delete(id, options = {}) {
      checkOptions(options, DELETE, invalid);
      const { expect, recovery, ...others } = options;
      if (expect || recovery) return safely("remove", id, options);
      const path = recordPath(name, text("sys_id", id));
      await send({ method: "DELETE", path, expect: ExpectedBody.done, ...others });
    },
    async count(query, options = {}) {
      checkOptions(options, COUNT, invalid);
      const { verify, ...others } = options;
      // Refuses a wrong query before anything is sent.
      const path = countPath(name, query);
      if (verify && query) {
        const { checkFiltered } = await import("../conditions/index.js");
        await checkFiltered(table.count, name, query, others, invalid);
      }
      const { result } = await send({ method: "GET", path, expect: ExpectedBody.record, ...others });
      return countIn((result as { stats: unknown }).stats, invalid);
    },
    async *rows(options) {
      for await (const page of pages(options)) yield* page.rows;
    },
    async first(options) {
      const { rows } = await table.list({ ...options, limit: 1 });
      return rows[0];
    },
    async toArray(options) {
      const all: Row[] = [];
      for await (const row of table.rows(options)) all.push(row);
      return all;
    },
    findBy: (...given) => safely("findBy", ...given),
    upsert: (...given) => safely("upsert", ...given),
  };
  return withSend(table as Table, reading());
}

/** Refuses values that JSON changes silently: NaN becomes null, a date another format, a Map nothing. */
function checkRecord(row: unknown): void {
  if (Object(row) !== row || Symbol.iterator in (row as object)) {
    throw invalid("request.body", "Invalid record. Pass an object of its fields.");
  }
  for (const [name, value] of Object.entries(row as object)) {
    if (value == null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) continue;
    throw invalid(
      "request.body",
      `Invalid value of field \`${name}\`. Pass a string, a finite number, true, false or null; sysparm/values converts the rest.`,
    );
  }
}
