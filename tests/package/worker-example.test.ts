/** `examples/worker` as it stands, in real workerd against a practice instance. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningWorker } from "../../www/worker/workerd-process.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";
import { workerOf } from "./in-workerd.js";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;
let worker: RunningWorker;

before(async () => {
  instance = await startPracticeInstance("--rows", "200", "--quiet");
  project = installInto("worker-example");
  const start = await workerOf(project, "examples/worker/worker.ts");
  worker = await start({ INSTANCE_URL: instance.url, CLIENT_ID, CLIENT_SECRET });
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
  project?.remove();
});

function file(body: unknown, key?: string): Promise<Response> {
  const headers = { "content-type": "application/json", ...(key && { "idempotency-key": key }) };
  return fetch(`${worker.url}/incidents`, { method: "POST", headers, body: JSON.stringify(body) });
}

test("example Worker serves a hundred requests with one token", async () => {
  const replies = await Promise.all(Array.from({ length: 100 }, () => fetch(`${worker.url}/incidents`)));
  const lists = (await Promise.all(replies.map((reply) => reply.json()))) as Record<string, string>[][];
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
  assert.deepEqual([...new Set(lists.map(({ length }) => length))], [20]);
  assert.match(lists[0]?.[0]?.number ?? "", /^INC\d+$/);
  assert.equal(await instance.tokenRequests(), 1);
});

test("example Worker files a repeated form once", async () => {
  const replies = [
    await file({ description: "printer on fire" }, "form-1"),
    await file({ description: "x" }, "form-1"),
  ];
  const [first, again] = (await Promise.all(replies.map((reply) => reply.json()))) as { number: string }[];
  assert.deepEqual(first, again);
  assert.equal((await file({ description: "without a key" })).status, 400);
});

test("example Worker answers 502 for a failure of the instance", async (t) => {
  t.after(() => instance.set({ hibernating: false }));
  await instance.set({ hibernating: true });
  const reply = await fetch(`${worker.url}/incidents`);
  const { code } = (await reply.json()) as { code: string };
  assert.deepEqual([reply.status, code], [502, "instance.hibernating"]);
});
