import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ended } from "../src/tester/exchange";
import { createPlaces } from "../src/tester/places";
import { newRequest } from "../src/workspace/model";

const ended = (where: string, line = "GET /a", failed = false): Ended => ({
  phase: failed ? "failed" : "answered",
  request: newRequest(),
  line,
  where,
  environmentId: "e",
  origin: "https://a.test",
  reply: null,
  failure: failed ? { message: "", repeat: "" } : null,
  verdicts: [],
  extracted: [],
});

test("each environment has its own panel and scroll positions", () => {
  const { placeOf } = createPlaces();
  const dev = placeOf(ended("DEV"));
  dev.panel.value = "table";
  dev.scrolls.set("table", 400);
  assert.equal(placeOf(ended("TEST")).panel.value, "pretty");
  const again = placeOf(ended("DEV"));
  assert.deepEqual([again.panel.value, again.scrolls.get("table")], ["table", 400]);
});

test("other call keeps the panel and begins at the top", () => {
  const { placeOf } = createPlaces();
  const place = placeOf(ended("DEV"));
  place.panel.value = "raw";
  place.scrolls.set("raw", 400);
  const other = placeOf(ended("DEV", "GET /b"));
  assert.deepEqual([other.panel.value, other.scrolls.size], ["raw", 0]);
});

test("every failure opens its diagnosis, and keeps what is chosen", () => {
  const { placeOf } = createPlaces();
  placeOf(ended("DEV")).panel.value = "table";
  const failure = ended("DEV", "GET /a", true);
  assert.equal(placeOf(failure).panel.value, "diagnosis");
  placeOf(failure).panel.value = "raw";
  assert.equal(placeOf(failure).panel.value, "raw");
  assert.equal(placeOf(ended("DEV", "GET /a", true)).panel.value, "diagnosis");
  assert.equal(placeOf(ended("DEV")).panel.value, "table");
});
