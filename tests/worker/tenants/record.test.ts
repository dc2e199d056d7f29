import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { ConnectOptions } from "sysparm";
import { MOST_RECORD_BYTES, readTenantRecord, tenantSchema } from "../../../www/worker/src/tenants/record.ts";
import { AUTHS, CALLER, TENANT } from "./example-tenant.ts";

function problemsOf(changes: Record<string, unknown>): readonly string[] {
  const read = readTenantRecord({ ...TENANT, ...changes });
  return "problems" in read ? read.problems : [];
}

test("complete tenant is read", () => {
  const read = readTenantRecord({ ...TENANT, state: "paused" });
  assert.ok("record" in read, JSON.stringify(read));
  assert.equal(read.state, "paused");
  assert.deepEqual(read.auth, TENANT.auth);
  assert.equal(read.record.instanceUrl, "https://dev12345.service-now.com");
  assert.equal("auth" in read.record, false);
});

test("tenant needs neither origins, callers, state nor, later, auth", () => {
  const { allowedOrigins: _, callers: __, auth: ___, ...least } = TENANT;
  const read = readTenantRecord(least);
  assert.ok("record" in read);
  assert.deepEqual(
    [read.record.allowedOrigins, read.record.callers, read.auth, read.state],
    [[], [], undefined, undefined],
  );
});

test("credentials of every grant that needs no page are read", () => {
  for (const auth of Object.values(AUTHS)) {
    assert.deepEqual(problemsOf({ auth }), [], JSON.stringify(auth));
    // The same options as the package's, but for the key, which must be text.
    const { key: _, ...others } = auth as { key?: string };
    others satisfies Partial<ConnectOptions["auth"]>;
  }
});

test("unknown option is refused by name with the supported ones", () => {
  assert.deepEqual(problemsOf({ instance: "x" }), [
    "Unknown option `instance`. Supported options: id, instanceUrl, auth, allowedOrigins, policies, callers, map, state.",
  ]);
  assert.deepEqual(problemsOf({ auth: { ...AUTHS.clientCredentials, token: "t" } }), [
    "Unknown option `auth.token`. Supported options: grant, clientId, clientAuth, expires, clientSecret, scope.",
  ]);
  assert.deepEqual(problemsOf({ auth: { apiKey: "key", in: "query" } }), [
    "Unknown option `auth.in`. Supported options: apiKey, expires.",
  ]);
});

test("problems of policies and callers are named with their place", () => {
  assert.match(
    problemsOf({ policies: { incidents: { tabels: {} } } })[0] ?? "",
    /^Unknown option `policies\.incidents\.tabels`\. Supported options: tables, /,
  );
  assert.match(
    problemsOf({ callers: [{ ...CALLER, key: { sha256: "abc" } }] })[0] ?? "",
    /^Invalid option `callers\[0\]\.key\.sha256`\. Pass the SHA-256 of the key as 64 hex digits/,
  );
});

test("missing option is named", () => {
  const { clientId: _, ...auth } = AUTHS.clientCredentials;
  assert.match(problemsOf({ auth })[0] ?? "", /^Missing option `auth\.clientId`\. Pass text of 1 to 4096 printable/);
  const { instanceUrl: __, ...tenant } = TENANT;
  const read = readTenantRecord(tenant);
  assert.ok("problems" in read);
  assert.match(read.problems[0] ?? "", /^Missing option `instanceUrl`\. Pass an address like https:/);
});

test("grant that is unknown or needs a page is refused", () => {
  for (const grant of ["authorization_code", "implicit", "", 7, null, "__proto__", "toString"]) {
    assert.match(problemsOf({ auth: { grant, clientId: "a" } }).join(), /^Invalid option `auth\.grant`\. Pass one of/);
  }
  for (const auth of ["text", 7, null, []]) assert.equal(problemsOf({ auth }).length > 0, true, JSON.stringify(auth));
});

test("id that is a path of the worker or looks like a host is refused", () => {
  const ids = [
    "api",
    "admin",
    "health",
    "",
    "-a",
    "A",
    "a.b",
    "a_b",
    "..",
    "%2e",
    "a/b",
    "a b",
    "é",
    "a".repeat(64),
    7,
  ];
  for (const id of ids) assert.match(problemsOf({ id }).join(), /^Invalid option `id`/, String(id));
  for (const id of ["a", "0", "api-2", "administration", "a".repeat(63)]) assert.deepEqual(problemsOf({ id }), [], id);
});

test("address that could send a secret elsewhere is refused", () => {
  for (const instanceUrl of [
    "",
    42,
    "dev12345.service-now.com",
    "http://dev12345.service-now.com",
    "http://127.0.0.1.evil.example",
    "ftp://dev12345.service-now.com",
    "https://user:pass@dev12345.service-now.com",
    "https://dev12345.service-now.com/api/now",
    "https://dev12345.service-now.com/?x=1",
  ]) {
    assert.match(problemsOf({ instanceUrl }).join(), /^Invalid option `instanceUrl`/, String(instanceUrl));
  }
});

test("origins that no browser sends are refused", () => {
  for (const origin of ["*", "null", "https://a.example/", "a.example", "", 7]) {
    assert.match(problemsOf({ allowedOrigins: [origin] }).join(), /^Invalid option `allowedOrigins\[0\]`/);
  }
  const many = Array.from({ length: 51 }, (_, index) => `https://a${index}.example`);
  assert.match(problemsOf({ allowedOrigins: many }).join(), /^Invalid option `allowedOrigins`/);
});

test("caller with a repeated name or an unknown policy is refused", () => {
  assert.deepEqual(problemsOf({ callers: [CALLER, CALLER] }).length > 0, true);
  assert.match(problemsOf({ callers: [{ ...CALLER, policy: "none" }] }).join(), /callers\[0\]\.policy/);
  assert.match(problemsOf({ callers: [{ ...CALLER, policy: "toString" }] }).join(), /callers\[0\]\.policy/);
});

test("tenant that is too large is refused", () => {
  const fields = Array.from({ length: 500 }, (_, index) => `${"x".repeat(70)}_${index}`);
  const large = { tables: { incident: { fields }, problem: { fields }, change_request: { fields } } };
  const policies = Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`large ${index}`, large]));
  assert.deepEqual(problemsOf({ policies: { ...TENANT.policies, ...policies } }), [
    `The tenant is larger than ${MOST_RECORD_BYTES} bytes. Shorten its policies.`,
  ]);
});

test("no problem repeats a value", () => {
  const secret = "s3cr3t-Zq9";
  const pasted = {
    id: secret,
    instanceUrl: `https://user:${secret}@dev12345.service-now.com`,
    auth: { grant: secret, clientSecret: secret },
    allowedOrigins: [secret],
    policies: secret,
    callers: secret,
    state: secret,
  };
  const problems = problemsOf(pasted);
  assert.equal(problems.length, 7);
  assert.ok(!problems.join(" ").includes(secret));
  const spaced = { auth: { ...AUTHS.clientCredentials, clientSecret: ` ${secret}` } };
  assert.ok(problemsOf(spaced).length === 1 && !problemsOf(spaced).join().includes(secret));
});

test("published schema is that of the code", async () => {
  const file = new URL("../../../www/worker/tenant.schema.json", import.meta.url);
  const published = toJsonSchema(tenantSchema, { errorMode: "ignore", typeMode: "input" });
  // The schemas of a policy and of a map are published in files of their own.
  const policies = published.properties?.policies as { additionalProperties: unknown };
  policies.additionalProperties = { $ref: "policy.schema.json" };
  published.properties = { ...published.properties, map: { $ref: "../glue/model-map.schema.json" } };
  const schema = { title: "A tenant of the sysparm worker", ...published };
  if (process.env.SYSPARM_WRITE) await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
  const written = JSON.parse(await readFile(file, "utf8"));
  assert.deepEqual(written, schema, "run this test with SYSPARM_WRITE=1, then `npx biome format --write` on the file");
});
