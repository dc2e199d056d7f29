/** The binding POLICY: the policy of the plain bindings' callers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, hasPlainTenant } from "../../../www/worker/src/tenants/from-bindings.ts";
import { readPolicy } from "../../../www/worker/src/tenants/plain-policy.ts";

const POLICY = { tables: { incident: { methods: ["GET", "PATCH"], writable: ["work_notes"] } } };

function problemsOf(value: unknown): readonly string[] {
  const read = readPolicy(value);
  assert.ok(read instanceof ConfigurationError, JSON.stringify(read));
  return read.problems;
}

test("policy may be JSON text or an object", () => {
  assert.deepEqual(readPolicy(JSON.stringify(POLICY)), POLICY);
  assert.deepEqual(readPolicy(POLICY), POLICY);
});

test("text that is no JSON is refused without repeating it", () => {
  for (const text of ["hush-hush", ""])
    assert.deepEqual(problemsOf(text), [
      "POLICY must be a policy as JSON. Without the binding every reading is allowed.",
    ]);
});

test("problem of a policy names the binding and the option", () => {
  const [unknown, method] = problemsOf({ tables: { incident: { methods: ["READ"], hidden: [] } } });
  assert.match(unknown ?? "", /^POLICY: Invalid option `tables\.incident\.methods\[0\]`\. Pass one of GET, /);
  assert.match(method ?? "", /^POLICY: Unknown option `tables\.incident\.hidden`\. Supported options: /);
  assert.equal(problemsOf("7").length, 1);
  assert.equal(problemsOf("null").length, 1);
});

test("policy alone asks for the other bindings of a tenant", () => {
  assert.equal(hasPlainTenant({ POLICY: "{}", SEALING_KEYS: "k1:..." }), true);
  assert.equal(hasPlainTenant({ POLICY: "", SEALING_KEYS: "k1:..." }), false);
});
