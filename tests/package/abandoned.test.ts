/** Instances that a program drops without closing them: they renew nothing, hold nothing, and cost nothing once they are collected. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { installInto, type Project } from "./installed.ts";

let project: Project;
before(() => {
  project = installInto("abandoned");
  buildSync({ entryPoints: ["tests/harness/live-timers.ts"], outdir: project.folder, format: "esm" });
});
after(() => project?.remove());

const START = `
  import { liveTimers } from "./live-timers.js";
  import { connect } from "sysparm";
  import { memory } from "sysparm/stores";
  import { setTimeout as pause } from "node:timers/promises";
  let tokens = 0;
  const auth = { grant: "client_credentials", clientId: "c", clientSecret: "s" };
  const answer = (seconds) => async (url) => String(url).includes("oauth")
    ? Response.json({ access_token: "t" + ++tokens, expires_in: seconds })
    : Response.json({ result: [] });
  const collected = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      gc();
      await pause(20);
    }
  };`;

/** What a program of its own, whose collector can be called, says at its end. */
async function program(text: string): Promise<unknown> {
  const main = join(project.folder, "main.js");
  writeFileSync(main, `${START}\n${text}`);
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", main], { timeout: 120_000 });
  return JSON.parse(stdout);
}

test("instance that nobody holds renews no token", async () => {
  const printed = await program(`
    const one = async () => {
      const instance = await connect({ url: "http://127.0.0.1:1", auth, fetch: answer(4) });
      await instance.request("/api/x");
      return instance;
    };
    for (let count = 0; count < 20; count += 1) await one();
    const kept = await one();
    await collected();
    const before = tokens;
    await pause(4500);
    console.log(JSON.stringify([before, tokens - before > 0, tokens - before < 4, kept.status().token.state]));
    kept.close();`);
  assert.deepEqual(printed, [21, true, true, "held"]);
});

test("dropped instances leave no timer, watch or memory", async () => {
  const printed = (await program(`
    const shared = memory();
    let watches = 0;
    const store = { ...shared, watch: (name, changed) => {
      watches += 1;
      const end = shared.watch(name, changed);
      return () => { watches -= 1; end(); };
    } };
    const figures = [];
    for (const count of [1000, 1000, 8000]) {
      for (let made = 0; made < count; made += 1) {
        const instance = await connect({ url: "http://127.0.0.1:1", auth, fetch: answer(1799), store });
        await instance.request("/api/x");
        if (made % 500 === 0) await collected();
      }
      await collected();
      figures.push({ heap: process.memoryUsage().heapUsed, timers: liveTimers(), watches });
    }
    console.log(JSON.stringify(figures));
    process.exit(0);`)) as { heap: number; timers: number; watches: number }[];
  const [, early, late] = printed;
  assert.ok(early && late);
  assert.ok(late.watches < 10 && late.timers < 10, JSON.stringify(printed));
  // A dropped instance that stayed would be 3 KB and more: 24 MB of eight thousand.
  assert.ok(late.heap < early.heap + 2_000_000, JSON.stringify(printed));
});

test("call waiting for its next attempt ends without its instance", async () => {
  const printed = await program(`
    let sent = 0;
    const failing = async () => {
      sent += 1;
      return new Response("{}", { status: sent < 3 ? 503 : 200, headers: { "content-type": "application/json" } });
    };
    const begin = async () => (await connect({ url: "http://127.0.0.1:1", auth: { token: "t" }, fetch: failing })).request("/api/x");
    const call = begin();
    const turning = setInterval(() => gc(), 20);
    const { status } = await call;
    clearInterval(turning);
    console.log(JSON.stringify([status, sent]));`);
  assert.deepEqual(printed, [200, 3]);
});

test("instance dropped during a renewal releases the lock", async () => {
  const printed = await program(`
    const store = memory();
    const limits = { url: "http://127.0.0.1:1", auth, store, timeLimits: { tokenMs: 500 } };
    setInterval(() => undefined, 100);
    let asked;
    const renewing = new Promise((resolve) => (asked = resolve));
    const begin = async () => {
      // Its second request for a token never ends, and nothing but the instance could end it.
      const first = answer(4);
      const silent = (url) => (tokens > 0 && url.includes("oauth") ? (asked(), new Promise(() => undefined)) : first(url));
      const instance = await connect({ ...limits, fetch: silent });
      await instance.request("/api/x");
      await renewing;
    };
    await begin();
    for (let turn = 0; turn < 10; turn += 1) await collected();
    const instance = await connect({ ...limits, fetch: answer(1799) });
    const began = Date.now();
    const { ok } = await instance.request("/api/x");
    console.log(JSON.stringify([ok, Date.now() - began < 5000]));
    process.exit(0);`);
  assert.deepEqual(printed, [true, true]);
});
