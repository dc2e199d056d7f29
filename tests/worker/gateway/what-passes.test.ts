import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { rawRequest } from "../raw-request.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { call, KEY, workerFor } from "../worker-under-test.ts";

let instance: ScriptedInstance;
let worker: RunningWorker;

before(async () => {
  instance = await scriptedInstance();
  worker = await workerFor(instance.url);
  await (await call(worker, "/api/now/table/warm_up")).arrayBuffer();
});
beforeEach(() => {
  instance.arrived.splice(0);
  instance.answer = json(200, { result: [] });
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

test("path and query string reach the instance byte for byte", async () => {
  const targets = [
    "/api/now/table/incident?sysparm_query=active%3Dtrue%5EpriorityIN1%2C2%5EORDERBYsys_id&sysparm_limit=10",
    "/api/now/table/incident?sysparm_query=active=true^priority!=1^ORnumberLIKEa|b&x={y}`[z]",
    "/api/now/table/incident?a=%zz&b=%&c=%e9&d=%00&e=+&f=%20&g=%2B&h=a%26b&i=..%2f..//../&a=again&=&&",
    "/api/now/table/incident?sysparm_query=short_description%3Dj%C3%A4rn%F0%9F%8C%B2",
    "/api/now/table/incident?",
    "/api/now/table/incident??a?b",
    "/api/now/table/u_caf%C3%A9/a%20b~c!d$e&f'g(h)i*j+k,l=m:n@o",
    "/api/now/table/incident?~!$&()*+,;=:@/?-._",
  ];
  for (const target of targets) await rawRequest(worker.url, `GET ${target}`, { authorization: `Bearer ${KEY}` });
  assert.deepEqual(
    instance.arrived.map(({ target }) => target),
    targets,
  );
});

test("only an apostrophe in a query is rewritten (URL Standard)", async () => {
  await rawRequest(worker.url, "GET /api/now/table/incident?sysparm_query=javascript:gs.daysAgo('1')", {
    authorization: `Bearer ${KEY}`,
  });
  assert.equal(instance.arrived[0]?.target, "/api/now/table/incident?sysparm_query=javascript:gs.daysAgo(%271%27)");
});

test("caller's allowed headers pass, with the tenant's token", async () => {
  await call(worker, "/api/now/table/incident", {
    headers: {
      accept: "application/xml",
      "accept-language": "sv",
      "content-type": "application/json",
      "x-no-response-body": "true",
      cookie: "JSESSIONID=1; glide_user_route=2",
      "x-api-key": KEY,
      "x-usertoken": "csrf",
      "x-forwarded-for": "10.0.0.1",
      "x-http-method-override": "DELETE",
      "x-sn-apikey": "own",
      origin: "https://console.example.com",
      referer: "https://console.example.com/secret-page",
      "user-agent": "caller/1.0",
    },
  });
  const { host, connection, "accept-encoding": encodings, ...headers } = instance.arrived[0]?.headers ?? {};
  assert.deepEqual(headers, {
    authorization: "Bearer scripted-token",
    accept: "application/xml",
    "accept-language": "sv",
    "content-type": "application/json",
    "x-no-response-body": "true",
  });
  assert.equal(host, new URL(instance.url).host);
  assert.ok(connection === undefined || connection === "keep-alive");
  assert.match(encodings as string, /gzip/);
});

test("caller that accepts anything gets JSON", async () => {
  // The second request has the token that the first has obtained, and goes without the package.
  const fresh = await workerFor(instance.url);
  try {
    for (let time = 0; time < 2; time += 1)
      await rawRequest(fresh.url, "GET /api/now/table/incident", { authorization: `Bearer ${KEY}` });
  } finally {
    await fresh.stop();
  }
  const accepted = instance.arrived
    .filter(({ target }) => target.startsWith("/api/"))
    .map(({ headers }) => headers.accept);
  assert.deepEqual(accepted, ["application/json", "application/json"]);
});

test("caller's key never reaches the instance", async () => {
  await call(worker, "/api/now/table/incident", { headers: { "x-api-key": KEY, cookie: `key=${KEY}` } });
  assert.equal(instance.arrived.length, 1);
  assert.ok(!JSON.stringify(instance.arrived).includes(KEY));
});

test("instance's data headers pass, its session headers do not", async () => {
  instance.answer = json(
    200,
    { result: [] },
    {
      "x-total-count": "890",
      link: `<${instance.url}/api/now/table/incident?sysparm_offset=10>;rel="next"`,
      "x-ratelimit-limit": "100",
      "x-ratelimit-reset": "1764000000",
      "x-ratelimit-rule": "abc",
      "content-language": "sv",
      "x-transaction-id": "t1",
      "set-cookie": ["JSESSIONID=1; HttpOnly", "glide_user_route=2"],
      "x-is-logged-in": "true",
      "x-usertoken-response": "csrf",
      "x-mfa_token": "invalid",
      "strict-transport-security": "max-age=1",
      "keep-alive": "timeout=9",
      "proxy-authenticate": "Basic",
      server: "ServiceNow",
    },
  );
  const reply = await call(worker, "/api/now/table/incident");
  const names = [...reply.headers.keys()].filter((name) => name !== "date" && name !== "connection" && name !== "vary");
  assert.deepEqual(names.sort(), [
    "content-language",
    "content-length",
    "content-type",
    "link",
    "server-timing",
    "x-ratelimit-limit",
    "x-ratelimit-reset",
    "x-ratelimit-rule",
    "x-request-id",
    "x-total-count",
    "x-transaction-id",
  ]);
  assert.equal(reply.headers.get("x-total-count"), "890");
  assert.equal(reply.headers.get("link"), `<${instance.url}/api/now/table/incident?sysparm_offset=10>;rel="next"`);
});

test("reply shows the durations of worker and instance, and an id", async () => {
  instance.answer = json(
    200,
    { result: [] },
    { "server-timing": "wall;dur=12, sem_wait;dur=0", "x-request-id": "theirs" },
  );
  const reply = await call(worker, "/api/now/table/incident", { headers: { "x-request-id": "run-7" } });
  assert.match(
    reply.headers.get("server-timing") ?? "",
    /^wall;dur=12, sem_wait;dur=0, gateway;dur=\d+, instance;dur=\d+$/,
  );
  assert.equal(reply.headers.get("x-request-id"), "run-7");
  const refused = await call(worker, "/api/now/table/incident", { method: "POST", headers: { "x-request-id": "<b>" } });
  assert.match(refused.headers.get("server-timing") ?? "", /^gateway;dur=\d+$/);
  assert.match(refused.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
});

test("caller's trace goes on at the instance", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  for (const headers of [
    { traceparent, tracestate: "a=1" },
    { traceparent: "wrong", tracestate: "a=1" },
  ])
    await call(worker, "/api/now/table/incident", { headers });
  assert.deepEqual(
    instance.arrived.map(({ headers }) => [headers.traceparent, headers.tracestate]),
    [
      [traceparent, "a=1"],
      [undefined, undefined],
    ],
  );
});

test("compressed body passes unchanged", async () => {
  const text = JSON.stringify({ result: "x".repeat(5_000) });
  const body = gzipSync(text);
  instance.answer = (_, response) => {
    response
      .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip", "content-length": body.length })
      .end(body);
  };
  const reply = await rawRequest(worker.url, "GET /api/now/table/incident", {
    authorization: `Bearer ${KEY}`,
    "accept-encoding": "gzip",
  });
  assert.equal(instance.arrived[0]?.headers["accept-encoding"], "gzip");
  assert.match(reply.text, /content-encoding: gzip/i);
  const received = Buffer.from(reply.text.slice(reply.text.indexOf("\r\n\r\n") + 4), "latin1");
  assert.equal(gunzipSync(received).toString(), text);
});

test("HEAD is sent as HEAD and returns the length", async () => {
  instance.answer = (_, response) =>
    response.writeHead(200, { "content-type": "application/json", "content-length": 1234, "x-total-count": "7" }).end();
  const reply = await call(worker, "/api/now/table/incident", { method: "HEAD" });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get("x-total-count"), "7");
  assert.equal(reply.headers.get("content-length"), "1234");
  assert.equal(await reply.text(), "");
  assert.deepEqual(
    instance.arrived.map(({ method }) => method),
    ["HEAD"],
  );
});

test("API refusal passes unchanged at any status", async () => {
  for (const status of [400, 403, 404, 405, 406, 414, 415, 429, 500, 503]) {
    const body = { error: { message: `Message ${status}`, detail: null }, status: "failure" };
    instance.answer = json(status, body, { "retry-after": "7", "set-cookie": "a=b" });
    const reply = await call(worker, "/api/now/table/incident");
    assert.equal(reply.status, status);
    assert.deepEqual(await reply.json(), body);
    assert.equal(reply.headers.get("retry-after"), "7");
    assert.equal(reply.headers.get("set-cookie"), null);
  }
  assert.equal(instance.arrived.length, 10);
});

test("attachment passes unchanged, even if it is a web page", async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  instance.answer = (_, response) => {
    response
      .writeHead(200, {
        "content-type": "text/html",
        "content-disposition": "attachment;filename=x.html",
        "x-attachment-metadata": "{}",
      })
      .end(bytes);
  };
  const reply = await call(worker, "/api/now/attachment/003a3ef24ff1120031577d2ca310c74b/file");
  assert.equal(reply.status, 200);
  assert.deepEqual(Buffer.from(await reply.arrayBuffer()), bytes);
  assert.equal(reply.headers.get("content-disposition"), "attachment;filename=x.html");
  assert.equal(reply.headers.get("x-attachment-metadata"), "{}");
  assert.equal(instance.arrived.length, 1);
});
