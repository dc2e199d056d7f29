import assert from "node:assert/strict";
import { test } from "node:test";
import { CallerUses } from "../../../www/worker/src/gateway/caller-use.ts";
import { Timing } from "../../../www/worker/src/gateway/timing.ts";

test("calls are counted by tenant and caller, with statuses and bytes", () => {
  const uses = new CallerUses();
  uses.of("acme", "reporting").count(200, 0, 2_500);
  uses.of("acme", "reporting").count(200, 10, 2_500);
  uses.of("other", "reporting").count(429, 0, 0);
  uses.of("acme", "reporting").count(404, 0, 50);
  uses.of("acme", "sync").count(201, 7, 0);
  assert.deepEqual(uses.counts(), [
    { tenant: "other", caller: "reporting", calls: 1, statuses: { 429: 1 }, bytesIn: 0, bytesOut: 0 },
    { tenant: "acme", caller: "reporting", calls: 3, statuses: { 200: 2, 404: 1 }, bytesIn: 10, bytesOut: 5_050 },
    { tenant: "acme", caller: "sync", calls: 1, statuses: { 201: 1 }, bytesIn: 7, bytesOut: 0 },
  ]);
});

test("caller that was idle longest is forgotten first", () => {
  const uses = new CallerUses();
  for (let caller = 0; caller < 2_000; caller += 1) uses.of("acme", `caller ${caller}`).count(200, 0, 0);
  uses.of("acme", "caller 0").count(200, 0, 0);
  uses.of("acme", "one more").count(200, 0, 0);
  const names = uses.counts().map(({ caller }) => caller);
  assert.equal(names.length, 2_000);
  assert.deepEqual([names[0], ...names.slice(-2)], ["caller 2", "caller 0", "one more"]);
});

test("Server-Timing separates the worker's time from the instance's", () => {
  let now = 1_000;
  const timing = new Timing(() => now);
  now += 5;
  assert.equal(timing.header(), "gateway;dur=5");
  timing.sent();
  now += 100;
  timing.answered();
  now += 20;
  timing.answered();
  now += 1;
  assert.equal(timing.header(), "gateway;dur=6, instance;dur=120");
});
