import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge } from "../../../www/worker/src/gateway/path-rule.ts";
import { type CompiledPolicy, compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { decide } from "../../../www/worker/src/policy/decide.ts";
import { needsBody } from "../../../www/worker/src/policy/request.ts";
import { type Policy, readPolicy } from "../../../www/worker/src/policy/schema.ts";
import { Choices } from "./choices.ts";
import { namesBy, policyBy } from "./generated-policies.ts";
import { requestBy } from "./generated-requests.ts";
import { type Received, touchedBy } from "./lenient-server.ts";
import { excessOf } from "./permitted.ts";

/** More by SYSPARM_HOSTILE_REQUESTS. */
const REQUESTS = Number(process.env.SYSPARM_HOSTILE_REQUESTS ?? 20_000);

/** Requests of one policy. */
const EACH = 4;

/** What the gateway would do: the rule about paths, then the policy. The body arrives unexamined where the policy does not need it. */
function sent(policy: CompiledPolicy, asked: Received): Received | undefined {
  // The rule is about how paths are written, whatever the API's namespace.
  if (!judge(asked.target.replace(/^\/api\/x_acme\//, "/api/now/")).passes) return undefined;
  const needed = needsBody(policy, asked.method, asked.target);
  const body = needed && asked.body !== undefined ? new TextEncoder().encode(asked.body) : undefined;
  const headers = new Headers(asked.headers.map(([name, value]): [string, string] => [name, value]));
  const decision = decide(policy, { method: asked.method, target: asked.target, headers, body });
  return decision.allowed ? { ...asked, target: decision.target } : undefined;
}

/** Calls back with each request that passes. */
function passing(seed: number, found: (received: Received, policy: Policy, compiled: CompiledPolicy) => void): void {
  const choices = new Choices(seed);
  const policy = readPolicy(policyBy(choices));
  const compiled = compilePolicy(policy);
  for (let count = 0; count < EACH; count += 1) {
    const received = sent(compiled, requestBy(choices, namesBy(choices, policy)));
    if (received) found(received, policy, compiled);
  }
}

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

test("every named permission lets some request pass", () => {
  // Without this, an engine that refuses everything would pass the test before.
  const kinds = new Map<string, number>();
  for (let seed = 0; seed < 2000; seed += 1) {
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
