/**
 * Eight tabs of one origin in Chromium, with the packed package and one IndexedDB: a thousand calls with an expired token, a tab
 * that is killed during a renewal, a sign-out in one tab, and no secret in anything that leaves the page.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../harness/chromium.ts";
import { serveFolder } from "../harness/serve-folder.ts";
import { until } from "../harness/until.ts";
import { installInto, type Project } from "../package/installed.ts";
import { type StrictServer, strictServer } from "./strict-server.ts";

const TABS = 8;
const PLANTED = /planted-/;

let browser: Browser;
let project: Project;
let site: Server;

before(async () => {
  browser = await launchChromium();
  project = installInto("tabs");
  const dist = "./node_modules/sysparm/dist";
  const imports = JSON.stringify({ imports: { sysparm: `${dist}/browser.js`, "sysparm/stores": `${dist}/stores.js` } });
  writeFileSync(
    join(project.folder, "index.html"),
    `<!doctype html><link rel="icon" href="data:,"><script type="importmap">${imports}</script>
     <script type="module" src="./page.js"></script>`,
  );
  writeFileSync(
    join(project.folder, "page.js"),
    `import { connect } from "sysparm";
     import { indexedDb } from "sysparm/stores";
     const events = [];
     const url = location.hash.slice(1);
     // Version 0.1.0 as a store and a lock see it: it uses the plain name only.
     const plain = "sysparm " + url + " password c abel.tuter  ";
     const store = indexedDb();
     const older = {
       store: {
         get: async (name) => name === plain ? undefined : store.get(plain),
         set: async (name, text, options) => name === plain ? undefined : store.set(plain, text, options),
         watch: (name, changed) => name === plain ? () => undefined : store.watch(plain, changed),
       },
       lock: { request: (name, run) => name === plain ? run() : navigator.locks.request(plain, run) },
     };
     const instance = await connect({
       url,
       auth: { grant: "password", clientId: "c", clientSecret: "planted-client-secret", username: "abel.tuter", password: "planted-password" },
       ...(location.search === "?older" ? older : { store }),
       onEvent: (event) => events.push(event),
     });
     const call = () => instance.request("/api/now/x").then((reply) => reply.ok, (thrown) => { window.lastError = thrown; return false; });
     window.page = { instance, events, call, calls: (count) => Promise.all(Array.from({ length: count }, call)) };`,
  );
  site = await serveFolder(project.folder);
});
after(async () => {
  await browser?.close();
  project?.remove();
  site?.close();
});

interface Tabs {
  server: StrictServer;
  context: BrowserContext;
  pages: Page[];
  /** The console output of the pages. */
  written: string[];
  /** URLs and bodies of their requests, without the token endpoint's body. */
  addresses: string[];
  open(version?: "?older"): Promise<Page>;
  close(): Promise<void>;
}

async function tabs(count: number): Promise<Tabs> {
  const server = await strictServer(true);
  const context = await browser.newContext();
  const written: string[] = [];
  const addresses: string[] = [];
  const open = async (version = "") => {
    const page = await context.newPage();
    page.on("console", (message) => written.push(message.text()));
    page.on("pageerror", (thrown) => written.push(String(thrown)));
    page.on("request", (request) => addresses.push(request.url()));
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/index.html${version}#${server.url}`);
    await page.waitForFunction("window.page !== undefined");
    return page;
  };
  const pages: Page[] = [];
  while (pages.length < count) pages.push(await open());
  const close = async () => {
    await context.close();
    await server.stop();
  };
  return { server, context, pages, written, addresses, open, close };
}

const callsOf = (page: Page, count: number) => page.evaluate(`page.calls(${count})`) as Promise<boolean[]>;

test("eight tabs share one sign-in and one renewal", async (t) => {
  const { server, pages, written, addresses, close } = await tabs(TABS);
  t.after(close);
  const first = await Promise.all(pages.map((page) => callsOf(page, 1)));
  assert.deepEqual(first.flat(), Array(TABS).fill(true));
  assert.equal(server.tokenRequests, 1, "eight tabs, one sign-in");

  server.expire();
  server.tokenRequests = 0;
  const outcomes = (await Promise.all(pages.map((page) => callsOf(page, 1000 / TABS)))).flat();
  t.diagnostic(
    `${outcomes.length} calls in ${TABS} tabs: ${server.tokenRequests} token requests, ${server.refused} refusals`,
  );
  assert.equal(outcomes.length, 1000);
  assert.ok(outcomes.every(Boolean), `${outcomes.filter((ok) => !ok).length} calls failed`);
  assert.equal(server.tokenRequests, 1);

  const [page] = pages as [Page];
  const stored = (await page.evaluate(DUMP)) as string;
  assert.match(stored, /sealed/, "the dump holds what was stored");
  const state = (await page.evaluate("JSON.stringify([page.instance.status(), page.events])")) as string;
  const error = (await page.evaluate(FAILURE)) as string;
  assert.match(error, /AuthenticationError|InstanceError/);
  for (const [name, text] of Object.entries({
    stored,
    state,
    error,
    written: written.join(),
    addresses: addresses.join(),
  })) {
    assert.doesNotMatch(text, PLANTED, `a planted secret is in ${name}`);
  }
});

test("sign-out in one tab ends the token in every tab", async (t) => {
  const { server, pages, close } = await tabs(3);
  t.after(close);
  await Promise.all(pages.map((page) => callsOf(page, 1)));
  await (pages[0] as Page).evaluate("page.instance.signOut()");
  for (const page of pages) await page.waitForFunction("page.instance.status().token.state === 'absent'");
  assert.equal(server.tokenRequests, 1);
});

test("tab killed during a renewal delays the next by at most 5 s", async (t) => {
  const { server, context, pages, close } = await tabs(2);
  t.after(close);
  await Promise.all(pages.map((page) => callsOf(page, 1)));
  server.expire();
  const asked = server.tokenRequests;
  const [doomed, next] = pages as [Page, Page];
  void doomed.evaluate("void page.call()").catch(() => undefined);
  await until(() => server.tokenRequests > asked, "a renewal");
  // The server rotates the refresh token; the tab is killed before the reply.
  const session = await context.newCDPSession(doomed);
  void session.send("Page.crash").catch(() => undefined);
  const start = Date.now();
  const went = await callsOf(next, 1);
  const took = Date.now() - start;
  t.diagnostic(`the next tab went on after ${took} ms`);
  assert.deepEqual(went, [true]);
  assert.ok(took < 5_000, `${took} ms`);
});

test("tabs of 0.1.0 and this version share renewal and sign-out", async (t) => {
  const { server, pages, open, close } = await tabs(0);
  t.after(close);
  for (const version of ["?older", undefined, "?older", undefined] as const) pages.push(await open(version));
  for (const page of pages) assert.deepEqual(await callsOf(page, 1), [true]);
  assert.equal(server.tokenRequests, 1);
  for (let turn = 1; turn <= 4; turn += 1) {
    server.expire();
    const outcomes = await Promise.all((turn % 2 ? pages : [...pages].reverse()).map((page) => callsOf(page, 50)));
    assert.ok(outcomes.flat().every(Boolean));
    assert.equal(server.tokenRequests, 1 + turn);
  }
  await (pages[1] as Page).evaluate("page.instance.signOut()");
  for (const page of pages) await page.waitForFunction("page.instance.status().token.state === 'absent'");
});

test("no stored item or lock of a tab is named after the user", async (t) => {
  const { server, pages, close } = await tabs(1);
  t.after(close);
  const [page] = pages as [Page];
  const call = page.evaluate("page.call()");
  await until(() => server.tokenRequests > 0, "a token request");
  const locks = (await page.evaluate(
    "navigator.locks.query().then((all) => all.held.map((lock) => lock.name))",
  )) as string[];
  await call;
  const names = [...locks, ...((await page.evaluate(NAMES)) as string[])];
  assert.equal(names.length, 2);
  for (const name of names) assert.match(name, /^sysparm http:\/\/127\.0\.0\.1:\d+ [0-9a-f]{64}$/);
});

/** The names in IndexedDB. */
const NAMES = `(async () => {
  const db = await new Promise((done) => { indexedDB.open("sysparm").onsuccess = (event) => done(event.target.result); });
  return new Promise((done) => {
    db.transaction("texts").objectStore("texts").getAllKeys().onsuccess = (event) => done(event.target.result);
  });
})()`;

/** The content of IndexedDB, sessionStorage and localStorage, as text. */
const DUMP = `(async () => {
  const all = [JSON.stringify(sessionStorage), JSON.stringify(localStorage)];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => { indexedDB.open(name).onsuccess = (event) => done(event.target.result); });
    for (const store of db.objectStoreNames) {
      const values = await new Promise((done) => {
        db.transaction(store).objectStore(store).getAll().onsuccess = (event) => done(event.target.result);
      });
      for (const value of values) {
        const bytes = (part) => new TextDecoder("latin1").decode(part);
        all.push(store, value instanceof CryptoKey ? "key, extractable " + value.extractable
          : Object.entries(value).map(([key, part]) => key + " " + bytes(part)).join());
      }
    }
    db.close();
  }
  return all.join("\\n");
})()`;

/** A failure in the form that a page reports. */
const FAILURE = `(async () => {
  const { connect } = await import("sysparm");
  const auth = { grant: "client_credentials", clientId: "c", clientSecret: "planted-wrong-secret" };
  const fetch = async () => new Response('{"error":"server_error"}', { status: 401 });
  const instance = await connect({ url: "https://x.example", auth, fetch });
  const thrown = await instance.request("/api/now/x").catch((thrown) => thrown);
  return [String(thrown), thrown.stack, JSON.stringify(thrown), JSON.stringify(instance.status())].join();
})()`;
