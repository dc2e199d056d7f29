/** Stores, locks and keys of the host that fail or misbehave: possible calls succeed, and nothing leaks or hangs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import type * as Queries from "sysparm/query";
import type * as Stores from "sysparm/stores";
import { installInto, type Project } from "../package/installed.ts";

const MACHINE = { grant: "client_credentials", clientId: "id", clientSecret: "planted-secret" } as const;
const GRANTED = { access_token: "planted-token", refresh_token: "planted-refresh", expires_in: 1799 };

let project: Project;
let sysparm: typeof Sysparm;
let stores: typeof Stores;
let queries: typeof Queries;
before(async () => {
  project = installInto("failing-host");
  const entry = async (name: string) =>
    import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist", name)).href);
  [sysparm, stores, queries] = await Promise.all([entry("node.js"), entry("stores.js"), entry("query-node.js")]);
});
after(() => project?.remove());

/** Replies to a token request with `granted`, and to any other with an empty result. */
function open(more: object = {}, granted: () => Response | Promise<Response> = () => Response.json(GRANTED)) {
  const fetch = async (url: string) => (url.includes("/oauth_token.do") ? granted() : Response.json({ result: [] }));
  return sysparm.connect({ url: "https://x.example", auth: MACHINE, fetch, ...more } as Sysparm.ConnectOptions);
}

const EMPTY_STORE = { get: async () => undefined, set: async () => undefined };

test("store that throws or returns no text blocks no token", async () => {
  const throwing = () => {
    throw new Error("quota");
  };
  for (const store of [
    { get: throwing, set: throwing },
    { get: async () => ({}), set: async () => 5 },
    { get: () => 7, set: () => undefined },
  ]) {
    const instance = await open({ store });
    assert.equal(await instance.token(), GRANTED.access_token);
    instance.close();
  }
});

test("store without a method is refused before its use", async () => {
  for (const store of [{}, { get: async () => undefined }, { set: async () => undefined }]) {
    const thrown = await open({ store }).catch((thrown: unknown) => thrown);
    assert.ok(thrown instanceof sysparm.RequestError, String(thrown));
    assert.match(thrown.message, /^Invalid option `store`\. Pass an object with the functions get and set\./);
  }
});

test("sign-out that cannot clear the store fails and is repeatable", async () => {
  let full = false;
  const kept = new Map<string, string>();
  const set = async (key: string, value: string) => {
    if (full) throw new Error("quota");
    kept.set(key, value);
  };
  const instance = await open({ store: { get: async (key: string) => kept.get(key), set } });
  await instance.token();
  full = true;
  const thrown = await instance.signOut().catch((thrown: unknown) => thrown);
  assert.ok(thrown instanceof sysparm.AuthenticationError, String(thrown));
  assert.equal(thrown.code, "store.not-cleared");
  assert.match(thrown.message, /sign out again\.$/);
  full = false;
  await instance.signOut();
  assert.doesNotMatch([...kept.values()].join(), new RegExp(GRANTED.access_token));
  instance.close();
});

test("lock that throws or is never held fails at once", async () => {
  const locks = [
    { request: async () => Promise.reject(new Error("not allowed here")) },
    { request: async () => undefined },
  ];
  for (const lock of locks) {
    const events: string[] = [];
    const onEvent = (event: Sysparm.SysparmEvent) =>
      events.push("detail" in event ? `${event.type} ${event.detail}` : "");
    const instance = await open({ store: EMPTY_STORE, lock, onEvent });
    const late = new Promise((resolve) => setTimeout(resolve, 5000, "late").unref());
    assert.equal(await Promise.race([instance.token(), late]), GRANTED.access_token);
    assert.deepEqual(events, ["store.failed lock", "token.renewed request"]);
    instance.close();
  }
});

test("close ends a hanging client at once", async () => {
  const hanging = () => new Promise<never>(() => undefined);
  const instance = await open({ store: { get: hanging, set: hanging } }, hanging);
  const calls = [instance.token(), instance.request("/api/now/x"), instance.signOut()];
  instance.close();
  for (const { reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
    assert.equal(reason.code, "instance.closed");
  }
});

test("invalid signing key is refused as an option", async () => {
  const keys = [
    "-----BEGIN planted",
    {},
    5,
    await crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["encrypt"]),
  ];
  for (const key of keys) {
    const thrown = await open({ auth: { grant: "jwt_bearer", clientId: "id", subject: "s", key } }).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(thrown instanceof sysparm.RequestError, String(thrown));
    assert.equal(thrown.code, "options.auth");
    assert.doesNotMatch(String(thrown), /planted/);
  }
});

test("token reply without a token is repeated nowhere", async () => {
  const bodies = [
    "access_token=planted-token&refresh_token=planted-refresh",
    '{"result":{"access_token":"planted-token","message":"planted-message"}}',
    '{"access_token":5,"refresh_token":"planted-refresh"}',
    '"planted-token"',
  ];
  for (const body of bodies) {
    const events: unknown[] = [];
    const onEvent = (event: Sysparm.SysparmEvent) => events.push(event);
    const instance = await open({ onEvent }, () => new Response(body));
    const thrown = await instance.token().catch((thrown: unknown) => thrown);
    assert.ok(thrown instanceof sysparm.SysparmError, String(thrown));
    assert.doesNotMatch(`${thrown.stack} ${JSON.stringify([thrown, events, instance.status()])}`, /planted/);
    instance.close();
  }
});

test("return passed twice is exchanged once", async () => {
  const held = new Map<string, string>();
  const session = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, text: string) => void held.set(name, text),
    removeItem: (name: string) => void held.delete(name),
  };
  let exchanged = 0;
  const granted = () => {
    exchanged += 1;
    return Response.json(GRANTED);
  };
  const redirectUri = "https://app.example/back";
  const instance = await open({ auth: { grant: "authorization_code", clientId: "id", redirectUri, session } }, granted);
  const asked = new URL(await instance.signIn({ open: () => undefined }));
  const back = `${redirectUri}?code=c&state=${asked.searchParams.get("state")}`;
  const both = await Promise.allSettled([instance.handleRedirect(back), instance.handleRedirect(back)]);
  assert.deepEqual(
    both.map((one) => (one.status === "fulfilled" ? one.value : one.reason.code)),
    [true, true],
  );
  await assert.rejects(instance.handleRedirect(back), { code: "sign-in.foreign" });
  assert.equal(exchanged, 1);
});

test("IndexedDB store works without BroadcastChannel", () => {
  const kept = globalThis.BroadcastChannel;
  Reflect.deleteProperty(globalThis, "BroadcastChannel");
  try {
    stores.indexedDb().watch?.("x", () => undefined)();
  } finally {
    globalThis.BroadcastChannel = kept;
  }
});

test("row that moves during a read comes twice and is written once", async () => {
  const rows = ["a", "b"].map((letter) => ({ sys_id: letter.repeat(32) }));
  const left = new Set(rows.map((row) => row.sys_id));
  const table = {
    name: "incident",
    async *pages() {
      yield { rows, hidden: 0 };
      yield { rows: rows.slice(1), hidden: 0 };
    },
    delete: async (id: string) => {
      if (!left.delete(id)) throw new Error("there is no such record any more");
    },
  };
  const schema = { table: "incident", tables: { incident: { fields: { active: { type: "boolean" } } } } };
  let counted = 0;
  const confirm = (found: { rows: number }) => {
    counted = found.rows;
    return true;
  };
  const query = queries.Query.parse("active=true");
  const outcome = await queries.deleteWhere(table as unknown as Sysparm.Table, query, { schema, confirm });
  assert.deepEqual([counted, outcome], [2, { written: 2, failed: [], left: [] }]);
});
