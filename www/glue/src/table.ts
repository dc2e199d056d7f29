/** A table: its pages, its rows and single records. */
import type { Page, ReadOptions, RecordOptions, Row, Table, Written } from "sysparm";
import { failed, invalid, text, throwing } from "./errors.js";
import { displayForm, encodedQuery, fieldList, known, readPages } from "./pages.js";
import { EXPECT } from "./reply.js";
import { type Send, withSend } from "./sending.js";
import { countPath, recordPath } from "./wasm.js";

/** Its types are those of the contract; here it is a name. */
type SafeWrite = (around: object, ...given: unknown[]) => Promise<never>;

/** `send` is for what somebody waits for; `reading` begins a long reading, which lets such calls go first. */
export function openTable(name: string, send: Send, reading: () => Send): Table {
  const pages = (options?: ReadOptions) => readPages(name, options ?? {}, reading());
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
  // What looks before it repeats comes with the first write that asks for it.
  const safely = async (write: "create" | "update" | "remove", ...given: unknown[]): Promise<never> =>
    ((await import("./safe-writes.js"))[write] as SafeWrite)({ table, invalid, failed }, ...given);
  const table: Table = {
    name,
    pages,
    async list(options) {
      let last: Page | undefined;
      for await (const page of readPages(name, { ahead: 0, ...options }, send)) {
        last = page;
        if (page.rows.length > 0) break;
      }
      return last ?? { rows: [], seen: 0, total: null, hidden: null, complete: false, caveat: null, next: null };
    },
    get: (id, options) => record("GET", text("the sys_id", id), options),
    create: (row, options) =>
      options?.correlation ? safely("create", row, options) : record("POST", undefined, options, row),
    update: (id, patch, options) =>
      options?.expect || options?.recovery
        ? safely("update", id, patch, options)
        : record("PATCH", text("the sys_id", id), options, patch),
    async delete(id, options = {}) {
      const { expect, recovery, signal } = options;
      if (expect || recovery) return safely("remove", id, options);
      const path = throwing(() => recordPath(name, text("the sys_id", id), "", 0));
      await send({ method: "DELETE", path, expect: EXPECT.done, signal });
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
  return withSend(table, reading());
}
