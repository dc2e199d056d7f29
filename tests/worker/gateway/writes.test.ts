/** Writes: which bodies stream, which are sent a second time, and what the caller learns. */
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import type { CredentialSource } from "../../../www/worker/src/gateway/credentials.ts";
import { envelopeOf } from "../envelope.ts";
import {
  instance,
  RECORD,
  REFUSED_TOKEN,
  received,
  reply,
  resetInstance,
  startInstance,
  stopInstance,
  streamOf,
  toInstance,
  write,
} from "./receiving-instance.ts";

const TOKEN = { name: "authorization", value: "Bearer token-1" } as const;
const BASIC = { name: "authorization", value: "Basic dTpw" } as const;
/** The broker has no other credential. */
const same: CredentialSource = { held: () => TOKEN, obtain: async () => TOKEN };

before(startInstance);
beforeEach(resetInstance);
after(stopInstance);

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

test("credential is called right by an answer, and by no refusal", async () => {
  const right: unknown[] = [];
  const credentials: CredentialSource = { ...same, accepted: ({ value }) => void right.push(value) };
  await write({ body: RECORD }, { ...toInstance(), credentials });
  assert.deepEqual(right, [TOKEN.value]);
  instance.answer = REFUSED_TOKEN;
  await write({ body: RECORD }, { ...toInstance(), credentials });
  assert.equal(right.length, 1);
});

test("address of a created record passes", async () => {
  instance.answer = reply(
    201,
    {},
    { location: "https://dev12345.service-now.com/api/now/table/incident/a", "set-cookie": "a=b" },
  );
  const passed = await write({ body: RECORD });
  assert.equal(passed.headers.get("location"), "https://dev12345.service-now.com/api/now/table/incident/a");
  assert.equal(passed.headers.get("set-cookie"), null);
});

test("short body is sent again with a new token after a 401", async () => {
  instance.answer = (request, response) =>
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
  instance.answer = REFUSED_TOKEN;
  for (const [body, headers] of [
    [streamOf("x".repeat(70_000)), { "content-length": "70000" }],
    [streamOf(RECORD), {}],
  ] as const) {
    const to = toInstance();
    const refused = await write({ body, headers }, to);
    const { error } = await envelopeOf(refused);
    assert.equal(refused.status, 503, error.detail);
    assert.equal(error.code, "gateway.send-again");
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal(to.refused.length, 1, "the token was renewed");
  }
  assert.equal(received.length, 2);
});

test("write of a scripted API has an unknown outcome after a 401", async () => {
  instance.answer = REFUSED_TOKEN;
  const target = "/api/x_acme/orders/close";
  const noOther: CredentialSource = { ...same, obtain: () => Promise.reject(new Error("no other one")) };
  for (const credentials of [toInstance().credentials, same, noOther]) {
    for (const body of [RECORD, streamOf(RECORD)]) {
      received.splice(0);
      const refused = await write({ target, body }, { ...toInstance(), refused: [], credentials });
      const { error } = await envelopeOf(refused);
      assert.deepEqual([refused.status, error.code], [502, "gateway.outcome-unknown"], error.detail);
      assert.equal(refused.headers.get("retry-after"), null);
      assert.match(error.detail, /Look for what the write would have changed before you send it again/);
      assert.equal(received.length, 1);
    }
  }
  received.splice(0);
  assert.equal((await write({ method: "GET", target })).status, 502);
  assert.equal(received.length, 2, "a reading is sent again");
});

test("credential that stays the same is not sent again after a 401", async () => {
  instance.answer = REFUSED_TOKEN;
  const refusedPassword: CredentialSource = { held: () => BASIC, obtain: async () => BASIC };
  for (const credentials of [same, refusedPassword]) {
    for (const written of [{ body: RECORD }, { body: streamOf(RECORD) }, { method: "GET" }]) {
      received.splice(0);
      const refused = await write(written, { ...toInstance(), refused: [], credentials });
      const { error } = await envelopeOf(refused);
      assert.deepEqual([refused.status, error.code], [502, "token.not-accepted"], error.detail);
      assert.equal(refused.headers.get("retry-after"), null);
      assert.equal(received.length, 1);
    }
  }
});

test("write with an unknown outcome is sent once", async () => {
  const cut = (request: IncomingMessage) => request.socket.destroy();
  for (const failing of [cut, reply(502, "<html>Bad gateway</html>", { "content-type": "text/html" })]) {
    received.splice(0);
    instance.answer = failing;
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
    instance.answer = reply(status, body, { "retry-after": "9", "x-ratelimit-limit": "5" });
    const refused = await write({ body: RECORD });
    assert.deepEqual([refused.status, await refused.json()], [status, body]);
    assert.deepEqual([refused.headers.get("retry-after"), refused.headers.get("x-ratelimit-limit")], ["9", "5"]);
  }
  assert.equal(received.length, 4);
});

test("redirect of a write is not followed", async () => {
  instance.answer = (_, response) => response.writeHead(307, { location: "/api/now/table/problem" }).end();
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
  for (const method of ["OPTIONS", "PROPFIND", "HEA", "post", "POST2"]) {
    const refused = await write({ method });
    // The Fetch Standard writes some methods in capital letters.
    if (method === "post") assert.equal(refused.status, 201);
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
