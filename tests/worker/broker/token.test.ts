import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { json, scriptedInstance } from "../scripted-instance.ts";
import { call, workerFor } from "../worker-under-test.ts";

let instance: PracticeInstance;
let worker: RunningWorker;

before(async () => {
  instance = await startPracticeInstance("--quiet", "--rows", "200");
  worker = await workerFor(instance.url);
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

/** How many of these callers at once got their reply. */
async function served(callers: number): Promise<number> {
  const replies = await Promise.all(
    Array.from({ length: callers }, () => call(worker, "/api/now/table/incident?sysparm_limit=1")),
  );
  await Promise.all(replies.map((reply) => reply.arrayBuffer()));
  return replies.filter((reply) => reply.status === 200).length;
}

test("hundred concurrent callers share one token request", async () => {
  assert.equal(await served(100), 100);
  assert.equal(await instance.tokenRequests(), 1);
});

test("hundred more callers make no token request", async () => {
  assert.equal(await served(100), 100);
  assert.equal(await instance.tokenRequests(), 1);
});

test("thousand callers after a revocation share one token request", async () => {
  await instance.control("revoke-tokens", {});
  assert.equal(await served(1_000), 1_000);
  assert.equal(await instance.tokenRequests(), 2);
  const refused = (await instance.journal()).filter(({ status }) => status === 401).length;
  assert.ok(refused >= 1 && refused <= 1_000, `${refused} calls met the revoked token`);
});

test("disconnected caller does not cancel the shared token request", async (t) => {
  const slow = await scriptedInstance();
  t.after(() => slow.stop());
  let release = () => {};
  slow.answerToken = (request, response) => {
    release = () =>
      json(200, { access_token: "late-token", token_type: "Bearer", expires_in: 1799 })(request, response);
  };
  const patient = await workerFor(slow.url);
  t.after(() => patient.stop());

  const hangUp = new AbortController();
  const first = call(patient, "/api/now/table/incident", { signal: hangUp.signal });
  while (slow.arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const others = Array.from({ length: 10 }, () => call(patient, "/api/now/table/incident"));
  hangUp.abort();
  await assert.rejects(first, { name: "AbortError" });
  await call(patient, "/health");
  release();
  assert.deepEqual(
    (await Promise.all(others)).map((reply) => reply.status),
    Array.from({ length: 10 }, () => 200),
  );
  assert.equal(slow.arrived.filter(({ target }) => target === "/oauth_token.do").length, 1);
});

test("disconnected caller does not cancel a renewal it began", async (t) => {
  const refusing = await scriptedInstance();
  t.after(() => refusing.stop());
  const patient = await workerFor(refusing.url);
  t.after(() => patient.stop());
  assert.equal((await call(patient, "/api/now/table/incident")).status, 200);

  refusing.answer = (request, response) => {
    const isRenewed = request.headers.authorization === "Bearer renewed-token";
    json(isRenewed ? 200 : 401, isRenewed ? { result: [] } : { error: { message: "User Not Authenticated" } })(
      request,
      response,
    );
  };
  let release = () => {};
  refusing.answerToken = (request, response) => {
    release = () =>
      json(200, { access_token: "renewed-token", token_type: "Bearer", expires_in: 1799 })(request, response);
  };
  const tokens = () => refusing.arrived.filter(({ target }) => target === "/oauth_token.do").length;
  const hangUp = new AbortController();
  const first = call(patient, "/api/now/table/incident", { signal: hangUp.signal });
  while (tokens() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const others = Array.from({ length: 10 }, () => call(patient, "/api/now/table/incident"));
  hangUp.abort();
  await assert.rejects(first, { name: "AbortError" });
  await call(patient, "/health");
  release();
  const statuses = (await Promise.all(others)).map((reply) => reply.status);
  assert.deepEqual(
    statuses,
    Array.from({ length: 10 }, () => 200),
  );
  assert.equal(tokens(), 2);
});

test("token that expires soon is replaced before it is used", async (t) => {
  const shortLived = await scriptedInstance();
  t.after(() => shortLived.stop());
  let tokens = 0;
  shortLived.answerToken = (request, response) => {
    tokens += 1;
    json(200, { access_token: `token-${tokens}`, token_type: "Bearer", expires_in: tokens === 1 ? 1 : 1799 })(
      request,
      response,
    );
  };
  const careful = await workerFor(shortLived.url);
  t.after(() => careful.stop());
  assert.equal((await call(careful, "/api/now/table/incident")).status, 200);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.equal((await call(careful, "/api/now/table/incident")).status, 200);
  assert.deepEqual(
    shortLived.arrived.filter(({ target }) => target !== "/oauth_token.do").map(({ headers }) => headers.authorization),
    ["Bearer token-1", "Bearer token-2"],
  );
});
