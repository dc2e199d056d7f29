/** The file of pages(): loaded by the first reading and by nothing else. A file that does not come ends no reading without an error. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import { until } from "../harness/until.ts";

const folder = mkdtempSync(join(tmpdir(), "sysparm-pages-file-"));
after(() => rmSync(folder, { recursive: true }));
let file: string;

/** Paths of the requests sent since the last test. */
const sent: string[] = [];
let instance: Sysparm.Instance;
let sysparm: typeof Sysparm;
let copies = 0;

const reply: typeof fetch = async (address) => {
  const { pathname } = new URL(String(address));
  sent.push(pathname);
  const isRecord = pathname.endsWith("/incident/a");
  return Response.json({
    result: isRecord ? { sys_id: "a" } : pathname.includes("stats") ? { stats: { count: "1" } } : [],
  });
};

beforeEach(async () => {
  // Each test has a package of its own that has loaded nothing.
  copies += 1;
  const own = join(folder, String(copies));
  cpSync("pkg", own, { recursive: true });
  file = join(own, "dist/pages-embedded.js");
  sysparm = await import(pathToFileURL(join(own, "dist/node.js")).href);
  instance = await sysparm.connect({ url: "http://127.0.0.1:1", auth: { token: "t" }, fetch: reply });
  sent.length = 0;
});

async function withoutFile(run: () => Promise<void>): Promise<void> {
  renameSync(file, `${file}.gone`);
  try {
    await run();
  } finally {
    renameSync(`${file}.gone`, file);
  }
}

const readers: [string, (table: Sysparm.Table, signal?: AbortSignal) => Promise<unknown>][] = [
  ["pages()", (table, signal) => table.pages(signal && { signal }).next()],
  ["rows()", (table, signal) => table.rows(signal && { signal }).next()],
  ["list()", (table, signal) => table.list(signal && { signal })],
];

for (const [name, read] of readers) {
  test(`${name} without its file fails with a code, and reads later`, async () => {
    await withoutFile(() =>
      assert.rejects(read(instance.table("incident")), (error: Sysparm.SysparmError) => {
        assert.ok(error instanceof sysparm.InstanceError);
        assert.equal(`${error.code} ${error.kind}`, "pages.not-loaded network");
        assert.match(error.message, /^The WebAssembly of pages\(\) could not be loaded from the package\. Copy /);
        const { cause } = error as { cause?: Sysparm.SysparmError };
        assert.ok(cause instanceof sysparm.InstanceError);
        assert.equal(cause.code, "wasm.not-loaded");
        assert.match(String(cause.cause), /Cannot find module/);
        return true;
      }),
    );
    assert.deepEqual(sent, []);
    await read(instance.table("incident"));
    assert.deepEqual(sent, ["/api/now/table/incident"]);
  });

  test(`${name} ends with its signal before its file comes`, async () => {
    void sysparm.load(undefined, undefined, new Promise<Response>(() => undefined));
    const controller = new AbortController();
    const reading = read(instance.table("incident"), controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(reading, reason);
    await assert.rejects(read(instance.table("incident"), AbortSignal.abort(reason)), reason);
    assert.deepEqual(sent, []);
  });

  test(`${name} ends with close() before its file comes`, async () => {
    void sysparm.load(undefined, undefined, new Promise<Response>(() => undefined));
    const reading = read(instance.table("incident"));
    instance.close();
    await assert.rejects(reading, { code: "instance.closed" });
    await assert.rejects(read(instance.table("incident")), { code: "instance.closed" });
  });
}

/** Opens an instance whose token endpoint answers with this status, and counts its requests. */
async function openWithTokenStatus(status: number): Promise<{ opened: Sysparm.Instance; tokens: () => number }> {
  let tokens = 0;
  const answer: typeof fetch = async (address, init) => {
    if (!String(address).endsWith("oauth_token.do")) return reply(address, init);
    tokens += 1;
    if (status === 200) return Response.json({ access_token: "t", expires_in: 1799 });
    return Response.json({ error: "invalid_client", error_description: "access_denied" }, { status });
  };
  const auth = { grant: "client_credentials", clientId: "c", clientSecret: "s" } as const;
  return { opened: await sysparm.connect({ url: "http://127.0.0.1:1", auth, fetch: answer }), tokens: () => tokens };
}

/** Supplies the file of pages() when the test says so. */
function lateFile(): () => void {
  let resolve: ((file: Promise<Response>) => void) | undefined;
  const file = new Promise<Response>((settle) => {
    resolve = settle;
  });
  void sysparm.load(undefined, undefined, file);
  return () => resolve?.(Promise.resolve(new Response(readFileSync("pkg/dist/pages.wasm"))));
}

test("token is requested while the file of pages() comes", async () => {
  const arrive = lateFile();
  const { opened, tokens } = await openWithTokenStatus(200);
  const reading = opened.table("incident").list();
  await until(() => tokens() === 1, "a token request");
  assert.deepEqual(sent, []);
  arrive();
  assert.deepEqual((await reading).rows, []);
  assert.deepEqual([tokens(), sent.length], [1, 1]);
  opened.close();
});

test("token refused before the file of pages() comes is one request", async () => {
  const arrive = lateFile();
  const { opened, tokens } = await openWithTokenStatus(401);
  const reading = opened.table("incident").list();
  await until(() => opened.status().token.attention !== undefined, "a refusal");
  arrive();
  await assert.rejects(reading, (error) => error instanceof sysparm.AuthenticationError);
  assert.deepEqual([tokens(), sent.length], [1, 0]);
  opened.close();
});

test("single records and counts do not need the file of pages()", async () => {
  await withoutFile(async () => {
    const table = instance.table("incident");
    assert.deepEqual(await table.get("a"), { sys_id: "a" });
    assert.equal(await table.count(), 1);
    await table.update("a", { state: "2" });
    await assert.rejects(table.pages().next(), { code: "pages.not-loaded" });
  });
});

test("supplied file is read from, whatever is on the disk", async () => {
  await withoutFile(async () => {
    await sysparm.load(undefined, undefined, readFileSync("pkg/dist/pages.wasm"));
    assert.deepEqual((await instance.table("incident").list()).rows, []);
    assert.deepEqual(sent, ["/api/now/table/incident"]);
  });
});

test("supplied file that is none is an error of the reading", async () => {
  const supplied = sysparm.load(undefined, undefined, new Uint8Array([1, 2, 3]));
  await assert.rejects(instance.table("incident").list(), { code: "pages.not-loaded" });
  await supplied;
  await instance.table("incident").list();
});
