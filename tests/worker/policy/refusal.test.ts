import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { decide } from "../../../www/worker/src/policy/decide.ts";
import { quoted, someOf } from "../../../www/worker/src/policy/refusal.ts";

test("part of a request is quoted short and printable", () => {
  assert.equal(quoted("u_secret"), "`u_secret`");
  assert.equal(quoted("a`b\nc\u0000d\u00e9"), "`a?b?c?d?`");
  assert.equal(quoted("x".repeat(80)), `\`${"x".repeat(80)}\``);
  assert.equal(quoted("x".repeat(81)), `\`${"x".repeat(80)}...\``);
});

test("long list of names is cut", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
  assert.equal(someOf([]), "none");
  assert.equal(someOf(new Set(names(20))), names(20).join(", "));
  assert.equal(someOf(names(22)), `${names(20).join(", ")} and 2 more`);
});

test("request without headers is decided", () => {
  const policy = compilePolicy({ tables: { incident: { methods: ["GET", "POST"] } } });
  assert.equal(decide(policy, { method: "GET", target: "/api/now/table/incident" }).allowed, true);
  const write = decide(policy, { method: "POST", target: "/api/now/table/incident" });
  assert.equal(!write.allowed && write.code, "policy.header");
});

test("refusal holds no value of the request", () => {
  const policy = compilePolicy({ tables: { incident: { methods: ["GET", "POST"], fields: ["number"] } } });
  const secret = "planted-secret-71c2";
  const asked = [
    `sysparm_query=u_secret=${secret}`,
    `sysparm_query=number=${secret}^^x`,
    `sysparm_query=number=javascript:${secret}`,
    `sysparm_limit=${secret}`,
    `sysparm_display_value=${secret}`,
    `number=${secret}%5E`,
    `sysparm_no_count=${secret}!`,
  ];
  for (const query of asked) {
    const decision = decide(policy, { method: "GET", target: `/api/now/table/incident?${query}` });
    assert.ok(!decision.allowed && !`${decision.why} ${decision.fix}`.includes(secret), query);
  }
  const headers = new Headers({ "content-type": "application/json" });
  for (const text of [`{"u_secret":"${secret}"}`, `{"number":{"value":"${secret}"}}`, `{"number":"${secret}"`]) {
    const body = new TextEncoder().encode(text);
    const decision = decide(policy, { method: "POST", target: "/api/now/table/incident", headers, body });
    assert.ok(!decision.allowed && !`${decision.why} ${decision.fix}`.includes(secret), text);
  }
});
