/** Every grant with the packed package against the practice instance, and the diagnosis of each failure. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { installInto, type Project } from "../package/installed.ts";

const CLIENT = { clientId: "practice-client", clientSecret: "practice-secret" } as const;
const MACHINE = { grant: "client_credentials", ...CLIENT } as const;
const READ = "/api/now/table/incident?sysparm_limit=1&sysparm_fields=number";

let project: Project;
let practice: PracticeInstance;
let sysparm: typeof Sysparm;
before(async () => {
  project = installInto("grants");
  practice = await startPracticeInstance("--quiet", "--rows", "20");
  sysparm = await import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist/node.js")).href);
});
after(async () => {
  await practice?.stop();
  project?.remove();
});
beforeEach(() => practice.control("reset", {}));

const open = (auth: Sysparm.Auth, more: Partial<Sysparm.ConnectOptions> = {}) =>
  sysparm.connect({ url: practice.url, auth, ...more });

async function reads(auth: Sysparm.Auth, path = READ): Promise<Sysparm.Instance> {
  const instance = await open(auth);
  assert.equal((await instance.request(path)).status, 200);
  return instance;
}

async function code(auth: Sysparm.Auth): Promise<string> {
  const thrown = await (await open(auth)).request(READ).then(
    () => assert.fail("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  assert.ok(thrown instanceof sysparm.SysparmError, String(thrown));
  assert.ok(thrown.diagnosis.causes.length > 0 || thrown.code === "token.clock", "it says what may be the matter");
  assert.doesNotMatch(`${thrown.stack} ${JSON.stringify(thrown)}`, /practice-secret|practice-agent-password|planted/);
  return thrown.code;
}

/** Changes a record as the practice administrator. */
async function updateRecord(table: string, query: string, change: object): Promise<void> {
  const admin = await open({ username: "practice.admin", password: "practice-admin-password" });
  const { rows } = await admin.table(table).list({ query, limit: 1, fields: ["sys_id"] });
  const init = { method: "PATCH", body: JSON.stringify(change) };
  await admin.request(`/api/now/table/${table}/${rows[0]?.sys_id}`, init);
}

async function add(table: string, row: object): Promise<string> {
  const admin = await open({ username: "practice.admin", password: "practice-admin-password" });
  const reply = await admin.request(`/api/now/table/${table}`, { method: "POST", body: JSON.stringify(row) });
  return ((await reply.json()) as { result: { sys_id: string } }).result.sys_id;
}

test("client credentials in the body and in a Basic header", async () => {
  await reads(MACHINE);
  await reads({ ...MACHINE, clientAuth: "basic" });
});

test("password, then its refresh token", async () => {
  const person = { username: "practice.agent", password: "practice-agent-password" } as const;
  const instance = await reads({ grant: "password", ...CLIENT, ...person });
  await practice.control("revoke-tokens", {});
  assert.equal((await instance.request(READ)).status, 200, "after its token was revoked");
});

test("refresh token given in the options", async () => {
  const form =
    "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.agent&password=practice-agent-password";
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const reply = await fetch(`${practice.url}/oauth_token.do`, { method: "POST", headers, body: form });
  const { refresh_token: refreshToken } = (await reply.json()) as { refresh_token: string };
  await reads({ grant: "refresh_token", ...CLIENT, refreshToken });
});

test("Basic, an API key in header and URL, and a given token", async () => {
  await reads({ username: "practice.agent", password: "practice-agent-password" });
  await reads({ token: await (await open(MACHINE)).token() });
  await practice.control("scenario", { name: "api-key-without-policy" });
  const counted = "/api/now/stats/incident?sysparm_count=true";
  await reads({ apiKey: "practice-api-key" }, counted);
  // The instance's profile decides which of the two it accepts.
  await updateRecord("inbound_auth_profile", "type=api_key", { auth_parameter: "query" });
  await reads({ apiKey: "practice-api-key", in: "query" }, counted);
});

test("certificate is presented by the given fetch", async () => {
  await assert.rejects(open({ certificate: true }), { code: "options.auth" });
  let sent: Headers | undefined;
  const presenting = async (_: unknown, init?: RequestInit) => {
    sent = new Headers(init?.headers);
    return Response.json({ result: [] });
  };
  const instance = await open({ certificate: true }, { fetch: presenting as typeof fetch });
  assert.equal((await instance.request("/api/now/x")).status, 200);
  assert.equal(sent?.has("authorization"), false);
});

async function assertingClient(algorithm: "rsa" | "ec"): Promise<Sysparm.JwtBearer> {
  const pair =
    algorithm === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem =
    algorithm === "rsa"
      ? readFileSync("tests/instance/tests/keys/rsa-certificate.pem", "utf8")
      : pair.publicKey.export({ type: "spki", format: "pem" });
  const entity = await rowOf("oauth_entity", "client_id=practice-client");
  await updateRecord("sys_user", "user_name=practice.agent", { email: "agent@example.com" });
  const certificate = await add("sys_certificate", { name: algorithm, active: "true", pem_certificate: pem });
  await add("jwt_verifier_map", { oauth_entity: entity, kid: algorithm, sys_certificate: certificate });
  const der =
    algorithm === "rsa"
      ? Buffer.from(readFileSync("tests/instance/tests/keys/rsa.pem", "utf8").replace(/-.*-|\s/g, ""), "base64")
      : pair.privateKey.export({ type: "pkcs8", format: "der" });
  const parameters =
    algorithm === "rsa" ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("pkcs8", new Uint8Array(der), parameters, false, ["sign"]);
  return { grant: "jwt_bearer", ...CLIENT, subject: "agent@example.com", keyId: algorithm, key };
}

async function rowOf(table: string, query: string): Promise<string> {
  const admin = await open({ username: "practice.admin", password: "practice-admin-password" });
  const { rows } = await admin.table(table).list({ query, limit: 1, fields: ["sys_id"] });
  return String(rows[0]?.sys_id);
}

for (const algorithm of ["rsa", "ec"] as const) {
  test(`new ${algorithm} assertion per request, unextractable key`, async () => {
    const instance = await reads(await assertingClient(algorithm));
    await practice.control("revoke-tokens", {});
    assert.equal((await instance.request(READ)).status, 200, "an assertion used twice would be refused");
  });
}

test("wrong clock and unknown subject have different diagnoses", async () => {
  const auth = await assertingClient("ec");
  await practice.set({ clock_skew_ms: 3_600_000 });
  assert.equal(await code(auth), "token.clock");
  await practice.set({ clock_skew_ms: 0 });
  assert.equal(await code({ ...auth, subject: "nobody@example.com" }), "token.subject-refused");
});

/** ServiceNow's replies to all of these are the same: the diagnosis lists the causes in order, each with its check. */
test("refused client credentials are diagnosed with their causes", async () => {
  const ways: [string, () => Promise<unknown>, Sysparm.Auth][] = [
    ["oauth.client-credentials-wrong", async () => undefined, { ...MACHINE, clientSecret: "planted-wrong" }],
    [
      "oauth.grant-off",
      () =>
        updateRecord("sys_properties", "name=glide.oauth.inbound.client.credential.grant_type.enabled", {
          value: "false",
        }),
      MACHINE,
    ],
    [
      "oauth.application-user-missing",
      () => updateRecord("oauth_entity", "client_id=practice-client", { user: "" }),
      MACHINE,
    ],
    [
      "oauth.application-user-blocked",
      () => updateRecord("sys_user", "user_name=practice.integration", { locked_out: "true" }),
      MACHINE,
    ],
  ];
  for (const [cause, spoil, auth] of ways) {
    await practice.control("reset", {});
    await spoil();
    const thrown = await (await open(auth)).request(READ).catch((thrown: unknown) => thrown);
    assert.ok(thrown instanceof sysparm.AuthenticationError, `${cause}: ${thrown}`);
    assert.equal(thrown.code, "token.refused");
    assert.ok(
      thrown.diagnosis.causes.some((one) => one.code === cause && one.tellApart !== "" && one.fix.length > 0),
      `${cause} is not among ${thrown.diagnosis.causes.map((one) => one.code)}`,
    );
  }
});

test("revoked token is renewed, or diagnosed if it cannot be", async () => {
  const token = await (await open(MACHINE)).token();
  await practice.control("revoke-tokens", {});
  assert.equal(await code({ token }), "token.not-accepted");
  await practice.set({ application_user_missing: "useless" });
  await updateRecord("oauth_entity", "client_id=practice-client", { user: "" });
  const thrown = await (await open(MACHINE)).request(READ).catch((thrown: unknown) => thrown);
  assert.ok(thrown instanceof sysparm.AuthenticationError);
  assert.equal(`${thrown.code} ${thrown.diagnosis.causes[0]?.code}`, "token.not-accepted oauth.token-of-guest");
});
