import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { CONSOLE, call, workerFor } from "../worker-under-test.ts";

let instance: ScriptedInstance;
let worker: RunningWorker;

before(async () => {
  instance = await scriptedInstance(json(200, { result: [] }, { "x-total-count": "0", vary: "Accept-Encoding" }));
  worker = await workerFor(instance.url);
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

function preflight(origin: string): Promise<Response> {
  return fetch(`${worker.url}/api/now/table/incident`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization" },
  });
}

const listed = (reply: Response, name: string) =>
  (reply.headers.get(name) ?? "")
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim());

test("page of an allowed origin may send its key and read replies", async () => {
  for (const origin of [CONSOLE, "https://console.example.com"]) {
    const permit = await preflight(origin);
    assert.equal(permit.status, 204);
    assert.equal(permit.headers.get("access-control-allow-origin"), origin);
    assert.deepEqual(listed(permit, "access-control-allow-methods"), ["get", "head"]);
    for (const name of ["authorization", "x-api-key", "accept", "content-type"])
      assert.ok(listed(permit, "access-control-allow-headers").includes(name));
    assert.equal(permit.headers.get("access-control-allow-credentials"), null);

    const reply = await call(worker, "/api/now/table/incident", { headers: { origin } });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get("access-control-allow-origin"), origin);
    for (const name of [
      "x-total-count",
      "link",
      "retry-after",
      "x-ratelimit-limit",
      "x-ratelimit-reset",
      "x-ratelimit-rule",
    ]) {
      assert.ok(listed(reply, "access-control-expose-headers").includes(name), name);
    }
    assert.ok(listed(reply, "vary").includes("origin"));
  }
});

test("page of an allowed origin may read the worker's errors", async () => {
  for (const headers of [{ authorization: "Bearer wrong" }, {}]) {
    const reply = await call(worker, headers.authorization ? "/api/now/table/incident" : "/oauth_token.do", {
      headers: { ...headers, origin: CONSOLE },
    });
    assert.equal(reply.status, headers.authorization ? 401 : 403);
    assert.equal(reply.headers.get("access-control-allow-origin"), CONSOLE);
  }
});

test("page of another origin is refused without any request", async () => {
  instance.arrived.splice(0);
  for (const origin of [
    "https://evil.example",
    "null",
    `${CONSOLE}.evil.example`,
    "http://console.example.com",
    "https://console.example.com:8443",
  ]) {
    const permit = await preflight(origin);
    assert.equal(permit.status, 403, origin);
    assert.equal(permit.headers.get("access-control-allow-origin"), null);
  }
  assert.deepEqual(instance.arrived, []);
  const reply = await call(worker, "/api/now/table/incident", { headers: { origin: "https://evil.example" } });
  assert.equal(reply.headers.get("access-control-allow-origin"), null);
  assert.ok(listed(reply, "vary").includes("origin"));
});

test("OPTIONS request that is no preflight is refused", async () => {
  assert.equal((await call(worker, "/api/now/table/incident", { method: "OPTIONS" })).status, 405);
  assert.equal(
    (await call(worker, "/api/now/table/incident", { method: "OPTIONS", headers: { origin: CONSOLE } })).status,
    405,
  );
});

test("no page is allowed without ALLOWED_ORIGINS", async (t) => {
  const closed = await workerFor(instance.url, { ALLOWED_ORIGINS: "" });
  t.after(() => closed.stop());
  const permit = await fetch(`${closed.url}/api/now/table/incident`, {
    method: "OPTIONS",
    headers: { origin: CONSOLE, "access-control-request-method": "GET" },
  });
  assert.equal(permit.status, 403);
});
