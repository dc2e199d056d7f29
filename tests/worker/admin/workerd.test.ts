/** The administration in workerd: what an operator writes is what callers meet. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hashOfKey, type RunningWorker, serveWorker } from "../../../www/worker/serve.ts";
import { AUDIENCE, type TestIssuer, testIssuer } from "../callers/test-issuer.ts";
import { type Envelope, envelopeOf } from "../envelope.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";

const OPERATOR = "key-of-the-operator";
const SECRETS = ["hush-hush-secret", OPERATOR];

let folder: string;
let worker: RunningWorker;
let instance: ScriptedInstance;
let issuer: TestIssuer;

before(async () => {
  instance = await scriptedInstance(json(200, { result: [] }));
  issuer = await testIssuer();
  folder = await mkdtemp(join(tmpdir(), "sysparm-admin-"));
  const sealing = Buffer.alloc(32, 7).toString("base64");
  const bindings = { ADMIN_KEY_SHA256: hashOfKey(OPERATOR), SEALING_KEYS: `k1:${sealing}` };
  worker = await serveWorker({ bindings, storage: join(folder, "storage") });
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
  await issuer?.stop();
  await rm(folder, { recursive: true, force: true });
});

function tenant(changes: object = {}): object {
  const { url, jwksUrl } = issuer;
  return {
    instanceUrl: instance.url,
    auth: { grant: "client_credentials", clientId: "practice-client", clientSecret: SECRETS[0] },
    policies: { reads: { tables: { incident: { fields: ["number"] } } } },
    callers: [
      { name: "ann", policy: "reads", key: { sha256: hashOfKey("key-of-ann") } },
      { name: "app", policy: "reads", jwt: { issuer: url, audience: AUDIENCE, jwksUrl, algorithms: ["ES256"] } },
    ],
    ...changes,
  };
}

async function admin(method: string, path: string, body?: object) {
  const headers = { authorization: `Bearer ${OPERATOR}`, "content-type": "application/json" };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const reply = await fetch(`${worker.url}/admin${path}`, init);
  const text = await reply.text();
  for (const secret of SECRETS) assert.ok(!text.includes(secret));
  return { status: reply.status, value: JSON.parse(text) };
}

async function read(
  id: string,
  key: string,
  target = "/api/now/table/incident",
): Promise<[number, string | undefined]> {
  const reply = await fetch(`${worker.url}/${id}${target}`, { headers: { authorization: `Bearer ${key}` } });
  const body = (await reply.json()) as Partial<Envelope>;
  return [reply.status, body.error?.code];
}

test("tenant is served with keys and tokens as soon as it is written", async () => {
  assert.deepEqual(await read("acme", "key-of-ann"), [401, "caller.unknown"]);
  assert.equal((await admin("PUT", "/tenants/acme", tenant())).status, 201);
  const token = await issuer.sign();
  for (const credential of ["key-of-ann", "key-of-ann", token, token])
    assert.deepEqual(await read("acme", credential), [200, undefined]);
  assert.equal(issuer.asked, 1);
  assert.deepEqual(await read("acme", "key-of-ann", "/api/now/table/sys_user"), [403, "policy.table"]);
  assert.deepEqual(await read("acme", OPERATOR), [401, "caller.unknown"]);
  assert.deepEqual(await read("acme", await issuer.sign({ claims: { aud: "x" } })), [401, "caller.audience"]);
});

test("operator reads tenants, their callers' last use and no credential", async () => {
  await admin("PUT", "/tenants/beta", tenant());
  await read("beta", "key-of-ann");
  const { value: list } = await admin("GET", "/tenants?limit=100");
  assert.ok(list.tenants.some(({ id, callers }: { id: string; callers: number }) => id === "beta" && callers === 2));
  // The report of the use is written after the reply.
  let lastUse: Record<string, number> = {};
  for (let tries = 0; tries < 50 && lastUse.ann === undefined; tries += 1) {
    await new Promise((wake) => setTimeout(wake, 20));
    lastUse = (await admin("GET", "/tenants/beta")).value.lastUse;
  }
  assert.ok(Date.now() - (lastUse.ann ?? 0) < 60_000);
  assert.equal(lastUse.app, undefined);
});

test("paused tenant refuses its callers until it is resumed", async () => {
  await admin("PUT", "/tenants/gamma", tenant());
  assert.equal((await admin("POST", "/tenants/gamma/pause")).status, 200);
  assert.deepEqual(await read("gamma", "key-of-ann"), [503, "gateway.tenant-paused"]);
  assert.deepEqual(await read("gamma", "key-of-eve"), [401, "caller.unknown"]);
  assert.equal((await admin("POST", "/tenants/gamma/resume")).status, 200);
  assert.deepEqual(await read("gamma", "key-of-ann"), [200, undefined]);
});

test("changed and removed callers are refused from then on", async () => {
  await admin("PUT", "/tenants/delta", tenant());
  assert.deepEqual(await read("delta", "key-of-ann"), [200, undefined]);
  const { auth: _, ...others } = tenant({ callers: [] }) as { auth: object };
  assert.equal((await admin("PUT", "/tenants/delta", others)).status, 200);
  assert.deepEqual(await read("delta", "key-of-ann"), [401, "caller.unknown"]);
  assert.equal((await admin("DELETE", "/tenants/delta")).status, 200);
  assert.deepEqual(await read("delta", "key-of-ann"), [401, "caller.unknown"]);
  assert.equal((await admin("GET", "/tenants/delta")).status, 404);
});

test("invalid tenant is refused with all its problems and without values", async () => {
  const invalid = tenant({
    instanceUrl: "http://dev12345.service-now.com",
    hush: SECRETS[0],
    callers: [{ name: "x" }],
  });
  const { status, value } = await admin("PUT", "/tenants/epsilon", invalid);
  assert.deepEqual([status, value.error.code], [400, "admin.problems"]);
  for (const name of ["instanceUrl", "hush", "callers[0].policy", "callers[0].key"])
    assert.ok(value.error.detail.includes(`\`${name}\``), name);
});

test("administration is closed to everybody else", async () => {
  for (const headers of [{}, { authorization: "Bearer key-of-ann" }] as Record<string, string>[]) {
    const reply = await fetch(`${worker.url}/admin/tenants`, { headers });
    assert.deepEqual([reply.status, (await envelopeOf(reply)).error.code], [401, "admin.key"]);
  }
});
