/**
 * Cells of another type than ServiceNow sends: gateways and scripted APIs turn texts into numbers, booleans, lists and objects. Rows come
 * as they are, keys are read as texts, and no such cell reaches the core as anything else.
 */
import type * as Sysparm from "sysparm";
import { type Case, is, type World } from "./cases.js";

type Cells = Record<string, unknown>;

const id = (number: number) => String(number).padStart(32, "0");
const whole: Cells = {
  sys_id: id(1),
  sys_updated_on: "2025-01-01 00:00:00",
  sys_mod_count: "1",
  sys_created_on: "2025-01-01 00:00:00",
};

/** What JSON can hold in the place of a text. */
const CELLS: unknown[] = [
  5,
  0,
  -1,
  1.5,
  1e300,
  2 ** 60,
  true,
  false,
  null,
  [],
  ["a"],
  {},
  { value: 5 },
  { value: [1] },
  { value: null },
  { display_value: "a" },
  "",
  "\0",
];
const FIELDS = ["sys_id", "sys_updated_on", "sys_mod_count"];

/** A table of these rows, for readings that begin; behind them there is nothing. */
function opened({ sysparm, url }: World, rows: readonly unknown[]): Promise<Sysparm.Instance> {
  const answer = (target: unknown) => {
    const { pathname, searchParams } = new URL(String(target));
    const begins =
      Number(searchParams.get("sysparm_offset") ?? 0) === 0 && !/sys_id>/.test(searchParams.get("sysparm_query") ?? "");
    const result = begins && !pathname.endsWith("sys_audit_delete") ? rows : [];
    return Promise.resolve(
      Response.json(
        { result },
        { headers: { "x-total-count": String(result.length), date: new Date().toUTCString() } },
      ),
    );
  };
  return sysparm.connect({ url, auth: { token: "t" }, fetch: answer as typeof fetch, pace: { attempts: 1 } });
}

/** Everything that hands keys of rows to the core. */
function readings({ syncs }: World, table: Sysparm.Table): Record<string, () => AsyncIterable<unknown>> {
  const ordered = { query: "ORDERBYsys_updated_on" };
  return {
    "by key": () => table.pages(),
    "in an order": () => table.pages(ordered),
    ahead: () => table.pages({ ...ordered, ahead: 4, pageSize: 2 }),
    "by offset": () => table.pages({ by: "offset", pageSize: 2 }),
    both: () => table.pages({ displayValue: "all" }),
    sync: () => syncs.sync(table, { ahead: 0 }),
    reconcile: () => syncs.reconcile(table, { copy: [] }),
  };
}

/** How a reading ends: a page limit keeps one that never would from hanging. */
async function ending(reading: AsyncIterable<unknown>): Promise<string> {
  let pages = 0;
  try {
    for await (const _ of reading) {
      pages += 1;
      if (pages > 20) return "endless";
    }
    return "read";
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message: string };
    return code === undefined ? `no code: ${message}` : "code";
  }
}

export const CELL_CASES: Record<string, Case> = {
  "key of any JSON type is read, or refused with a code": async (world) => {
    const faults: string[] = [];
    for (const field of FIELDS) {
      for (const cell of CELLS) {
        const row = { ...whole, [field]: cell };
        const instance = await opened(world, [row, { ...row, sys_mod_count: "2" }]);
        for (const [name, read] of Object.entries(readings(world, instance.table("u_table")))) {
          const end = await ending(read());
          if (end !== "read" && end !== "code") faults.push(`${field} ${JSON.stringify(cell)} ${name}: ${end}`);
        }
        is(instance.status().callsUnderWay, 0);
        instance.close();
      }
    }
    is(faults.join("\n"), "");
  },

  "numeric sys_id is read on as its text": async (world) => {
    const instance = await opened(world, [
      { ...whole, sys_id: 41 },
      { ...whole, sys_id: 42 },
    ]);
    const { rows, next } = await instance.table("u_table").list({ pageSize: 2, limit: 4, query: "active=true" });
    is(rows.map((row) => row.sys_id as unknown).join(), "41,42");
    is(next === null || decodeURIComponent(next).includes("sys_id>42"), true);
    const batches = [];
    for await (const batch of world.syncs.sync(instance.table("u_table"))) batches.push(batch);
    is(batches.at(-1)?.checkpoint.rows?.id, "42");
    instance.close();
  },

  "rows that are no objects end a reading without a trap": async (world) => {
    for (const row of [null, 5, "text", true, [], [[]]]) {
      const instance = await opened(world, [row, row]);
      for (const [name, read] of Object.entries(readings(world, instance.table("u_table")))) {
        const end = await ending(read());
        is(
          `${name} ${JSON.stringify(row)} ${end === "read" || end === "code" ? "ends" : end}`,
          `${name} ${JSON.stringify(row)} ends`,
        );
      }
      instance.close();
    }
  },
};
