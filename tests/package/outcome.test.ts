/** The decision about a write whose outcome is unknown, over every state that it can be in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, type LookupResult, nextStep, waitsUntil } from "../../www/glue/src/recovery/decide.js";

const SIGHTS: LookupResult[] = ["done", "nothing", "twice", "unclear", "failed"];

test("write is repeated only after the last lookup found nothing", () => {
  const repeats: string[] = [];
  for (const result of SIGHTS) {
    for (const last of [false, true]) {
      for (const sends of [1, 2, 3]) {
        if (decide(result, last, sends, 3) === "repeat") repeats.push(`${result} ${last} ${sends}`);
      }
    }
  }
  assert.deepEqual(repeats, ["nothing true 1", "nothing true 2"]);
});

test("certain result ends the lookups, and so does the last one", () => {
  for (const result of SIGHTS) {
    const certain = { done: "done", twice: "give-up" }[result as string];
    assert.equal(decide(result, false, 1, 3), certain ?? "look");
    assert.notEqual(decide(result, true, 1, 3), "look");
  }
});

test("lookups: few, with growing pauses, the last at the deadline", () => {
  for (let settle = 0; settle <= 600_000; settle += 137) {
    const waits = waitsUntil(settle);
    assert.equal(
      waits.reduce((sum, wait) => sum + wait, 0),
      settle,
    );
    assert.ok(waits.length <= 45, `${settle}: ${waits.length}`);
    assert.ok(waits.slice(0, -1).every((wait, place) => wait <= (waits[place + 1] ?? 0)));
  }
  assert.equal(waitsUntil(60_000).length, 8);
});

test("look that is not confirmed is no reason to repeat", async () => {
  const limits = { settleMs: 0, attempts: 3 };
  const nothing = async () => ({ result: "nothing" as const, evidence: "none" });
  const unclear = async () => ({ result: "unclear" as const, evidence: "the key may be dropped" });
  assert.equal((await nextStep(nothing, nothing, limits, 1)).step, "repeat");
  assert.equal((await nextStep(nothing, unclear, limits, 1)).step, "give-up");
  const broken = async () => Promise.reject(new Error("no way there"));
  const { step, seen } = await nextStep(nothing, broken, limits, 1);
  assert.equal(step, "give-up");
  assert.match(seen.evidence, /no way there/);
});
