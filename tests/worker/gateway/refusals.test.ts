/** Each refusal by its status, its code and what a program reads from it. The wording is not tested. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as refusals from "../../../www/worker/src/gateway/refusals.ts";
import { envelopeOf } from "../envelope.ts";

const RETRY = "retry-after";

test("each refusal has its status, its code and a fix", async () => {
  for (const [reply, status, code, retryAfter] of [
    [refusals.bodyCut(), 400, "gateway.body-cut", null],
    [refusals.bodySlow(), 408, "gateway.body-slow", null],
    [refusals.busy(), 503, "gateway.busy", "1"],
    [refusals.sendAgain(), 503, "gateway.send-again", "1"],
    [refusals.outcomeUnknown(), 502, "gateway.outcome-unknown", null],
    [refusals.notConfigured("SERVICENOW_URL is missing."), 500, "gateway.not-configured", null],
    [refusals.originRefused(), 403, "gateway.origin", null],
    [refusals.registryUnavailable(), 503, "gateway.registry", "5"],
    [refusals.brokerUnavailable(), 503, "gateway.broker", "1"],
    [refusals.tenantChanged(), 503, "gateway.tenant-changed", "1"],
    [refusals.tenantPaused(), 503, "gateway.tenant-paused", null],
    [refusals.unknownFailure(new TypeError("hush")), 500, "gateway.failed", null],
  ] as const) {
    assert.equal(reply.headers.get(RETRY), retryAfter, code);
    const { error } = await envelopeOf(reply);
    const [cause] = error.causes ?? [];
    assert.deepEqual([reply.status, error.code, error.causes?.length, cause?.code], [status, code, 1, code]);
    assert.ok(cause && cause.title.length > 10 && cause.fix.length > 0, code);
    assert.ok(cause.fix.every((fix) => fix.length > 10 && !fix.includes("undefined")));
    assert.ok(!error.detail.includes("undefined") && !error.detail.includes("hush"), error.detail);
  }
});

test("refused call is worded with its reason, code and fix", async () => {
  const refusal = { status: 418, message: "Refused", code: "gateway.x", why: "it is hot", fix: ["Wait.", "Cool it."] };
  const { error } = await envelopeOf(refusals.refused(refusal));
  const words = "The sysparm worker, not the instance, refused this call: it is hot. Code: gateway.x. Wait. Cool it.";
  assert.deepEqual([error.message, error.detail], ["Refused", words]);
  assert.deepEqual(error.causes, [{ code: "gateway.x", title: "it is hot", fix: ["Wait.", "Cool it."] }]);
  const bare = await envelopeOf(refusals.refused({ ...refusal, fix: [], what: "address" }));
  const shorter = "The sysparm worker, not the instance, refused this address: it is hot. Code: gateway.x.";
  assert.equal(bare.error.detail, shorter);
});

test("address refusal says what to shorten or to encode", () => {
  const long = refusals.addressRefusal(414, "too long");
  assert.deepEqual([long.status, long.code, long.what], [414, "gateway.address-too-long", "address"]);
  assert.match(long.fix.join(" "), /Shorten sysparm_query.* Batch/);
  const odd = refusals.addressRefusal(403, "odd");
  assert.deepEqual([odd.status, odd.code, odd.why], [403, "gateway.address", "odd"]);
  assert.match(odd.fix.join(" "), /percent-encoded once/);
});

test("policy refusal names its own fix, else the operator", () => {
  const own = refusals.policyRefusal({
    allowed: false,
    status: 403,
    code: "policy.table",
    why: "No.",
    fix: "Ask less.",
  });
  assert.deepEqual([own.status, own.code, own.why, own.fix], [403, "policy.table", "No", ["Ask less."]]);
  const other = refusals.policyRefusal({ allowed: false, status: 403, code: "policy.table", why: "v1. no" });
  assert.equal(other.why, "v1. no");
  assert.match(other.fix.join(" "), /operator/);
});

test("method refusal lists the methods that pass", () => {
  const writes = refusals.methodRefusal(new Set(["GET", "POST", "DELETE"]));
  assert.equal(writes.status, 405);
  assert.deepEqual(writes.headers, { allow: "GET, HEAD, POST, DELETE" });
  assert.equal(writes.why, "it passes GET and HEAD and POST and DELETE only");
  assert.equal(writes.fix.length, 1);
  assert.deepEqual(refusals.methodRefusal(new Set(["GET"])).headers, { allow: "GET, HEAD" });
  assert.deepEqual([...refusals.WRITES], ["POST", "PUT", "PATCH", "DELETE"]);
});

test("header refusal tells compression from a changed method", () => {
  const compressed = refusals.headerRefusal("content-encoding");
  assert.deepEqual([compressed.status, compressed.fix], [400, ["Send the body uncompressed."]]);
  assert.match(compressed.why, /^the header content-encoding /);
  assert.match(refusals.headerRefusal("x-http-method-override").fix.join(" "), /Leave the header out/);
});

test("length refusal names the limit that was passed", () => {
  const whole = refusals.lengthRefusal("too-long");
  assert.deepEqual([whole.status, whole.code, whole.fix.length], [413, "gateway.body-too-long", 1]);
  assert.match(whole.why, / 100 MB/);
  const seen = refusals.lengthRefusal("too-long-to-see");
  assert.deepEqual([seen.status, seen.code, seen.fix.length], [413, "gateway.body-too-long-for-policy", 1]);
  assert.match(seen.why, / 1 MiB/);
});

test("slow body is answered with how long the worker waited", async () => {
  assert.match((await envelopeOf(refusals.bodySlow())).error.detail, /within 30 seconds/);
});

test("caller's own limit asks for at least a second", async () => {
  for (const [seconds, shown] of [
    [0, "1"],
    [0.2, "1"],
    [1, "1"],
    [1.1, "2"],
    [59.5, "60"],
  ] as const) {
    const reply = refusals.rateRefused(seconds);
    assert.deepEqual([reply.status, reply.headers.get(RETRY)], [429, shown]);
    const { error } = await envelopeOf(reply);
    assert.deepEqual([error.code, error.causes?.[0]?.fix.length], ["gateway.rate", 2]);
  }
});

test("reply that is too long blames no caller after a write", async () => {
  const read = refusals.replyTooLong(1_000, false);
  const written = refusals.replyTooLong(1_000, true);
  assert.deepEqual([read.status, written.status], [403, 502]);
  for (const [reply, words] of [
    [read, /1000 bytes.*sysparm_limit/],
    [written, /1000 bytes.*read the record.*X-no-response-body/],
  ] as const) {
    const { error } = await envelopeOf(reply);
    assert.match(error.detail, words);
    assert.equal(error.causes?.[0]?.code, "gateway.reply-too-long");
    assert.ok((error.causes[0].fix.length ?? 0) > 0);
  }
});

test("invalid bindings are named in the cause", async () => {
  const { error } = await envelopeOf(refusals.notConfigured("API_KEYS is empty."));
  assert.match(error.detail, /API_KEYS is empty\.$/);
  assert.deepEqual(error.causes?.[0]?.fix, ["API_KEYS is empty."]);
});
