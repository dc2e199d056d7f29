import "./workerd-crypto.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { CallerKeys } from "../../../www/worker/src/callers/keys.ts";

const sha256 = (key: string) => new Uint8Array(createHash("sha256").update(key).digest());
const NOON = Date.parse("2026-11-30T12:00:00Z");

test("known key leads to its caller, another key to none", async () => {
  const keys = new CallerKeys([
    { caller: "ann", sha256: sha256("key of ann") },
    { caller: "bob", sha256: sha256("key of bob") },
  ]);
  assert.equal(keys.remembered("key of ann", NOON), undefined);
  assert.equal(await keys.callerOf("key of ann", NOON), "ann");
  assert.equal(await keys.callerOf("key of bob", NOON), "bob");
  assert.equal(keys.remembered("key of ann", NOON), "ann");
  for (const key of ["", "key of an", "key of ann ", "Key of ann", "key of eve"]) {
    assert.equal(await keys.callerOf(key, NOON), undefined, key);
    assert.equal(keys.remembered(key, NOON), undefined, key);
  }
});

test("key is accepted until the moment it expires, also a remembered one", async () => {
  const keys = new CallerKeys([{ caller: "ann", sha256: sha256("key"), expiresAt: NOON }]);
  assert.equal(await keys.callerOf("key", NOON), "expired");
  assert.equal(await keys.callerOf("key", NOON - 1), "ann");
  assert.equal(keys.remembered("key", NOON - 1), "ann");
  assert.equal(keys.remembered("key", NOON), undefined);
  assert.equal(await keys.callerOf("key", NOON), "expired");
});

test("every known key is compared in constant time", async (t) => {
  const names = ["first", "second", "third"];
  const keys = new CallerKeys(names.map((name) => ({ caller: name, sha256: sha256(name) })));
  const compare = t.mock.method(crypto.subtle as unknown as { timingSafeEqual(): boolean }, "timingSafeEqual");
  for (const key of ["first", "third", "unknown"]) {
    compare.mock.resetCalls();
    await keys.callerOf(key, NOON);
    assert.equal(compare.mock.callCount(), 3, key);
  }
});

test("longest key has 512 characters", async () => {
  const [longest, longer] = ["k".repeat(512), "k".repeat(513)];
  const keys = new CallerKeys([
    { caller: "longest", sha256: sha256(longest) },
    { caller: "longer", sha256: sha256(longer) },
  ]);
  assert.equal(await keys.callerOf(longest, NOON), "longest");
  assert.equal(await keys.callerOf(longer, NOON), undefined);
});

test("at most 16 keys are remembered, the latest ones", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `key ${index}`);
  const keys = new CallerKeys(names.map((name) => ({ caller: name, sha256: sha256(name) })));
  for (const name of [...names, ...names.slice(-3)]) assert.equal(await keys.callerOf(name, NOON), name);
  const remembered = names.filter((name) => keys.remembered(name, NOON) === name);
  assert.deepEqual(remembered, names.slice(4));
});
