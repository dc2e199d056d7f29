/**
 * The same flows against `oidc-provider`, a certified OAuth server of another project: required PKCE, refresh tokens with and
 * without rotation, client credentials in the body and in a Basic header.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import Provider from "oidc-provider";
import type * as Sysparm from "sysparm";
import type * as Stores from "sysparm/stores";
import { installInto, type Project } from "../package/installed.ts";

const REDIRECT = "http://127.0.0.1:1/back";

let project: Project;
let sysparm: typeof Sysparm;
let stores: typeof Stores;
before(async () => {
  project = installInto("authorization-server");
  const text = 'export * as sysparm from "sysparm"; export * as stores from "sysparm/stores";';
  writeFileSync(join(project.folder, "both.js"), text);
  ({ sysparm, stores } = await import(pathToFileURL(join(project.folder, "both.js")).href));
});
after(() => project?.remove());

interface AuthorizationServer {
  url: string;
  tokenRequests: number;
  stop(): Promise<void>;
}

/** ServiceNow's paths in front of the provider, and an API that accepts every token of the provider. */
async function authorizationServer(rotates: boolean): Promise<AuthorizationServer> {
  let provider: Provider | undefined;
  const http: Server = createServer((request, response) => {
    if (request.url === "/oauth_token.do") running.tokenRequests += 1;
    if (!request.url?.startsWith("/api/")) return void provider?.callback()(request, response);
    const token = request.headers.authorization?.slice("Bearer ".length) ?? "";
    const known = Promise.all([provider?.AccessToken.find(token), provider?.ClientCredentials.find(token)]);
    void known.then((found) => response.writeHead(found.some((one) => one) ? 200 : 401).end());
  });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const running: AuthorizationServer = {
    url,
    tokenRequests: 0,
    async stop() {
      const stopped = new Promise((done) => http.close(done));
      http.closeAllConnections();
      await stopped;
    },
  };
  provider = new Provider(url, {
    clients: [
      {
        client_id: "public",
        token_endpoint_auth_method: "none",
        redirect_uris: [REDIRECT],
        grant_types: ["authorization_code", "refresh_token"],
        application_type: "native",
      },
      {
        client_id: "machine",
        client_secret: "s+cret%&",
        redirect_uris: [],
        response_types: [],
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "client_secret_basic",
      },
      {
        client_id: "form",
        client_secret: "s+cret%&",
        redirect_uris: [],
        response_types: [],
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    routes: { authorization: "/oauth_auth.do", token: "/oauth_token.do", revocation: "/oauth_revoke_token.do" },
    features: { clientCredentials: { enabled: true }, revocation: { enabled: true } },
    pkce: { required: () => true },
    scopes: ["openid", "offline_access"],
    rotateRefreshToken: rotates,
    issueRefreshToken: async () => true,
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 3600,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 3600,
      Interaction: 600,
    },
    findAccount: async (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  });
  provider.on("server_error", (_context, thrown) => console.error(thrown));
  return running;
}

/** A user at the provider's pages: signs in and consents. Returns the redirect to the application. */
async function person(start: string): Promise<string> {
  const jar = new Map<string, string>();
  let [address, body]: [string, URLSearchParams | undefined] = [start, undefined];
  for (let step = 0; step < 12; step += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await fetch(address, {
      method: body ? "POST" : "GET",
      redirect: "manual",
      headers: { cookie },
      ...(body && { body }),
    });
    body = undefined;
    for (const set of reply.headers.getSetCookie()) {
      const [name = "", value = ""] = set.split(";")[0]?.split("=") ?? [];
      jar.set(name, value);
    }
    const location = reply.headers.get("location");
    if (location) {
      address = new URL(location, address).href;
      if (address.startsWith(REDIRECT)) return address;
      continue;
    }
    const page = await reply.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!action || !prompt) throw new Error(`no form at ${address}: ${reply.status} ${page.slice(0, 300)}`);
    address = new URL(action, address).href;
    body = new URLSearchParams({ prompt, login: "abel.tuter", password: "any" });
  }
  throw new Error("the sign-in never leads back");
}

function tabSession(): NonNullable<Sysparm.AuthorizationCode["session"]> {
  const entries = new Map<string, string>();
  return {
    getItem: (name) => entries.get(name) ?? null,
    setItem: (name, text) => void entries.set(name, text),
    removeItem: (name) => void entries.delete(name),
  };
}

for (const rotates of [false, true]) {
  test(`PKCE sign-in, refresh token ${rotates ? "rotated" : "not rotated"}`, async (t) => {
    const server = await authorizationServer(rotates);
    t.after(() => server.stop());
    const auth = {
      grant: "authorization_code",
      clientId: "public",
      redirectUri: REDIRECT,
      scope: "openid offline_access",
      session: tabSession(),
    } as const;
    const store = stores.memory();
    const events: string[] = [];
    const onEvent = ({ type }: Sysparm.SysparmEvent) => events.push(type);
    const instance = await sysparm.connect({ url: server.url, auth, store, onEvent });
    await assert.rejects(instance.request("/api/now/x"), { code: "token.sign-in-needed" });
    const back = await person(await instance.signIn({ open: () => undefined }));
    assert.equal(await instance.handleRedirect(back), true);
    assert.equal((await instance.request("/api/now/x")).status, 200);
    await assert.rejects(instance.handleRedirect(back), { code: "sign-in.foreign" }, "a return is accepted once");

    // Three consecutive renewals, as after three refusals: each uses the refresh token that the previous one stored.
    for (let turn = 2; turn <= 4; turn += 1) {
      const refused = await instance.token();
      const another = await instance.token({ refused });
      assert.notEqual(another, refused);
      assert.equal((await instance.request("/api/now/x")).status, 200);
      assert.equal(server.tokenRequests, turn);
    }
    const later = await sysparm.connect({ url: server.url, auth, store });
    assert.equal((await later.request("/api/now/x")).status, 200, "another instance finds the tokens");
    assert.equal(server.tokenRequests, 4);

    await instance.signOut({ revoke: true });
    await assert.rejects(instance.request("/api/now/x"), { code: "token.sign-in-needed" });
    assert.ok(events.includes("signed-out") && events.includes("attention"));
    later.close();
    instance.close();
  });
}

test("foreign return differs from a refusal", async (t) => {
  const server = await authorizationServer(false);
  t.after(() => server.stop());
  const auth = {
    grant: "authorization_code",
    clientId: "public",
    redirectUri: REDIRECT,
    session: tabSession(),
  } as const;
  const instance = await sysparm.connect({ url: server.url, auth });
  assert.equal(await instance.handleRedirect("http://127.0.0.1:1/back"), false);
  await assert.rejects(instance.handleRedirect(`${REDIRECT}?code=c&state=s`), { code: "sign-in.foreign" });
  const state = new URL(await instance.signIn({ open: () => undefined })).searchParams.get("state");
  const refused = instance.handleRedirect(`${REDIRECT}?error=access_denied&state=${state}`);
  await assert.rejects(refused, { code: "sign-in.refused" });
  assert.equal(server.tokenRequests, 0);
});

for (const clientAuth of ["body", "basic"] as const) {
  test(`client credentials with special characters in ${clientAuth}`, async (t) => {
    const server = await authorizationServer(false);
    t.after(() => server.stop());
    const auth: Sysparm.Auth = {
      grant: "client_credentials",
      clientId: clientAuth === "body" ? "form" : "machine",
      clientSecret: ["wrong", "s+cret%&"],
      clientAuth,
    };
    const instance = await sysparm.connect({ url: server.url, auth });
    const replies = await Promise.all(Array.from({ length: 100 }, () => instance.request("/api/now/x")));
    assert.ok(replies.every(({ ok }) => ok));
    assert.equal(server.tokenRequests, 2, "the wrong secret once, the right one once");
    instance.close();
  });
}
