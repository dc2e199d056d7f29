/** The tenant of the plain bindings with a policy of its own. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { CONSOLE, call, envelopeOf, workerFor } from "../worker-under-test.ts";

const POLICY = {
  tables: { incident: { methods: ["GET", "PATCH"], fields: ["number"], writable: ["work_notes"] } },
  paths: { "/api/x_acme/orders": ["POST"] },
};

let instance: ScriptedInstance;
let worker: RunningWorker;
before(async () => {
  instance = await scriptedInstance(json(200, { result: [] }));
  worker = await workerFor(instance.url, { POLICY: JSON.stringify(POLICY) });
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

const sends = (method: string, body: object): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

test("policy allows writes, fields and scripted APIs", async () => {
  const calls = [
    call(worker, "/api/now/table/incident"),
    call(worker, "/api/now/table/incident/a", sends("PATCH", { work_notes: "seen" })),
    call(worker, "/api/x_acme/orders", sends("POST", { item: 1 })),
  ];
  for (const { status } of await Promise.all(calls)) assert.equal(status, 200);
  const arrived = instance.arrived.filter(({ target }) => target !== "/oauth_token.do");
  assert.deepEqual(arrived.map(({ method, target }) => `${method} ${target}`).sort(), [
    "GET /api/now/table/incident?sysparm_fields=number",
    "PATCH /api/now/table/incident/a?sysparm_fields=number",
    "POST /api/x_acme/orders",
  ]);
});

test("what the policy does not name reaches no instance", async () => {
  instance.arrived.splice(0);
  for (const [target, init, code] of [
    ["/api/now/table/sys_user", {}, "policy.table"],
    ["/api/now/table/incident?sysparm_fields=caller_id", {}, "policy.field"],
    ["/api/now/table/incident/a", sends("PATCH", { state: "7" }), "policy.write"],
    ["/api/now/table/incident/a", { method: "DELETE" }, "policy.method"],
  ] as const) {
    const { error } = await envelopeOf(await call(worker, target, init));
    assert.equal(error.code, code, target);
  }
  assert.deepEqual(instance.arrived, []);
});

test("preflight allows the methods of a policy", async () => {
  const headers = { origin: CONSOLE, "access-control-request-method": "PATCH" };
  const reply = await fetch(`${worker.url}/api/now/table/incident/a`, { method: "OPTIONS", headers });
  assert.match(reply.headers.get("access-control-allow-methods") ?? "", /\bPATCH\b/);
});

test("invalid policy is reported by its binding, and nothing passes", async (t) => {
  const broken = await workerFor(instance.url, { POLICY: '{"tables":{"incident":{"feilds":["number"]}}}' });
  t.after(() => broken.stop());
  instance.arrived.splice(0);
  const reply = await call(broken, "/api/now/table/incident");
  const { error } = await envelopeOf(reply);
  assert.deepEqual([reply.status, error.code], [500, "gateway.not-configured"]);
  assert.match(error.detail, /POLICY: Unknown option `tables\.incident\.feilds`\. Supported options: methods, fields/);
  assert.deepEqual(instance.arrived, []);
});

test("empty policy is invalid, and allows nothing", async (t) => {
  const broken = await workerFor(instance.url, { POLICY: "" });
  t.after(() => broken.stop());
  instance.arrived.splice(0);
  const reply = await call(broken, "/api/now/table/incident");
  const { error } = await envelopeOf(reply);
  assert.deepEqual([reply.status, error.code], [500, "gateway.not-configured"]);
  assert.match(error.detail, /POLICY must be a policy as JSON\./);
  assert.deepEqual(instance.arrived, []);
});
