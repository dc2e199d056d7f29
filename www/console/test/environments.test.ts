import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { authOf } from "../src/environments/auth";
import { createEnvironments, hostOf, newEnvironment } from "../src/environments/environments";
import { createGuard, UNLOCK_MS } from "../src/environments/guard";
import { guardedFetch } from "../src/environments/guarded-fetch";
import { createScenarios } from "../src/environments/scenarios";
import { signingKey } from "../src/environments/signing-key";
import { forgetSecrets } from "../src/environments/workspace";
import { failureOf } from "../src/failure/failure";
import { createVault } from "../src/vault/vault";
import { type Environment, type EnvironmentKind, newSecretRef, type SecretRef } from "../src/workspace/model";
import { workspaceDouble } from "./workspace-double";

interface Sent {
  method: string;
  url: string;
  authorization: string;
}

/** Answers as an instance would: the token names the host that gave it. */
function answering(t: TestContext): Sent[] {
  const sent: Sent[] = [];
  t.mock.method(globalThis, "fetch", async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = new URL(String(input));
    const authorization = new Headers(init.headers).get("authorization") ?? "";
    sent.push({ method: init.method ?? "GET", url: url.href, authorization });
    const reply =
      url.pathname === "/oauth_token.do"
        ? { access_token: `token-of-${url.hostname}`, token_type: "Bearer", expires_in: 1800, scope: "useraccount" }
        : { result: [] };
    return Response.json(reply);
  });
  return sent;
}

async function workspace() {
  const made = workspaceDouble();
  const { vault, environments } = made;
  const add = async (name: string, kind: EnvironmentKind = "dev") => {
    const clientSecret = await vault.put(`secret-of-${name}`);
    const auth = { kind: "oauth", grant: "client_credentials", clientId: name, clientSecret } as const;
    const route = { way: "direct", instanceUrl: `https://${name}.service-now.com`, auth } as const;
    return environments.save(newEnvironment({ name, kind, route }));
  };
  return { ...made, add };
}

test("switch of environment never sends the other's token", async (t) => {
  const sent = answering(t);
  const { environments, connections, add } = await workspace();
  const both = [await add("acmedev"), await add("acmetest", "test")];
  for (const { id } of [...both, ...both]) {
    await environments.select(id);
    await connections.open(id);
    await connections.currentInstance.value?.request("/api/now/table/incident?sysparm_limit=1");
  }
  const calls = sent.filter(({ url }) => url.includes("/api/now/"));
  assert.equal(calls.length, 4);
  for (const { url, authorization } of calls) assert.equal(authorization, `Bearer token-of-${new URL(url).hostname}`);
  assert.equal(sent.length - calls.length, 2, "one token for each, and none anew at a switch");
  connections.closeAll();
  assert.equal(connections.currentInstance.value, null);
});

test("worker's tenant is reached with its own key", async (t) => {
  const sent = answering(t);
  const { environments, connections, vault } = await workspace();
  const key = await vault.put("worker-key");
  const route = { way: "worker", workerUrl: "https://worker.example.com", tenant: "acme", key } as const;
  const { id } = await environments.save(newEnvironment({ name: "DEV", kind: "dev", route }));
  await connections.open(id);
  await connections.currentInstance.value?.request("/api/now/table/incident");
  assert.deepEqual(
    sent.map(({ url, authorization }) => [url, authorization]),
    [["https://worker.example.com/acme/api/now/table/incident", "Bearer worker-key"]],
  );
  connections.closeAll();
});

test("change of an environment ends its connection", async (t) => {
  answering(t);
  const { environments, connections, vault, add } = await workspace();
  const environment = await add("acmedev");
  await connections.open(environment.id);
  const clientSecret = await vault.put("another");
  const auth = { kind: "oauth", grant: "client_credentials", clientId: "b", clientSecret } as const;
  await environments.save({ ...environment, route: { way: "direct", instanceUrl: "https://b.service-now.com", auth } });
  assert.equal(connections.of(environment.id).name, "none");
  assert.equal(vault.get(secretOf(environment))?.reveal(), undefined, "the old secret is forgotten");
  assert.equal(vault.get(clientSecret)?.reveal(), "another");
});

test("secret that is not held is asked for by its name", async (t) => {
  const sent = answering(t);
  const { connections, vault, add } = await workspace();
  const environment = await add("acmedev");
  await vault.forget(secretOf(environment));
  await connections.open(environment.id);
  assert.deepEqual(connections.of(environment.id), { name: "none", missing: "client secret" });
  assert.equal(sent.length, 0);
});

test("forgetting all secrets ends every connection", async (t) => {
  answering(t);
  const { environments, connections, vault, add } = await workspace();
  const both = [await add("acmedev"), await add("acmetest", "test")];
  for (const { id } of both) await connections.open(id);
  await forgetSecrets({ connections, vault });
  assert.deepEqual(
    both.map((environment) => [connections.of(environment.id).name, vault.has(secretOf(environment))]),
    [
      ["none", false],
      ["none", false],
    ],
  );
  assert.equal(environments.list.value.length, 2);
});

test("environments and the choice are there after a reload", async () => {
  const { store, vault, environments, add } = await workspace();
  const [first, second] = [await add("b"), await add("a")];
  assert.equal(environments.current.value?.id, first.id, "the first that was added");
  await environments.select(second.id);
  const next = createEnvironments(store, vault);
  await next.load();
  assert.deepEqual(next.list.value, [second, first]);
  assert.equal(next.currentId.value, second.id);
  await next.remove(second.id);
  assert.equal(next.currentId.value, "", "the person chooses another one");
  assert.equal(vault.has(secretOf(second)), false);
});

test("connection closed meanwhile is said in words for a person", async (t) => {
  answering(t);
  const { connections, add } = await workspace();
  const { id } = await add("dev");
  await connections.open(id);
  const instance = connections.currentInstance.value;
  assert.ok(instance);
  connections.close(id);
  const thrown = await instance.request("/api/now/table/incident").catch((error: unknown) => error);
  const { message, repeat } = failureOf(thrown);
  assert.match(message, /^The connection was closed meanwhile, here or in another tab\./);
  assert.match(repeat, /^Connect the environment/);
  assert.doesNotMatch(message + repeat, /connect\(\)/);
});

test("read-only production sends no write until unlocked", async (t) => {
  const sent = answering(t);
  const { connections, guard, add } = await workspace();
  const prod = await add("acme", "prod");
  assert.equal(prod.readOnly, true);
  await connections.open(prod.id);
  const write = () =>
    connections.currentInstance.value?.request("/api/now/table/incident", { method: "POST", body: "{}" });
  await assert.rejects(
    async () => write(),
    (thrown) => {
      const { message, repeat } = failureOf(thrown);
      assert.match(message, /^acme is read-only, so POST \/api\/now\/table\/incident was not sent\. Unlock/);
      assert.match(repeat, /^Nothing was sent\./);
      return true;
    },
  );
  assert.equal(sent.filter(({ url }) => url.includes("/api/")).length, 0);
  guard.unlock(prod.id);
  await write();
  assert.equal(sent.filter(({ url }) => url.includes("/api/")).length, 1);
  connections.closeAll();
});

test("only requests for tokens pass the lock of an environment", async () => {
  const sent: string[] = [];
  const send: typeof fetch = async (input) => {
    sent.push(new URL(String(input)).pathname);
    return new Response();
  };
  const locked = guardedFetch(send, () => "PROD");
  const post = (path: string) => locked(`https://acme.service-now.com${path}`, { method: "POST" });
  const tokens = ["/oauth_token.do", "/oauth_revoke_token.do"];
  for (const path of tokens) await post(path);
  for (const path of ["/oauth_entity.do", "/oauth_token.do/x", "/oauth/../api/now/table/x", "/oauth_token.dox"])
    assert.throws(
      () => post(path),
      /^NotSent: PROD is read-only, so POST .* was not sent\. Unlock PROD first\.$/,
      path,
    );
  assert.deepEqual(sent, tokens);
});

test("read-only environment takes a batch of reads, and no other", async (t) => {
  const sent = answering(t);
  const { connections, add } = await workspace();
  const prod = await add("acme", "prod");
  await connections.open(prod.id);
  const instance = connections.currentInstance.value;
  const batches = async (call: () => Promise<unknown> | undefined) => {
    sent.length = 0;
    await call()?.catch(() => undefined);
    return sent.some(({ url }) => url.endsWith("/batch"));
  };
  const read = { path: "/api/now/table/incident?sysparm_query=number=INC1" };
  assert.ok(await batches(() => instance?.batch([read])));
  const query = `numberIN${"INC0000001,".repeat(700)}`;
  assert.ok(await batches(() => instance?.table("incident").list({ query })), "a long query");
  const patch = { path: "/api/now/table/incident/1", method: "PATCH", body: {} } as const;
  assert.ok(!(await batches(() => instance?.batch([read, patch]))));
  connections.closeAll();

  const locked = guardedFetch(fetch, () => "PROD");
  const override = `[{"name":"X-HTTP-Method-Override","value":"DELETE"}]`;
  for (const body of [
    `{"rest_requests":[{"method":"DELETE","method":"GET"}]}`,
    `{"rest_requests":[{"method":"GET","headers":${override}}]}`,
    `{"rest_requests":{}}`,
    `{"rest_requests":[null]}`,
    "{",
  ])
    assert.throws(() => locked("https://a.example/api/now/v1/batch", { method: "POST", body }), /read-only/, body);
});

test("header that changes the method is never sent", async () => {
  const sent: string[] = [];
  const send: typeof fetch = async (input) => {
    sent.push(String(input));
    return new Response();
  };
  const unlocked = guardedFetch(send, () => null);
  const address = "https://acme.service-now.com/api/now/table/incident/1";
  for (const name of ["X-HTTP-Method-Override", "x-http-method", "X-Method-Override"]) {
    const headers = { [name]: "DELETE" };
    assert.throws(() => unlocked(address, { headers }), /^NotSent: .*was not sent.*method/, name);
    assert.throws(() => unlocked(new Request(address, { headers })), /^NotSent: /, name);
    assert.throws(() => unlocked("https://acme.service-now.com/oauth_token.do", { method: "POST", headers }), name);
  }
  await unlocked(address, { headers: { Accept: "application/json" } });
  assert.deepEqual(sent, [address]);
});

test("each write on production is asked for, and on dev none", async () => {
  let now = 0;
  const guard = createGuard(() => now);
  const [dev, prod] = (["dev", "prod"] as const).map((kind) => ({ ...bare(kind), readOnly: kind === "prod" }));
  assert.ok(dev && prod);
  assert.equal(await guard.allowWrite(dev, "POST /x"), true);
  const refused = guard.allowWrite(prod, "POST /x");
  assert.equal(guard.question.value?.locked, true);
  guard.question.value?.answer(false);
  assert.equal(await refused, false);
  assert.equal(guard.isLocked(prod), true);

  const allowed = guard.allowWrite(prod, "POST /x");
  guard.question.value?.answer(true);
  assert.equal(await allowed, true);
  const again = guard.allowWrite(prod, "POST /y");
  assert.equal(guard.question.value?.locked, false, "unlocked, and asked all the same");
  const third = guard.allowWrite(prod, "POST /z");
  assert.equal(await again, false, "a question that another replaces is refused");
  guard.question.value?.answer(true);
  assert.equal(await third, true);
  now += UNLOCK_MS;
  assert.equal(guard.isLocked(prod), true, "the unlock has ended");
  assert.equal(guard.unlocked.value.size, 1);
  guard.endUnlocks();
  assert.equal(guard.unlocked.value.size, 0);
});

test("run on production is asked for once, and again when locked", async () => {
  let now = 0;
  const guard = createGuard(() => now);
  const [dev, prod] = [bare("dev"), { ...bare("prod"), readOnly: true }];
  const writes = [{ line: "POST /x", times: 3 }];
  assert.equal(await guard.allowRun(dev, "mine", writes), true);
  const asked = guard.allowRun(prod, "mine", writes);
  assert.deepEqual(guard.question.value?.writes, writes);
  guard.question.value?.answer(true);
  assert.equal(await asked, true);
  assert.equal(await guard.allowWrite(prod, "POST /x", true), true);
  now += UNLOCK_MS;
  const late = guard.allowWrite(prod, "POST /x", true);
  guard.question.value?.answer(false);
  assert.equal(await late, false, "the unlock of the run has ended");
});

test("every grant becomes the package's own options", async () => {
  const vault = createVault(null);
  const ref = async (text: string) => vault.put(text);
  const client = { kind: "oauth", clientId: "c", clientSecret: await ref("s"), scope: "x" } as const;
  const of = (auth: Parameters<typeof authOf>[0]) => authOf(auth, vault, "http://127.0.0.1/");
  const common = { clientId: "c", clientSecret: "s", scope: "x" };
  assert.deepEqual(await of({ ...client, grant: "client_credentials" }), { grant: "client_credentials", ...common });
  assert.deepEqual(await of({ ...client, grant: "password", username: "u", password: await ref("p") }), {
    grant: "password",
    ...common,
    username: "u",
    password: "p",
  });
  assert.deepEqual(await of({ ...client, grant: "refresh_token", refreshToken: await ref("r") }), {
    grant: "refresh_token",
    ...common,
    refreshToken: "r",
  });
  assert.deepEqual(await of({ kind: "oauth", clientId: "public", grant: "authorization_code" }), {
    grant: "authorization_code",
    clientId: "public",
    redirectUri: "http://127.0.0.1/",
  });
  assert.deepEqual(await of({ kind: "api-key", key: await ref("k"), in: "header" }), { apiKey: "k", in: "header" });
  assert.deepEqual(await of({ kind: "basic", username: "u", password: await ref("p") }), {
    username: "u",
    password: "p",
  });
  assert.deepEqual(await of({ kind: "bearer", token: await ref("t") }), { token: "t" });
});

test("private keys in PEM and JWK sign, and cannot be read out", async () => {
  const made = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, ["sign", "verify"]);
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", made.privateKey)).toString("base64");
  const jwk = JSON.stringify(await crypto.subtle.exportKey("jwk", made.privateKey));
  for (const text of [`-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`, jwk]) {
    const key = await signingKey(text);
    assert.deepEqual([key.algorithm, key.extractable, key.usages], [made.privateKey.algorithm, false, ["sign"]]);
  }
  await assert.rejects(signingKey("-----BEGIN RSA PRIVATE KEY-----"), /Convert it: openssl/);
  await assert.rejects(signingKey("{}"), /not a private RSA or EC key/);
  await assert.rejects(signingKey("hunter2"), /Paste the whole text/);
});

test("scenarios are those of a practice instance on this machine", async () => {
  const asked: string[] = [];
  const send: typeof fetch = async (input) => {
    asked.push(String(input));
    return Response.json({ scenarios: [{ name: "token-expired", symptom: "401", row: 1 }] });
  };
  const scenarios = createScenarios(send);
  assert.equal(await scenarios.load("https://dev1.service-now.com"), false);
  assert.match(scenarios.problem.value, /Only a practice instance/);
  assert.equal(await scenarios.load("http://127.0.0.1:8787"), true);
  assert.deepEqual(scenarios.list.value, [{ name: "token-expired", symptom: "401" }]);
  await scenarios.begin("http://127.0.0.1:8787", "token-expired");
  assert.equal(scenarios.begunAt("http://127.0.0.1:8787"), "token-expired");
  assert.equal(scenarios.begunAt("http://127.0.0.1:9999"), "", "another practice instance is in order");
  await scenarios.end("http://127.0.0.1:8787");
  assert.equal(scenarios.begunAt("http://127.0.0.1:8787"), "");
  assert.deepEqual(
    asked.map((url) => new URL(url).pathname),
    ["/__practice/scenarios", "/__practice/scenario", "/__practice/reset"],
  );
});

test("host of an environment names its tenant", () => {
  const direct = bare("dev");
  assert.equal(hostOf(direct), "a.service-now.com");
  const route = { way: "worker", workerUrl: "https://w.example.com", tenant: "acme", key: newSecretRef() } as const;
  assert.equal(hostOf({ ...direct, route }), "w.example.com/acme");
});

function bare(kind: EnvironmentKind): Environment {
  const auth = { kind: "bearer", token: newSecretRef() } as const;
  return newEnvironment({ name: kind, kind, route: { way: "direct", instanceUrl: "https://a.service-now.com", auth } });
}

function secretOf({ route }: Environment): SecretRef {
  assert.ok(route.way === "direct" && route.auth.kind === "oauth" && route.auth.clientSecret);
  return route.auth.clientSecret;
}
