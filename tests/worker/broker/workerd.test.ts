/**
 * The broker in real workerd. SYSPARM_RESTARTS=20 kills it 20 times instead of 3, at times of SYSPARM_SEED, and SYSPARM_IDLE_SECONDS=180 watches idle
 * tenants for three minutes with tokens of 40 s.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { workerWithRegistry } from "../registry-under-test.ts";
import {
  BrokerUnderTest,
  CLIENT_CREDENTIALS,
  countingInstance,
  SEALING_KEYS,
  sleep,
  temporaryFolder,
} from "./broker-under-test.ts";
import { randomOf } from "./random.ts";

const RESTARTS = Number(process.env.SYSPARM_RESTARTS ?? 3);
const SEED = Number(process.env.SYSPARM_SEED ?? 1);
const IDLE_SECONDS = Number(process.env.SYSPARM_IDLE_SECONDS ?? 8);

const named = (count: number) => Array.from({ length: count }, (_, at) => `tenant-${at}`);

test(`workerd killed ${RESTARTS} times costs a request more each`, async (t) => {
  const instance = await countingInstance();
  t.after(() => instance.stop());
  const storage = await temporaryFolder(t);
  const random = randomOf(SEED);
  // Each request for a token is under way when workerd is killed, or just before or after.
  instance.delayMs = () => random() * 120;
  instance.lifetime = 2;
  const start = () => workerWithRegistry({ storage, sealingKeys: SEALING_KEYS });
  let worker = await start();
  t.after(() => worker.stop());
  const tenants = named(8).map((id) => ({ id, key: "" }));
  for (const tenant of tenants) {
    const auth = { ...CLIENT_CREDENTIALS, clientId: tenant.id };
    tenant.key = await worker.register(tenant.id, instance.url, { auth });
  }
  const calls = () =>
    tenants.map(async ({ id, key }) => {
      const headers = { authorization: `Bearer ${key}` };
      const reply = await fetch(`${worker.url}/${id}/api/now/table/incident`, { headers });
      await reply.arrayBuffer();
      return reply.status;
    });
  const served = tenants.map(() => 200);
  assert.deepEqual(await Promise.all(calls()), served);
  for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
    await sleep(2_100);
    instance.counts.clear();
    const cut = calls().map((call) => call.catch(() => undefined));
    await sleep(random() * 150);
    process.kill(worker.processId, "SIGKILL");
    await worker.ended;
    await Promise.all(cut);
    worker = await start();
    assert.deepEqual(await Promise.all(calls()), served, `restart ${restarts} of seed ${SEED}`);
    for (const { id } of tenants) {
      const count = instance.counts.get(id) ?? 0;
      assert.ok(count >= 1 && count <= 2, `${id}: ${count} requests, restart ${restarts} of seed ${SEED}`);
    }
  }
});

test("question of a newer version does not get the older credential", async (t) => {
  const instance = await countingInstance();
  t.after(() => instance.stop());
  const broker = await BrokerUnderTest.start({ instanceUrl: instance.url, auth: { apiKey: "key" } });
  t.after(() => broker.worker.stop());
  await broker.call("acme", "setSlow", { slowMs: 300 });
  const before = broker.ask("acme");
  await sleep(100);
  // Meanwhile an operator stores another credential, and an isolate has learnt of it.
  await broker.call("acme", "setVersion", { version: 2 });
  const after = await broker.ask("acme", { credentialVersion: 2 });
  assert.ok("value" in after && after.credentialVersion === 2, JSON.stringify(after));
  // Its isolate knows version 1: it uses no answer that names another.
  assert.ok("value" in (await before));
});

test("idle tenants with short tokens make no request", async (t) => {
  const instance = await countingInstance();
  t.after(() => instance.stop());
  const broker = await BrokerUnderTest.start({ instanceUrl: instance.url });
  t.after(() => broker.worker.stop());
  instance.lifetime = IDLE_SECONDS >= 180 ? 40 : 3;
  const tenants = named(20);
  await Promise.all(tenants.map((tenant) => broker.ask(tenant)));
  instance.counts.clear();
  await sleep(IDLE_SECONDS * 1_000);
  assert.equal(instance.total(), 0);
});

test("paused tenant in use makes no request until it is resumed", async (t) => {
  const instance = await countingInstance();
  t.after(() => instance.stop());
  const broker = await BrokerUnderTest.start({ instanceUrl: instance.url });
  t.after(() => broker.worker.stop());
  instance.lifetime = 3;
  const first = await broker.ask("acme");
  assert.ok("value" in first && first.reportFrom !== null);
  await sleep(first.reportFrom - Date.now() + 50);
  await broker.call("acme", "inUse");
  await broker.call("acme", "pause");
  await sleep(3_000);
  const paused = await broker.ask("acme");
  assert.ok("failure" in paused && paused.failure.diagnosis.code === "tenant.paused");
  assert.equal(instance.total(), 1);
  await broker.call("acme", "resume");
  assert.ok("value" in (await broker.ask("acme")));
  assert.equal(instance.total(), 2);
});

test("token in use is renewed by its alarm, without a call", async (t) => {
  const instance = await countingInstance();
  t.after(() => instance.stop());
  const broker = await BrokerUnderTest.start({ instanceUrl: instance.url });
  t.after(() => broker.worker.stop());
  instance.lifetime = 6;
  const first = await broker.ask("acme");
  assert.ok("value" in first && first.reportFrom !== null);
  await sleep(first.reportFrom - Date.now() + 100);
  await broker.call("acme", "inUse");
  instance.lifetime = 1799;
  await sleep(5_000);
  assert.equal(instance.total(), 2);
  const second = await broker.ask("acme");
  assert.ok("value" in second && second.value !== first.value);
  assert.equal(instance.total(), 2);
});
