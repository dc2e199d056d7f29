/** Invalid arguments are refused with a message, and the program's own URLs, requests and watches stay intact. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import { installInto, type Project } from "../package/installed.ts";

const URL_OF_INSTANCE = "https://x.example";
const MACHINE = { grant: "client_credentials", clientId: "id", clientSecret: "planted-secret" } as const;
const PERSON = { grant: "authorization_code", clientId: "id" } as const;

let sysparm: typeof Sysparm;
let project: Project;
const sent: string[] = [];

before(async () => {
  project = installInto("misused-glue");
  sysparm = await import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist/node.js")).href);
});
after(() => project?.remove());

const answering: typeof fetch = async (input, init) => {
  sent.push(`${init?.method ?? "GET"} ${String(input)}`);
  const token = { access_token: "planted-token", refresh_token: "planted-refresh", expires_in: 1799 };
  return Response.json(String(input).includes("oauth_token") ? token : { result: [] });
};

const offline: typeof fetch = async () => {
  throw new TypeError("offline");
};

function session(): NonNullable<Sysparm.AuthorizationCode["session"]> {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  };
}

/** Returns from the sign-in page to `address` with the sent state; returns the final content of the address bar. */
async function returnTo(redirectUri: string, address: string, fetch: typeof globalThis.fetch): Promise<string> {
  const auth = { ...PERSON, redirectUri, session: session() };
  const instance = await sysparm.connect({ url: URL_OF_INSTANCE, auth, fetch });
  const signIn = new URL(await instance.signIn({ open() {} }));
  let shown = "";
  const replaceState = (_state: unknown, _title: string, url: string) => {
    shown = url;
  };
  const back = new URL(address.replace("STATE", signIn.searchParams.get("state") ?? ""));
  Object.assign(globalThis, { location: back, history: { state: null, replaceState } });
  await instance.handleRedirect().catch(() => undefined);
  Object.assign(globalThis, { location: undefined, history: undefined });
  instance.close();
  return shown;
}

async function refusal(act: () => Promise<unknown>): Promise<string> {
  const thrown = await act().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof sysparm.SysparmError, String(thrown));
  return thrown.message;
}

test("controller in place of a signal is refused before a write", async () => {
  const instance = await sysparm.connect({ url: URL_OF_INSTANCE, auth: MACHINE, fetch: answering });
  await instance.request("/api/now/a");
  const signal = new AbortController() as never;
  await refusal(() => instance.request("/api/now/table/incident", { method: "POST", body: "{}", signal }));
  await instance.request("/api/now/b");
  assert.deepEqual(
    sent.filter((line) => line.startsWith("POST") && line.includes("incident")),
    [],
  );
});

test("store whose watch throws does not block connect", async () => {
  const store = {
    get: async () => undefined,
    set: async () => undefined,
    watch() {
      throw new Error("no BroadcastChannel");
    },
  };
  const instance = await sysparm.connect({ url: URL_OF_INSTANCE, auth: MACHINE, fetch: answering, store });
  assert.equal(await instance.token(), "planted-token");
});

test("assertion without a key is refused before the first call", async () => {
  const auth = { grant: "jwt_bearer", clientId: "id", subject: "s", algorithm: "RS256" } as never;
  assert.match(await refusal(() => sysparm.connect({ url: URL_OF_INSTANCE, auth })), /auth\.key/);
});

test("code leaves the address bar after a failed exchange", async () => {
  const redirectUri = "https://app.example/cb";
  const shown = await returnTo(redirectUri, `${redirectUri}?tenant=7&code=planted-code&state=STATE#part`, offline);
  assert.equal(shown, "/cb?tenant=7#part");
});

test("page's own parameters stay in the URL", async () => {
  const redirectUri = "https://app.example/cb?tenant=7";
  assert.equal(await returnTo(redirectUri, `${redirectUri}&code=c&state=STATE#part`, answering), "/cb?tenant=7#part");
});

test("return with an invalid URL is refused", async () => {
  const auth = { ...PERSON, redirectUri: "https://app.example/cb", session: session() };
  const instance = await sysparm.connect({ url: URL_OF_INSTANCE, auth });
  assert.doesNotMatch(await refusal(() => instance.handleRedirect("/cb?code=planted&state=x")), /planted/);
});
