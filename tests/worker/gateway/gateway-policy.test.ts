/** What a policy does to requests in the gateway: bodies that it looks into, limits, and refusals. The policy itself has tests of its own. */
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { envelopeOf } from "../envelope.ts";
import {
  instance,
  RECORD,
  received,
  resetInstance,
  startInstance,
  stopInstance,
  streamOf,
  toInstance,
  write,
} from "./receiving-instance.ts";

before(startInstance);
beforeEach(resetInstance);
after(stopInstance);

const WRITABLE: Policy = {
  tables: { incident: { methods: ["GET", "POST"], fields: ["number"], writable: ["short_description"] } },
};

async function codeOf(refused: Response): Promise<[number, string | undefined]> {
  return [refused.status, (await envelopeOf(refused)).error.code];
}

test("body that the policy looks into is read whole, and passes", async () => {
  for (const body of [RECORD, streamOf(RECORD)])
    assert.equal((await write({ body }, toInstance(WRITABLE))).status, 201);
  assert.deepEqual(
    received.map(({ body }) => body),
    [RECORD, RECORD],
  );
  const refused = await write({ body: streamOf('{"caller_id":"a"}') }, toInstance(WRITABLE));
  assert.equal(refused.status, 403);
  assert.equal(received.length, 2);
});

test("body that the policy looks into may have 1 MiB", async () => {
  const sized = (length: number) => RECORD.replace("full", "x".repeat(length - RECORD.length + 4));
  const long = sized(2 ** 20 + 1);
  for (const body of [long, streamOf(long)])
    assert.deepEqual(await codeOf(await write({ body }, toInstance(WRITABLE))), [
      413,
      "gateway.body-too-long-for-policy",
    ]);
  assert.equal((await write({ body: sized(2 ** 20) }, toInstance(WRITABLE))).status, 201);
  assert.equal(received.length, 1);
});

test("refusal of the policy reaches no instance, and says why", async () => {
  const refused = await write({ method: "GET", target: "/api/now/table/sys_user" }, toInstance(WRITABLE));
  const { error } = await envelopeOf(refused);
  assert.deepEqual([refused.status, error.code], [403, "policy.table"]);
  assert.match(
    error.detail,
    /^The sysparm worker, not the instance, refused this call: .*[^.]\. Code: policy\.table\./,
  );
  assert.equal(error.causes?.[0]?.code, "policy.table");
  assert.equal(received.length, 0);
});

test("remedy is the operator's only for what is not allowed", async () => {
  const fixOf = async (target: string) => {
    const { error } = await envelopeOf(await write({ method: "GET", target }, toInstance(WRITABLE)));
    assert.ok(error.detail.endsWith(` ${error.causes?.[0]?.fix.join(" ")}`), error.detail);
    return error.causes?.[0]?.fix;
  };
  const operator = ["Ask the operator of the worker what the caller's policy allows."];
  assert.deepEqual(await fixOf("/api/now/table/sys_user"), operator);
  assert.deepEqual(await fixOf("/api/now/table/incident?sysparm_limit=1&sysparm_limit=2"), ["Give it once."]);
  const query = `sysparm_query=number=${"x".repeat(16_330)}`;
  assert.deepEqual(await fixOf(`/api/now/table/incident?${query}`), ["Give fewer parameters, or sysparm_fields."]);
});

test("address that becomes too long by added fields is refused", async () => {
  assert.equal((await write({ method: "GET" }, toInstance(WRITABLE))).status, 201);
  assert.equal(received[0]?.target, "/api/now/table/incident?sysparm_fields=number");
  const target = `/api/now/table/incident?sysparm_query=number=${"x".repeat(16_330)}`;
  assert.equal((await write({ method: "GET", target }, toInstance(WRITABLE))).status, 414);
  assert.equal(received.length, 1);
});

test("requests per minute are limited, and the limit names itself", async () => {
  const to = toInstance({ unrestricted: ["GET"], requestsPerMinute: 2 });
  const statuses: number[] = [];
  for (let calls = 0; calls < 2; calls += 1) statuses.push((await write({ method: "GET" }, to)).status);
  assert.deepEqual(statuses, [201, 201]);
  const refused = await write({ method: "GET" }, to);
  const retryAfter = Number(refused.headers.get("retry-after"));
  assert.ok(retryAfter > 25 && retryAfter <= 30, `${retryAfter}`);
  assert.deepEqual(await codeOf(refused), [429, "gateway.rate"]);
  assert.equal(received.length, 2);
});

test("scripted API passes where the policy names it", async () => {
  const to = toInstance({ paths: { "/api/x_acme/orders": ["GET", "POST"] } });
  assert.equal((await write({ target: "/api/x_acme/orders/close", body: RECORD }, to)).status, 201);
  assert.equal((await write({ method: "GET", target: "/api/x_other/orders" }, to)).status, 403);
  for (const target of ["/api/x_acme//orders", "/api/x_acme/../orders", "/api/X_acme/orders", "/oauth_token.do"])
    assert.deepEqual(await codeOf(await write({ method: "GET", target }, to)), [403, "gateway.address"], target);
  assert.deepEqual(
    received.map(({ target }) => target),
    ["/api/x_acme/orders/close"],
  );
});

test("reply above the byte cap of the policy never ends early", async () => {
  const policy: Policy = { unrestricted: ["GET", "POST"], maxBytes: 1_000 };
  const sized = (length: number, announced: boolean) => (_: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.alloc(length, 32);
    response.writeHead(200, { "content-type": "application/json", ...(announced ? { "content-length": length } : {}) });
    response.write(body.subarray(0, 500));
    setTimeout(() => response.end(body.subarray(500)), 20);
  };
  for (const announced of [true, false]) {
    instance.answer = sized(1_000, announced);
    const passed = await write({ method: "GET" }, toInstance(policy));
    assert.equal(passed.headers.get("content-length"), announced ? "1000" : null);
    assert.equal((await passed.text()).length, 1_000);
  }
  instance.answer = sized(1_001, true);
  const refused = await write({ method: "GET" }, toInstance(policy));
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [403, "gateway.reply-too-long"]);
  assert.equal((await write({ body: RECORD }, toInstance(policy))).status, 502, "a write has happened");
  instance.answer = sized(1_001, false);
  const begun = await write({ method: "GET" }, toInstance(policy));
  assert.equal(begun.status, 200);
  await assert.rejects(begun.text());
});
