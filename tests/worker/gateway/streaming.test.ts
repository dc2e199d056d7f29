import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, test } from "node:test";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { call, workerFor } from "../worker-under-test.ts";

const MB = 1_048_576;
let scripted: ScriptedInstance;
let worker: RunningWorker;

before(async () => {
  scripted = await scriptedInstance();
  worker = await workerFor(scripted.url);
});
beforeEach(() => {
  scripted.answer = json(200, { result: [] });
});
after(async () => {
  await worker?.stop();
  await scripted?.stop();
});

/** The resident memory of workerd. */
async function residentMemory({ processId }: RunningWorker): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

async function length(reply: Response): Promise<number> {
  let bytes = 0;
  for await (const chunk of reply.body ?? []) bytes += chunk.byteLength;
  return bytes;
}

test("first byte of 20 MB arrives while 19 MB are not yet sent", {
  timeout: 20_000,
}, async () => {
  let sendTheRest = () => {};
  scripted.answer = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(Buffer.alloc(MB, 32));
    // The rest is sent only after the caller has the first bytes: a worker that buffers would wait forever.
    sendTheRest = () => response.end(Buffer.alloc(19 * MB, 32));
  };
  const reply = await call(worker, "/api/now/table/incident");
  const reader = reply.body?.getReader();
  let bytes = (await reader?.read())?.value?.byteLength ?? 0;
  assert.ok(bytes > 0);
  sendTheRest();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) bytes += part.value.byteLength;
  assert.equal(bytes, 20 * MB);
});

test("content length passes, and 20 MB arrive completely", async () => {
  const body = Buffer.from(Array.from({ length: 20 * MB }, (_, index) => (index * 31) & 255));
  scripted.answer = (_, response) =>
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": body.length }).end(body);
  const reply = await call(worker, "/api/now/attachment/003a3ef24ff1120031577d2ca310c74b/file");
  assert.equal(reply.headers.get("content-length"), String(20 * MB));
  assert.ok(body.equals(Buffer.from(await reply.arrayBuffer())));
});

test("eight streams of 64 MB use less memory than one body", {
  timeout: 60_000,
}, async (t) => {
  const practice: PracticeInstance = await startPracticeInstance("--quiet", "--rows", "10");
  t.after(() => practice.stop());
  const streaming = await workerFor(practice.url);
  t.after(() => streaming.stop());
  await (await call(streaming, "/api/now/practice/bytes?size=1000000")).arrayBuffer();
  const before = await residentMemory(streaming);
  let highest = before;
  const watch = setInterval(async () => {
    highest = Math.max(highest, await residentMemory(streaming));
  }, 10);
  const flows = Array.from({ length: 8 }, async () =>
    length(await call(streaming, `/api/now/practice/bytes?size=${64 * MB}`)),
  );
  const lengths = await Promise.all(flows);
  clearInterval(watch);
  assert.deepEqual(
    lengths,
    Array.from({ length: 8 }, () => 64 * MB),
  );
  // A worker that buffers holds 512 MB here. One that streams holds only the data between two sockets.
  t.diagnostic(`512 MB passed; resident memory rose from ${Math.round(before / MB)} to ${Math.round(highest / MB)} MB`);
  assert.ok(highest - before < 64 * MB, `grew by ${Math.round((highest - before) / MB)} MB`);
});

test("caller that stops reading stops the instance from sending", {
  timeout: 60_000,
}, async (t) => {
  const sent = new Map<unknown, number>();
  scripted.answer = (_, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": 256 * MB });
    const part = Buffer.alloc(MB, 1);
    const more = () => {
      while (!response.destroyed && (sent.get(response) ?? 0) < 256) {
        sent.set(response, (sent.get(response) ?? 0) + 1);
        if (!response.write(part)) return;
      }
      response.end();
    };
    response.on("drain", more);
    more();
  };
  const before = await residentMemory(worker);
  const hangUp = new AbortController();
  const stalled = await Promise.all(
    Array.from({ length: 4 }, () => call(worker, "/api/now/practice/endless", { signal: hangUp.signal })),
  );
  const total = () => [...sent.values()].reduce((sum, parts) => sum + parts, 0);
  // Settled: the instance could not send another part for half a second.
  for (let last = -1; last !== total(); ) {
    last = total();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const grown = (await residentMemory(worker)) - before;
  t.diagnostic(`of 1024 MB ${total()} MB left the instance; resident memory grew by ${Math.round(grown / MB)} MB`);
  assert.equal(stalled.length, 4);
  // The data sent is in the kernel's socket buffers, some megabytes per connection, not in the worker.
  assert.ok(total() < 256, `${total()} MB were sent to callers who do not read`);
  assert.ok(grown < 64 * MB, `grew by ${Math.round(grown / MB)} MB`);
  hangUp.abort();
});

test("caller that hangs up ends the transfer for itself only", {
  timeout: 20_000,
}, async () => {
  const closed = new Promise<boolean>((resolve) => {
    scripted.answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream", "content-length": 20 * MB });
      response.write(Buffer.alloc(MB, 1));
      response.on("close", () => resolve(response.writableFinished));
    };
  });
  const hangUp = new AbortController();
  const reply = await call(worker, "/api/now/practice/endless", { signal: hangUp.signal });
  await reply.body?.getReader().read();
  hangUp.abort();
  assert.equal(await closed, false);

  scripted.answer = json(200, { result: ["next"] });
  const next = await call(worker, "/api/now/table/incident");
  assert.deepEqual(await next.json(), { result: ["next"] });
});

test("truncated body is not passed as complete", { timeout: 20_000 }, async () => {
  scripted.answer = (request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 2 * MB });
    response.write(Buffer.alloc(MB, 32), () => request.socket.destroy());
  };
  const reply = await call(worker, "/api/now/table/incident");
  assert.equal(reply.status, 200);
  await assert.rejects(reply.arrayBuffer());
});
