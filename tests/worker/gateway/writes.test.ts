/** Writes: which bodies stream, which are sent a second time, and what the caller learns. The instance is a server of this process. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { passThrough } from "../../../www/worker/src/gateway/pass-through.ts";
import type { Rules } from "../../../www/worker/src/gateway/rules.ts";
import { envelopeOf } from "../worker-under-test.ts";
import { destination, EVERYTHING, timing } from "./destination.ts";

interface Received {
  method: string;
  target: string;
  headers: IncomingMessage["headers"];
  body: string;
}

const received: Received[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer(async (request, response) => {
  const entry: Received = {
    method: request.method ?? "",
    target: request.url ?? "",
    headers: request.headers,
    body: "",
  };
  received.push(entry);
  request.on("error", () => {});
  try {
    for await (const chunk of request) entry.body += chunk;
  } catch {
    return;
  }
  answer(request, response);
});

const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

const REFUSED_TOKEN = reply(401, {
  error: { message: "User Not Authenticated", detail: "Required to provide Auth information" },
  status: "failure",
});

before(() => once(server.listen(0, "127.0.0.1"), "listening"));
beforeEach(() => {
  received.splice(0);
  answer = reply(201, { result: { sys_id: "a" } });
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const toInstance = (rules: Rules = EVERYTHING) =>
  destination(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, rules);

interface Written {
  method?: string;
  target?: string;
  body?: string | ReadableStream;
  headers?: Record<string, string>;
}

/** A stream of this text, in pieces. */
function streamOf(text: string, pieces = 4): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const size = Math.ceil(bytes.length / pieces);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

async function write(written: Written, to = toInstance()): Promise<Response> {
  const { method = "POST", target = "/api/now/table/incident", body, headers = {} } = written;
  const length = typeof body === "string" ? { "content-length": String(Buffer.byteLength(body)) } : {};
  const init = { method, headers: { "content-type": "application/json", ...length, ...headers }, duplex: "half" };
  const request = new Request(`https://worker.example${target}`, body === undefined ? init : { ...init, body });
  return passThrough(request, target, to, timing());
}

const RECORD = '{"short_description":"disk full"}';

test("write of each method passes with body and headers", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const headers = {
      "x-no-response-body": "true",
      "x-batchrequest-max-output-size": "1000",
      cookie: "a=b",
      "x-usertoken": "c",
    };
    const passed = await write({ method, headers, ...(method === "DELETE" ? {} : { body: RECORD }) });
    assert.equal(passed.status, 201, method);
  }
  assert.deepEqual(
    received.map(({ method, body }) => [method, body]),
    [
      ["POST", RECORD],
      ["PUT", RECORD],
      ["PATCH", RECORD],
      ["DELETE", ""],
    ],
  );
  for (const { headers } of received) {
    assert.equal(headers.authorization, "Bearer token-1");
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["x-no-response-body"], "true");
    assert.deepEqual([headers.cookie, headers["x-usertoken"]], [undefined, undefined]);
  }
  assert.equal(received[0]?.headers["content-length"], String(RECORD.length));
  assert.equal(received[0]?.headers["x-batchrequest-max-output-size"], "1000");
});

test("address of a created record passes", async () => {
  answer = reply(
    201,
    {},
    { location: "https://dev12345.service-now.com/api/now/table/incident/a", "set-cookie": "a=b" },
  );
  const passed = await write({ body: RECORD });
  assert.equal(passed.headers.get("location"), "https://dev12345.service-now.com/api/now/table/incident/a");
  assert.equal(passed.headers.get("set-cookie"), null);
});

test("short body is sent again with a new token after a 401", async () => {
  answer = (request, response) =>
    (request.headers.authorization === "Bearer token-1" ? REFUSED_TOKEN : reply(201, { result: {} }))(
      request,
      response,
    );
  const to = toInstance();
  assert.equal((await write({ body: RECORD }, to)).status, 201);
  assert.deepEqual(
    received.map(({ headers, body }) => [headers.authorization, body]),
    [
      ["Bearer token-1", RECORD],
      ["Bearer token-2", RECORD],
    ],
  );
  assert.equal(to.refused.length, 1);
});

test("streamed body is never sent twice: the caller sends it again", async () => {
  answer = REFUSED_TOKEN;
  for (const [body, headers] of [
    [streamOf("x".repeat(70_000)), { "content-length": "70000" }],
    [streamOf(RECORD), {}],
  ] as const) {
    const to = toInstance();
    const refused = await write({ body, headers }, to);
    const { error } = await envelopeOf(refused);
    assert.equal(refused.status, 503, error.detail);
    assert.equal(error.code, "gateway.send-again");
    assert.equal(refused.headers.get("retry-after"), "0");
    assert.equal(to.refused.length, 1, "the token was renewed");
  }
  assert.equal(received.length, 2);
});

test("body of a scripted API is not sent again after a 401", async () => {
  answer = REFUSED_TOKEN;
  const refused = await write({ target: "/api/x_acme/orders/close", body: RECORD });
  assert.equal((await envelopeOf(refused)).error.code, "gateway.send-again");
  assert.equal(received.length, 1);
});

test("write with an unknown outcome is sent once", async () => {
  const cut = (request: IncomingMessage) => request.socket.destroy();
  for (const failing of [cut, reply(502, "<html>Bad gateway</html>", { "content-type": "text/html" })]) {
    received.splice(0);
    answer = failing;
    const failed = await write({ body: RECORD });
    const { error } = await envelopeOf(failed);
    assert.ok(failed.status >= 500, `${failed.status}`);
    assert.match(error.detail, /The write may have happened: look for the record before you send it again/);
    assert.equal(failed.headers.get("retry-after"), null);
    assert.equal(received.length, 1);
  }
});

test("refusal of a write passes unchanged", async () => {
  const body = { error: { message: "Operation Failed", detail: "ACL Exception Insert Failed" }, status: "failure" };
  for (const status of [400, 403, 404, 429]) {
    answer = reply(status, body, { "retry-after": "9", "x-ratelimit-limit": "5" });
    const refused = await write({ body: RECORD });
    assert.deepEqual([refused.status, await refused.json()], [status, body]);
    assert.deepEqual([refused.headers.get("retry-after"), refused.headers.get("x-ratelimit-limit")], ["9", "5"]);
  }
  assert.equal(received.length, 4);
});

test("redirect of a write is not followed", async () => {
  answer = (_, response) => response.writeHead(307, { location: "/api/now/table/problem" }).end();
  const refused = await write({ body: RECORD });
  assert.equal(refused.status, 502);
  assert.equal((await envelopeOf(refused)).error.code, "instance.redirected");
  assert.equal(received.length, 1);
});

test("header that changes a write is refused, on a reading it is left out", async () => {
  for (const name of [
    "x-http-method-override",
    "x-http-method",
    "if-match",
    "if-unmodified-since",
    "content-encoding",
  ]) {
    const refused = await write({ body: RECORD, headers: { [name]: "DELETE" } });
    const { error } = await envelopeOf(refused);
    assert.deepEqual([refused.status, error.code], [400, "gateway.header"], name);
    assert.ok(error.detail.includes(name) && !error.detail.includes("DELETE"), error.detail);
  }
  assert.equal(received.length, 0);
  assert.equal((await write({ method: "GET", headers: { "x-http-method-override": "DELETE" } })).status, 201);
  assert.equal(received[0]?.headers["x-http-method-override"], undefined);
  assert.equal((await write({ body: RECORD, headers: { "content-encoding": "identity" } })).status, 201);
});

test("method that no REST API has is refused", async () => {
  for (const method of ["OPTIONS", "PROPFIND", "HEA", "get"]) {
    const rules = { ...EVERYTHING, methods: new Set(["GET", "HEAD", "OPTIONS", "PROPFIND"]) };
    const refused = await write({ method }, toInstance(rules));
    if (method === "get") assert.equal(refused.status, 201);
    else assert.equal((await envelopeOf(refused)).error.code, "gateway.method", method);
  }
});

test("body above 100 MB is refused, announced or not", async () => {
  const announced = await write({ body: streamOf("x"), headers: { "content-length": "100000001" } });
  assert.deepEqual([announced.status, (await envelopeOf(announced)).error.code], [413, "gateway.body-too-long"]);
  assert.equal(received.length, 0);

  const part = new Uint8Array(1_000_000);
  let parts = 0;
  const endless = new ReadableStream({
    pull: (controller) => void (parts++ <= 101 ? controller.enqueue(part) : controller.close()),
  });
  const refused = await write({ body: endless });
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [413, "gateway.body-too-long"]);
});

test("policy that looks into a body gets all of it, up to 1 MiB", async () => {
  const seen: (string | undefined)[] = [];
  const rules: Rules = {
    ...EVERYTHING,
    needsBody: () => true,
    decide({ target, body }) {
      seen.push(body && new TextDecoder().decode(body));
      return { allowed: true, target };
    },
  };
  assert.equal((await write({ body: streamOf(RECORD) }, toInstance(rules))).status, 201);
  assert.deepEqual(seen, [RECORD]);
  assert.equal(received[0]?.body, RECORD);

  received.splice(0);
  const long = "x".repeat(2 ** 20 + 1);
  for (const written of [{ body: long }, { body: streamOf(long) }]) {
    const refused = await write(written, toInstance(rules));
    const { error } = await envelopeOf(refused);
    assert.deepEqual([refused.status, error.code], [413, "gateway.body-too-long-for-policy"]);
  }
  assert.equal((await write({ body: long.slice(1) }, toInstance(rules))).status, 201);
  assert.equal(received.length, 1);
});

test("refusal of the policy reaches no instance, and names its code", async () => {
  const rules: Rules = {
    ...EVERYTHING,
    decide: () => ({ allowed: false, status: 403, code: "policy.table", why: "the table is not in the policy" }),
  };
  const refused = await write({ body: RECORD }, toInstance(rules));
  const { error } = await envelopeOf(refused);
  assert.deepEqual([refused.status, error.code], [403, "policy.table"]);
  assert.match(
    error.detail,
    /^The sysparm worker, not the instance, refused this call: the table is not in the policy\./,
  );
  assert.equal(received.length, 0);
});

test("address that the policy makes too long is refused", async () => {
  const rules: Rules = {
    ...EVERYTHING,
    decide: ({ target }) => ({ allowed: true, target: target + "x".repeat(16_384) }),
  };
  const refused = await write({ method: "GET" }, toInstance(rules));
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [414, "gateway.address-too-long"]);
  assert.equal(received.length, 0);
});

test("reply above the byte cap of the policy never ends early", async () => {
  const rules: Rules = { ...EVERYTHING, decide: ({ target }) => ({ allowed: true, target, maxBytes: 1_000 }) };
  const sized = (length: number, announced: boolean) => (_: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.alloc(length, 32);
    response.writeHead(200, { "content-type": "application/json", ...(announced ? { "content-length": length } : {}) });
    response.write(body.subarray(0, 500));
    setTimeout(() => response.end(body.subarray(500)), 20);
  };
  for (const announced of [true, false]) {
    answer = sized(1_000, announced);
    assert.equal((await (await write({ method: "GET" }, toInstance(rules))).text()).length, 1_000);
  }
  answer = sized(1_001, true);
  const refused = await write({ method: "GET" }, toInstance(rules));
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [403, "gateway.reply-too-long"]);
  assert.equal((await write({ body: RECORD }, toInstance(rules))).status, 502, "a write has happened");
  answer = sized(1_001, false);
  const begun = await write({ method: "GET" }, toInstance(rules));
  assert.equal(begun.status, 200);
  await assert.rejects(begun.text());
});
