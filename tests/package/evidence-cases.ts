/** Servers that do not keep to what the platform promises: each reading ends, and says so where rows may be missing. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World } from "./cases.js";

type Listed = Record<string, unknown>[];

interface Asked {
  limit: number;
  offset: number;
  /** Of `sys_id`, in the order of the query. */
  bounds: [operator: string, id: string][];
  descending: boolean;
  /** Pages asked for so far, this one included. */
  number: number;
}

const id = (number: number) => number.toString(16).padStart(32, "0");
const listed = (count: number, of = id): Listed =>
  Array.from({ length: count }, (_, number) => ({ sys_id: of(number + 1), number: `N${number + 1}` }));

/** What the platform answers: conditions on `sys_id`, then the offset and the limit. */
function found(rows: Listed, { bounds, descending, offset, limit }: Asked): { page: Listed; count: number } {
  const holds: Record<string, (one: string, other: string) => boolean> = {
    ">": (one, other) => one > other,
    "<": (one, other) => one < other,
    IN: (one, other) => other.split(",").includes(one),
  };
  const all = rows.filter((row) => bounds.every(([operator, of]) => holds[operator]?.(String(row.sys_id), of)));
  if (descending) all.reverse();
  return { page: all.slice(offset, offset + limit), count: all.length };
}

async function readFrom(
  { sysparm, url }: World,
  answer: (asked: Asked) => { page?: Listed; count?: number | undefined; text?: string },
  options: Sysparm.ReadOptions & Partial<Sysparm.ConnectOptions> = {},
) {
  let number = 0;
  const { maxBodyBytes, onEvent, ...reading } = options;
  const fetcher = async (input: RequestInfo | URL) => {
    number += 1;
    const { searchParams } = new URL(String(input));
    const query = searchParams.get("sysparm_query") ?? "";
    const bounds = [...query.matchAll(/sys_id(IN|[<>])([^^]*)/g)].map((match) => match.slice(1, 3) as [string, string]);
    const [limit, offset] = ["limit", "offset"].map((name) => Number(searchParams.get(`sysparm_${name}`)));
    const { page, count, text } = answer({
      bounds,
      limit: limit ?? 0,
      offset: offset ?? 0,
      number,
      descending: query.includes("ORDERBYDESC"),
    });
    const headers = { "content-type": "application/json", ...(count !== undefined && { "x-total-count": `${count}` }) };
    return new Response(text ?? JSON.stringify({ result: page }), { headers });
  };
  const instance = await sysparm.connect({
    url,
    auth: { token: "t" },
    fetch: fetcher,
    ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    ...(onEvent && { onEvent }),
  });
  const rows: unknown[] = [];
  let last: Sysparm.Page | undefined;
  let code = "";
  try {
    for await (const page of instance.table("u_table").pages({ pageSize: 10, ...reading })) {
      rows.push(...page.rows.map((row) => row.number));
      last = page;
      if (rows.length > 200) break;
    }
  } catch (thrown) {
    code = (thrown as Sysparm.SysparmError).code;
  }
  instance.close();
  const summary = `${rows.length} rows, ${new Set(rows).size} different, ${last?.complete} ${last?.hidden}`;
  return { summary, caveat: last?.caveat ?? "", requests: number, code };
}

export const EVIDENCE_CASES: Record<string, Case> = {
  "rows of a view that share a sys_id are read by offset": async (world) => {
    const view = listed(35, (number) => id(Math.ceil(number / 3)));
    const { summary, caveat } = await readFrom(world, (asked) => found(view, asked));
    is(summary, "35 rows, 35 different, false null");
    is(caveat.includes("share a sys_id"), true);
  },

  "ignored condition, order or offset ends with a caveat": async (world) => {
    const words = listed(35, (number) => `inc${number}`);
    const newestFirst = listed(35).reverse();
    const bare = words.map(({ number }) => ({ number }));
    for (const [rows, knowsOffset, count, expected] of [
      [words, true, 35, "35 rows, 35 different, false null"],
      [words, true, undefined, "35 rows, 35 different, false null"],
      [newestFirst, true, 35, "35 rows, 35 different, false null"],
      [words, false, 35, "10 rows, 10 different, false null"],
      [bare, false, undefined, "10 rows, 10 different, false null"],
      [bare, false, 2 ** 50, "10 rows, 10 different, false null"],
    ] as const) {
      const answer = (asked: Asked) => ({
        page: found(rows as Listed, { ...asked, bounds: [], offset: knowsOffset ? asked.offset : 0 }).page,
        count,
      });
      const { summary, caveat, requests } = await readFrom(world, answer);
      is(summary, expected);
      is(caveat !== "" && requests < 12, true);
    }
  },

  "no count is believed against the rows": async (world) => {
    const rows = listed(35);
    const counts: [name: string, count: (asked: Asked, found: number) => number | undefined, complete: boolean][] = [
      ["only the first", ({ number }, found) => (number === 1 ? found : undefined), false],
      ["absurd", () => 2 ** 52, false],
      ["constant", () => 35, false],
      ["growing", ({ number }, found) => found + number, false],
      ["shrinking", ({ number }) => Math.max(0, 50 - number), false],
      ["of the page", ({ limit }, found) => Math.min(found, limit), true],
      ["honest", (_, found) => found, true],
    ];
    for (const [name, count, complete] of counts) {
      const answer = (asked: Asked) => {
        const { page, count: honest } = found(rows, asked);
        return { page, count: count(asked, honest) };
      };
      const { summary, caveat, requests } = await readFrom(world, answer);
      is(`${name}: ${summary}`, `${name}: 35 rows, 35 different, ${complete} ${complete ? 0 : null}`);
      is((caveat === "") === complete && requests < 12, true);
    }
  },

  "sync and comparison without counts report a caveat": async ({ sysparm, syncs, url }) => {
    const row = { sys_id: id(1), sys_updated_on: "2026-03-01 10:00:00", sys_mod_count: "0" };
    const answer = async (input: RequestInfo | URL) => {
      const query = new URL(String(input)).searchParams.get("sysparm_query") ?? "";
      const result = /sys_id>|ISEMPTY/.test(query) ? [] : [row];
      return Response.json({ result }, { headers: { date: new Date().toUTCString() } });
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer });
    const table = instance.table("u_table");
    const last = async (batches: AsyncIterable<{ progress: { complete: boolean; caveat: string | null } }>) => {
      let progress = { complete: true, caveat: "" as string | null };
      for await (const batch of batches) progress = batch.progress;
      return `${progress.complete} ${progress.caveat}`;
    };
    const expected =
      "false The server sends no row count that follows the query, so nothing proves that these were all rows.";
    is(await last(syncs.sync(table, { deletions: false })), expected);
    is(await last(syncs.reconcile(table, { copy: [] })), expected);
    instance.close();
  },

  "server that returns short pages is read to its end": async (world) => {
    const rows = listed(35);
    const capped = (asked: Asked) => found(rows, { ...asked, limit: Math.min(asked.limit, 7) });
    is((await readFrom(world, capped)).summary, "35 rows, 35 different, true 0");
    is(
      (await readFrom(world, (asked) => ({ ...capped(asked), count: undefined }))).summary.slice(0, 21),
      "35 rows, 35 different",
    );
  },

  "raw control character is read, and reported": async (world) => {
    const rows = listed(35).map((row) => (row.number === "N17" ? { ...row, text: 'a\u0001"\\\n' } : row));
    const events: Sysparm.SysparmEvent[] = [];
    const answer = (asked: Asked) => {
      const { page, count } = found(rows, asked);
      return { count, text: JSON.stringify({ result: page }).replace("\\u0001", "\u0001").replace("\\n", "\n") };
    };
    const { summary } = await readFrom(world, answer, { onEvent: (event) => events.push(event) });
    is(summary, "35 rows, 35 different, true 0");
    is(
      events.map((event) => (event.type === "reply.repaired" ? event.detail : event.type)).join(),
      "2 raw control characters",
    );
  },

  "cut or oversized body is requested in halves at once": async (world) => {
    const rows = listed(200);
    const whole = (asked: Asked) => found(rows, asked);
    const cut = (asked: Asked) => {
      const { page, count } = whole(asked);
      return { count, text: JSON.stringify({ result: page }).slice(0, 2000) };
    };
    for (const [answer, options] of [
      [cut, {}],
      [whole, { maxBodyBytes: 2000 }],
    ] as const) {
      const { summary, requests } = await readFrom(world, answer, { pageSize: 100, ...options });
      is(summary, "200 rows, 200 different, true 0");
      is(requests < 16, true);
    }
    const { code, requests } = await readFrom(world, whole, { maxBodyBytes: 20 });
    is(code, "reply.too-large");
    is(requests < 8, true);
  },

  "reply of another form is named at once": async (world) => {
    for (const [text, expected] of [
      ["<?xml version='1.0'?><response><result/></response>", "instance.not-json"],
      ['{"result":{"number":"N1"}}', "instance.other-reply"],
      ['{"result":[],"error":{"message":"Script failed"}}', "instance.other-reply"],
      ['{"result":[{"number":"N1"},]}', "instance.other-reply"],
    ] as const) {
      const { code, requests } = await readFrom(world, () => ({ text }));
      is(`${code} ${requests}`, `${expected} 1`);
    }
  },
};
