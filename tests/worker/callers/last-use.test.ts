import assert from "node:assert/strict";
import { test } from "node:test";
import { LastUse } from "../../../www/worker/src/callers/last-use.ts";

const NOON = Date.parse("2026-11-30T12:00:00Z");
const HOUR = 3_600_000;

test("use of each caller is reported once an hour", () => {
  const [ann, bob] = [{ name: "ann" }, { name: "bob" }];
  const uses = new LastUse<object>();
  assert.equal(uses.isDue(ann, NOON), true);
  assert.equal(uses.isDue(ann, NOON + 1), false);
  assert.equal(uses.isDue(bob, NOON + 1), true);
  assert.equal(uses.isDue(ann, NOON + HOUR - 1), false);
  assert.equal(uses.isDue(ann, NOON + HOUR), true);
  assert.equal(uses.isDue(ann, NOON + HOUR), false);
});

test("use is reported by a clock that was set back", () => {
  const ann = { name: "ann" };
  const uses = new LastUse<object>();
  uses.isDue(ann, NOON);
  assert.equal(uses.isDue(ann, NOON - HOUR), true);
  assert.equal(uses.isDue(ann, NOON - HOUR), false);
});
