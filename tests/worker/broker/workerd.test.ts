/**
 * The broker in real workerd. SYSPARM_RESTARTS=20 kills it 20 times instead of 3, and SYSPARM_IDLE_SECONDS=180 watches idle tenants for three
 * minutes with tokens of 40 s.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerUnderTest, countingInstance, sleep, temporaryFolder } from "./broker-under-test.ts";

const RESTARTS = Number(process.env.SYSPARM_RESTARTS ?? 3);
const IDLE_SECONDS = Number(process.env.SYSPARM_IDLE_SECONDS ?? 8);

const named = (count: number) => Array.from({ length: count }, (_, at) => `tenant-${at}`);

test(`workerd killed ${RESTARTS} times costs a request more each`, async (t) => {
  const instance = await countingInstance();
  t.after(() => instance.stop());
  const storage = await temporaryFolder(t);
  const tenants = named(8);
  // Each request for a token is under way when workerd is killed, or just before or after.
  instance.delayMs = () => Math.random() * 120;
  const start = () => BrokerUnderTest.start({ instanceUrl: instance.url, storage });
  let broker = await start();
  t.after(() => broker.worker.stop());
  let held = await Promise.all(tenants.map((tenant) => broker.ask(tenant)));
  for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
    instance.counts.clear();
    const refused = held.map((answer) => ("value" in answer ? answer.value.slice("Bearer ".length) : ""));
    const asks = tenants.map((tenant, at) => broker.ask(tenant, { refused: refused[at] }).catch(() => undefined));
    await sleep(Math.random() * 150);
    await broker.kill();
    await Promise.all(asks);
    broker = await start();
    held = await Promise.all(tenants.map((tenant, at) => broker.ask(tenant, { refused: refused[at] })));
    held.forEach((answer, at) => {
      assert.ok("value" in answer, JSON.stringify(answer));
      assert.notEqual(answer.value, `Bearer ${refused[at]}`);
    });
    for (const [tenant, count] of instance.counts) assert.ok(count <= 2, `${tenant}: ${count} requests`);
    // Refusals in a row are answered with pauses.
    await Promise.all(tenants.map((tenant) => broker.call(tenant, "resume")));
  }
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
