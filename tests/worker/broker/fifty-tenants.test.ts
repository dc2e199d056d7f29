/** A thousand calls at once over fifty tenants of the registry, through the whole worker, when every token has expired. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { workerWithRegistry } from "../registry-under-test.ts";
import { countingInstance, sleep, temporaryFolder } from "./broker-under-test.ts";

const TENANTS = 50;
const CALLS = 1_000;

test("1,000 callers of 50 tenants with expired tokens: 50 requests", async (t) => {
  const instance = await countingInstance();
  t.after(() => instance.stop());
  const worker = await workerWithRegistry({ storage: await temporaryFolder(t) });
  t.after(() => worker.stop());
  const tenants = await Promise.all(
    Array.from({ length: TENANTS }, async (_, at) => {
      const id = `tenant-${at}`;
      const auth = { grant: "client_credentials", clientId: id, clientSecret: "secret" };
      return { id, key: await worker.register(id, instance.url, { auth }) };
    }),
  );
  const calls = async (count: number) => {
    const replies = Array.from({ length: count }, async (_, at) => {
      const { id, key } = tenants[at % TENANTS] ?? assert.fail();
      const headers = { authorization: `Bearer ${key}` };
      const reply = await fetch(`${worker.url}/${id}/api/now/table/incident`, { headers });
      await reply.arrayBuffer();
      return reply.status;
    });
    return new Set(await Promise.all(replies));
  };
  instance.lifetime = 1;
  assert.deepEqual(await calls(TENANTS), new Set([200]));
  assert.equal(instance.total(), TENANTS);

  await sleep(1_500);
  instance.counts.clear();
  instance.lifetime = 1799;
  instance.delayMs = () => 200;
  assert.deepEqual(await calls(CALLS), new Set([200]));
  assert.deepEqual(
    [...instance.counts.values()],
    tenants.map(() => 1),
  );
  // Each call presented the token of its own tenant.
  const presented = instance.arrived.filter(({ target }) => target.startsWith("/api/"));
  assert.equal(new Set(presented.map(({ headers }) => headers.authorization)).size, 2 * TENANTS);
});
