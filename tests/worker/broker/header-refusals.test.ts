/** Pauses of a password or an API key that the instance refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterRefusal,
  type HeaderRefusals,
  isOver,
  isPaused,
  needsPerson,
} from "../../../www/worker/src/broker/header-refusals.ts";

const NOW = 1_800_000_000_000;

test("pauses of refused credentials grow up to 15 minutes", () => {
  let now = NOW;
  let refusals: HeaderRefusals | undefined;
  const pauses = [1, 2, 3, 4, 5, 6].map(() => {
    refusals = afterRefusal(refusals, 1, now);
    const pause = refusals.until - now;
    now = refusals.until;
    return pause / 1_000;
  });
  assert.deepEqual(pauses, [5, 20, 80, 320, 900, 900]);
});

test("refusal within the pause is the same one", () => {
  const first = afterRefusal(undefined, 1, NOW);
  assert.equal(afterRefusal(first, 1, NOW + 4_999), first);
  assert.equal(needsPerson(first), false);
  assert.equal(needsPerson(afterRefusal(first, 1, NOW + 5_000)), true);
});

test("another credential or an hour begins anew", () => {
  const second = afterRefusal(afterRefusal(undefined, 1, NOW), 1, NOW + 5_000);
  assert.equal(afterRefusal(second, 2, NOW + 6_000).inRow, 1);
  assert.equal(isPaused(second, 2, NOW + 6_000), false);
  assert.equal(isOver(second, second.until + 3_599_999), false);
  assert.equal(afterRefusal(second, 1, second.until + 3_600_000).inRow, 1);
});

test("clock that is set back lengthens no pause", () => {
  const first = afterRefusal(undefined, 1, NOW);
  assert.equal(isPaused(first, 1, NOW), true);
  assert.equal(isPaused(first, 1, NOW - 7_200_000), false);
});
