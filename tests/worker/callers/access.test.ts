import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { hashOfKey, type RunningWorker } from "../../../www/worker/serve.ts";
import { rawRequest } from "../raw-request.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { call, envelopeOf, KEY, workerFor } from "../worker-under-test.ts";

let instance: ScriptedInstance;
let worker: RunningWorker;

before(async () => {
  instance = await scriptedInstance(json(200, { result: [{ number: "INC0000001" }] }));
  worker = await workerFor(instance.url);
});
beforeEach(() => instance.arrived.splice(0));
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

test("key is accepted as bearer token and in x-api-key", async () => {
  for (const headers of [
    { authorization: `Bearer ${KEY}` },
    { authorization: `bearer  ${KEY}` },
    { "x-api-key": KEY },
    { "x-api-key": "another key" },
  ]) {
    const reply = await fetch(`${worker.url}/api/now/table/incident`, { headers: headers as Record<string, string> });
    assert.equal(reply.status, 200);
    assert.deepEqual(await reply.json(), { result: [{ number: "INC0000001" }] });
  }
  assert.equal(instance.arrived.filter(({ target }) => target === "/api/now/table/incident").length, 4);
});

test("call without a known key never reaches the instance", async () => {
  const strangers: Record<string, string>[] = [
    {},
    { authorization: "" },
    { authorization: "Bearer" },
    { authorization: "Bearer " },
    { authorization: `Basic ${Buffer.from(`x:${KEY}`).toString("base64")}` },
    { authorization: `Bearer ${KEY}x` },
    { authorization: `Bearer ${KEY.slice(0, -1)}` },
    { authorization: `Bearer ${KEY.toUpperCase()}` },
    { authorization: `Bearer ${KEY}, Bearer ${KEY}` },
    { authorization: KEY },
    { "x-api-key": "" },
    { "x-api-key": "wrong" },
    { "x-api-key": "wrong", authorization: `Bearer ${KEY}` },
    { "x-api-key": "", authorization: `Bearer ${KEY}` },
    { "x-api-key": "k".repeat(10_000) },
    { cookie: `key=${KEY}` },
  ];
  for (const headers of strangers) {
    for (const target of [
      "/api/now/table/incident",
      `/api/now/table/incident?x-api-key=${KEY}`,
      "/oauth_token.do",
      "/anything",
    ]) {
      const reply = await fetch(worker.url + target, { headers });
      const { error } = await envelopeOf(reply);
      assert.equal(reply.status, 401, JSON.stringify(headers));
      assert.equal(error.message, "User Not Authenticated");
      assert.match(error.detail, /The sysparm worker, not the instance, refused/);
      assert.equal(reply.headers.get("cache-control"), "no-store");
    }
  }
  assert.deepEqual(instance.arrived, []);
});

test("key longer than 512 characters is refused", async (t) => {
  const [longest, longer] = ["k".repeat(512), "k".repeat(513)];
  const known = await workerFor(instance.url, {
    CALLER_KEYS: JSON.stringify([longest, longer].map((key) => ({ name: `${key.length}`, sha256: hashOfKey(key) }))),
  });
  t.after(() => known.stop());
  for (const [key, status] of [
    [longest, 200],
    [longer, 401],
  ] as const) {
    for (const headers of [{ "x-api-key": key }, { authorization: `Bearer ${key}` }]) {
      const reply = await fetch(`${known.url}/api/now/table/incident`, { headers: headers as Record<string, string> });
      await reply.arrayBuffer();
      assert.equal(reply.status, status, `${key.length}`);
    }
  }
});

test("expired key is refused with a code of its own", async (t) => {
  const entry = (name: string, key: string, expiresAt: string) => ({ name, sha256: hashOfKey(key), expiresAt });
  const entries = [entry("old", "old key", "2020-01-01T00:00:00Z"), entry("new", "new key", "2099-01-01T00:00:00Z")];
  const known = await workerFor(instance.url, { CALLER_KEYS: JSON.stringify(entries) });
  t.after(() => known.stop());
  const replyFor = (key: string) =>
    fetch(`${known.url}/api/now/table/incident`, { headers: { "x-api-key": key } as Record<string, string> });
  assert.equal((await replyFor("new key")).status, 200);
  for (const [key, code] of [
    ["old key", "caller.expired"],
    ["another key", "caller.unknown"],
    ["", "caller.missing"],
  ] as const) {
    const reply = await replyFor(key);
    assert.equal(reply.status, 401);
    assert.match(reply.headers.get("www-authenticate") ?? "", /^Bearer/);
    assert.match((await envelopeOf(reply)).error.detail, new RegExp(`Code: ${code}\\. [A-Z]`));
  }
});

test("callers beyond the remembered ones are accepted, too", async (t) => {
  // The worker remembers 16.
  const keys = Array.from({ length: 20 }, (_, number) => `key of caller ${String(number).padStart(2, "0")}`);
  const known = await workerFor(instance.url, {
    CALLER_KEYS: JSON.stringify(keys.map((key) => ({ name: key, sha256: hashOfKey(key) }))),
  });
  t.after(() => known.stop());
  const statusFor = async (key: string) => {
    const reply = await fetch(`${known.url}/api/now/table/incident`, { headers: { "x-api-key": key } });
    await reply.arrayBuffer();
    return reply.status;
  };
  for (let round = 0; round < 3; round += 1) {
    for (const key of keys) {
      assert.equal(await statusFor(key), 200, key);
      assert.equal(await statusFor(key.replace("key", "kez")), 401, key);
      assert.equal(await statusFor(`${key}0`), 401, key);
    }
  }
});

test("no spelling of a path outside /api/now/ reaches the instance", async () => {
  const authorization = `Bearer ${KEY}`;
  for (const target of [
    "/oauth_token.do",
    "/login.do",
    "/api/now",
    "/api/x_scope/own/api",
    "//evil.example/api/now/table/incident",
    "/api/now/../../oauth_token.do",
    "/api/now/table/../../../login.do",
    "/api/now/%2e%2e/%2e%2e/oauth_token.do",
    "/api/now/..%2f..%2foauth_token.do",
    "/api/now/..;/..;/oauth_token.do",
    "/api/now/%252e%252e/%252e%252e/oauth_token.do",
    "/api/now/..\\..\\oauth_token.do",
    "/api\\now\\table",
    "/api/now//table",
    "/api/now/table/incident%00",
    "/api/now/table/%c0%ae%c0%ae/%c0%ae%c0%ae/oauth_token.do",
    "/api/now/%ef%bc%8e%ef%bc%8e/%e2%80%a5/oauth_token.do",
    "/api/now/table/%e2%84%80",
    "/api/now/",
  ]) {
    const reply = await rawRequest(worker.url, `GET ${target}`, { authorization });
    assert.equal(reply.status, 403, target);
    assert.match(reply.text, /The sysparm worker, not the instance, refused this address/, target);
  }
  // The runtime refuses an invalid target, or reads it as the worker's own front page.
  for (const target of ["*", "/api/now/caf\u00e9", "/api/now/<x>", "ftp://127.0.0.1/x", "evil.example:80"]) {
    await rawRequest(worker.url, `GET ${target}`, { authorization });
  }
  assert.deepEqual(instance.arrived, []);
});

test("absolute URL in the request line leads to the instance only", async (t) => {
  const other = await scriptedInstance();
  t.after(() => other.stop());
  for (const host of [new URL(other.url).host, "instance.example"]) {
    const reply = await rawRequest(worker.url, `GET ${other.url}/api/now/table/incident`, {
      authorization: `Bearer ${KEY}`,
      host,
    });
    assert.equal(reply.status, 200);
  }
  assert.deepEqual(other.arrived, []);
  assert.equal(instance.arrived.filter(({ target }) => target === "/api/now/table/incident").length, 2);
});

test("URL longer than the limit is refused before it is sent", async () => {
  const reply = await call(worker, `/api/now/table/incident?sysparm_query=${"a".repeat(20_000)}`);
  assert.equal(reply.status, 414);
  await envelopeOf(reply);
  assert.deepEqual(instance.arrived, []);
});

test("methods that write never reach the instance", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
    const reply = await call(worker, "/api/now/table/incident", { method });
    assert.equal(reply.status, 405, method);
    assert.equal(reply.headers.get("allow"), "GET, HEAD");
    await envelopeOf(reply);
  }
  const overridden = await call(worker, "/api/now/table/incident", { headers: { "x-http-method-override": "DELETE" } });
  assert.equal(overridden.status, 200);
  assert.deepEqual(
    instance.arrived.map(({ method, headers }) => [method, headers["x-http-method-override"]]),
    [["GET", undefined]],
  );
});

test("front page needs no key and holds no secret", async () => {
  for (const path of ["/", "/health"]) {
    const reply = await fetch(worker.url + path);
    const text = await reply.text();
    assert.equal(reply.status, 200);
    assert.equal(JSON.parse(text).service, "sysparm worker");
    assert.ok(!text.includes("practice"));
    assert.equal((await fetch(worker.url + path, { method: "POST" })).status, 401);
  }
  assert.deepEqual(instance.arrived, []);
});

test("invalid bindings are named on every call, without values", async (t) => {
  const broken = await workerFor("http://dev12345.service-now.com", {
    CLIENT_SECRET: "hush-hush ",
    CALLER_KEYS: '[{"name":"hush-hush"}]',
  });
  t.after(() => broken.stop());
  for (const path of ["/", "/api/now/table/incident", "/api/now/table/incident"]) {
    const reply = await call(broken, path);
    const { error } = await envelopeOf(reply);
    assert.equal(reply.status, 500);
    for (const name of ["INSTANCE_URL", "CLIENT_SECRET", "CALLER_KEYS"]) assert.match(error.detail, new RegExp(name));
    assert.ok(!error.detail.includes("hush-hush"));
  }
});
