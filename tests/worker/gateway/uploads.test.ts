/** Bodies of requests in workerd: they stream to the instance, with their length, and are not sent twice. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { call, envelopeOf, KEY } from "../worker-under-test.ts";

const TARGET = "/acme/api/now/attachment/file?table_name=incident&table_sys_id=a&file_name=a.bin";
const MB = 1_048_576;

let instance: ScriptedInstance;
let worker: WorkerWithRegistry;
/** How many bytes of the body have arrived. */
let arrived = 0;
before(async () => {
  instance = await scriptedInstance();
  worker = await workerWithRegistry();
  await worker.register("acme", instance.url, forTestsKey());
  await (await call(worker, "/acme/api/now/table/incident")).arrayBuffer();
});
beforeEach(() => {
  arrived = 0;
  instance.arrived.splice(0);
  instance.answer = (request, response) => {
    request.on("data", (chunk: Buffer) => {
      arrived += chunk.length;
    });
    request.on("end", () => json(201, { result: { size_bytes: arrived } })(request, response));
  };
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

const headers = { "content-type": "application/octet-stream" };

test("body of 20 MB arrives whole, with its length", { timeout: 20_000 }, async () => {
  const reply = await call(worker, TARGET, { method: "POST", headers, body: Buffer.alloc(20 * MB, 7) });
  assert.deepEqual([reply.status, await reply.json()], [201, { result: { size_bytes: 20 * MB } }]);
  assert.equal(instance.arrived[0]?.headers["content-length"], String(20 * MB));
  assert.equal(instance.arrived[0]?.headers["transfer-encoding"], undefined);
});

test("first part of a body arrives before the last is sent", { timeout: 20_000 }, async () => {
  const upload = httpRequest(`${worker.url}${TARGET}`, {
    method: "POST",
    headers: { ...headers, authorization: `Bearer ${KEY}` },
  });
  const answered = new Promise<number>((resolve) => upload.on("response", ({ statusCode = 0 }) => resolve(statusCode)));
  upload.write(Buffer.alloc(MB, 7));
  while (arrived < MB) await new Promise((wake) => setTimeout(wake, 10));
  upload.end(Buffer.alloc(1_000, 7));
  assert.equal(await answered, 201);
  assert.equal(arrived, MB + 1_000);
});

test("caller sends a long body again after a refused token", async () => {
  const refusing = () => {
    let calls = 0;
    instance.answer = (request, response) => {
      request.resume();
      request.on("end", () => {
        calls += 1;
        const refused = { error: { message: "User Not Authenticated" }, status: "failure" };
        json(calls === 1 ? 401 : 201, calls === 1 ? refused : { result: {} })(request, response);
      });
    };
  };
  let tokens = 0;
  instance.answerToken = (request, response) =>
    json(200, { access_token: `renewed-${++tokens}`, token_type: "Bearer", expires_in: 1799 })(request, response);
  const uploads = () => instance.arrived.filter(({ target }) => target.startsWith("/api/")).length;

  refusing();
  const refused = await call(worker, TARGET, { method: "POST", headers, body: Buffer.alloc(MB, 7) });
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [503, "gateway.send-again"]);
  assert.equal(uploads(), 1);
  assert.equal((await call(worker, TARGET, { method: "POST", headers, body: Buffer.alloc(MB, 7) })).status, 201);

  // Another tenant: the broker of the first waits before it replaces a new token, and the same one is not sent again.
  await worker.register("globex", instance.url, forTestsKey());
  const other = TARGET.replace("acme", "globex");
  instance.arrived.splice(0);
  refusing();
  assert.equal((await call(worker, other, { method: "POST", headers, body: Buffer.alloc(60_000, 7) })).status, 201);
  assert.equal(uploads(), 2);
});
