/** The lock of `SharedTokens`, in virtual time: callers die while they wait, hold too long, or come by the thousand. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { build } from "esbuild";
import { sharedTokens, type TokenRoom } from "../../www/glue/src/stores/shared-tokens.ts";

/** The object as its source makes it, over a base class that holds what Cloudflare's would. */
async function roomClass(): Promise<new (context: object) => Required<TokenRoom>> {
  const { outputFiles } = await build({
    entryPoints: ["www/glue/src/durable-object/index.ts"],
    bundle: true,
    write: false,
    format: "esm",
    plugins: [
      {
        name: "no-cloudflare",
        setup(context) {
          context.onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: "base" }));
          context.onLoad({ filter: /.*/, namespace: "base" }, () => ({
            contents: "export class DurableObject { constructor(ctx) { this.ctx = ctx; } }",
          }));
        },
      },
    ],
  });
  const { SharedTokens } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
  return SharedTokens;
}

const SharedTokens = await roomClass();
let room: Required<TokenRoom>;

const HELD = async () => undefined;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  room = new SharedTokens({ storage: new Map() });
});
afterEach(() => mock.timers.reset());

/** Lets promises settle, then time pass, a tenth of a second at a time; gives how long until `done` settles, at most `most`. */
async function passes(most: number, done?: Promise<unknown>): Promise<number> {
  let settled = false;
  done?.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let passed = 0; ; passed += 100) {
    for (let turn = 0; turn < 20; turn += 1) await null;
    if (settled || passed >= most) return passed;
    mock.timers.tick(100);
  }
}

for (const dead of [0, 1, 5, 20, 200]) {
  test(`${dead} dead waiters keep a live one from the lock for less than 30 s`, async () => {
    const first = await room.acquire("n");
    assert.equal(await room.confirm("n", first), true);
    for (let count = 0; count < dead; count += 1) void room.acquire("n");
    const live = sharedTokens(room).lock.request("n", HELD);
    await room.release("n", first);
    const waited = await passes(60_000, live);
    await live;
    assert.ok(waited < 30_000, `${waited} ms`);
  });
}

test("one that holds the lock keeps it for a lease and no longer", async () => {
  const first = await room.acquire("n");
  assert.equal(await room.confirm("n", first), true);
  const second = room.acquire("n");
  assert.equal(await passes(31_000, second), 31_000);
  assert.ok((await passes(2000, second)) <= 1000);
  const word = await second;
  assert.equal(await room.confirm("n", first), false, "its lease is over");
  assert.equal(await room.confirm("n", word), true);
  await room.release("n", first);
  const third = room.acquire("n");
  assert.equal(await passes(5000, third), 5000, "a late release is none of the holder's");
});

test("a waiter is answered when its time is over", async () => {
  await room.confirm("n", await room.acquire("n"));
  const second = room.acquire("n");
  const third = room.acquire("n");
  await passes(33_000, second);
  assert.equal(await room.confirm("n", await second), true);
  assert.equal((await passes(5000, third)) <= 3000, true);
  assert.equal(await third, "", "it got no lock, and no wait without an end");
  await assert.rejects(sharedTokens({ ...bound(room), acquire: async () => "" }).lock.request("n", HELD), /lock n/);
});

test("of several that are offered the lock the first to confirm has it, and the others wait", async () => {
  const first = await room.acquire("n");
  await room.confirm("n", first);
  for (let count = 0; count < 3; count += 1) void room.acquire("n");
  let running = 0;
  let most = 0;
  const { lock } = sharedTokens(room);
  const held = Array.from({ length: 9 }, () =>
    lock.request("n", async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((wake) => setTimeout(wake, 300));
      running -= 1;
    }),
  );
  await room.release("n", first);
  await passes(30_000, Promise.all(held));
  await Promise.all(held);
  assert.equal(most, 1);
});

test("a caller that releases without confirming lets the next in", async () => {
  const first = await room.acquire("n");
  const second = room.acquire("n");
  await room.release("n", first);
  assert.equal(await passes(500, second), 0);
});

test("an object that knows no confirmation is enough", async () => {
  const { confirm: _, ...earlier } = bound(room);
  await sharedTokens(earlier).lock.request("n", HELD);
  const refusing = { ...earlier, confirm: () => Promise.reject(new TypeError("no such method")) };
  await sharedTokens(refusing).lock.request("n", HELD);
});

test("forty thousand waiters take about twice as long to queue as twenty thousand", async () => {
  const took = (count: number) => {
    const began = performance.now();
    for (let waiter = 0; waiter < count; waiter += 1) void room.acquire(`${count}`);
    return performance.now() - began;
  };
  took(5000);
  const [half, whole] = [took(20_000), took(40_000)];
  assert.ok(whole < 5 * half + 50, `${half} ms, then ${whole} ms`);
});

function bound(of: Required<TokenRoom>): Required<TokenRoom> {
  return {
    read: (name) => of.read(name),
    write: (name, text) => of.write(name, text),
    acquire: (name) => of.acquire(name),
    confirm: (name, word) => of.confirm(name, word),
    release: (name, word) => of.release(name, word),
  };
}
