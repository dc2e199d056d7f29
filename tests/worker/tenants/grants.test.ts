/** A tenant with each kind of credential, through the worker to a practice instance. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";

const CLIENT = { clientId: "practice-client", clientSecret: "practice-secret" };
const AGENT = { username: "practice.agent", password: "practice-agent-password" };

let practice: PracticeInstance;
let worker: WorkerWithRegistry;
before(async () => {
  practice = await startPracticeInstance("--quiet", "--rows", "20");
  worker = await workerWithRegistry();
});
after(async () => {
  await worker?.stop();
  await practice?.stop();
});

/** Registers a tenant with these credentials and reads through it, again after its tokens were revoked. */
async function reads(id: string, auth: Record<string, unknown>): Promise<void> {
  const key = await worker.register(id, practice.url, { auth });
  const headers = { authorization: `Bearer ${key}` };
  for (const when of ["at first", "after its tokens were revoked"]) {
    const reply = await fetch(`${worker.url}/${id}/api/now/stats/incident?sysparm_count=true`, { headers });
    assert.equal(reply.status, 200, `${id} ${when}: ${await reply.text()}`);
    await practice.control("revoke-tokens", {});
  }
}

/** A request of the practice administrator. */
async function admin(method: string, path: string, body?: unknown): Promise<{ sys_id: string }> {
  const authorization = `Basic ${btoa("practice.admin:practice-admin-password")}`;
  const init = { method, headers: { authorization, "content-type": "application/json" } };
  const reply = await fetch(`${practice.url}/api/now/table/${path}`, {
    ...init,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { result } = (await reply.json()) as { result: { sys_id: string } | { sys_id: string }[] };
  const [row] = Array.isArray(result) ? result : [result];
  return row ?? assert.fail(`${method} ${path} has no row`);
}

test("tenant with client credentials, in the body or a Basic header", async () => {
  await reads("client", { grant: "client_credentials", ...CLIENT });
  await reads("client-basic", { grant: "client_credentials", ...CLIENT, clientAuth: "basic" });
  await reads("rotating", {
    grant: "client_credentials",
    ...CLIENT,
    clientSecret: ["not-yet-valid", "practice-secret"],
  });
});

test("tenant with a user's password", async () => {
  await reads("password", { grant: "password", ...CLIENT, ...AGENT });
});

async function refreshToken(): Promise<string> {
  const client = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
  const form = new URLSearchParams({ grant_type: "password", ...client, ...AGENT });
  const reply = await fetch(`${practice.url}/oauth_token.do`, { method: "POST", body: form });
  return ((await reply.json()) as { refresh_token: string }).refresh_token;
}

test("tenant whose refresh token has ended needs attention", async () => {
  const auth = { grant: "refresh_token", ...CLIENT };
  const call = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` };
    return (await fetch(`${worker.url}/refresh/api/now/table/incident?sysparm_limit=1`, { headers })).status;
  };
  const stateIs = async (expected: string) => {
    // The broker reports it after it has answered.
    const until = Date.now() + 10_000;
    for (;;) {
      const { state, attention } = (await (await worker.admin("GET", "tenants/refresh")).json()) as Shown;
      if (state === expected) return attention;
      assert.ok(Date.now() < until, `${state}, not ${expected}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const first = await worker.register("refresh", practice.url, {
    auth: { ...auth, refreshToken: await refreshToken() },
  });
  assert.equal(await call(first), 200);
  await stateIs("active");
  await practice.control("revoke-tokens", {});
  assert.equal(await call(first), 502);
  const attention = await stateIs("needs attention");
  assert.equal(attention?.code, "token.refused");
  const second = await worker.register("refresh", practice.url, {
    auth: { ...auth, refreshToken: await refreshToken() },
  });
  assert.equal(await call(second), 200, "with another one");
  await stateIs("active");
});

interface Shown {
  state: string;
  attention?: { code: string; message: string };
}

test("tenant with Basic", async () => {
  await reads("basic", AGENT);
});

test("tenant with an RSA or an EC key signs assertions", async () => {
  const { sys_id: entity } = await admin("GET", "oauth_entity?sysparm_query=client_id=practice-client");
  const { sys_id: agent } = await admin("GET", "sys_user?sysparm_query=user_name=practice.agent");
  await admin("PATCH", `sys_user/${agent}`, { email: "agent@example.com" });
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys = {
    RS256: {
      key: await readFile("tests/instance/tests/keys/rsa.pem", "utf8"),
      certificate: await readFile("tests/instance/tests/keys/rsa-certificate.pem", "utf8"),
    },
    ES256: {
      key: pair.privateKey.export({ type: "pkcs8", format: "pem" }),
      certificate: pair.publicKey.export({ type: "spki", format: "pem" }),
    },
  };
  for (const [algorithm, { key, certificate }] of Object.entries(keys)) {
    const row = { name: algorithm, active: "true", pem_certificate: certificate };
    const { sys_id } = await admin("POST", "sys_certificate", row);
    await admin("POST", "jwt_verifier_map", { oauth_entity: entity, kid: algorithm, sys_certificate: sys_id });
    const jwt = { subject: "agent@example.com", keyId: algorithm, key, algorithm };
    await reads(`jwt-${algorithm.toLowerCase()}`, { grant: "jwt_bearer", ...CLIENT, ...jwt });
  }
});

test("tenant with an API key", async () => {
  await practice.control("scenario", { name: "api-key-without-policy" });
  await reads("api-key", { apiKey: "practice-api-key" });
});
