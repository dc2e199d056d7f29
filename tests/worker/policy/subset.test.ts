import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { Choices } from "./choices.ts";
import { filesQueryBy } from "./generated-queries.ts";
import { touchedBy } from "./lenient-server.ts";
import { EACH, passing, sent } from "./passing.ts";
import { excessOf } from "./permitted.ts";

/** More by SYSPARM_HOSTILE_REQUESTS. */
const REQUESTS = Number(process.env.SYSPARM_HOSTILE_REQUESTS ?? 10_000);

test("what a lenient server touches is what the policy allows", () => {
  let passed = 0;
  const property = fc.property(fc.integer(), (seed) => {
    passing(seed, (received, policy, compiled) => {
      passed += 1;
      const excess = touchedBy(received).flatMap((touched) => excessOf(policy, touched));
      assert.deepEqual(excess, [], JSON.stringify({ policy, received }));
      // A link in the reply leads to what was sent: it must pass, too, and nothing is added twice.
      assert.deepEqual(sent(compiled, received), received, "what was sent does not pass again");
    });
  });
  fc.assert(property, { numRuns: REQUESTS / EACH, seed: 2026 });
  assert.ok(passed > REQUESTS / 10, `only ${passed} of ${REQUESTS} passed, so little was shown`);
});

test("list of files shows those of the allowed tables", () => {
  const policy: Policy = { tables: { incident: { attachments: ["GET"] } } };
  const compiled = compilePolicy(policy);
  let passed = 0;
  for (let seed = 0; seed < REQUESTS / 10; seed += 1) {
    const query = filesQueryBy(new Choices(seed), { tables: ["incident", "problem"], fields: [] });
    const target = `/api/now/attachment?sysparm_query=${encodeURIComponent(query)}`;
    const received = sent(compiled, { method: "GET", target, headers: [] });
    if (received === undefined) continue;
    passed += 1;
    const excess = touchedBy(received).flatMap((touched) => excessOf(policy, touched));
    assert.deepEqual(excess, [], query);
  }
  assert.ok(passed > REQUESTS / 100, `only ${passed} passed, so little was shown`);
});

test("every named permission lets some request pass", () => {
  // Without this, an engine that refuses everything would pass the test before.
  const kinds = new Map<string, number>();
  for (let seed = 0; seed < 1000; seed += 1) {
    passing(seed, (received) => {
      for (const { api, method } of touchedBy(received)) {
        const kind = `${/batch/.test(received.target) ? "batch " : ""}${method} ${api.startsWith("/") ? "path" : api}`;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    });
  }
  const methods = ["GET", "POST", "PATCH", "PUT", "DELETE"].map((method) => `${method} table`);
  for (const kind of [
    ...methods,
    "GET stats",
    "GET attachment",
    "POST attachment",
    "POST import",
    "GET path",
    "batch GET table",
  ]) {
    assert.ok(kinds.has(kind), `no ${kind} passed: ${JSON.stringify([...kinds])}`);
  }
});
