/**
 * A trap in any call into any of the package's WebAssembly: everything in progress ends with `instance.broken`, nothing stays waiting or
 * unhandled, nobody calls into the instance again, and what is opened next gets a new one.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import type * as Doctor from "sysparm/doctor";
import type * as Queries from "sysparm/query";
import type * as Stores from "sysparm/stores";
import type * as Syncs from "sysparm/sync";
import { installInto, type Project } from "./installed.ts";

let project: Project;
let sysparm: typeof Sysparm;
let queries: typeof Queries;
let syncs: typeof Syncs;
let doctor: typeof Doctor;
let stores: typeof Stores;

/** Calls into WebAssembly that are left until one traps. */
let left = Number.POSITIVE_INFINITY;
let calls = 0;
let instances = 0;
let afterTraps = 0;
let isTrapped = false;

const Own = WebAssembly.Instance;

before(async () => {
  WebAssembly.Instance = new Proxy(Own, {
    construct(target, [module, imports]) {
      instances += 1;
      let isOver = false;
      const exports = Object.entries(new target(module, imports).exports).map(([name, run]) => {
        if (typeof run !== "function") return [name, run];
        const call = (...given: unknown[]) => {
          if (isOver) afterTraps += 1;
          calls += 1;
          left -= 1;
          if (left === 0) {
            isOver = isTrapped = true;
            throw new WebAssembly.RuntimeError("unreachable");
          }
          return run(...given);
        };
        // As the export's own: by it the package knows how many arguments there are.
        return [name, Object.defineProperty(call, "length", { value: run.length })];
      });
      return { exports: Object.fromEntries(exports) };
    },
  });
  project = installInto("trap");
  const entry = (name: string) =>
    import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist", `${name}.js`)).href);
  [sysparm, queries, syncs, doctor, stores] = await Promise.all(
    ["node", "query-node", "sync-node", "doctor-node", "stores"].map(entry),
  );
});
after(() => {
  WebAssembly.Instance = Own;
  project?.remove();
});

const id = (number: number) => String(number).padStart(32, "0");
const STAMP = "2025-01-01 00:00:00";

/** A table of five rows, two a page, that knows where a page begins; some replies take a turn more than others. */
async function answer(target: unknown, init: RequestInit = {}): Promise<Response> {
  const { pathname, searchParams } = new URL(String(target));
  for (let turns = String(target).length % 5; turns > 0; turns -= 1) await new Promise(setImmediate);
  init.signal?.throwIfAborted();
  if (pathname.endsWith("oauth_token.do")) return Response.json({ access_token: "t", expires_in: 1799 });
  if (init.method === "POST") return Response.json({ result: { sys_id: id(9) } }, { status: 201 });
  if (/[0-9]{32}$/.test(pathname)) return Response.json({ result: { sys_id: id(1) } });
  const behind = Number(/sys_id>(\d{32})/.exec(searchParams.get("sysparm_query") ?? "")?.[1] ?? 0);
  const all = pathname.endsWith("sys_audit_delete") ? [] : [1, 2, 3, 4, 5];
  const limit = Number(searchParams.get("sysparm_limit") ?? 5);
  const result = all
    .filter((number) => number > behind)
    .slice(0, limit)
    .map((number) => ({ sys_id: id(number), sys_updated_on: STAMP, sys_mod_count: "0" }));
  return Response.json({ result }, { headers: { "x-total-count": `${all.length}`, date: new Date().toUTCString() } });
}

const AUTH = { grant: "client_credentials", clientId: "c", clientSecret: "s" } as const;
const open = (options: Partial<Sysparm.ConnectOptions> = {}) =>
  sysparm.connect({ url: "http://127.0.0.1:1", auth: AUTH, fetch: answer as typeof fetch, ...options });

async function whole<T>(iterable: AsyncIterable<T>): Promise<number> {
  let count = 0;
  for await (const _ of iterable) count += 1;
  return count;
}

/** Everything that calls into WebAssembly, all at once; gives what each came to. */
async function everything(): Promise<string[]> {
  const store = stores.memory();
  const controller = new AbortController();
  const opened = await Promise.allSettled([open({ store }), open({ store, onEvent: () => undefined })]);
  const [one, two] = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const source = open({ auth: { token: async () => ({ token: "t", expiresAt: Date.now() + 60_000 }) } });
  const under: Promise<unknown>[] = [
    ...opened.map(async (one) => one.status === "rejected" && Promise.reject(one.reason)),
  ];
  if (one && two) {
    const [incident, user] = [one.table("incident"), two.table("sys_user")];
    under.push(
      one.request("/api/x"),
      incident.get(id(1)),
      whole(incident.pages({ pageSize: 2, ahead: 3, query: "ORDERBYsys_updated_on" })),
      whole(user.rows({ pageSize: 2 })),
      incident.create({ short_description: "x" }),
      two.request("/api/now/table/incident", { method: "POST", body: "{}" }),
      two.request("/api/y", { signal: controller.signal }),
      two.token(),
      whole(syncs.sync(incident, { pageSize: 2 })),
      whole(syncs.reconcile(user, { copy: [{ id: id(2) }] })),
    );
  }
  under.push(
    source.then(async (instance) => instance.token().finally(() => instance.close())),
    (async () => queries.Query.parse("active=true^numberLIKE1").explain())(),
    (async () => queries.Query.where("a").is("b").toString())(),
    sysparm.classify({ status: 401, headers: {}, body: "{}" }),
    doctor.examine({ url: "http://127.0.0.1:1", auth: { token: "t" }, fetch: answer as typeof fetch }).report(),
  );
  const settled = Promise.allSettled(under);
  await new Promise(setImmediate);
  controller.abort(new DOMException("enough", "AbortError"));
  one?.status();
  const all = await Promise.race([settled, pause(10_000, undefined, { ref: false })]);
  assert.ok(all, "something waits endlessly");
  for (const instance of [one, two]) {
    instance?.status();
    instance?.close();
    instance?.close();
  }
  return all.map((one) => {
    if (one.status === "fulfilled") return "done";
    const { code, name, cause, message } = one.reason as {
      code?: string;
      name: string;
      cause?: Error;
      message: string;
    };
    if (code === "instance.broken") return `broken by ${cause?.name}`;
    return name === "AbortError" ? "done" : `${name} ${code}: ${message}`;
  });
}

test("trap in any call ends what is in progress and nothing else", { timeout: 300_000 }, async (t) => {
  // Loaded before: what an import does is no call of a user.
  const sound = await everything();
  assert.deepEqual([...new Set(sound)], ["done"]);
  calls = 0;
  await everything();
  const all = calls;
  const step = Math.max(1, Math.floor(all / 100));
  for (let at = 1; at <= all; at += step) {
    left = at;
    isTrapped = false;
    const before = instances;
    const ends = await everything();
    left = Number.POSITIVE_INFINITY;
    const odd = ends.filter((end) => end !== "done" && end !== "broken by RuntimeError");
    assert.deepEqual(odd, [], `the trap in call ${at} of ${all}`);
    if (!isTrapped) continue;
    assert.equal(afterTraps, 0, `the trap in call ${at} of ${all}: something called into it again`);
    assert.deepEqual([...new Set(await everything())], ["done"], `after the trap in call ${at}`);
    assert.ok(instances > before, "another instance serves");
  }
  t.diagnostic(`${all} calls, a trap in each ${step}th`);
});

test("trap ends all instances; connect() opens a new one", async () => {
  const silent = () => new Promise<Response>(() => undefined);
  const [one, two] = [
    await open({ auth: { token: "t" }, fetch: silent }),
    await open({ auth: { token: "t" }, fetch: silent }),
  ];
  const [read, write, other] = [one.request("/x"), one.request("/x", { method: "POST" }), two.table("t").list()].map(
    (call) =>
      call.then(
        () => assert.fail("it was answered"),
        (thrown: Sysparm.SysparmError) => thrown,
      ),
  );
  left = 1;
  assert.equal(one.status().token.state, "absent");
  for (const [call, name] of [
    [read, "InstanceError"],
    [write, "UnknownOutcomeError"],
    [other, "InstanceError"],
  ] as const) {
    const thrown = await call;
    assert.ok(thrown instanceof sysparm.SysparmError);
    assert.equal(`${thrown.name} ${thrown.code}`, `${name} instance.broken`);
    assert.ok(thrown.cause instanceof WebAssembly.RuntimeError);
  }
  await assert.rejects(two.request("/later"), { code: "instance.broken" });
  await assert.rejects(whole(one.table("t").rows()), { code: "instance.broken" });
  one.close();
  two.close();
  const next = await open();
  assert.equal((await next.table("t").list()).rows.length, 5);
  next.close();
});
