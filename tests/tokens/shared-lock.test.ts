/** The lock of `SharedTokens` in virtual time: callers that end while waiting, hold too long, or come in thousands. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { sharedTokens, type TokenRoom } from "../../www/glue/src/stores/shared-tokens.ts";
import { sharedTokensClass } from "./shared-tokens-class.ts";

const SharedTokens = await sharedTokensClass();
let shared: Required<TokenRoom>;

const HELD = async () => undefined;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  shared = new SharedTokens({ storage: new Map() });
});
afterEach(() => mock.timers.reset());

/** Settles promises and advances time in steps of 0.1 s. Returns the time until `done` settles, at most `most`. */
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
  test(`${dead} ended waiters delay a live one by less than 30 s`, async () => {
    const first = await shared.acquire("n");
    assert.equal(await shared.confirm("n", first), true);
    for (let count = 0; count < dead; count += 1) void shared.acquire("n");
    const live = sharedTokens(shared).lock.request("n", HELD);
    await shared.release("n", first);
    const waited = await passes(60_000, live);
    await live;
    assert.ok(waited < 30_000, `${waited} ms`);
  });
}

test("holder keeps the lock for one lease", async () => {
  const first = await shared.acquire("n");
  assert.equal(await shared.confirm("n", first), true);
  const second = shared.acquire("n");
  assert.equal(await passes(31_000, second), 31_000);
  assert.ok((await passes(2000, second)) <= 1000);
  const word = await second;
  assert.equal(await shared.confirm("n", first), false, "its lease is over");
  assert.equal(await shared.confirm("n", word), true);
  await shared.release("n", first);
  const third = shared.acquire("n");
  assert.equal(await passes(5000, third), 5000, "a late release is none of the holder's");
});

test("waiter gets a reply when its time is over", async () => {
  await shared.confirm("n", await shared.acquire("n"));
  const second = shared.acquire("n");
  const third = shared.acquire("n");
  await passes(33_000, second);
  assert.equal(await shared.confirm("n", await second), true);
  assert.equal((await passes(5000, third)) <= 3000, true);
  assert.equal(await third, "", "it got no lock, and no wait without an end");
  await assert.rejects(sharedTokens({ ...bound(shared), acquire: async () => "" }).lock.request("n", HELD), /lock n/);
});

test("first waiter to confirm gets the lock", async () => {
  const first = await shared.acquire("n");
  await shared.confirm("n", first);
  for (let count = 0; count < 3; count += 1) void shared.acquire("n");
  let running = 0;
  let most = 0;
  const { lock } = sharedTokens(shared);
  const held = Array.from({ length: 9 }, () =>
    lock.request("n", async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((wake) => setTimeout(wake, 300));
      running -= 1;
    }),
  );
  await shared.release("n", first);
  await passes(30_000, Promise.all(held));
  await Promise.all(held);
  assert.equal(most, 1);
});

test("release without confirmation admits the next waiter", async () => {
  const first = await shared.acquire("n");
  const second = shared.acquire("n");
  await shared.release("n", first);
  assert.equal(await passes(500, second), 0);
});

test("object without confirmation is supported", async () => {
  const { confirm: _, ...earlier } = bound(shared);
  await sharedTokens(earlier).lock.request("n", HELD);
  const refusing = { ...earlier, confirm: () => Promise.reject(new TypeError("no such method")) };
  await sharedTokens(refusing).lock.request("n", HELD);
});

test("waiters queue in linear time", async () => {
  const took = (count: number) => {
    const began = performance.now();
    for (let waiter = 0; waiter < count; waiter += 1) void shared.acquire(`${count}`);
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
