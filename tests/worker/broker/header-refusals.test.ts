/** Pauses of a password or an API key that the instance refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterRefusal,
  type HeaderRefusals,
  handedOut,
  isOver,
  isPaused,
  needsPerson,
  waitForFirstMs,
} from "../../../www/worker/src/broker/header-refusals.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const PASSWORD = { credentialVersion: 1, isPassword: true };
const API_KEY = { credentialVersion: 1, isPassword: false };

const until = (refusals: HeaderRefusals) => refusals.until ?? Number.NaN;

test("pauses of a refused API key grow up to 15 minutes", () => {
  let now = NOW;
  let refusals: HeaderRefusals | undefined;
  const pauses = [1, 2, 3, 4, 5, 6].map(() => {
    refusals = afterRefusal(refusals, API_KEY, now);
    const pause = until(refusals) - now;
    now = until(refusals);
    return pause / 1_000;
  });
  assert.deepEqual(pauses, [5, 20, 80, 320, 900, 900]);
});

/** The refusals of a password that is sent as soon as it may be, and what it was after each. */
function refusedEach(waitMs: number, hours: number): HeaderRefusals[] {
  const all: HeaderRefusals[] = [];
  let refusals: HeaderRefusals | undefined;
  for (let now = NOW; now < NOW + hours * HOUR; now += waitMs) {
    if (refusals && isPaused(refusals, 1, now)) continue;
    if (refusals) refusals = handedOut(refusals, now);
    refusals = afterRefusal(refusals, PASSWORD, now + 200);
    all.push(refusals);
  }
  return all;
}

test("wrong password is sent three times, however often it is asked for", () => {
  for (const waitMs of [1_000, 60_000, HOUR, 5 * HOUR]) {
    const all = refusedEach(waitMs, 100);
    assert.deepEqual(
      all.map(({ inRow, until: end }) => [inRow, end === null]),
      [
        [1, false],
        [2, false],
        [3, true],
      ],
      String(waitMs),
    );
  }
});

test("password that was sent three times waits for another version", () => {
  const third = refusedEach(60_000, 1).at(-1) as HeaderRefusals;
  for (const later of [0, HOUR, 1_000 * HOUR]) assert.equal(isPaused(third, 1, NOW + later), true);
  assert.equal(afterRefusal(third, PASSWORD, NOW + HOUR), third);
  assert.equal(isPaused(third, 2, NOW), false);
  assert.equal(afterRefusal(third, { ...PASSWORD, credentialVersion: 2 }, NOW).inRow, 1);
});

test("password that is right for other requests is not given up", () => {
  let refusals = afterRefusal(undefined, PASSWORD, NOW);
  for (let count = 0; count < 10; count += 1) {
    const acceptedSince = until(refusals);
    refusals = afterRefusal(refusals, { ...PASSWORD, acceptedSince }, acceptedSince + 10);
    assert.deepEqual([refusals.inRow, until(refusals) - acceptedSince], [1, 5_010]);
  }
  // An isolate that obtained it before the refusal says nothing of the time after it.
  const second = afterRefusal(refusals, { ...PASSWORD, acceptedSince: until(refusals) - 1 }, until(refusals) + 10);
  assert.equal(second.inRow, 2);
});

test("refusal within the pause is the same one", () => {
  const first = afterRefusal(undefined, API_KEY, NOW);
  assert.equal(afterRefusal(first, API_KEY, NOW + 4_999), first);
  assert.equal(needsPerson(first), false);
  assert.equal(needsPerson(afterRefusal(first, API_KEY, NOW + 5_000)), true);
});

test("another credential begins anew", () => {
  const second = afterRefusal(afterRefusal(undefined, API_KEY, NOW), API_KEY, NOW + 5_000);
  assert.equal(afterRefusal(second, { ...API_KEY, credentialVersion: 2 }, NOW + 6_000).inRow, 1);
  assert.equal(isPaused(second, 2, NOW + 6_000), false);
});

test("row ends an hour after the credential is in use again", () => {
  for (const kind of [API_KEY, PASSWORD]) {
    const second = afterRefusal(afterRefusal(undefined, kind, NOW), kind, NOW + 5_000);
    // Nobody has used it meanwhile.
    assert.equal(isOver(second, NOW + 10 * HOUR), false);
    const used = handedOut(second, NOW + 10 * HOUR);
    assert.equal(handedOut(used, NOW + 10.5 * HOUR), used, "the first use counts");
    assert.equal(isOver(used, NOW + 11 * HOUR - 1), false);
    assert.equal(isOver(used, NOW + 11 * HOUR), true);
    assert.equal(afterRefusal(used, kind, NOW + 11 * HOUR - 1).inRow, 3);
    assert.equal(afterRefusal(used, kind, NOW + 11 * HOUR).inRow, 1);
  }
});

test("others wait two seconds for the first isolate's answer", () => {
  const paused = afterRefusal(undefined, PASSWORD, NOW);
  assert.equal(waitForFirstMs(paused, true, NOW + 5_000), 0, "nobody has it yet");
  const used = handedOut(paused, NOW + 5_000);
  const waits = (isPassword: boolean) =>
    [4_999, 5_000, 6_500, 7_000, 9_000].map((at) => waitForFirstMs(used, isPassword, NOW + at));
  assert.deepEqual(waits(true), [0, 2_000, 500, 0, 0]);
  assert.deepEqual(waits(false), [0, 0, 0, 0, 0], "an API key locks nobody");
});

test("clock that is set back lengthens no pause", () => {
  const first = afterRefusal(undefined, API_KEY, NOW);
  assert.equal(isPaused(first, 1, NOW), true);
  assert.equal(isPaused(first, 1, NOW - 2 * HOUR), false);
  const used = handedOut(first, NOW + HOUR);
  assert.equal(handedOut(used, NOW).handedOutAt, NOW);
});
