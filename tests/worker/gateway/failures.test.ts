import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { json, page, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { CLIENT_SECRET, call, envelopeOf, KEY, workerFor } from "../worker-under-test.ts";

let instance: ScriptedInstance;
let worker: RunningWorker;

before(async () => {
  instance = await scriptedInstance();
});
beforeEach(async () => {
  instance.arrived.splice(0);
  instance.answer = json(200, { result: [] });
  instance.answerToken = json(200, { access_token: "scripted-token", token_type: "Bearer", expires_in: 1799 });
  await worker?.stop();
  worker = await workerFor(instance.url);
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

async function failing(status: number, code: RegExp, from = worker): Promise<string> {
  const reply = await call(from, "/api/now/table/incident");
  const { error } = await envelopeOf(reply);
  assert.equal(reply.status, status, error.detail);
  assert.match(error.detail, code);
  assert.match(error.detail, /^The sysparm worker got no usable answer from the instance/);
  assert.ok(
    !error.detail.includes(CLIENT_SECRET) && !error.detail.includes(KEY) && !error.detail.includes("scripted-token"),
  );
  assert.equal(reply.headers.get("cache-control"), "no-store");
  return error.detail;
}

test("instance is down before the first token", async (t) => {
  const stopped = await scriptedInstance();
  await stopped.stop();
  const orphan = await workerFor(stopped.url);
  t.after(() => orphan.stop());
  await failing(502, /Code: network\.unreachable\./, orphan);
});

test("instance goes down while a token is held", async () => {
  // workerd itself repeats a reading once where a connection that it has used before closes (RFC 9110, section 9.2.2).
  instance.answer = json(200, { result: [] }, { connection: "close" });
  assert.equal((await call(worker, "/api/now/table/incident")).status, 200);
  instance.arrived.splice(0);
  instance.answer = (request) => request.socket.destroy();
  await failing(502, /Code: network\.unreachable\./);
  assert.equal(instance.arrived.length, 1);
});

test("hibernating instance answers the token request with its page", async () => {
  instance.answerToken = page(200, "<html><title>Instance Hibernating page</title>Your instance is hibernating</html>");
  await failing(502, /Code: instance\.hibernating\./);
});

test("page instead of an API reply while a token is held", async () => {
  for (const status of [200, 404, 500]) {
    instance.answer = page(status, "<!doctype html><title>Log in</title>");
    await failing(502, /Code: instance\./);
  }
  // A token, and one request each: what the package explains is not sent again.
  assert.equal(instance.arrived.length, 4);
  instance.answer = page(503, "<html>Maintenance</html>");
  await failing(503, /Code: instance\./);
});

test("token request times out", { timeout: 40_000 }, async () => {
  instance.answerToken = () => {};
  const began = Date.now();
  await failing(504, /Code: network\.timeout\./);
  const took = Date.now() - began;
  assert.ok(took > 10_000 && took < 20_000, `${took} ms`);
});

test("wrong client secret is sent once, not for every caller", async () => {
  instance.answerToken = json(401, { error_description: "access_denied", error: "server_error" });
  await failing(502, /Code: token\.refused\./);
  const replies = await Promise.all(Array.from({ length: 20 }, () => failing(502, /Code: token\.refused\./)));
  assert.equal(replies.length, 20);
  assert.equal(instance.arrived.length, 1);
});

test("401 after a new token is not reported as the caller's", async () => {
  let tokens = 0;
  instance.answerToken = (request, response) =>
    json(200, { access_token: `token-${++tokens}`, token_type: "Bearer", expires_in: 1799 })(request, response);
  instance.answer = json(401, {
    error: { message: "User Not Authenticated", detail: "Required to provide Auth information" },
    status: "failure",
  });
  await failing(502, /Code: token\.not-accepted\./);
  assert.deepEqual(
    instance.arrived.map(({ target, headers }) => [target, headers.authorization]),
    [
      ["/oauth_token.do", undefined],
      ["/api/now/table/incident", "Bearer token-1"],
      ["/oauth_token.do", undefined],
      ["/api/now/table/incident", "Bearer token-2"],
    ],
  );
});

test("redirect is not followed", async (t) => {
  const elsewhere = await scriptedInstance();
  t.after(() => elsewhere.stop());
  for (const status of [301, 302, 303, 307, 308]) {
    instance.answer = (_, response) =>
      response
        .writeHead(status, { location: `${elsewhere.url}/api/now/table/incident`, "content-type": "application/json" })
        .end("{}");
    await failing(502, /Code: instance\.redirected\./);
  }
  instance.answerToken = (_, response) => response.writeHead(302, { location: elsewhere.url }).end();
  await worker.stop();
  worker = await workerFor(instance.url);
  await failing(502, /Code: instance\.redirected\./);
  assert.deepEqual(elsewhere.arrived, []);
});
