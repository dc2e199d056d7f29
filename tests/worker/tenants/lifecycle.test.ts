/** A tenant from its registration to its removal, through the worker in workerd, with its storage in a folder. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { ADMIN_KEY, newSealingKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";

const SECRETS = { acme: "planted-acme-secret-5d1f", globex: "planted-globex-secret-90ab" };
const sealingKeys = newSealingKey();

let acme: PracticeInstance;
let globex: PracticeInstance;
let worker: WorkerWithRegistry;
let storage: string;
/** Of the callers. */
let keys: { acme: string; globex: string };

const authOf = (clientSecret: string) => ({ grant: "client_credentials", clientId: "practice-client", clientSecret });

before(async () => {
  storage = await mkdtemp(join(tmpdir(), "sysparm-tenants-"));
  [acme, globex] = await Promise.all([
    startPracticeInstance("--quiet", "--rows", "120", "--client-secret", SECRETS.acme),
    startPracticeInstance("--quiet", "--rows", "30", "--seed", "11", "--client-secret", SECRETS.globex),
  ]);
  worker = await workerWithRegistry({ storage, sealingKeys });
  keys = {
    acme: await worker.register("acme", acme.url, { auth: authOf(SECRETS.acme) }),
    globex: await worker.register("globex", globex.url, { auth: authOf(SECRETS.globex) }),
  };
});
after(async () => {
  await worker?.stop();
  await Promise.all([acme?.stop(), globex?.stop()]);
  await rm(storage, { recursive: true, force: true });
});

function read(tenant: string, key: string): Promise<Response> {
  const path = "/api/now/table/incident?sysparm_fields=number&sysparm_limit=1";
  return fetch(`${worker.url}/${tenant}${path}`, { headers: { authorization: `Bearer ${key}` } });
}

/** The status, and how many incidents the tenant's instance has. */
async function outcome(tenant: string, key: string): Promise<[number, string | null]> {
  const reply = await read(tenant, key);
  await reply.arrayBuffer();
  return [reply.status, reply.headers.get("x-total-count")];
}

test("each tenant's key reads its own instance", async () => {
  assert.deepEqual(await outcome("acme", keys.acme), [200, "120"]);
  assert.deepEqual(await outcome("globex", keys.globex), [200, "30"]);
});

test("key of another tenant is refused like an unknown one", async () => {
  const before = await globex.journal();
  for (const [tenant, key] of [
    ["globex", keys.acme],
    ["globex", "unknown-key"],
    ["nobody", keys.acme],
    ["acme", ADMIN_KEY],
  ] as const) {
    assert.equal((await outcome(tenant, key))[0], 401, `${tenant} ${key}`);
  }
  assert.equal((await globex.journal()).length, before.length, "nothing reached the instance");
});

test("changed credentials are used by the next call", async () => {
  await worker.register("changing", globex.url, { auth: authOf("wrong") });
  const key = await worker.register("changing", globex.url, { auth: authOf("also wrong") });
  assert.equal((await outcome("changing", key))[0], 502);
  const record = await recordOf("changing");
  const put = await worker.admin("PUT", "tenants/changing", { ...record, auth: authOf(SECRETS.globex) });
  assert.equal(put.status, 200, await put.text());
  assert.deepEqual(await outcome("changing", key), [200, "30"]);
});

test("paused tenant sends nothing to its instance until it is resumed", async () => {
  const before = (await acme.journal()).length;
  assert.equal((await worker.admin("POST", "tenants/acme/pause")).status, 200);
  assert.equal((await outcome("acme", keys.acme))[0], 503);
  assert.equal((await outcome("acme", "unknown-key"))[0], 401, "only its callers see that it is paused");
  assert.equal((await acme.journal()).length, before);
  assert.deepEqual(await outcome("globex", keys.globex), [200, "30"], "no other tenant is paused");
  assert.equal((await worker.admin("POST", "tenants/acme/resume")).status, 200);
  assert.deepEqual(await outcome("acme", keys.acme), [200, "120"]);
});

test("changed policy holds for the next call", async () => {
  const key = await worker.register("narrow", acme.url, { auth: authOf(SECRETS.acme) });
  assert.deepEqual(await outcome("narrow", key), [200, "120"]);
  const policies = { reading: { tables: { problem: {} } } };
  const put = await worker.admin("PUT", "tenants/narrow", { ...(await recordOf("narrow")), policies });
  assert.equal(put.status, 200, await put.text());
  assert.equal((await outcome("narrow", key))[0], 403);
});

test("restart keeps tenants, callers and credentials", async () => {
  await worker.stop();
  worker = await workerWithRegistry({ storage, sealingKeys });
  assert.deepEqual(await outcome("acme", keys.acme), [200, "120"]);
  assert.deepEqual(await outcome("globex", keys.globex), [200, "30"]);
});

test("no secret of an instance or caller is in a file or a list", async () => {
  const listed = await (await worker.admin("GET", "tenants")).text();
  const shown = await (await worker.admin("GET", "tenants/acme")).text();
  assert.match(listed, /"id":"acme"/);
  await worker.stop();
  const secrets = [...Object.values(SECRETS), ...Object.values(keys), ADMIN_KEY, sealingKeys.slice("k1:".length)];
  let files = 0;
  for (const entry of await readdir(storage, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    const content = await readFile(join(entry.parentPath, entry.name), "latin1");
    for (const secret of secrets) assert.ok(!content.includes(secret), entry.name);
  }
  assert.ok(files >= 3, `${files} files: the registry and a broker for each tenant`);
  for (const secret of secrets) assert.ok(!`${listed}${shown}`.includes(secret));
  worker = await workerWithRegistry({ storage, sealingKeys });
});

test("removed tenant is unknown", async () => {
  assert.equal((await worker.admin("DELETE", "tenants/acme")).status, 200);
  assert.equal((await outcome("acme", keys.acme))[0], 401);
  assert.equal((await worker.admin("GET", "tenants/acme")).status, 404);
  assert.deepEqual(await outcome("globex", keys.globex), [200, "30"]);
});

async function recordOf(id: string): Promise<Record<string, unknown>> {
  const reply = await worker.admin("GET", `tenants/${id}`);
  assert.equal(reply.status, 200);
  return ((await reply.json()) as { record: Record<string, unknown> }).record;
}
