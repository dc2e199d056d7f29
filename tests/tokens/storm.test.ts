/**
 * A thousand calls with an expired token: one token request, and no call fails. The other libraries are set up as documented and
 * counted in the same run: they have no lock, so each refused call renews.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as oauth from "oauth4webapi";
import { ClientCredentials, ResourceOwnerPassword } from "simple-oauth2";
import type * as Sysparm from "sysparm";
import type * as Stores from "sysparm/stores";
import { installInto, type Project } from "../package/installed.ts";
import { type StrictServer, strictServer } from "./strict-server.ts";

const CALLS = 1000;
const CLIENT = { clientId: "c", clientSecret: "planted-client-secret" } as const;
const PERSON = { username: "u", password: "planted-password" } as const;

let project: Project;
let sysparm: typeof Sysparm;
let stores: typeof Stores;

before(async () => {
  project = installInto("storm");
  writeFileSync(
    join(project.folder, "both.js"),
    'export * as sysparm from "sysparm"; export * as stores from "sysparm/stores";',
  );
  ({ sysparm, stores } = await import(pathToFileURL(join(project.folder, "both.js")).href));
});
after(() => project?.remove());

/** The number of token requests and failed calls of a thousand calls with an expired token. */
async function storm(server: StrictServer, call: () => Promise<boolean>): Promise<string> {
  assert.equal(await call(), true, "the first call signs in");
  server.expire();
  server.tokenRequests = 0;
  const outcomes = await Promise.all(Array.from({ length: CALLS }, () => call().catch(() => false)));
  return `${server.tokenRequests} token requests, ${outcomes.filter((ok) => !ok).length} failed calls`;
}

for (const rotates of [false, true]) {
  const kind = rotates ? "refresh tokens that work once" : "client credentials";
  const auth: Sysparm.Auth = rotates
    ? { grant: "password", ...CLIENT, ...PERSON }
    : { grant: "client_credentials", ...CLIENT };

  test(`thousand calls with an expired token renew once: ${kind}`, async (t) => {
    const server = await strictServer(rotates);
    t.after(() => server.stop());
    const instance = await sysparm.connect({ url: server.url, auth });
    const call = async () => (await instance.request("/api/now/x")).ok;
    assert.equal(await storm(server, call), "1 token requests, 0 failed calls");
    instance.close();
  });

  test(`eight instances with one store renew once: ${kind}`, async (t) => {
    const server = await strictServer(rotates);
    t.after(() => server.stop());
    const store = stores.memory();
    const options = { url: server.url, auth, store };
    const instances = await Promise.all(Array.from({ length: 8 }, () => sysparm.connect(options)));
    let turn = 0;
    const call = async () => {
      turn += 1;
      return (await instances[turn % 8]?.request("/api/now/x"))?.ok ?? false;
    };
    assert.equal(await storm(server, call), "1 token requests, 0 failed calls");
    for (const instance of instances) instance.close();
  });

  test(`simple-oauth2 and oauth4webapi as documented: ${kind}`, async (t) => {
    const server = await strictServer(rotates);
    t.after(() => server.stop());
    const naive = rotates ? await simpleOAuth2Password(server.url) : await simpleOAuth2Credentials(server.url);
    const simple = await storm(server, naive);
    const other = await strictServer(rotates);
    t.after(() => other.stop());
    const web = await storm(other, rotates ? oauth4webapiPassword(other.url) : oauth4webapiCredentials(other.url));
    t.diagnostic(`simple-oauth2: ${simple}; oauth4webapi: ${web}; sysparm: 1 token requests, 0 failed calls`);
    for (const outcome of [simple, web]) assert.ok(Number.parseInt(outcome, 10) > 100, outcome);
  });
}

/** A call with a token. After a refusal it renews and retries once, which both documentations leave to the caller. */
function repeating(url: string, token: () => string, renew: () => Promise<void>): () => Promise<boolean> {
  const send = () => fetch(`${url}/api/now/x`, { headers: { authorization: `Bearer ${token()}` } });
  return async () => {
    if (token() === "") await renew();
    let reply = await send();
    await reply.arrayBuffer();
    if (reply.status === 401) {
      await renew();
      reply = await send();
      await reply.arrayBuffer();
    }
    return reply.ok;
  };
}

const simpleOptions = (url: string) => ({
  client: { id: CLIENT.clientId, secret: CLIENT.clientSecret },
  auth: { tokenHost: url, tokenPath: "/oauth_token.do" },
  options: { authorizationMethod: "body" as const },
});

async function simpleOAuth2Credentials(url: string): Promise<() => Promise<boolean>> {
  const client = new ClientCredentials(simpleOptions(url));
  let token = "";
  return repeating(
    url,
    () => token,
    async () => {
      token = String((await client.getToken({})).token.access_token);
    },
  );
}

async function simpleOAuth2Password(url: string): Promise<() => Promise<boolean>> {
  const client = new ResourceOwnerPassword(simpleOptions(url));
  let held = await client.getToken(PERSON);
  return repeating(
    url,
    () => String(held.token.access_token),
    async () => {
      held = await held.refresh();
    },
  );
}

const server = (url: string) => ({ issuer: url, token_endpoint: `${url}/oauth_token.do` });
const webClient = { client_id: CLIENT.clientId };
const webAuth = oauth.ClientSecretPost(CLIENT.clientSecret);
const insecure = { [oauth.allowInsecureRequests]: true };

function oauth4webapiCredentials(url: string): () => Promise<boolean> {
  let token = "";
  return repeating(
    url,
    () => token,
    async () => {
      const reply = await oauth.clientCredentialsGrantRequest(server(url), webClient, webAuth, {}, insecure);
      token = (await oauth.processClientCredentialsResponse(server(url), webClient, reply)).access_token;
    },
  );
}

function oauth4webapiPassword(url: string): () => Promise<boolean> {
  let token = "";
  let refresh = "";
  return repeating(
    url,
    () => token,
    async () => {
      const reply =
        refresh === ""
          ? await oauth.genericTokenEndpointRequest(
              server(url),
              webClient,
              webAuth,
              "password",
              { ...PERSON },
              insecure,
            )
          : await oauth.refreshTokenGrantRequest(server(url), webClient, webAuth, refresh, insecure);
      const granted = await oauth.processGenericTokenEndpointResponse(server(url), webClient, reply);
      token = granted.access_token;
      refresh = granted.refresh_token ?? refresh;
    },
  );
}
