/** A table: the core says which page comes next, this fetches it and hands its rows over untouched. */
import type { Page, ReadOptions, Row, Table } from "sysparm";
import type { Answered, Asked } from "./driver.js";
import { invalid, optionalNumber, text, throwing } from "./errors.js";
import { EXPECT } from "./reply.js";
import { recordPath, Walk } from "./wasm.js";

type Send = (asked: Asked) => Promise<Answered>;

const OPTIONS = ["query", "fields", "displayValue", "pageSize", "limit", "signal"];

export function openTable(name: string, send: Send): Table {
  const pages = (options?: ReadOptions) => readPages(name, options ?? {}, send);
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
    async get(id, options = {}) {
      known(options);
      const form = displayForm(options.displayValue);
      const path = throwing(() => recordPath(name, text("the sys_id", id), fieldList(options.fields), form));
      const { result } = await send({ method: "GET", path, expect: EXPECT.record, signal: options.signal });
      return result as Row;
    },
    async *rows(options) {
      for await (const page of pages(options)) yield* page.rows;
    },
  };
}

async function* readPages(name: string, options: ReadOptions, send: Send): AsyncGenerator<Page, void, undefined> {
  known(options);
  const { query = "", signal } = options;
  const pageSize = optionalNumber("pageSize", options.pageSize);
  const limit = optionalNumber("limit", options.limit) ?? Number.POSITIVE_INFINITY;
  const form = displayForm(options.displayValue);
  // "[object Object]" would be dropped by the instance, and the whole table would come.
  const isQuery = typeof query === "object" && query !== null && query.toString !== Object.prototype.toString;
  const encoded = isQuery ? String(query) : text("a query that is no Query of sysparm/query", query);
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
