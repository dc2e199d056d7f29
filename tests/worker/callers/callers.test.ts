import "./workerd-crypto.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { Callers, NO_CALLERS } from "../../../www/worker/src/callers/callers.ts";
import type { CallerRecord } from "../../../www/worker/src/callers/record.ts";
import { AUDIENCE, type TestIssuer, testIssuer, writtenToken } from "./test-issuer.ts";

let issuer: TestIssuer;
before(async () => {
  issuer = await testIssuer();
});
after(() => issuer?.stop());

const POLICIES = { reads: "policy that reads", writes: "policy that writes" };
const sha256 = (key: string) => createHash("sha256").update(key).digest("hex");
const byKey = (name: string, policy: string, expiresAt?: string) => ({
  name,
  policy,
  key: { sha256: sha256(`key-of-${name}`), expiresAt },
});

function callers(...others: CallerRecord[]) {
  const { url, jwksUrl } = issuer;
  const jwt = { issuer: url, audience: AUDIENCE, jwksUrl, algorithms: ["ES256"] as const };
  return new Callers<string>([byKey("ann", "reads"), { name: "app", policy: "writes", jwt }, ...others], POLICIES);
}

const bearer = (value: string) => new Headers({ authorization: `Bearer ${value}` });

async function outcome(from: Callers<string>, headers: Headers, now = Date.now()): Promise<string> {
  const found = await from.identify(headers, now);
  return "code" in found ? found.code : `${found.name}: ${found.policy}`;
}

test("caller is found by key or by token, with its policy", async () => {
  const known = callers();
  assert.equal(await outcome(known, bearer("key-of-ann")), "ann: policy that reads");
  assert.equal(await outcome(known, new Headers({ "x-api-key": "key-of-ann" })), "ann: policy that reads");
  assert.equal(await outcome(known, bearer(await issuer.sign())), "app: policy that writes");
});

test("repeated key and token are found without a promise", async () => {
  const known = callers();
  for (const headers of [bearer("key-of-ann"), bearer(await issuer.sign())]) {
    const now = Date.now();
    assert.equal(known.remembered(headers, now), undefined);
    const found = await known.identify(headers, now);
    assert.equal(known.remembered(headers, now), found);
    assert.equal(known.remembered(bearer("key-of-eve"), now), undefined);
  }
});

test("expired key and token are not found any longer", async () => {
  const now = Date.now();
  const known = callers(byKey("bob", "reads", new Date(now + 60_000).toISOString()));
  const token = bearer(await issuer.sign({ claims: { exp: Math.floor(now / 1000) + 60 } }));
  for (const headers of [bearer("key-of-bob"), token]) {
    await known.identify(headers, now);
    assert.ok(known.remembered(headers, now));
    assert.equal(known.remembered(headers, now + 60_001), undefined);
    assert.equal(await outcome(known, headers, now + 100_000), "caller.expired");
  }
});

test("expiry that cannot be read is in the past", async () => {
  assert.equal(await outcome(callers(byKey("bob", "reads", "soon")), bearer("key-of-bob")), "caller.expired");
});

test("caller whose policy is missing is refused at once", () => {
  for (const policy of ["none", "constructor", "__proto__"])
    assert.throws(() => callers(byKey("bob", policy)), /caller's policy is missing/);
});

test("refusal has code, reason, advice and challenge", async () => {
  const missing = await callers().identify(new Headers(), Date.now());
  const unknown = await callers().identify(bearer("key-of-eve"), Date.now());
  assert.ok("code" in missing && "code" in unknown);
  assert.deepEqual([missing.status, missing.code], [401, "caller.missing"]);
  assert.equal(missing.headers["www-authenticate"], "Bearer");
  assert.equal(unknown.code, "caller.unknown");
  assert.match(unknown.headers["www-authenticate"] ?? "", /^Bearer error="invalid_token", error_description="[^"]+"$/);
  for (const { why, fix } of [missing, unknown]) assert.ok(why.length > 10 && fix.join("").length > 10);
});

test("every address answers a stranger alike, with or without a tenant", async () => {
  const keysOnly = new Callers<string>([byKey("ann", "reads")], POLICIES);
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer.url, aud: AUDIENCE, exp: now + 600 };
  const strangers = [
    new Headers(),
    new Headers({ authorization: "Basic eDp5" }),
    new Headers({ cookie: "key-of-ann" }),
    bearer("key-of-eve"),
    bearer("k".repeat(600)),
    bearer(writtenToken({ alg: "none" }, claims)),
    bearer(writtenToken({ alg: "HS256", kid: issuer.key.jwk.kid }, claims, "x".repeat(32))),
    bearer(writtenToken({ alg: "ES256", kid: issuer.key.jwk.kid }, claims, "x".repeat(64))),
    bearer(writtenToken({ alg: "RS256", kid: issuer.key.jwk.kid }, claims, "x".repeat(256))),
    bearer(writtenToken({ alg: "ES256", kid: "unknown" }, { ...claims, iss: "https://other.example" }, "x".repeat(64))),
    bearer(writtenToken({ alg: "ES256", kid: issuer.key.jwk.kid }, { ...claims, aud: "x", exp: 1 }, "x".repeat(64))),
    bearer(`eyJ${"a".repeat(9_000)}.b.c`),
  ];
  for (const headers of strangers) {
    const expected = await NO_CALLERS.identify(headers, Date.now());
    assert.ok("code" in expected);
    for (const known of [callers(), keysOnly]) assert.deepEqual(await known.identify(headers, Date.now()), expected);
  }
});

test("use of a caller is due once an hour", async () => {
  const known = callers();
  const now = Date.now();
  const ann = await known.identify(bearer("key-of-ann"), now);
  assert.ok(!("code" in ann));
  assert.equal(known.isUseDue(ann, now), true);
  assert.equal(known.isUseDue(ann, now + 3_599_999), false);
  assert.equal(known.isUseDue(ann, now + 3_600_000), true);
});
