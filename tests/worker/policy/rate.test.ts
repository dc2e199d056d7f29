import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Bucket, takeFrom } from "../../../www/worker/src/policy/rate.ts";

test("new caller may send a minute's worth at once", () => {
  let bucket: Bucket | undefined;
  for (let sent = 0; sent < 60; sent += 1) {
    const outcome = takeFrom(bucket, 60, 0);
    assert.equal(outcome.waitMs, 0);
    bucket = outcome.bucket;
  }
  const refused = takeFrom(bucket, 60, 0);
  assert.equal(refused.waitMs, 1000);
  assert.equal(takeFrom(refused.bucket, 60, 999).waitMs > 0, true);
  assert.equal(takeFrom(refused.bucket, 60, 1000).waitMs, 0);
});

test("clock that runs backwards fills nothing", () => {
  const { bucket } = takeFrom(undefined, 1, 1_000_000);
  assert.ok(takeFrom(bucket, 1, 0).waitMs > 0);
});

test("batch takes as many as it holds", () => {
  const { bucket } = takeFrom(undefined, 60, 0, 50);
  assert.equal(takeFrom(bucket, 60, 0, 10).bucket.left, 0);
  assert.equal(takeFrom(bucket, 60, 0, 30).waitMs, 20_000);
});

test("no span of time lets more pass than it and a full bucket allow", () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 200 });
  const property = fc.property(fc.integer({ min: 1, max: 500 }), pauses, (perMinute, waits) => {
    let now = 0;
    let bucket: Bucket | undefined;
    let passed = 0;
    for (const wait of waits) {
      now += wait;
      const outcome = takeFrom(bucket, perMinute, now);
      bucket = outcome.bucket;
      if (outcome.waitMs === 0) passed += 1;
      else assert.equal(takeFrom(bucket, perMinute, now + outcome.waitMs).waitMs, 0, "the named wait is too short");
    }
    assert.ok(
      passed <= perMinute + (now * perMinute) / 60_000 + 1e-6,
      `${passed} in ${now} ms at ${perMinute} per minute`,
    );
  });
  fc.assert(property, { numRuns: 200, seed: 19 });
});
