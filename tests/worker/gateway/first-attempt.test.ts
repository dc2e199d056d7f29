/** Which requests need the package: it waits for a late reply with a time limit, and nothing is sent again. */
import assert from "node:assert/strict";
import { before, type TestContext, test } from "node:test";
import { load } from "sysparm";
import { LONGEST_WAIT_MS } from "../../../www/worker/src/gateway/first-attempt.ts";
import { passThrough } from "../../../www/worker/src/gateway/pass-through.ts";
import { envelopeOf } from "../envelope.ts";
import { destination, timing } from "./destination.ts";

const TARGET = "/api/now/table/incident";
const REQUEST = new Request(`https://worker.example${TARGET}`);

// While the clock is replaced, reading its files would take more turns than a test gives it.
before(() => Promise.all([load(), import("../../../www/worker/src/gateway/through-package.ts")]));

/** Requests with a held token, while `fetch` is replaced. */
async function passing(t: TestContext, answer: () => Promise<Response>) {
  const to = destination("https://dev12345.service-now.com");
  const sent = t.mock.method(globalThis, "fetch", answer);
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  return { passes: async () => passThrough(REQUEST, TARGET, to, timing()), sent };
}

/** Lets what follows a promise run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("plain reply needs no WebAssembly, a refusal does", async (t) => {
  const instances = t.mock.method(WebAssembly, "Instance");
  const statuses = [200, 404];
  const { passes, sent } = await passing(t, async () =>
    Response.json({ result: [] }, { status: statuses.shift() ?? 500 }),
  );
  assert.equal((await passes()).status, 200);
  assert.equal(instances.mock.callCount(), 0);
  assert.equal((await passes()).status, 404);
  assert.ok(instances.mock.callCount() > 0);
  assert.equal(sent.mock.callCount(), 2);
});

test("reply after the worker's longest wait passes, sent once", async (t) => {
  let arrive = (_: Response) => {};
  const { passes, sent } = await passing(t, () => new Promise((resolve) => (arrive = resolve)));
  const reply = passes();
  t.mock.timers.tick(LONGEST_WAIT_MS);
  await settled();
  arrive(new Response('{"result":[]}', { headers: { "content-type": "application/json", "x-total-count": "0" } }));
  const passed = await reply;
  assert.equal(passed.status, 200);
  assert.equal(passed.headers.get("x-total-count"), "0");
  assert.equal(sent.mock.callCount(), 1);
});

test("no reply within 70 s is answered with 504", async (t) => {
  const { passes, sent } = await passing(t, () => new Promise(() => {}));
  const reply = passes();
  let isOver = false;
  void reply.then(() => {
    isOver = true;
  });
  t.mock.timers.tick(LONGEST_WAIT_MS);
  await settled();
  t.mock.timers.tick(64_999);
  await settled();
  assert.equal(isOver, false);
  t.mock.timers.tick(1_000);
  await settled();
  const { error } = await envelopeOf(await reply);
  assert.equal((await reply).status, 504);
  assert.match(error.detail, /Code: network\.timeout\./);
  assert.equal(sent.mock.callCount(), 1);
});
