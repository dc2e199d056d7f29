import assert from "node:assert/strict";
import { test } from "node:test";
import { loadOnce } from "../src/background/load-once";

test("part that could not be loaded is loaded at the next call", async () => {
  let calls = 0;
  const load = loadOnce(() => {
    calls += 1;
    return calls === 1 ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve("loaded");
  });
  await assert.rejects(load(), /could not be loaded\. Try again/);
  assert.equal(await load(), "loaded");
  assert.equal(await load(), "loaded");
  assert.equal(calls, 2);
});
