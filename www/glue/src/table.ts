/** A table: the core says which page comes next, this fetches it and hands its rows over untouched. */
import type { Page, ReadOptions, Row, Table } from "sysparm";
import type { Answered, Asked } from "./driver.js";
import { invalid, throwing } from "./errors.js";
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
      const path = throwing(() => recordPath(name, id, (options.fields ?? []).join(","), form));
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
  const { query = "", fields = [], pageSize, limit = Number.POSITIVE_INFINITY, signal } = options;
  const form = displayForm(options.displayValue);
  // "[object Object]" would be dropped by the instance, and the whole table would come.
  if (typeof query === "object" && query.toString === Object.prototype.toString) {
    throw invalid("options.query", "A query is a text, or a Query of sysparm/query");
  }
  const walk = throwing(() => new Walk(name, String(query), fields.join(","), form, pageSize, limit));
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
