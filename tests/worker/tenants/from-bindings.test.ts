import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOfKey } from "../../../www/worker/serve.ts";
import { ConfigurationError, hasPlainTenant, readTenant } from "../../../www/worker/src/tenants/from-bindings.ts";

const GOOD = {
  INSTANCE_URL: "https://dev12345.service-now.com",
  CLIENT_ID: "0123456789abcdef",
  CLIENT_SECRET: "hush-hush-hush",
  CALLER_KEYS: JSON.stringify([{ name: "reporting", sha256: hashOfKey("k1") }]),
  ALLOWED_ORIGINS: "https://console.example.com, http://127.0.0.1:4173",
};

function problemsOf(changes: Record<string, unknown>): readonly string[] {
  try {
    readTenant({ ...GOOD, ...changes });
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems;
  }
  return [];
}

test("complete configuration is read", () => {
  const tenant = readTenant(GOOD);
  assert.equal(tenant.instanceUrl, "https://dev12345.service-now.com");
  assert.deepEqual(tenant.callers[0], { name: "reporting", policy: "api", key: { sha256: hashOfKey("k1") } });
  assert.deepEqual([...tenant.allowedOrigins], ["https://console.example.com", "http://127.0.0.1:4173"]);
});

test("bindings hold a tenant, or the registry does, or neither", () => {
  assert.equal(hasPlainTenant(GOOD), true);
  assert.equal(hasPlainTenant({ CLIENT_ID: "0123456789abcdef" }), true, "then the others are missing");
  assert.equal(hasPlainTenant({ SEALING_KEYS: "k1:..." }), false);
  assert.equal(hasPlainTenant({ ...GOOD, SEALING_KEYS: "k1:..." }), true);
  for (const bindings of [{}, { INSTANCE_URL: "", ALLOWED_ORIGINS: "https://a.example", SEALING_KEYS: "" }]) {
    assert.throws(() => hasPlainTenant(bindings), {
      name: "ConfigurationError",
      message:
        "Set INSTANCE_URL, CLIENT_ID, CLIENT_SECRET, CALLER_KEYS to serve one instance, or SEALING_KEYS and ADMIN_KEY_SHA256 to register tenants.",
    });
  }
});

test("no web origin is allowed by default", () => {
  for (const absent of [undefined, ""])
    assert.equal(readTenant({ ...GOOD, ALLOWED_ORIGINS: absent }).allowedOrigins.size, 0);
});

test("caller keys may be JSON text or a list", () => {
  assert.equal(readTenant({ ...GOOD, CALLER_KEYS: JSON.parse(GOOD.CALLER_KEYS) }).callers.length, 1);
  const upper = [{ name: "upper", sha256: hashOfKey("k1").toUpperCase() }];
  assert.deepEqual(
    readTenant({ ...GOOD, CALLER_KEYS: upper }).callers[0]?.key.sha256,
    readTenant(GOOD).callers[0]?.key.sha256,
  );
});

test("caller key may have an expiry with a time zone", () => {
  const keyUntil = (expiresAt: unknown) => ({ CALLER_KEYS: [{ name: "a", sha256: hashOfKey("a"), expiresAt }] });
  const [caller] = readTenant({ ...GOOD, ...keyUntil("2027-01-31T12:00:00+02:00") }).callers;
  assert.equal(caller?.key.expiresAt, "2027-01-31T12:00:00+02:00");
  assert.equal(readTenant({ ...GOOD, ...keyUntil(undefined) }).callers[0]?.key.expiresAt, undefined);
  for (const expiresAt of [
    null,
    "",
    "soon",
    "2027-01-31",
    "2027-01-31T12:00:00",
    "2027-13-01T00:00:00Z",
    1801393200000,
  ]) {
    const problems = problemsOf(keyUntil(expiresAt));
    assert.match(problems.join(), /^CALLER_KEYS, entry 1: expiresAt must be an ISO 8601 time/, String(expiresAt));
  }
});

test("instance URL is reduced to its origin", () => {
  for (const [given, origin] of [
    ["https://dev12345.service-now.com/", "https://dev12345.service-now.com"],
    [" https://DEV12345.service-now.com ", "https://dev12345.service-now.com"],
    ["https://itsm.example.com:8443", "https://itsm.example.com:8443"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://[::1]:8080", "http://[::1]:8080"],
  ]) {
    assert.equal(readTenant({ ...GOOD, INSTANCE_URL: given }).instanceUrl, origin);
  }
});

test("one error names all invalid bindings", () => {
  const problems = problemsOf({
    INSTANCE_URL: "dev12345",
    CLIENT_ID: "",
    CLIENT_SECRET: undefined,
    CALLER_KEYS: "[]",
    ALLOWED_ORIGINS: "*",
  });
  for (const name of Object.keys(GOOD))
    assert.equal(problems.filter((problem) => problem.startsWith(name)).length, 1, name);
});

test("URL that could send a secret elsewhere is refused", () => {
  for (const url of [
    undefined,
    42,
    "",
    "dev12345.service-now.com",
    "http://dev12345.service-now.com",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "ftp://dev12345.service-now.com",
    "javascript:alert(1)",
    "https://user:pass@dev12345.service-now.com",
    "https://dev12345.service-now.com/api/now",
    "https://dev12345.service-now.com/?x=1",
    "https://dev12345.service-now.com/#x",
  ]) {
    const problems = problemsOf({ INSTANCE_URL: url });
    assert.ok(problems.length > 0 && problems.every((problem) => problem.startsWith("INSTANCE_URL")), String(url));
  }
});

test("malformed credential is refused", () => {
  for (const name of ["CLIENT_ID", "CLIENT_SECRET"]) {
    for (const value of ["", " ", "abc ", " abc", "abc\n", "a\u00e9", "a".repeat(4097), null, 7]) {
      assert.equal(problemsOf({ [name]: value }).length, 1, JSON.stringify(value));
    }
  }
});

test("invalid caller key is refused with its index", () => {
  const good = { name: "a", sha256: hashOfKey("a") };
  for (const second of [
    null,
    "text",
    {},
    { name: "b" },
    { name: "", sha256: hashOfKey("b") },
    { name: "b", sha256: "abc" },
    { name: "b", sha256: `${hashOfKey("b")}0` },
    { name: "b", sha256: hashOfKey("b"), key: "b" },
    { name: "a", sha256: hashOfKey("b") },
    { name: "b", sha256: good.sha256.toUpperCase() },
  ]) {
    const problems = problemsOf({ CALLER_KEYS: JSON.stringify([good, second]) });
    assert.equal(problems.length, 1, JSON.stringify(second));
    assert.match(problems[0] ?? "", /^CALLER_KEYS, entry 2: /);
  }
  for (const value of [
    "",
    "not json",
    "{}",
    "null",
    undefined,
    JSON.stringify(Array.from({ length: 201 }, () => good)),
  ]) {
    assert.match(problemsOf({ CALLER_KEYS: value })[0] ?? "", /^CALLER_KEYS must be a JSON list/);
  }
});

test("origins that no browser sends, null and * are refused", () => {
  for (const value of [
    "*",
    "null",
    "console.example.com",
    "https://console.example.com/",
    "https://a.example https://b.example",
    "https://a.example,",
    ",",
    "file:///x",
    5,
  ]) {
    assert.match(problemsOf({ ALLOWED_ORIGINS: value })[0] ?? "", /^ALLOWED_ORIGINS/, String(value));
  }
});

test("no problem repeats the value of a binding", () => {
  const secret = "s3cr3t-Zq9";
  const pasted = {
    INSTANCE_URL: `https://user:${secret}@dev12345.service-now.com/${secret}`,
    CLIENT_ID: ` ${secret}`,
    CLIENT_SECRET: `${secret}\n`,
    CALLER_KEYS: `[{"name":"${secret}","sha256":"${secret}","${secret}":1}, ${secret}]`,
    ALLOWED_ORIGINS: secret,
  };
  const problems = problemsOf(pasted);
  assert.equal(problems.length, 5);
  assert.ok(!problems.join(" ").includes(secret));
  const entry = problemsOf({ CALLER_KEYS: JSON.stringify([{ name: "a", sha256: secret, [secret]: secret }]) });
  assert.ok(entry.length === 1 && !entry.join(" ").includes(secret));
});
