/** Names of stored tokens, locks and channels: without the user, and compatible with version 0.1.0 while it runs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import type * as Stores from "sysparm/stores";
import { installInto, type Project } from "../package/installed.ts";
import { type StrictServer, strictServer } from "./strict-server.ts";

let sysparm: typeof Sysparm;
let stores: typeof Stores;
let project: Project;

before(async () => {
  project = installInto("kept-names");
  const entry = (name: string) => import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist", name)).href);
  [sysparm, stores] = await Promise.all([entry("node.js"), entry("stores.js")]);
});
after(() => project?.remove());

const ORIGIN = "https://x.example";
const USER = { grant: "password", clientId: "c", clientSecret: "s", username: "abel.tuter@x", password: "p" } as const;
/** The name that 0.1.0 used for this user. */
const PLAIN = (origin: string) => `sysparm ${origin} password c abel.tuter%40x  `;
const HASHED = /^sysparm https?:\/\/[a-z0-9.:]+ [0-9a-f]{64}$/;

/** The format of 0.1.0. */
function envelope(at: number, access: string, refresh: string, lifetime = 1_799_000): string {
  return `sysparm-tokens 1\n${at}\n${at + lifetime}\n${access}\n${refresh}`;
}

interface Place extends Sysparm.Store {
  texts: Map<string, string>;
  watchers: Map<string, Set<() => void>>;
  watch(name: string, changed: () => void): () => void;
}

/** A store that records its names. */
function place(entries: [string, string][] = []): Place {
  const texts = new Map(entries);
  const watchers = new Map<string, Set<() => void>>();
  return {
    texts,
    watchers,
    get: async (name) => texts.get(name),
    async set(name, text) {
      texts.set(name, text);
      for (const changed of watchers.get(name) ?? []) queueMicrotask(changed);
    },
    watch(name, changed) {
      const all = watchers.get(name) ?? new Set();
      watchers.set(name, all.add(changed));
      return () => void all.delete(changed);
    },
  };
}

interface Locks extends Sysparm.Lock {
  /** The requested names. */
  names: string[];
}

function locks(): Locks {
  const names: string[] = [];
  const tails = new Map<string, Promise<unknown>>();
  return {
    names,
    request(name, run) {
      names.push(name);
      const turn = Promise.resolve(tails.get(name)).then(run);
      tails.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

/** Version 0.1.0 as a store and a lock see it: it uses the plain name only. */
function asOlder(
  plain: string,
  { store, lock }: { store: Place; lock: Locks },
): { store: Sysparm.Store; lock: Sysparm.Lock } {
  return {
    store: {
      get: async (name) => (name === plain ? undefined : store.get(plain)),
      set: async (name, text, options) => (name === plain ? undefined : store.set(plain, text, options)),
      watch: (name, changed) => (name === plain ? () => undefined : store.watch(plain, changed)),
    },
    lock: { request: (name, run) => (name === plain ? run() : lock.request(plain, run)) },
  };
}

interface Opened {
  instance: Sysparm.Instance;
  /** `grant_type` and its credential, of each token request. */
  asked: string[];
}

async function open(given: object, auth: object = USER): Promise<Opened> {
  const asked: string[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    if (!url.endsWith("/oauth_token.do")) return Response.json({ result: [] });
    const form = new URLSearchParams(String(init.body));
    asked.push(`${form.get("grant_type")} ${form.get("refresh_token") ?? ""}`.trim());
    return Response.json({ access_token: `new-${asked.length}`, refresh_token: "new-refresh", expires_in: 1799 });
  };
  const instance = await sysparm.connect({ url: ORIGIN, auth, fetch, ...given } as Sysparm.ConnectOptions);
  return { instance, asked };
}

test("no name of a store, lock or channel holds the user", async () => {
  const key = (await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"])) as CryptoKey;
  const named = new Set<string>();
  for (const auth of [
    USER,
    { ...USER, username: "beth.anglin" },
    { ...USER, scope: "abel.tuter" },
    { grant: "jwt_bearer", clientId: "c", subject: "abel.tuter@x", key },
    { grant: "refresh_token", clientId: "c", refreshToken: "planted-abel" },
    { grant: "client_credentials", clientId: "abel.tuter", clientSecret: "s" },
  ]) {
    const [store, lock] = [place(), locks()];
    const { instance } = await open({ store, lock }, auth);
    await instance.token();
    const names = [...store.texts.keys(), ...store.watchers.keys(), ...lock.names];
    assert.equal(new Set(names).size, 1, names.join());
    for (const name of names) assert.match(name, HASHED);
    named.add(names[0] ?? "");
    instance.close();
  }
  assert.equal(named.size, 6, "what is obtained for other credentials lies elsewhere");
});

test("same credentials have the same name everywhere", async () => {
  const store = place();
  const [one, other] = [await open({ store }), await open({ store })];
  assert.equal(await one.instance.token(), "new-1");
  assert.equal(await other.instance.token(), "new-1");
  assert.deepEqual([one.asked, other.asked], [["password"], []]);
  assert.deepEqual([...store.texts.keys()], [`sysparm ${ORIGIN} ${await sha256(PLAIN(ORIGIN))}`]);
  one.instance.close();
  other.instance.close();
});

async function absent(instance: Sysparm.Instance): Promise<void> {
  for (const began = Date.now(); instance.status().token.state !== "absent"; ) {
    assert.ok(Date.now() - began < 5_000, "the token is held for five seconds more");
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

async function sha256(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString("hex");
}

/** Each store of the package, with data of 0.1.0 under that name. */
const AS_STORED: Record<string, (name: string, text: string) => Promise<Sysparm.Store>> = {
  "a store of one's own": async (name, text) => place([[name, text]]),
  "memory()": async (name, text) => {
    const store = stores.memory();
    await store.set(name, text, { expiresAt: Date.now() });
    return store;
  },
  "kv()": async (name, text) => {
    const entries = new Map([[await edgeName(name), text]]);
    return stores.kv({
      get: async (key) => entries.get(key) ?? null,
      put: async (key, value) => void entries.set(key, value),
    });
  },
  "durableObject()": async (name, text) => {
    const entries = new Map([[await edgeName(name), text]]);
    return stores.durableObject({
      get: async (key) => entries.get(key),
      put: async (key, value) => void entries.set(key, value),
    });
  },
  "sharedTokens()": async (name, text) => {
    const entries = new Map([[name, text]]);
    return stores.sharedTokens({
      read: async (key: string) => entries.get(key),
      write: async (key: string, value: string) => void entries.set(key, value),
      acquire: async () => "held",
      release: async () => undefined,
    } as unknown as Parameters<typeof stores.sharedTokens>[0]).store;
  },
};

/** Names longer than 512 bytes are hashed there, in 0.1.0 too. */
async function edgeName(name: string): Promise<string> {
  return name.length <= 512 ? name : `sysparm ${await sha256(name)}`;
}

for (const [what, stored] of Object.entries(AS_STORED)) {
  test(`tokens that 0.1.0 stored in ${what} are used`, async () => {
    const long = "u".repeat(600);
    for (const [auth, plain] of [
      [USER, PLAIN(ORIGIN)],
      [{ ...USER, username: long }, `sysparm ${ORIGIN} password c ${long}  `],
      [
        { grant: "authorization_code", clientId: "c d", redirectUri: "https://app.example/", scope: "useraccount" },
        `sysparm ${ORIGIN} authorization_code c%20d   useraccount`,
      ],
      // The hash of a refresh token of the options, as in 0.1.0.
      [
        { grant: "refresh_token", clientId: "c", refreshToken: "of-anna" },
        `sysparm ${ORIGIN} refresh_token c    1918895664903208512`,
      ],
    ] as const) {
      // Adopted before it expires, and months later too: then only its refresh token is usable.
      for (const age of [60_000, 50 * 86_400_000]) {
        const store = await stored(plain, envelope(Date.now() - age, "old-access", "old-refresh"));
        const { instance, asked } = await open({ store }, auth);
        const token = await instance.token();
        assert.deepEqual(
          [token, asked],
          age === 60_000 ? ["old-access", []] : ["new-1", ["refresh_token old-refresh"]],
        );
        instance.close();
      }
    }
  });
}

test("sign-out stored by 0.1.0 counts", async () => {
  const store = place([[PLAIN(ORIGIN), envelope(Date.now() - 1000, "old-access", "old-refresh")]]);
  const { instance } = await open({ store });
  assert.equal(await instance.token(), "old-access");
  store.set(PLAIN(ORIGIN), `sysparm-tokens 1\n${Date.now()}\n${Date.now()}\n-\n-`, { expiresAt: 0 });
  await absent(instance);
  instance.close();
});

test("unreadable data of 0.1.0 and its failing store are ignored", async () => {
  for (const text of ["", "sysparm-tokens 2\n1\n2\na\nb", "garbage", "sysparm-tokens 1\nx\n2\na\nb"]) {
    const store = place([[PLAIN(ORIGIN), text]]);
    const { instance, asked } = await open({ store });
    assert.deepEqual([await instance.token(), asked], ["new-1", ["password"]]);
    assert.equal(store.texts.get(PLAIN(ORIGIN)), text);
    instance.close();
  }
  const store = place();
  const failing = {
    ...store,
    get: async (name: string) => (HASHED.test(name) ? store.get(name) : Promise.reject(new Error("no"))),
  };
  const events: string[] = [];
  const { instance } = await open({ store: failing, onEvent: ({ type }: Sysparm.SysparmEvent) => events.push(type) });
  assert.equal(await instance.token(), "new-1");
  assert.deepEqual(events, ["token.renewed"]);
  instance.close();
});

test("store that hangs for the old name blocks no call", { timeout: 20_000 }, async () => {
  const [store, lock] = [place(), locks()];
  const get = async (name: string) => (HASHED.test(name) ? store.get(name) : new Promise<never>(() => undefined));
  const events: string[] = [];
  const onEvent = ({ type }: Sysparm.SysparmEvent) => events.push(type);
  const began = Date.now();
  const [one, other] = await Promise.all([
    open({ store: { ...store, get }, lock, onEvent }),
    open({ store: { ...store, get }, lock, onEvent }),
  ]);
  assert.deepEqual(await Promise.all([one.instance.token(), other.instance.token()]), ["new-1", "new-1"]);
  assert.equal(one.asked.length + other.asked.length, 1);
  assert.ok(Date.now() - began < 10_000 && !events.includes("store.failed"), events.join());
  one.instance.close();
  other.instance.close();
});

test("idle program of 0.1.0 is ignored, sign-out ends its tokens", async () => {
  const text = envelope(Date.now() - 8 * 86_400_000, "old-access", "old-refresh");
  const [store, lock] = [place([[PLAIN(ORIGIN), text]]), locks()];
  const { instance, asked } = await open({ store, lock });
  assert.equal(await instance.token(), "new-1");
  assert.deepEqual(asked, ["refresh_token old-refresh"]);
  assert.equal(store.texts.get(PLAIN(ORIGIN)), text);
  for (const name of [...lock.names, ...store.watchers.keys()]) assert.match(name, HASHED);
  await instance.signOut();
  assert.match(store.texts.get(PLAIN(ORIGIN)) ?? "", /\n-\n-$/);
  instance.close();
});

test("tokens written for 0.1.0 do not count as its activity", async () => {
  const at = Date.now() - 6 * 86_400_000;
  const store = place([[PLAIN(ORIGIN), envelope(at, "old-access", "old-refresh")]]);
  const { instance } = await open({ store });
  assert.equal(await instance.token(), "new-1");
  assert.match(
    store.texts.get(PLAIN(ORIGIN)) ?? "",
    new RegExp(`^sysparm-tokens 1\\n${at + 1}\\n\\d+\\nnew-1\\nnew-refresh$`),
  );
  instance.close();
});

test("program of 0.1.0 that starts later is waited for", { timeout: 10_000 }, async (t) => {
  const server = await strictServer(true);
  t.after(() => server.stop());
  const shared = { store: place(), lock: locks() };
  const newer = await sysparm.connect({ url: server.url, auth: USER, ...shared });
  assert.ok((await newer.request("/api/now/x")).ok);
  const older = await sysparm.connect({ url: server.url, auth: USER, ...asOlder(PLAIN(server.url), shared) });
  assert.ok((await older.request("/api/now/x")).ok);
  shared.lock.names.splice(0);
  // Refused, because the server accepts the latest token only; the client then finds that one in the store.
  assert.ok((await newer.request("/api/now/x")).ok);
  assert.deepEqual(shared.lock.names.slice(1), [PLAIN(server.url)]);
  assert.equal(server.tokenRequests, 2);
  older.close();
  newer.close();
});

async function pair(
  server: StrictServer,
): Promise<{ older: Sysparm.Instance; newer: Sysparm.Instance; store: Place; events: string[] }> {
  const shared = { store: place(), lock: locks() };
  const events: string[] = [];
  const onEvent = ({ type }: Sysparm.SysparmEvent) => events.push(type);
  const older = await sysparm.connect({ url: server.url, auth: USER, onEvent, ...asOlder(PLAIN(server.url), shared) });
  const newer = await sysparm.connect({ url: server.url, auth: USER, onEvent, ...shared });
  return { older, newer, store: shared.store, events };
}

for (const first of ["older", "newer"] as const) {
  test(`two versions use no refresh token twice, the ${first} first`, {
    timeout: 60_000,
  }, async (t) => {
    const server = await strictServer(true);
    t.after(() => server.stop());
    const both = await pair(server);
    // The older version was active before; otherwise there is nothing to share.
    assert.ok((await both.older.request("/api/now/x")).ok);
    assert.ok((await both.newer.request("/api/now/x")).ok);
    assert.equal(server.tokenRequests, 1);
    for (let turn = 1; turn <= 6; turn += 1) {
      server.expire();
      const order = (turn % 2 === 1) === (first === "older") ? [both.older, both.newer] : [both.newer, both.older];
      for (const instance of order) assert.ok((await instance.request("/api/now/x")).ok);
      assert.equal(server.tokenRequests, 1 + turn, `turn ${turn}`);
    }
    // A hundred concurrent calls each: one of them renews.
    server.expire();
    const calls = [both.older, both.newer].flatMap((instance) =>
      Array.from({ length: 100 }, () => instance.request("/api/now/x")),
    );
    assert.ok((await Promise.all(calls)).every(({ ok }) => ok));
    assert.equal(server.tokenRequests, 8);
    assert.ok(!both.events.some((type) => type === "signed-out" || type === "attention" || type === "store.failed"));
    both.older.close();
    both.newer.close();
  });
}

for (const who of ["older", "newer"] as const) {
  test(`sign-out of the ${who} version ends the tokens of both`, { timeout: 10_000 }, async (t) => {
    const server = await strictServer(true);
    t.after(() => server.stop());
    const both = await pair(server);
    for (const instance of [both.older, both.newer]) assert.ok((await instance.request("/api/now/x")).ok);
    await both[who].signOut();
    for (const instance of [both.older, both.newer]) {
      await absent(instance);
    }
    both.older.close();
    both.newer.close();
    assert.deepEqual(
      [...both.store.watchers.values()].map(({ size }) => size),
      [0, 0],
      "nobody watches any more",
    );
  });
}
