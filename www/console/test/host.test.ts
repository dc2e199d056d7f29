import assert from "node:assert/strict";
import { test } from "node:test";
import { newEnvironment } from "../src/environments/environments";
import type { Workspace } from "../src/environments/workspace";
import { otherHosts, workspaceHost } from "../src/tester/host";
import { newId, newSecretRef } from "../src/workspace/model";
import { workspaceDouble } from "./workspace-double";

test("value taken for a secret variable goes to the vault", async () => {
  const workspace = workspaceDouble() as Workspace;
  const { store, vault, environments } = workspace;
  const host = workspaceHost(workspace);
  const session = await vault.put("old");
  const auth = { kind: "bearer", token: newSecretRef() } as const;
  const { id } = await environments.save({
    ...newEnvironment({ name: "DEV", kind: "dev", route: { way: "direct", instanceUrl: "https://a.test", auth } }),
    variables: [{ id: newId(), name: "session", on: true, secret: session }],
  });
  const taken = { session: "s-hidden", access_token: "t-hidden", number: "INC1" };
  await host.setVariables(id, new Map(Object.entries(taken)));
  await host.setVariables(id, new Map([["access_token", "u-hidden"]]));
  const variables = new Map(environments.find(id)?.variables.map((variable) => [variable.name, variable]));
  assert.equal(variables.size, 3);
  assert.equal(variables.get("number")?.value, "INC1");
  assert.equal(variables.get("session")?.secret, session);
  assert.equal(vault.get(session)?.reveal(), "s-hidden");
  const token = variables.get("access_token")?.secret;
  assert.equal(token && vault.get(token)?.reveal(), "u-hidden");
  assert.doesNotMatch(await store.exportAll(), /hidden/);
});

test("other environments are those with an open connection", async () => {
  const workspace = workspaceDouble() as Workspace;
  const { vault, environments, connections } = workspace;
  const make = async (name: string, instanceUrl: string) => {
    const auth = { kind: "bearer", token: await vault.put(`token-of-${name}`) } as const;
    return environments.save(newEnvironment({ name, kind: "dev", route: { way: "direct", instanceUrl, auth } }));
  };
  const [dev, test] = [await make("DEV", "https://a.test"), await make("TEST", "https://b.test")];
  await make("OTHER", "https://c.test");
  await environments.select(dev.id);
  await connections.open(dev.id);
  assert.deepEqual(otherHosts(workspace), []);
  await connections.open(test.id);
  const [other, ...more] = otherHosts(workspace);
  assert.deepEqual([other?.environment()?.name, other?.instance()?.url, more.length], ["TEST", "https://b.test", 0]);
  connections.closeAll();
  assert.equal(other?.instance(), null, "a host of a closed connection sends nothing");
});

test("request's own OAuth signs in to the same instance", async (t) => {
  const workspace = workspaceDouble() as Workspace;
  const { vault, environments, connections } = workspace;
  const host = workspaceHost(workspace);
  const auth = { kind: "bearer", token: await vault.put("environment-token") } as const;
  const route = { way: "direct", instanceUrl: "https://a.test", auth } as const;
  const { id } = await environments.save({ ...newEnvironment({ name: "DEV", kind: "dev", route }), readOnly: true });
  await connections.open(id);
  const sent: [url: string, body: string, authorization: string][] = [];
  t.mock.method(globalThis, "fetch", async (input: string | URL | Request, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    sent.push([String(input), String(init?.body ?? ""), headers.get("authorization") ?? ""]);
    const token = { access_token: "own-token", expires_in: 1799, token_type: "Bearer" };
    const body = String(input).endsWith("/oauth_token.do") ? token : { result: [] };
    return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  });
  const own = await host.instanceWith({
    kind: "oauth",
    grant: "client_credentials",
    clientId: "own-client",
    clientSecret: await host.putSecret("own-secret"),
  });
  await own.request("/api/now/table/incident");
  const [token, call] = sent;
  assert.match(`${token?.[0]} ${token?.[1]}`, /^https:\/\/a\.test\/oauth_token\.do .*client_id=own-client/);
  assert.deepEqual([call?.[0], call?.[2]], ["https://a.test/api/now/table/incident", "Bearer own-token"]);
  const before = sent.length;
  await assert.rejects(own.request("/api/now/table/incident", { method: "POST", body: "{}" }));
  assert.equal(sent.length, before, "the lock of the environment holds for it too");
  own.close();
  connections.closeAll();
});
