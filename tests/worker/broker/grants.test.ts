/** Every grant that needs no page, through the broker in workerd: what reaches the token endpoint, and what isolates get. */
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { after, before, test } from "node:test";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { AUTHS } from "../tenants/example-tenant.ts";
import { BrokerUnderTest, SEALING_KEYS, temporaryFolder } from "./broker-under-test.ts";

let instance: ScriptedInstance;
let broker: BrokerUnderTest;
/** Requests to the token endpoint, oldest first. */
let forms: { form: URLSearchParams; authorization: string | undefined }[] = [];
/** The refresh token that the endpoint accepts: a new one at each use. */
let refreshToken = "refresh-token";
let isRefusing = false;

function grant(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const form = new URLSearchParams(body);
    forms.push({ form, authorization: request.headers.authorization });
    const isOld = form.get("grant_type") === "refresh_token" && form.get("refresh_token") !== refreshToken;
    if (isRefusing || isOld) return json(401, { error: "invalid_grant" })(request, response);
    refreshToken = `refresh-${forms.length}`;
    const granted = { access_token: `access-${forms.length}`, token_type: "Bearer", expires_in: 1799 };
    return json(200, { ...granted, refresh_token: refreshToken })(request, response);
  });
}

before(async () => {
  instance = await scriptedInstance();
  instance.answerToken = grant;
  broker = await BrokerUnderTest.start({
    instanceUrl: instance.url,
    auth: { ...AUTHS, new: AUTHS.clientCredentials, refusedKey: AUTHS.apiKey },
  });
});
after(async () => {
  await broker?.worker.stop();
  await instance?.stop();
});

/** A token of this tenant, and the requests that it took. */
async function obtained(tenant: keyof typeof AUTHS, question: object = {}) {
  forms = [];
  const answer = await broker.ask(tenant, question);
  assert.ok("value" in answer, JSON.stringify(answer));
  return { ...answer, forms: forms.map(({ form }) => Object.fromEntries(form)) };
}

test("client credentials", async () => {
  const { value, forms: sent } = await obtained("clientCredentials");
  assert.equal(value, "Bearer access-1");
  assert.deepEqual(sent, [
    { grant_type: "client_credentials", client_id: "0123456789abcdef", client_secret: "hush-hush-hush" },
  ]);
});

test("client secret that is being rotated", async () => {
  const { forms: sent } = await obtained("rotatedSecret");
  assert.deepEqual(
    sent.map(({ client_secret }) => client_secret),
    ["old-secret"],
  );
});

test("password, then its refresh token", async () => {
  const first = await obtained("password");
  assert.equal(first.forms[0]?.grant_type, "password");
  assert.equal(first.forms[0]?.password, "pass word ö");
  const newest = refreshToken;
  const second = await obtained("password", { refused: first.value.slice("Bearer ".length) });
  assert.deepEqual(
    second.forms.map(({ grant_type, refresh_token }) => ({ grant_type, refresh_token })),
    [{ grant_type: "refresh_token", refresh_token: newest }],
  );
});

test("refresh token", async () => {
  refreshToken = "refresh-token";
  const { forms: sent } = await obtained("refreshToken");
  assert.deepEqual(sent, [{ grant_type: "refresh_token", client_id: "public", refresh_token: "refresh-token" }]);
});

test("JWT bearer signs an assertion for its subject", async () => {
  const { forms: sent } = await obtained("jwtBearer");
  assert.equal(sent[0]?.grant_type, "urn:ietf:params:oauth:grant-type:jwt-bearer");
  const [head, claims] = String(sent[0]?.assertion).split(".");
  const read = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString());
  assert.deepEqual([read(head).alg, read(head).kid, read(claims).sub], ["ES256", "k1", "anna@example.com"]);
});

test("API key and Basic are headers, without a request", async () => {
  const key = await obtained("apiKey");
  assert.deepEqual([key.name, key.value, key.forms], ["x-sn-apikey", "now_key", []]);
  const basic = await obtained("basic");
  assert.deepEqual([basic.name, basic.forms], ["authorization", []]);
  assert.equal(Buffer.from(basic.value.slice("Basic ".length), "base64").toString(), "anna:pass:word");
});

test("broker of one tenant answers no other", async () => {
  await obtained("apiKey");
  const answer = await broker.ask("apiKey", { tenant: "basic" });
  assert.ok("failure" in answer && !JSON.stringify(answer).includes("now_key"), JSON.stringify(answer));
});

test("refused credential is sent again when it changes or is resumed", async () => {
  isRefusing = true;
  forms = [];
  const answers = [await broker.ask("new"), await broker.ask("new"), await broker.ask("new")];
  for (const answer of answers) {
    assert.ok("failure" in answer, JSON.stringify(answer));
    assert.equal(answer.failure.diagnosis.kind, "authentication");
  }
  assert.equal(forms.length, 1);
  const report = (await broker.call("new", "attentionOf")) as { credentialVersion: number; code: string };
  assert.equal(report.credentialVersion, 1);
  assert.match(report.code, /^token\./);

  isRefusing = false;
  await broker.call("new", "setVersion", { version: 2 });
  assert.ok("value" in (await broker.ask("new", { credentialVersion: 2 })));
  assert.equal(forms.length, 2);
  assert.equal(await broker.call("new", "attentionOf"), null);

  isRefusing = true;
  await broker.call("new", "setVersion", { version: 3 });
  assert.ok("failure" in (await broker.ask("new", { credentialVersion: 3 })));
  isRefusing = false;
  assert.ok("failure" in (await broker.ask("new", { credentialVersion: 3 })));
  assert.equal(forms.length, 3);
  await broker.call("new", "resume");
  assert.ok("value" in (await broker.ask("new", { credentialVersion: 3 })));
  assert.equal(forms.length, 4);
});

test("answer names the instance and version of its credential", async () => {
  for (const tenant of ["named", "apiKey"] as const) {
    const { instanceUrl, credentialVersion } = await broker.ask(tenant, { credentialVersion: 3 }).then((answer) => {
      assert.ok("value" in answer, JSON.stringify(answer));
      return answer;
    });
    assert.deepEqual([instanceUrl, credentialVersion], [instance.url, 3]);
  }
});

test("refused API key is not handed out in a pause", async () => {
  const first = await broker.ask("refusedKey", { credentialVersion: 3 });
  assert.ok("value" in first, JSON.stringify(first));
  for (const question of [{ refused: first.value }, {}, { refused: first.value }]) {
    const answer = await broker.ask("refusedKey", { credentialVersion: 3, ...question });
    assert.ok("failure" in answer, JSON.stringify(answer));
    const { code, kind, retry, causes } = answer.failure.diagnosis;
    assert.deepEqual([code, kind, retry.when, causes.length], ["credential.refused", "authentication", "after", 1]);
    assert.ok(Number(retry.afterMs) <= 5_000, "one pause for all");
  }
  await broker.call("refusedKey", "resume");
  assert.ok("value" in (await broker.ask("refusedKey", { credentialVersion: 3 })));
});

test("removed tenant leaves no token behind", async () => {
  await obtained("clientCredentials");
  assert.equal(forms.length, 0, "the token is there");
  await broker.call("clientCredentials", "forget");
  await obtained("clientCredentials");
  assert.equal(forms.length, 1);
});

test("newest refresh token survives a crash after each answer", async (t) => {
  const storage = await temporaryFolder(t);
  const start = () => BrokerUnderTest.start({ instanceUrl: instance.url, auth: AUTHS.refreshToken, storage });
  refreshToken = "refresh-token";
  forms = [];
  let refused: string | undefined;
  for (let crash = 1; crash <= 3; crash += 1) {
    const crashing = await start();
    t.after(() => crashing.worker.stop());
    await crashing.call("acme", "resume");
    const answer = await crashing.ask("acme", { refused });
    assert.ok("value" in answer, JSON.stringify(answer));
    refused = answer.value.slice("Bearer ".length);
    await crashing.kill();
    assert.equal(forms.length, crash);
  }
});

const NEW_KEY = `k2:${Buffer.alloc(32, 6).toString("base64")}`;
const BOTH_KEYS = `${NEW_KEY},${SEALING_KEYS}`;

/** Brokers one after the other on one storage, with these keys; what `use` does with each. */
async function rotating<Use>(
  t: { after(run: () => Promise<void>): void },
  auth: object,
  steps: [sealingKeys: string, use: (broker: BrokerUnderTest) => Promise<Use>][],
): Promise<Use[]> {
  const storage = await temporaryFolder(t);
  const used: Use[] = [];
  for (const [sealingKeys, use] of steps) {
    const started = await BrokerUnderTest.start({ instanceUrl: instance.url, auth, storage, sealingKeys });
    t.after(() => started.worker.stop());
    used.push(await use(started));
    await started.worker.stop();
  }
  return used;
}

async function asked(started: BrokerUnderTest): Promise<string> {
  const answer = await started.ask("acme");
  return "value" in answer ? answer.value : answer.failure.message;
}

test("token survives a rotation of the sealing key by use alone", async (t) => {
  forms = [];
  const values = await rotating(t, AUTHS.clientCredentials, [
    [SEALING_KEYS, asked],
    [BOTH_KEYS, asked],
    [NEW_KEY, asked],
  ]);
  assert.deepEqual(values, [values[0], values[0], values[0]]);
  assert.equal(forms.length, 1);
});

test("idle tenant costs one request when its key is gone", async (t) => {
  forms = [];
  const values = await rotating(t, AUTHS.clientCredentials, [
    [SEALING_KEYS, asked],
    [NEW_KEY, asked],
    [NEW_KEY, asked],
  ]);
  assert.deepEqual(values, ["Bearer access-1", "Bearer access-2", "Bearer access-2"]);
});

test("API key is read again when the sealing key is gone", async (t) => {
  const values = await rotating(t, AUTHS.apiKey, [
    [SEALING_KEYS, asked],
    [NEW_KEY, asked],
  ]);
  assert.deepEqual(values, ["now_key", "now_key"]);
});

test("rotated refresh token needs its key until it is sealed again", async (t) => {
  refreshToken = "refresh-token";
  forms = [];
  const [first, second, third] = await rotating(t, AUTHS.refreshToken, [
    [SEALING_KEYS, asked],
    [NEW_KEY, asked],
    [SEALING_KEYS, asked],
  ]);
  assert.equal(forms.length, 1, "the refresh token of the registry is not sent in place of the newest");
  assert.equal(first, third);
  assert.doesNotMatch(String(second), /^Bearer/);

  refreshToken = "refresh-token";
  forms = [];
  const resealed = await rotating(t, AUTHS.refreshToken, [
    [SEALING_KEYS, asked],
    [BOTH_KEYS, (started) => started.call("acme", "resealTokens").then(String)],
    [NEW_KEY, (started) => started.ask("acme", { refused: "access-1" }).then((answer) => JSON.stringify(answer))],
  ]);
  assert.equal(resealed[1], "null");
  assert.match(String(resealed[2]), /Bearer access-2/);
  assert.equal(forms.at(-1)?.form.get("refresh_token"), "refresh-1");
});
