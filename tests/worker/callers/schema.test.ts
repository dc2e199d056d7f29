import "./workerd-crypto.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import * as v from "valibot";
import { Callers } from "../../../www/worker/src/callers/callers.ts";
import { callersSchema } from "../../../www/worker/src/callers/schema.ts";
import { problemsOf } from "../../../www/worker/src/options.ts";
import { readTenant } from "../../../www/worker/src/tenants/from-bindings.ts";

const sha256 = createHash("sha256").update("key").digest("hex");
const JWT = {
  issuer: "https://login.example.com/",
  audience: ["sysparm", "other"],
  jwksUrl: "https://login.example.com/keys?v=2",
  algorithms: ["RS256", "ES256"],
};

function problems(...callers: unknown[]): string[] {
  const read = v.safeParse(callersSchema, callers);
  return read.success ? [] : problemsOf(read.issues);
}

const withKey = (changes: object) => ({ name: "ann", policy: "all", key: { sha256, ...changes } });
const withTokens = (changes: object) => ({ name: "app", policy: "all", jwt: { ...JWT, ...changes } });

test("callers with keys and with tokens are read", () => {
  const claims = { azp: "app", tier: 2, admin: false, scope: { contains: "incidents" } };
  const callers = [
    withKey({ sha256: sha256.toUpperCase(), expiresAt: "2027-01-31T00:00:00+02:00" }),
    withTokens({ claims, clockToleranceSeconds: 0, longestAgeSeconds: 3600 }),
    withTokens({ audience: "sysparm", jwksUrl: "http://127.0.0.1:8080/keys" }),
  ];
  const read = v.parse(callersSchema, callers);
  assert.deepEqual(read[0], { ...callers[0], key: { sha256, expiresAt: "2027-01-31T00:00:00+02:00" } });
  assert.deepEqual(read.slice(1), callers.slice(1));
});

test("expiry of a key is one time for schema, bindings and callers", async () => {
  const NOW = Date.parse("2026-11-30T12:00:00Z");
  const read = async (expiresAt: string, now: number) => {
    const records = v.parse(callersSchema, [withKey({ expiresAt })]);
    const found = await new Callers<string>(records, { all: "policy" }).identify(
      new Headers({ "x-api-key": "key" }),
      now,
    );
    return "code" in found ? found.code : found.name;
  };
  const bound = (expiresAt: string) => ({
    ...{ INSTANCE_URL: "https://dev12345.service-now.com", CLIENT_ID: "id", CLIENT_SECRET: "secret" },
    CALLER_KEYS: [{ name: "ann", sha256, expiresAt }],
  });
  for (const [expiresAt, ends] of [
    ["2027-01-31T00:00Z", Date.UTC(2027, 0, 31)],
    ["2027-01-31T00:00:00.5Z", Date.UTC(2027, 0, 31, 0, 0, 0, 500)],
    ["2027-01-31T00:00:00+02:00", Date.UTC(2027, 0, 30, 22)],
    ["2028-02-29T23:59:59-01:00", Date.UTC(2028, 2, 1, 0, 59, 59)],
  ] as const) {
    assert.equal(await read(expiresAt, NOW), "ann", expiresAt);
    assert.equal(await read(expiresAt, ends - 1), "ann", expiresAt);
    assert.equal(await read(expiresAt, ends), "caller.expired", expiresAt);
    assert.equal(readTenant(bound(expiresAt)).callers.length, 1);
  }
  for (const expiresAt of [
    "2099-01-31T00:00:00+01",
    "2027-02-29T00:00:00Z",
    "2027-02-31T00:00:00Z",
    "2027-04-31T00:00:00+02:00",
    "2027-13-01T00:00:00Z",
    "2027-01-31T25:00:00Z",
    "2027-01-31 00:00:00Z",
    "2027-01-31T00:00:00",
    "2027-01-31",
  ]) {
    assert.match(
      problems(withKey({ expiresAt })).join(),
      /^Invalid option `\[0\]\.key\.expiresAt`\. Pass an ISO/,
      expiresAt,
    );
    assert.throws(() => readTenant(bound(expiresAt)), /expiresAt must be an ISO/, expiresAt);
  }
});

test("algorithm with a shared secret, or none, is refused", () => {
  const lists = [["HS256"], ["RS256", "HS512"], ["none"], ["rs256"], ["RSA1_5"], [], "RS256", [["RS256"]], undefined];
  for (const algorithms of lists) {
    const [problem = ""] = problems(withTokens({ algorithms }));
    assert.match(
      problem,
      /^(Invalid|Missing) option `\[0\]\.jwt\.algorithms.*Pass one or more of RS256/,
      String(algorithms),
    );
  }
});

test("key set is read by https, on loopback by http", () => {
  for (const jwksUrl of [
    "http://login.example.com/keys",
    "http://127.0.0.1.evil.example/keys",
    "https://user:pass@login.example.com/keys",
    "https://login.example.com/keys#x",
    "ftp://login.example.com/keys",
    "data:application/json,{}",
    "login.example.com/keys",
    "",
  ])
    assert.match(problems(withTokens({ jwksUrl })).join(), /^Invalid option `\[0\]\.jwt\.jwksUrl`/, jwksUrl);
});

test("clock tolerance is two minutes at most", () => {
  for (const clockToleranceSeconds of [-1, 121, 1.5, "30", null])
    assert.match(problems(withTokens({ clockToleranceSeconds })).join(), /clockToleranceSeconds`\. Pass whole seconds/);
  assert.deepEqual(problems(withTokens({ clockToleranceSeconds: 120 })), []);
});

test("expiry needs a date, a time and a zone", () => {
  for (const expiresAt of ["2027-01-31", "2027-01-31T00:00:00", "soon", "", 1801393200000, null])
    assert.match(problems(withKey({ expiresAt })).join(), /key\.expiresAt`\. Pass an ISO 8601 time/, String(expiresAt));
});

test("hash of a key has 64 hex digits", () => {
  for (const hash of ["", sha256.slice(1), `${sha256}0`, `0${sha256}`, sha256.replace(/./, "g"), 7, null])
    assert.match(
      problems(withKey({ sha256: hash })).join(),
      /key\.sha256`\. Pass the SHA-256 of the key/,
      String(hash),
    );
});

test("unknown option is refused by name", () => {
  assert.deepEqual(problems(withKey({ key: "secret" })), [
    "Unknown option `[0].key.key`. Supported options: sha256, expiresAt.",
  ]);
  assert.match(problems(withTokens({ jwks: {} })).join(), /^Unknown option `\[0\]\.jwt\.jwks`/);
  assert.match(problems({ ...withKey({}), role: "x" }).join(), /^Unknown option `\[0\]\.role`/);
  assert.match(problems({ ...withKey({}), jwt: JWT }).join(), /^Unknown option `\[0\]\.key`/);
  assert.match(problems({ name: "a", policy: "all" }).join(), /^Missing option `\[0\]\.key`/);
  assert.match(problems(withTokens({ claims: { scope: { has: "x" } } })).join(), /jwt\.claims\.scope/);
});

test("key of another caller is refused", () => {
  const other = { ...withKey({ sha256: sha256.toUpperCase() }), name: "bob" };
  assert.deepEqual(problems(withKey({}), other), [
    "Invalid option `[1]`. Pass a caller whose key no other caller has.",
  ]);
});

test("number of key sets is bounded", () => {
  const callers = Array.from({ length: 9 }, (_, index) =>
    withTokens({ jwksUrl: `https://login.example.com/${index}` }),
  );
  assert.deepEqual(problems(...callers.slice(1), ...callers.slice(1)), []);
  assert.match(problems(...callers).join(), /at most 8 different values of jwksUrl/);
});

test("no problem repeats a value", () => {
  const secret = "s3cr3t-Zq9";
  const found = problems(
    withKey({ sha256: secret, expiresAt: secret }),
    withTokens({ jwksUrl: `http://${secret}`, algorithms: [secret], claims: secret, longestAgeSeconds: secret }),
    { name: 1, policy: secret, key: secret },
    secret,
  );
  assert.ok(found.length >= 7, found.join("\n"));
  assert.ok(!found.join().includes(secret));
});
