import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { explainDecision } from "../../../www/worker/src/policy/explain.ts";

const policy = compilePolicy({
  maxBytes: 1000,
  tables: { incident: { fields: ["number", "state"], methods: ["GET", "PATCH"], maxRows: 10 } },
});

test("sample request is explained with what the instance would receive", () => {
  const target = "/api/now/table/incident?sysparm_query=state=1^ORDERBYnumber";
  assert.deepEqual(explainDecision(policy, { method: "GET", target }), {
    allowed: true,
    why: "Table incident allows GET, PATCH, and every field and condition of the request is allowed. The policy adds sysparm_fields=number,state&sysparm_limit=10.",
    sent: { method: "GET", target: `${target}&sysparm_fields=number,state&sysparm_limit=10` },
    added: "sysparm_fields=number,state&sysparm_limit=10",
    maxBytes: 1000,
    asks: { api: "table", table: "incident", fields: "all", conditions: ["state", "number"] },
    readsBody: false,
  });
});

test("refused sample is explained by code and sentence", () => {
  const target = "/api/now/table/incident/1";
  const headers = { "Content-Type": "application/json" };
  const explained = explainDecision(policy, { method: "PATCH", target, headers, body: '{"caller_id":"x"}' });
  assert.equal(explained.allowed, false);
  assert.equal(explained.status, 403);
  assert.equal(explained.code, "policy.write");
  assert.match(explained.why, /`caller_id` may not be written\. Allowed: number, state\./);
  assert.equal(explained.readsBody, true);
  assert.equal(explained.sent, undefined);
});

test("address that the gateway refuses is named as such", () => {
  const explained = explainDecision(policy, { method: "GET", target: "/api/now/table/../x" });
  assert.equal(explained.code, "address");
  assert.equal(explained.status, 403);
});
