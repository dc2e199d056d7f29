/** What the package promises of reading a table: every row, once, by either way, or a caveat. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";

const ADMINISTRATOR = { auth: { username: "practice.admin", password: "practice-admin-password" } } as const;

export const READING_CASES: Record<string, Case> = {
  "same rows come by key and by offset": async ({ open }) => {
    const table = (await open()).table("incident");
    const byKey = await readAll(table, { by: "keyset", pageSize: 170 });
    for (const ahead of [0, 1, 5]) {
      const byOffset = await readAll(table, { by: "offset", pageSize: 170, ahead });
      is(byOffset.ids.join(), byKey.ids.join());
      is(`${byOffset.last.complete} ${byOffset.last.hidden}`, `${byKey.last.complete} ${byKey.last.hidden}`);
      is(byOffset.last.caveat?.startsWith("Read by offset"), true);
    }
    is(`${byKey.last.complete} ${byKey.last.caveat} ${byKey.last.next}`, "true null null");
    is(new Set(byKey.ids).size, 2500 - (byKey.last.hidden ?? 0));
  },

  "page text survives any split of its bytes": async ({ sysparm, url }) => {
    const letters = ["Printer", "\ufeffmark", "Müller, Żółw", "日本語", "🚀 launch", "plain again", "é"];
    // Whatever is decoded by the block has blocks of each kind, and letters at their edges.
    const words = [...letters, ...letters.map((word) => word.repeat(997)), "x".repeat(9000)];
    const rows = words.map((word, place) => ({ sys_id: String(place).padStart(32, "0"), short_description: word }));
    const bytes = new TextEncoder().encode(JSON.stringify({ result: rows }));
    for (const size of [1, 2, 3, 5, 17, 4095, 4096, 4097, bytes.length]) {
      let sent = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(pieces) {
          pieces.enqueue(bytes.slice(sent, sent + size));
          sent += size;
          if (sent >= bytes.length) pieces.close();
        },
      });
      const headers = { "content-type": "application/json", "x-total-count": String(rows.length) };
      const answer = () => Promise.resolve(new Response(body, { headers }));
      const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer });
      const page = await instance.table("incident").list();
      is(page.rows.map((row) => row.short_description).join(), words.join());
      instance.close();
    }
  },

  "foreign body streams are read, and released before a repeat": async ({ sysparm, url }) => {
    const foreign = (status: number, body: unknown) => {
      const headers = { "content-type": "application/json", "x-total-count": "1" };
      return new Proxy(new Response(JSON.stringify(body), { status, headers }), {
        get: (reply, name) => {
          // As a stream of Node's, which has neither a reader nor `cancel()`.
          if (name === "body") return { pipe: () => undefined };
          const value = Reflect.get(reply, name, reply);
          return typeof value === "function" ? value.bind(reply) : value;
        },
      });
    };
    const replies = [
      foreign(429, { error: { message: "Rate limit exceeded" } }),
      foreign(200, { result: [{ sys_id: "0".repeat(32) }] }),
    ];
    const answer = () => Promise.resolve(replies.shift() as Response);
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer });
    is((await instance.table("incident").list()).rows.length, 1);
    instance.close();
  },

  "path of the next page is one that request() takes": async ({ open }) => {
    const instance = await open();
    const table = instance.table("incident");
    for (const by of ["keyset", "offset"] as const) {
      const { ids } = await readAll(table, { by, pageSize: 600 });
      const first = await table.list({ by, pageSize: 600, fields: ["sys_id"] });
      const reply = await instance.request(first.next as string);
      const { result } = (await reply.json()) as { result: Sysparm.Row[] };
      is(result[0]?.sys_id, ids[first.rows.length]);
    }
  },

  "rows that are made and deleted meanwhile move no other": whereNoRowIsHidden(async ({ open }) => {
    const table = (await open()).table("incident");
    const made = new Set<string>();
    const make = async () => made.add(String((await table.create({ short_description: "comes and goes" })).sys_id));
    const unmake = async (id: string) => made.delete(id) && (await table.delete(id));
    const { ids: stay } = await readAll(table, {});
    for (let count = 0; count < 40; count += 1) await make();
    const came: string[] = [];
    for await (const page of table.pages({ fields: ["sys_id"], pageSize: 250 })) {
      for (const row of page.rows) came.push(String(row.sys_id));
      // By offset, a row deleted behind the reader would take another past it.
      for (const id of came.filter((id) => made.has(id)).slice(0, 3)) await unmake(id);
      await make();
    }
    for (const id of [...made]) await unmake(id);
    is(new Set(came).size, came.length);
    const seen = new Set(came);
    is(stay.filter((id) => !seen.has(id)).length, 0);
  }),

  "query of several groups is bounded in every one": async ({ open }) => {
    const table = (await open()).table("incident");
    const either = await readAll(table, { query: "priority=1^ORpriority=2" });
    const groups = await readAll(table, { query: "priority=1^NQpriority=2", pageSize: 30 });
    is(groups.ids.join(), either.ids.join());
    is(groups.ids.length > 60 && groups.last.complete, true);
  },

  "order of a query is kept, and its ties lose nothing": whereNoRowIsHidden(async ({ open }) => {
    const table = (await open()).table("incident");
    const stamps: string[] = [];
    const ids = new Set<string>();
    const options = {
      query: "ORDERBYDESCsys_updated_on",
      fields: ["number"],
      pageSize: 90,
      displayValue: "all",
    } as const;
    for await (const row of table.rows(options)) {
      stamps.push((row.sys_updated_on as { value: string }).value);
      ids.add((row.sys_id as { value: string }).value);
    }
    is(ids.size, 2500);
    is(stamps.join(), [...stamps].sort().reverse().join());
  }),

  "forbidden ranges and orders leave a fallback with a caveat": async ({ open }) => {
    const administrator = await open(ADMINISTRATOR);
    const made: [string, string][] = [];
    const make = async (name: string, row: Sysparm.Written) => {
      const id = String((await administrator.table(name).create(row)).sys_id);
      made.unshift([name, id]);
      return id;
    };
    try {
      const rule = { name: "incident.sys_id", type: "record", operation: "query_range", active: "true" };
      const acl = await make("sys_security_acl", rule);
      const role = await make("sys_user_role", { name: "range_reader" });
      await make("sys_security_acl_role", { sys_security_acl: acl, sys_user_role: role });
      const { ids, last } = await readAll((await open()).table("incident"), { pageSize: 400 });
      is(last.caveat?.startsWith("Read without an order"), true);
      is(`${last.complete} ${new Set(ids).size + (last.hidden ?? 0)}`, "false 2500");
    } finally {
      for (const [name, id] of made) await administrator.table(name).delete(id);
    }
  },

  "pages that access rules empty are stepped over": async ({ open, control }) => {
    await control("switches", { hidden: 0.97 });
    const { ids, last, empty } = await readAll((await open()).table("incident"), { pageSize: 20 });
    await control("switches", { hidden: 0.04 });
    is(empty > 5 && ids.length > 20, true);
    is(`${last.complete} ${last.total} ${ids.length + (last.hidden ?? 0)}`, "true 2500 2500");
  },

  "page that comes cut is asked for in halves": async (world) => {
    const { instance, asked } = await noting(world);
    const table = instance.table("incident");
    await world.control("switches", { truncate_next: 1 });
    const { ids, last } = await readAll(table, { pageSize: 900 });
    is(ids.length + (last.hidden ?? 0), 2500);
    const sizes = asked.map((query) => /sysparm_limit=(\d+)/.exec(query)?.[1]);
    is(sizes.includes("450"), true);
  },

  "pages are requested while the caller works, up to `ahead`": async (world) => {
    const { instance, asked } = await noting(world);
    const table = instance.table("incident");
    for (const [by, ahead, expected] of [
      ["keyset", 0, 1],
      ["keyset", undefined, 2],
      ["keyset", 3, 4],
      ["offset", 0, 1],
      ["offset", 3, 4],
    ] as const) {
      const before = asked.length;
      for await (const page of table.pages({ by, pageSize: 100, ...(ahead !== undefined && { ahead }) })) {
        is(page.rows.length > 0, true);
        await new Promise((wake) => setTimeout(wake, 150));
        is(asked.length - before, expected);
        break;
      }
      is(instance.status().callsUnderWay, 0);
    }
  },

  "`ahead` pages stay in progress while each is taken at once": async ({ open }) => {
    let underWay = 0;
    const noted: number[] = [];
    let turn: Promise<unknown> = Promise.resolve();
    // Answers one after the other, so that requests in progress can be counted.
    const fetcher: typeof fetch = async (input, init) => {
      const isPage = String(input).includes("/api/now/table/incident");
      if (isPage) underWay += 1;
      const reply = await fetch(input, init);
      if (!isPage) return reply;
      const before = turn;
      // As soon as four are out; a walk that asks for fewer is given time to show it.
      turn = before.then(async () => {
        for (let time = 0; underWay < 4 && time < 40; time += 1) await new Promise((wake) => setTimeout(wake, 10));
      });
      await turn;
      noted.push(underWay);
      underWay -= 1;
      return reply;
    };
    const instance = await open({ fetch: fetcher, pace: { concurrency: 8 } });
    await readAll(instance.table("incident"), { by: "offset", pageSize: 150, ahead: 4 });
    is(Math.max(...noted), 4);
    // On a machine that stands still some come late; where a page at hand is counted, four are out at the start and never again.
    is(noted.slice(4, 13).filter((many) => many === 4).length >= 2, true);
  },
  "pages that overtake a late one make way for others": async ({ open }) => {
    for (const by of ["offset", "keyset"] as const) {
      let [asked, underWay, most] = [0, 0, 0];
      const fetcher: typeof fetch = async (input, init) => {
        const isPage = String(input).includes("sysparm_limit=100&");
        if (isPage) {
          asked += 1;
          underWay += 1;
          most = Math.max(most, underWay);
        }
        const own = asked;
        const reply = await fetch(input, init);
        // The first by key tells where those behind it begin.
        for (let time = 0; isPage && own === 2 && asked < 9 && time < 100; time += 1) {
          await new Promise((wake) => setTimeout(wake, 20));
        }
        if (isPage && own === 2) is(asked, 9);
        if (isPage) underWay -= 1;
        return reply;
      };
      const instance = await open({ fetch: fetcher, pace: { concurrency: 8 } });
      const table = instance.table("incident");
      const options = { by, query: "ORDERBYsys_id", fields: ["sys_id"], pageSize: 100, ahead: 4 } as const;
      const ids: string[] = [];
      for await (const { rows } of table.pages(options)) ids.push(...rows.map((row) => String(row.sys_id)));
      is(ids.join(), [...ids].sort().join());
      is(new Set(ids).size, ids.length);
      is(most <= 4, true);
    }
  },

  "keyset pages are read ahead in order while rows change": whereNoRowIsHidden(async (world) => {
    const { instance, asked } = await noting(world);
    const table = instance.table("incident");
    const made = new Set<string>();
    const make = async () => made.add(String((await table.create({ short_description: "comes and goes" })).sys_id));
    try {
      for (let count = 0; count < 30; count += 1) await make();
      const { ids: before } = await readAll(table, {});
      const stay = before.filter((id) => !made.has(id));
      for (const query of ["", "ORDERBYsys_updated_on", "priority<=2^NQpriority>2^ORDERBYsys_updated_on"]) {
        const first = asked.length;
        const came: string[] = [];
        const versions = new Set<string>();
        let last: Sysparm.Page | undefined;
        const fields = ["sys_mod_count"];
        const writes: Promise<unknown>[] = [];
        for await (const page of table.pages({ query, fields, pageSize: 60, ahead: 6, by: "keyset" })) {
          for (const row of page.rows) {
            came.push(String(row.sys_id));
            const version = `${row.sys_id} ${row.sys_updated_on ?? ""} ${row.sys_mod_count}`;
            is(versions.has(version), false);
            versions.add(version);
          }
          last = page;
          const [gone] = made;
          // Not waited for: while the caller waits, pages are at hand and nothing has to be asked for ahead.
          if (gone !== undefined && made.delete(gone)) writes.push(table.delete(gone));
          writes.push(make());
          // It moves to the end of the order by changes, and has to come all the same.
          const moved = stay[(came.length * 7) % stay.length] as string;
          writes.push(table.update(moved, { close_notes: `${came.length}` }));
        }
        await Promise.all(writes);
        const seen = new Set(came);
        is(stay.filter((id) => !seen.has(id)).length, 0);
        if (query === "") is(came.join(), [...came].sort().join());
        is(`${last?.complete} ${last?.caveat}`, "true null");
        const pages = asked.slice(first).filter((search) => search.includes("sysparm_limit"));
        const ahead = pages.filter((search) => /sysparm_offset=[1-9]/.test(search)).length;
        // Pages that did not join are few: the reading costs hardly more requests than one after the other would.
        if (ahead < 15 || pages.length > (1.5 * came.length) / 60) {
          throw new Error(`"${query}": ${pages.length} requests, ${ahead} of them ahead, for ${came.length} rows`);
        }
      }
    } finally {
      for (const id of made) await table.delete(id);
    }
  }),

  "failure of a page ahead is thrown when its turn comes": async ({ open, thrown, control }) => {
    const instance = await open({ pace: { attempts: 1 } });
    const table = instance.table("incident");
    const seen: number[] = [];
    const error = await thrown(async () => {
      for await (const page of table.pages({ pageSize: 500 })) {
        seen.push(page.rows.length);
        if (seen.length === 1) await control("switches", { hibernating: true });
        await new Promise((wake) => setTimeout(wake, 50));
      }
    });
    await control("switches", { hibernating: false });
    is(error.kind === "instance" || error.kind === "network", true);
    is(seen.length >= 1 && seen.length <= 2, true);
    is((await thrown(() => table.list({ by: "luck" as never }))).code, "options.by");
    is((await thrown(() => table.list({ ahead: -1 }))).code, "options.ahead");
  },
};

/** Reads a table with nothing but its identifiers. */
async function readAll(table: Sysparm.Table, options: Sysparm.ReadOptions) {
  const ids: string[] = [];
  let last: Sysparm.Page | undefined;
  let empty = 0;
  for await (const page of table.pages({ fields: ["sys_id"], ...options })) {
    for (const row of page.rows) ids.push(String(row.sys_id));
    if (page.rows.length === 0) empty += 1;
    last = page;
  }
  return { ids, last: last as Sysparm.Page, empty };
}

/** An instance whose requests for pages of incidents are noted: the journal forgets the oldest, and holds preflights. */
async function noting({ open }: World) {
  const asked: string[] = [];
  const fetcher: typeof fetch = (input, init) => {
    const { pathname, search } = new URL(String(input));
    if (pathname === "/api/now/table/incident") asked.push(search);
    return fetch(input, init);
  };
  return { instance: await open({ fetch: fetcher }), asked };
}
