import assert from "node:assert/strict";
import { test } from "node:test";
import { RememberedTokens } from "../../../www/worker/src/callers/remembered-tokens.ts";

const NOON = Date.parse("2026-11-30T12:00:00Z");
const MINUTE = 60_000;

test("token is remembered until it expires", () => {
  const tokens = new RememberedTokens<string>();
  tokens.remember("a", "ann", NOON + MINUTE, NOON);
  assert.equal(tokens.callerOf("a", NOON), "ann");
  assert.equal(tokens.callerOf("a", NOON + MINUTE - 1), "ann");
  assert.equal(tokens.callerOf("a", NOON + MINUTE), undefined);
  assert.equal(tokens.callerOf("b", NOON), undefined);
});

test("token that lasts for a day is verified again after ten minutes", () => {
  const tokens = new RememberedTokens<string>();
  tokens.remember("a", "ann", NOON + 1440 * MINUTE, NOON);
  assert.equal(tokens.callerOf("a", NOON + 10 * MINUTE - 1), "ann");
  assert.equal(tokens.callerOf("a", NOON + 10 * MINUTE), undefined);
});

test("token of a clock that was set back is verified again", () => {
  const tokens = new RememberedTokens<string>();
  tokens.remember("a", "ann", NOON + MINUTE, NOON);
  assert.equal(tokens.callerOf("a", NOON - MINUTE), undefined);
});

test("expired token is not remembered", () => {
  const tokens = new RememberedTokens<string>();
  tokens.remember("a", "ann", NOON, NOON);
  assert.equal(tokens.callerOf("a", NOON - 1), undefined);
});

test("number of remembered tokens is bounded, the latest stay", () => {
  const tokens = new RememberedTokens<number>();
  for (let index = 0; index < 100; index += 1) tokens.remember(`token ${index}`, index, NOON + MINUTE, NOON);
  const remembered = Array.from({ length: 100 }, (_, index) => tokens.callerOf(`token ${index}`, NOON)).filter(
    (index) => index !== undefined,
  );
  assert.deepEqual(
    remembered,
    Array.from({ length: 64 }, (_, index) => index + 36),
  );
});

test("characters of remembered tokens are bounded, also if one is renewed", () => {
  const tokens = new RememberedTokens<number>();
  const long = (index: number) => String(index).padStart(8_000, "x");
  for (let round = 0; round < 20; round += 1) tokens.remember(long(0), 0, NOON + MINUTE, NOON);
  for (let index = 1; index < 9; index += 1) tokens.remember(long(index), index, NOON + MINUTE, NOON);
  assert.equal(tokens.callerOf(long(0), NOON), undefined);
  assert.equal(tokens.callerOf(long(1), NOON), 1);
  assert.equal(tokens.callerOf(long(8), NOON), 8);
});
