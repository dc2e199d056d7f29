/** A table: the core says which page comes next, this fetches it and hands its rows over untouched. */
import type { Page, ReadOptions, RecordOptions, Row, Table, Written } from "sysparm";
import type { Answered, Asked } from "./driver.js";
import { invalid, optionalNumber, text, throwing } from "./errors.js";
import { EXPECT } from "./reply.js";
import { countPath, recordPath, Walk } from "./wasm.js";

type Send = (asked: Asked) => Promise<Answered>;

const OPTIONS = ["query", "fields", "displayValue", "pageSize", "limit", "signal"];

export function openTable(name: string, send: Send): Table {
  const pages = (options?: ReadOptions) => readPages(name, options ?? {}, send);
  const record = async (method: string, id: string | undefined, options: RecordOptions = {}, row?: Written) => {
    known(options);
    const form = displayForm(options.displayValue);
    const path = throwing(() => recordPath(name, id, fieldList(options.fields), form));
    if (row === undefined ? method !== "GET" : typeof row !== "object" || row === null || Array.isArray(row)) {
      throw invalid("request.body", "A record is written as an object of its fields");
    }
    const init = row && { body: JSON.stringify(row) };
    const { result } = await send({
      method,
      path,
      expect: EXPECT.record,
      ...(init && { init }),
      signal: options.signal,
    });
    return result as Row;
  };
  return {
    name,
    pages,
    async list(options) {
      let last: Page | undefined;
      for await (const page of pages(options)) {
        last = page;
        if (page.rows.length > 0) break;
      }
      return last ?? { rows: [], seen: 0, total: null, hidden: null, complete: false, next: null };
    },
    get: (id, options) => record("GET", text("the sys_id", id), options),
    create: (row, options) => record("POST", undefined, options, row),
    update: (id, patch, options) => record("PATCH", text("the sys_id", id), options, patch),
    async delete(id, { signal } = {}) {
      const path = throwing(() => recordPath(name, text("the sys_id", id), "", 0));
      await send({ method: "DELETE", path, expect: EXPECT.untouched, signal });
    },
    async count(query, { signal } = {}) {
      const path = throwing(() => countPath(name, encodedQuery(query)));
      const { result } = await send({ method: "GET", path, expect: EXPECT.record, signal });
      return Number((result as { stats: { count: string } }).stats.count);
    },
    async *rows(options) {
      for await (const page of pages(options)) yield* page.rows;
    },
  };
}

async function* readPages(name: string, options: ReadOptions, send: Send): AsyncGenerator<Page, void, undefined> {
  known(options);
  const { signal } = options;
  const pageSize = optionalNumber("pageSize", options.pageSize);
  const limit = optionalNumber("limit", options.limit) ?? Number.POSITIVE_INFINITY;
  const form = displayForm(options.displayValue);
  const encoded = encodedQuery(options.query);
  const walk = throwing(() => new Walk(name, encoded, fieldList(options.fields), form, pageSize, limit));
  try {
    for (let path = walk.path(); path !== undefined; path = walk.path()) {
      const { reply, result } = await send({ method: "GET", path, expect: EXPECT.rows, signal });
      const rows = result as Row[];
      const keep = walk.received(rows.length, countOf(reply));
      yield {
        rows: keep < rows.length ? rows.slice(0, keep) : rows,
        seen: walk.seen,
        total: walk.total ?? null,
        hidden: walk.hidden ?? null,
        complete: walk.complete,
        next: walk.next ?? null,
      };
    }
  } finally {
    walk.free();
  }
}

function encodedQuery(query: ReadOptions["query"] = ""): string {
  // "[object Object]" would be dropped by the instance, and the whole table would come.
  const isQuery = typeof query === "object" && query !== null && query.toString !== Object.prototype.toString;
  return isQuery ? String(query) : text("a query that is no Query of sysparm/query", query);
}

/** The instance's count; absent when it sent none or, in a browser, when a CORS rule does not expose it. */
function countOf(reply: Response | undefined): number | undefined {
  const text = reply?.headers.get("x-total-count");
  const count = text ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function fieldList(fields: ReadOptions["fields"]): string {
  if (fields === undefined) return "";
  if (!Array.isArray(fields)) throw invalid("options.type", "fields must be a list of field names");
  return fields.map((field) => text("a field's name", field)).join(",");
}

function displayForm(value: ReadOptions["displayValue"]): number {
  if (value === "all") return 2;
  return value === true ? 1 : 0;
}

function known(options: object): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw invalid("options.unknown", `Reading a table knows no option ${unknown}; it knows ${OPTIONS.join(", ")}`);
  }
}
