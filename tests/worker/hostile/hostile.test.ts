/**
 * Hostile requests, byte by byte, against workerd with two tenants and the tenant of plain bindings. None reaches another origin, another
 * tenant, or what its policy does not allow, and no planted secret is in a reply or in the log. SYSPARM_HOSTILE=10000 for all of them.
 */
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { type FileHandle, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { hashOfKey, type RunningWorker, serveWorker } from "../../../www/worker/serve.ts";
import { signingKey, type TestIssuer, testIssuer, writtenToken } from "../callers/test-issuer.ts";
import { rawText } from "../raw-request.ts";
import { BINDINGS } from "../worker-under-test.ts";
import { ALPHA, BETA, type Expected, objectionTo, objectionToHeaders, POLICIES } from "./allowed.ts";
import { type RecordingInstance, recordingInstance } from "./recording-instance.ts";
import { type HostileRequest, hostileRequests, type Planted, singleChanges } from "./requests.ts";

const RUNS = Number(process.env.SYSPARM_HOSTILE ?? 300);

const KEYS = { alpha: "key-of-alpha-5f0c", beta: "key-of-beta-91d7", plain: "key-of-plain-27ab" };
const ADMIN_KEY = "key-of-the-operator-c3e8";
const SEALING_KEY = randomBytes(32).toString("base64");
const secretOf = (tenant: string) => `client-secret-of-${tenant}-a7d4`;

/** In no reply and in no line of the log, whatever is sent. */
const SECRETS = [
  ...Object.values(KEYS),
  ...["alpha", "beta", "plain"].flatMap((name) => [secretOf(name), `token-of-${name}`, `session-of-${name}`]),
  ADMIN_KEY,
  SEALING_KEY,
];

/** Longer than the worker waits for a token: what arrives after the connection was given up would count for another request. */
const IDLE_MS = 20_000;

let alpha: RecordingInstance;
let beta: RecordingInstance;
let plain: RecordingInstance;
let elsewhere: RecordingInstance;
let issuer: TestIssuer;
let worker: RunningWorker;
let tokens: { alpha: string; beta: string };
let given: Planted;
let folder: string;
let log: FileHandle;

before(async () => {
  alpha = await recordingInstance("alpha");
  beta = await recordingInstance("beta");
  plain = await recordingInstance("plain");
  elsewhere = await recordingInstance("elsewhere");
  for (const instance of [alpha, beta, plain]) instance.elsewhere = elsewhere.url;
  issuer = await testIssuer();
  folder = await mkdtemp(join(tmpdir(), "sysparm-hostile-"));
  log = await open(join(folder, "log"), "w+");
  const bindings = {
    ...BINDINGS,
    INSTANCE_URL: plain.url,
    CLIENT_SECRET: secretOf("plain"),
    CALLER_KEYS: JSON.stringify([{ name: "plain", sha256: hashOfKey(KEYS.plain) }]),
    ADMIN_KEY_SHA256: hashOfKey(ADMIN_KEY),
    SEALING_KEYS: `k1:${SEALING_KEY}`,
  };
  worker = await serveWorker({ bindings, output: log.fd, storage: join(folder, "storage") });
  await putTenant("alpha", alpha.url, POLICIES.alpha);
  await putTenant("beta", beta.url, POLICIES.beta);
  const claims = { exp: Math.floor(Date.now() / 1000) + 36_000 };
  tokens = {
    alpha: await issuer.sign({ claims: { ...claims, aud: "alpha" } }),
    beta: await issuer.sign({ claims: { ...claims, aud: "beta" } }),
  };
  given = await planted();
});
after(async () => {
  await worker?.stop();
  await Promise.all([alpha, beta, plain, elsewhere, issuer].map((each) => each?.stop()));
  await log?.close();
  await rm(folder, { recursive: true, force: true });
});

async function putTenant(id: "alpha" | "beta", instanceUrl: string, policy: object): Promise<void> {
  const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: secretOf(id) };
  const jwt = { issuer: issuer.url, audience: id, jwksUrl: issuer.jwksUrl, algorithms: ["ES256"] };
  const callers = [
    { name: "key", policy: "all", key: { sha256: hashOfKey(KEYS[id]) } },
    { name: "tokens", policy: "all", jwt },
  ];
  const reply = await fetch(`${worker.url}/admin/tenants/${id}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ instanceUrl, auth, policies: { all: policy }, callers }),
  });
  assert.equal(reply.status, 201, await reply.text());
}

async function planted(): Promise<Planted> {
  const now = Math.floor(Date.now() / 1000);
  const { jwk } = issuer.key;
  const claims = { iss: issuer.url, aud: "alpha", sub: "x", iat: now, exp: now + 36_000 };
  const hmac = writtenToken({ alg: "HS256", kid: jwk.kid }, claims).replace(/\.$/, "");
  const other = await signingKey();
  const badTokens = [
    writtenToken({ alg: "none" }, claims),
    writtenToken({ alg: "NONE", kid: jwk.kid }, claims, "x"),
    `${hmac}.${createHmac("sha256", JSON.stringify(jwk)).update(hmac).digest("base64url")}`,
    await issuer.sign({ claims, key: other }),
    await issuer.sign({ claims, key: other, header: { kid: jwk.kid } }),
    await issuer.sign({ claims, key: other, header: { kid: jwk.kid, jwk: other.jwk } }),
    await issuer.sign({ claims, key: other, header: { jku: `${elsewhere.url}/keys` } }),
    await issuer.sign({ claims: { ...claims, aud: "gamma" } }),
    await issuer.sign({ claims: { ...claims, iss: elsewhere.url } }),
    await issuer.sign({ claims: { ...claims, exp: now - 3_600 } }),
    await issuer.sign({ claims: { ...claims, exp: undefined } }),
    await issuer.sign({ claims: { ...claims, nbf: now + 7_200 } }),
    await issuer.sign({ claims: { ...claims, x: "x".repeat(8_000) } }),
    await issuer.sign({ claims: { ...claims, x: "x".repeat(60_000) } }),
    "eyJhbGciOiJFUzI1NiJ9..",
    hashOfKey(KEYS.alpha),
    ADMIN_KEY.slice(1),
    "",
  ];
  return { keys: KEYS, badTokens, goodTokens: tokens, elsewhere: elsewhere.url, instanceHost: new URL(alpha.url).host };
}

/** Whether a request presents anything that opens a tenant. */
function presents(text: string, tenant: "alpha" | "beta" | "plain"): boolean {
  return text.includes(KEYS[tenant]) || (tenant !== "plain" && text.includes(tokens[tenant]));
}

function checkArrived(text: string, instance: RecordingInstance, tenant: "alpha" | "beta", expected: Expected): void {
  for (const arrived of instance.arrived) {
    assert.ok(presents(text, tenant), `${tenant} was reached without its credential`);
    assert.ok(text.includes(`/${tenant}/`), `${tenant} was reached by another path`);
    assert.equal(objectionTo(arrived, expected, new URL(instance.url).host), undefined, JSON.stringify(arrived));
  }
}

function checkReply(text: string, reply: string): void {
  for (const secret of SECRETS) assert.ok(!reply.includes(secret), `the reply holds ${secret}`);
  for (const tenant of ["alpha", "beta", "plain"] as const)
    if (reply.includes(`data-of-${tenant}`)) assert.ok(presents(text, tenant), `the reply holds data of ${tenant}`);
  assert.ok(
    !reply.includes(new URL(alpha.url).host) && !reply.includes(new URL(beta.url).host),
    "the reply names a host",
  );
  assert.doesNotMatch(reply, /^set-cookie:/im);
}

/** Sends a request and checks what it reached. Returns how many requests arrived. */
async function check({ text, answer }: HostileRequest): Promise<number> {
  for (const instance of [alpha, beta, plain]) Object.assign(instance, { arrived: [], answer });
  const reply = await rawText(worker.url, text, IDLE_MS);
  assert.deepEqual(elsewhere.arrived, []);
  checkArrived(text, alpha, "alpha", ALPHA);
  checkArrived(text, beta, "beta", BETA);
  for (const arrived of plain.arrived) {
    assert.ok(presents(text, "plain"), "the plain tenant was reached without its credential");
    assert.match(`${arrived.method} ${arrived.target}`, /^(?:GET|HEAD) \/api\/now\/(?!.*\/\.\.)/);
    assert.equal(objectionToHeaders(arrived, "Bearer token-of-plain", new URL(plain.url).host), undefined);
  }
  checkReply(text, reply);
  return alpha.arrived.length + beta.arrived.length + plain.arrived.length;
}

test("request with one hostile part reaches nothing that is not its own", async () => {
  let reached = 0;
  const texts = singleChanges(given);
  for (const text of texts) {
    reached += await check({ text, answer: "data" }).catch((cause: unknown) => {
      throw new Error(`not refused: ${JSON.stringify(text.slice(0, 1_000))}`, { cause });
    });
  }
  assert.ok(reached > texts.length / 10, `only ${reached} of ${texts.length} requests reached an instance`);
});

test("hostile requests reach nothing that is not their own", { timeout: 60_000 + RUNS * 100 }, async () => {
  let reached = 0;
  const requests = hostileRequests(given);
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      reached += await check(request);
    }),
    { numRuns: RUNS },
  );
  // Requests that are all refused at once would show nothing.
  assert.ok(reached > RUNS / 10, `only ${reached} of ${RUNS} requests reached an instance`);
  assert.equal((await fetch(`${worker.url}/health`)).status, 200);
});

test("no planted secret is in the log", async () => {
  const text = await readFile(join(folder, "log"), "utf8");
  for (const secret of [...SECRETS, ...Object.values(tokens)]) assert.ok(!text.includes(secret), secret.slice(0, 20));
});
