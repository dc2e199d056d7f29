/** The options `headers` and `params`: what a caller adds to the requests of one call. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";

const ADDED = {
  headers: { "x-trace": "4711" },
  params: { sysparm_query_no_domain: true, "x-reason": "a b&c" },
} as const;
const SENT = "sysparm_query_no_domain=true&x-reason=a%20b%26c";
const LOST = { settleMs: 250 };

interface Sent {
  path: string;
  method: string;
  isAdded: boolean;
}

/** An instance whose API requests are noted. The header is taken off: a page may send it only where a CORS rule names it. */
async function noting(world: World, options: Partial<Sysparm.ConnectOptions> = {}, losing: { creates?: number } = {}) {
  const sent: Sent[] = [];
  const noted: typeof fetch = async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const headers = new Headers(init?.headers);
    const trace = headers.get("x-trace");
    headers.delete("x-trace");
    const method = init?.method ?? "GET";
    const isAdded = trace === "4711" && (search.endsWith(SENT) || pathname.endsWith("/batch"));
    if (pathname.startsWith("/api/")) sent.push({ path: pathname + search, method, isAdded });
    const reply = await fetch(input, { ...init, headers });
    if (method !== "POST" || !pathname.startsWith("/api/now/table/") || !losing.creates) return reply;
    losing.creates -= 1;
    await reply.arrayBuffer();
    throw new TypeError("connection lost");
  };
  return { instance: await world.open({ ...options, fetch: noted }), sent };
}

const bare = (sent: readonly Sent[]) =>
  sent.filter(({ isAdded }) => !isAdded).map(({ method, path }) => `${method} ${path}`);

async function drained(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count += 1;
  return count;
}

export const ADDITION_CASES: Record<string, Case> = {
  "headers and params are on every page": async (world) => {
    const { instance, sent } = await noting(world);
    const table = instance.table("incident");
    for (const by of ["keyset", "offset"] as const) {
      for (const ahead of [1, 4]) {
        let last: Sysparm.Page | undefined;
        const options = { ...ADDED, by, ahead, fields: ["number"], pageSize: 400, query: "numberISNOTEMPTY" };
        for await (const page of table.pages(options)) last = page;
        is(`${last?.complete} ${last?.total}`, "true 2500");
      }
    }
    is(sent.length >= 24, true);
    is(bare(sent).join("\n"), "");
  },

  "headers and params are on every request of every call": whereNoRowIsHidden(async (world) => {
    const { syncs } = world;
    const { instance, sent } = await noting(world, { joinReads: true });
    const table = instance.table("incident");
    const { sys_id } = await table.create({ short_description: "added" }, ADDED);
    const id = String(sys_id);
    const few = { ...ADDED, query: `sys_id=${id}` };
    await Promise.all([table.get(id, ADDED), table.list(few), table.count("active=true", ADDED)]);
    await table.first(few);
    await table.toArray(few);
    await table.findBy("sys_id", id, ADDED);
    const row = await table.update(id, { short_description: "again" }, ADDED);
    const expect = { sys_mod_count: String(row.sys_mod_count) };
    await table.update(id, { short_description: "last" }, { ...ADDED, expect, recovery: LOST });
    const other = await table.upsert({ correlation_id: `added ${Math.random()}` }, { ...ADDED, by: "correlation_id" });
    await table.delete(String(other.sys_id), ADDED);
    await instance.aggregate("incident", { ...ADDED, groupBy: ["priority"] });
    await instance.batch([{ path: "/api/now/table/incident?sysparm_limit=1" }], { headers: ADDED.headers });
    const staging = instance.importSet("imp_user");
    const { importSetId } = await staging.insertMultiple([{ u_employee_number: `${Math.random()}` }], ADDED);
    await staging.results(importSetId, ADDED);
    await staging.insert({ u_employee_number: `${Math.random()}` }, ADDED);
    const file = { table: "incident", record: id, name: "a.txt", body: new Uint8Array([1, 2]) };
    const attached = await instance.attachments.upload({ ...ADDED, ...file });
    const { response } = await instance.attachments.download(attached.sys_id, ADDED);
    is((await response.arrayBuffer()).byteLength, 2);
    await instance.attachments.list({ ...ADDED, table: "incident", record: id });
    await instance.attachments.delete(attached.sys_id, ADDED);
    is((await drained(syncs.sync(table, { ...few, ...ADDED }))) > 0, true);
    is((await drained(syncs.reconcile(table, { ...few, copy: [] }))) > 0, true);
    await table.delete(id, { ...ADDED, recovery: LOST });
    is(sent.length >= 24, true);
    is(bare(sent).join("\n"), "");
  }),

  "lost create is looked up with its headers and params": whereNoRowIsHidden(async (world) => {
    const losing = { creates: 1 };
    const { instance, sent } = await noting(world, {}, losing);
    await instance.token();
    const options = { ...ADDED, correlation: { field: "correlation_id" }, recovery: LOST };
    const made = await instance.table("incident").create({ short_description: "lost" }, options);
    is(losing.creates, 0);
    await instance.table("incident").delete(String(made.sys_id), ADDED);
    is(sent.filter(({ method }) => method === "POST").length, 1);
    is(sent.length > 1, true);
    is(bare(sent).join("\n"), "");
  }),

  "parameter of a call changes what the instance does": whereNoRowIsHidden(async ({ open }) => {
    const table = (await open()).table("incident");
    const params = { sysparm_input_display_value: true };
    const { sys_id } = await table.create({ impact: "1 - High" }, { params, fields: ["sys_id"] });
    const [row] = await table.toArray({
      query: `sys_id=${sys_id}`,
      fields: ["impact"],
      params: { constructor: 1.5 } as never,
    });
    await table.delete(String(sys_id));
    is(row?.impact, "1");
  }),

  "names are checked also where a call adds parameters": async (world) => {
    const { instance, sent } = await noting(world, { schema: "check" });
    const table = instance.table("incident");
    const calls = [
      () => table.list({ ...ADDED, query: "actve=true" }),
      () => table.count("actve=true", ADDED),
      () => table.create({ actve: true }, ADDED),
      () => table.update("a", { actve: true }, { ...ADDED, recovery: {} }),
    ];
    for (const call of calls) is((await world.thrown(call)).code, "request.unknown-field");
    is(sent.filter(({ path }) => path.startsWith("/api/now/table/incident")).length, 0);
  },

  "what a call sets itself is refused by name": async (world) => {
    const { thrown, syncs } = world;
    const { instance, sent } = await noting(world);
    const table = instance.table("incident");
    const id = "0".repeat(32);
    const headers: [headers: unknown, said: RegExp][] = [
      [{ Authorization: "Bearer x" }, /^Unsupported header `authorization`: `auth` of connect\(\) sets it\. Remove it/],
      [{ accept: "text/csv" }, /^Unsupported header `accept`: the call reads JSON/],
      [{ "Content-Type": "text/xml" }, /^Unsupported header `content-type`/],
      [{ "x-sn-apikey": "k" }, /^Unsupported header `x-sn-apikey`/],
      [{ "X-no-response-body": "true" }, /^Unsupported header `x-no-response-body`/],
      [{ cookie: "a=b" }, /^Unsupported header `cookie`/],
      [{ "x-http-method-override": "GET" }, /^Unsupported header `x-http-method-override`/],
      [{ "no name": "a" }, /^Invalid option `headers`\. Pass names that are tokens/],
      [{ "x-a": "a\nb" }, /^Invalid option `headers`/],
    ];
    for (const [wrong, said] of headers) {
      const added = { headers: wrong as Record<string, string> };
      for (const call of [
        () => table.list(added),
        () => table.get(id, added),
        () => table.create({}, { ...added, correlation: { field: "correlation_id" } }),
        () => instance.aggregate("incident", added),
        () => instance.batch([{ path: "/api/now/table/incident" }], added),
        () => drained(syncs.sync(table, added)),
      ]) {
        const { code, message } = await thrown(call);
        is(`${code} ${said.test(message)}`, "request.header true");
      }
    }
    const params: [params: object, said: string, code?: string][] = [
      [
        { sysparm_query: "a=b" },
        "Unsupported parameter `sysparm_query`: the call sets it. Use the option `query` where the call has it, or remove it.",
      ],
      [
        { sysparm_LIMIT: 1 },
        "Unsupported parameter `sysparm_LIMIT`: the call sets it. Use the option `limit` where the call has it, or remove it.",
      ],
      [{ sysparm_no_count: true }, "Unsupported parameter `sysparm_no_count`: the call sets it. Remove it."],
      [{ "x-sn-apikey": "k" }, "Unsupported parameter `x-sn-apikey`: the call sets it. Remove it."],
      [{ "a b": 1 }, "Invalid parameter `a b`. Pass a name of letters"],
      [{ a: "\ud800" }, "Invalid parameter `a`."],
      [{ a: null }, "Invalid argument `params.a`. Pass a string, a finite number, true or false.", "options.type"],
      [{ a: Number.NaN }, "Invalid argument `params.a`: NaN.", "options.type"],
      [{ a: undefined }, "Missing argument `params.a`. Pass a string", "options.type"],
    ];
    for (const [wrong, said, expected = "request.parameter"] of params) {
      const added = { params: wrong as Record<string, string> };
      for (const call of [() => table.list(added), () => table.delete(id, added), () => drained(table.pages(added))]) {
        const { code, message } = await thrown(call);
        is(`${code} ${message.slice(0, said.length)}`, `${expected} ${said}`);
      }
    }
    is(
      (await thrown(() => table.list({ headers: { a: 1 } as never }))).message,
      "Invalid argument `headers.a`: 1. Pass a string.",
    );
    for (const params of [new URLSearchParams("a=b"), new Map([["a", "b"]])]) {
      const { code, message } = await thrown(() => table.list({ params: params as never }));
      is(`${code}: ${message}`, "options.type: Invalid option `params`. Pass an object of names and values.");
    }
    is((await thrown(() => instance.batch([], ADDED as object))).code, "options.unknown");
    is(sent.length, 0);
  },
};
