import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readTenantRecord } from "../../../www/worker/src/tenants/record.ts";
import { tenantOf } from "../../../www/worker/src/tenants/tenant.ts";
import "../callers/workerd-crypto.ts";
import { CALLER, TENANT } from "./example-tenant.ts";

const KEY = "key";

function prepared() {
  const sha256 = createHash("sha256").update(KEY).digest("hex");
  const read = readTenantRecord({ ...TENANT, callers: [{ ...CALLER, key: { sha256 } }] });
  assert.ok("record" in read, JSON.stringify(read));
  return tenantOf({ ...read.record, state: "paused", version: 9, credentialVersion: 4 });
}

test("tenant of the registry is prepared for calls", () => {
  const { callers: _, ...tenant } = prepared();
  assert.deepEqual(tenant, {
    id: "acme",
    version: 9,
    credentialVersion: 4,
    instanceUrl: "https://dev12345.service-now.com",
    state: "paused",
    allowedOrigins: new Set(["https://console.example.com"]),
    broker: "tenant acme",
  });
});

test("caller of a tenant has the policy that it names", async () => {
  const { callers } = prepared();
  const headers = new Headers({ authorization: `Bearer ${KEY}` });
  const caller = await callers.identify(headers, Date.now());
  assert.ok("policy" in caller);
  assert.equal(caller.name, CALLER.name);
  assert.deepEqual([...caller.policy.tables.keys()], ["incident"]);
  assert.equal(callers.remembered(headers, Date.now()), caller);
});
