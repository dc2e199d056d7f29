/** Returns of a sign-in that are forged, swapped, repeated or late: the result, and the address bar. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import { installInto, type Project } from "../package/installed.ts";

const INSTANCE = "https://dev12345.service-now.com";
const REDIRECT = "https://app.example/back?tenant=7";

let sysparm: typeof Sysparm;
let project: Project;

before(async () => {
  project = installInto("sign-in");
  sysparm = await import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist/node.js")).href);
});
after(() => project?.remove());

type Session = NonNullable<Sysparm.AuthorizationCode["session"]>;

function memory(): Session {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  };
}

interface Person {
  instance: Sysparm.Instance;
  /** Forms sent to the token endpoint. */
  forms: URLSearchParams[];
  /** Begins a sign-in; returns its state. */
  begin(): Promise<string>;
}

const opened: Sysparm.Instance[] = [];
afterEach(() => {
  for (const instance of opened.splice(0)) instance.close();
});

async function person(
  given: { redirectUri?: string; session?: Session; url?: string; granted?: Record<string, unknown> } = {},
): Promise<Person> {
  const { redirectUri = REDIRECT, session = memory(), url = INSTANCE, granted = {} } = given;
  const forms: URLSearchParams[] = [];
  const instance = await sysparm.connect({
    url,
    auth: { grant: "authorization_code", clientId: "client", redirectUri, session },
    fetch: async (_, init) => {
      forms.push(new URLSearchParams(String(init?.body)));
      return Response.json({
        access_token: "planted-token",
        refresh_token: "planted-refresh",
        expires_in: 1799,
        ...granted,
      });
    },
  });
  opened.push(instance);
  const begin = async () => new URL(await instance.signIn({ open() {} })).searchParams.get("state") ?? "";
  return { instance, forms, begin };
}

/** The result of a return: true, or the code of the error. The error may hold no part of the URL. */
async function outcome({ instance }: Person, address?: string): Promise<unknown> {
  return instance.handleRedirect(address).catch((thrown: unknown) => {
    assert.ok(thrown instanceof sysparm.SysparmError, String(thrown));
    assert.doesNotMatch(`${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)}`, /planted|evil/);
    return thrown.code;
  });
}

const TRUE_RETURN = (state: string) => `${REDIRECT}&code=true-code&state=${state}`;

/** Returns of other sign-ins. */
const FOREIGN: Record<string, (state: string) => string> = {
  "no state": () => `${REDIRECT}&code=planted`,
  "an empty state": () => `${REDIRECT}&code=planted&state=`,
  "another state": () => `${REDIRECT}&code=planted&state=planted`,
  "a longer state": (state) => `${REDIRECT}&code=planted&state=${state}0`,
  "an error without a state": () => `${REDIRECT}&error=planted`,
  "an error with another state": () => `${REDIRECT}&error=planted&state=planted`,
  "the issuer of another server": (state) => `${TRUE_RETURN(state)}&iss=https%3A%2F%2Fevil.example`,
  "an issuer that begins like the instance": (state) => `${TRUE_RETURN(state)}&iss=${INSTANCE}.evil.example`,
  "an issuer below the instance": (state) => `${TRUE_RETURN(state)}&iss=${INSTANCE}/evil`,
  "the instance as issuer without encryption": (state) => `${TRUE_RETURN(state)}&iss=http://dev12345.service-now.com`,
  "an empty issuer": (state) => `${TRUE_RETURN(state)}&iss=`,
  "an error of another issuer": (state) => `${REDIRECT}&error=planted&state=${state}&iss=https://evil.example`,
  "two issuers": (state) => `${TRUE_RETURN(state)}&iss=${INSTANCE}&iss=${INSTANCE}`,
  "two codes, the planted one first": (state) => `${REDIRECT}&code=planted&code=true-code&state=${state}`,
  "two codes, the planted one last": (state) => `${TRUE_RETURN(state)}&code=planted`,
  "two codes, one of them empty": (state) => `${REDIRECT}&code=&code=planted&state=${state}`,
  "the same code twice": (state) => `${TRUE_RETURN(state)}&code=true-code`,
  "two states, the true one first": (state) => `${TRUE_RETURN(state)}&state=planted`,
  "two states, the true one last": (state) => `${REDIRECT}&code=planted&state=planted&state=${state}`,
  "two errors": (state) => `${REDIRECT}&error=planted&error=planted&state=${state}`,
  "another origin": (state) => `https://evil.example/back?tenant=7&code=planted&state=${state}`,
  "another host below": (state) => `https://evil.app.example/back?tenant=7&code=planted&state=${state}`,
  "another port": (state) => `https://app.example:8443/back?tenant=7&code=planted&state=${state}`,
  "another scheme": (state) => `http://app.example/back?tenant=7&code=planted&state=${state}`,
  "another path": (state) => `https://app.example/back/planted?tenant=7&code=planted&state=${state}`,
  "a path in other letters": (state) => `https://app.example/Back?tenant=7&code=planted&state=${state}`,
  "another value of its own parameter": (state) => `https://app.example/back?tenant=8&code=planted&state=${state}`,
  "none of its own parameters": (state) => `https://app.example/back?code=planted&state=${state}`,
  "a name in front of the host": (state) => `https://planted@app.example/back?tenant=7&code=planted&state=${state}`,
};

for (const [what, address] of Object.entries(FOREIGN)) {
  test(`return with ${what} is foreign`, async () => {
    const one = await person();
    const state = await one.begin();
    assert.equal(await outcome(one, address(state)), "sign-in.foreign");
    assert.equal(one.forms.length, 0);
    assert.equal(await outcome(one, TRUE_RETURN(state)), true);
    assert.deepEqual([one.forms.length, one.forms[0]?.get("code")], [1, "true-code"]);
    assert.equal(await outcome(one, TRUE_RETURN(state)), "sign-in.foreign", "a return is accepted once");
  });
}

test("return that is handled twice at once is taken once", async () => {
  const one = await person();
  const address = TRUE_RETURN(await one.begin());
  assert.deepEqual(await Promise.all([outcome(one, address), outcome(one, address)]), [true, true]);
  assert.equal(one.forms.length, 1);
});

test("refusal that is handled twice at once is a refusal twice", async () => {
  const one = await person();
  const address = `${REDIRECT}&error=access_denied&state=${await one.begin()}`;
  assert.deepEqual(await Promise.all([outcome(one, address), outcome(one, address)]), [
    "sign-in.refused",
    "sign-in.refused",
  ]);
  assert.equal(await outcome(one, address), "sign-in.foreign", "a return is accepted once");
});

test("return with the instance as issuer is accepted", async () => {
  for (const iss of [INSTANCE, `${INSTANCE}/`]) {
    const one = await person();
    assert.equal(await outcome(one, `${TRUE_RETURN(await one.begin())}&iss=${encodeURIComponent(iss)}`), true);
  }
});

test("refusal with the true state ends the sign-in", async () => {
  for (const more of ["&error=access_denied", "&error=access_denied&code=planted", "&code=&error=access_denied"]) {
    const one = await person();
    const state = await one.begin();
    assert.equal(await outcome(one, `${REDIRECT}&state=${state}${more}`), "sign-in.refused");
    assert.equal(await outcome(one, TRUE_RETURN(state)), "sign-in.foreign");
    assert.equal(one.forms.length, 0);
  }
});

test("two instances in a session each accept their own return", async () => {
  const session = memory();
  const [one, other] = await Promise.all([person({ session }), person({ session, url: "https://b.service-now.com" })]);
  const [state, otherState] = [await one.begin(), await other.begin()];
  assert.equal(await outcome(other, TRUE_RETURN(state)), "sign-in.foreign");
  assert.equal(await outcome(one, TRUE_RETURN(state)), true);
  assert.equal(await outcome(other, TRUE_RETURN(otherState)), true);
});

test("URL without parameters of a return is no return", async () => {
  const one = await person();
  const state = await one.begin();
  for (const rest of ["", "&state=x", "&iss=https://evil.example", "&code=", "&error="]) {
    assert.equal(await outcome(one, REDIRECT + rest), false);
  }
  assert.equal(await outcome(one, "https://elsewhere.example/"), false);
  assert.equal(await outcome(one, TRUE_RETURN(state)), true);
});

test("redirect to an app's own scheme is accepted", async () => {
  const one = await person({ redirectUri: "com.example.app:/back" });
  const state = await one.begin();
  assert.equal(await outcome(one, `com.example.evil:/back?code=planted&state=${state}`), "sign-in.foreign");
  assert.equal(await outcome(one, `com.example.app:/back?code=c&state=${state}`), true);
});

test("letter case and default port do not make a return foreign", async () => {
  const one = await person({ redirectUri: "https://App.Example:443" });
  assert.equal(await outcome(one, `https://app.example/?code=c&state=${await one.begin()}`), true);
});

/** Handles a return in a page at the address; returns the result and the final content of the address bar. */
async function inPage(one: Person, address: string): Promise<[unknown, string]> {
  let shown = address;
  const replaceState = (_state: unknown, _title: string, to: string) => {
    shown = new URL(to, address).href;
  };
  Object.assign(globalThis, { location: new URL(address), history: { state: null, replaceState } });
  try {
    return [await outcome(one), shown];
  } finally {
    Object.assign(globalThis, { location: undefined, history: undefined });
  }
}

for (const [what, address] of Object.entries(FOREIGN)) {
  test(`return with ${what} leaves the address bar`, async () => {
    const one = await person();
    const state = await one.begin();
    const [came, shown] = await inPage(one, `${address(state)}&session_state=planted&own=1#part`);
    assert.equal(came, "sign-in.foreign");
    const own = new URL(address(state));
    for (const name of ["code", "state", "error", "iss"]) own.searchParams.delete(name);
    assert.equal(shown, `${own.href}&own=1#part`.replace(/(?<!\?[^#]*)&/, "?"));
    assert.deepEqual(await inPage(one, TRUE_RETURN(state)), [true, REDIRECT]);
  });
}

test("return without a sign-in leaves the address bar", async () => {
  const one = await person();
  const address = `${REDIRECT}&code=planted&state=planted&error_description=planted&error_uri=planted`;
  assert.deepEqual(await inPage(one, address), ["sign-in.foreign", REDIRECT]);
});

test("path that begins with two slashes is no other host", async () => {
  const one = await person({ redirectUri: "https://app.example//back" });
  const state = await one.begin();
  const shown = await inPage(one, `https://app.example//back?code=c&state=${state}`);
  assert.deepEqual(shown, [true, "https://app.example//back"]);
});

test("redirect URI that others could read or run is refused", async () => {
  for (const redirectUri of [
    "",
    "/back",
    "http://evil.example/back",
    "https://*.example/",
    "javascript:alert(1)",
    "myapp:/x",
  ]) {
    await assert.rejects(person({ redirectUri }), { code: "options.auth", message: /redirectUri/ }, redirectUri);
  }
});

test("token of another type than bearer is refused", async () => {
  for (const token_type of ["DPoP", "mac", "N_A", "", "bearer2", 7, {}]) {
    const one = await person({ granted: { token_type } });
    const came = await outcome(one, TRUE_RETURN(await one.begin()));
    assert.equal(came, "token.unreadable", JSON.stringify(token_type));
    assert.equal(one.instance.status().token.state, "failed");
  }
  for (const token_type of ["Bearer", "bearer", "BEARER", null, undefined]) {
    const one = await person({ granted: { token_type } });
    assert.equal(await outcome(one, TRUE_RETURN(await one.begin())), true);
  }
});
