/**
 * An instance, gateway or firewall that repeats the request in its error (the practice instance's fault `echo`): no secret of it is in
 * anything that this package throws, tells or shows.
 */
import type * as Sysparm from "sysparm";
import { type Case, is } from "./cases.js";

const SECRETS = {
  clientSecret: "Cl1ent+se/cr&t <0ne>",
  password: 'p4ss w"rd=0f%41th3 us3r',
  refreshToken: "r3fr3sh-0123_456789/abc",
  token: "acc3ss.0123-456789_xyz~",
  apiKey: "now_Apik3y-0123456789",
  own: "0wn-us3r-t0k3n-0123456789",
};
const { clientSecret, password, refreshToken, token, apiKey } = SECRETS;
/** The others are tried in `tests/secrets.rs`. */
const FORMS = ["envelope", "percent", "unicode", "entities", "redirect"];
const client = { clientId: "echo-client", clientSecret };

const WAYS: Record<string, Sysparm.Auth> = {
  "client credentials": { grant: "client_credentials", ...client },
  "client credentials by Basic": { grant: "client_credentials", ...client, clientAuth: "basic" },
  password: { grant: "password", ...client, username: "u", password },
  "refresh token": { grant: "refresh_token", clientId: "echo-client", refreshToken },
  "API key": { apiKey },
  "API key in the address": { apiKey, in: "query" },
  Basic: { username: "u", password },
  token: { token },
  "token source": { token: async () => ({ token }) },
};

/** Decodes several encodings, repeatedly, and otherwise than the package does. */
function decoded(text: string): string {
  let plain = text;
  for (let layer = 0; layer < 6; layer += 1) {
    plain = plain
      .replace(/%u([0-9a-f]{4})|\\u([0-9a-f]{4})|%([0-9a-f]{2})|&#x([0-9a-f]+);/gi, (_, a, b, c, d) =>
        String.fromCharCode(Number.parseInt(a ?? b ?? c ?? d, 16)),
      )
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
      .replace(/\\(["\\/])/g, "$1")
      .replaceAll("&amp;", "&")
      .replaceAll("&lt;", "<");
  }
  return plain.replaceAll("+", " ");
}

const base64 = (text: string) => btoa(text).replace(/=+$/, "");
const pairs = [
  base64(`u:${password}`).slice(4),
  base64(`echo-client:${encodeURIComponent(clientSecret).replace(/'/g, "%27")}`).slice(16),
];
const KNOWN = [...Object.values(SECRETS), ...pairs].map(decoded);

/** The first piece of eight characters of a secret that stands in the text. */
function pieceIn(text: string): string | undefined {
  const shown = decoded(text);
  for (const secret of KNOWN)
    for (let at = 0; at + 8 <= secret.length; at += 1)
      if (shown.includes(secret.slice(at, at + 8))) return secret.slice(at, at + 8);
  return undefined;
}

/** A failing reply is returned with the error. */
async function replyOf(error: unknown): Promise<string> {
  const { response } = error as { response?: Response };
  if (!response) return "";
  return [response.url, response.statusText, ...Array.from(response.headers).flat(), await response.text()].join("\n");
}

function textsOf(error: unknown, deep = 0): string {
  if (!(error instanceof Error)) return String(error);
  const texts = [`${error}`, error.stack, error.message, JSON.stringify(error), JSON.stringify(Object.entries(error))];
  return [...texts, deep < 6 && error.cause ? textsOf(error.cause, deep + 1) : ""].join("\n");
}

/** Token requests are answered where `grants`, so that it is the call itself that is echoed. */
function network(grants: boolean): typeof fetch {
  const granted = { access_token: token, refresh_token: refreshToken, expires_in: 1800, token_type: "Bearer" };
  return async (input, init) =>
    grants && String(input).includes("/oauth_token.do") ? Response.json(granted) : fetch(input, init);
}

const calls = (instance: Sysparm.Instance): Record<string, () => Promise<unknown>> => ({
  list: () => instance.table("incident").list(),
  create: () => instance.table("incident").create({ short_description: "x" }),
  request: () => instance.request("/api/now/table/incident", { headers: { "X-UserToken": SECRETS.own } }),
  batch: () => instance.batch([{ path: "/api/now/table/incident" }]),
});

export const ECHO_CASES: Record<string, Case> = {
  "echo shows no secret in errors, events or status": async ({ url, sysparm, control }) => {
    let redacted = 0;
    try {
      for (const form of FORMS)
        for (const stage of ["token", "call"]) {
          await control("switches", { faults: [{ kind: { echo: { status: stage === "token" ? 401 : 403, form } } }] });
          for (const [name, auth] of Object.entries(WAYS)) {
            let shown = "";
            const instance = await sysparm.connect({
              url,
              auth,
              fetch: network(stage === "call"),
              pace: { attempts: 1, breaker: false },
              onEvent: (event) => {
                shown += JSON.stringify(event);
              },
            });
            for (const [what, call] of Object.entries(calls(instance))) {
              shown += await call().then(
                (outcome) => {
                  if (what !== "batch") throw new Error(`${name}, ${form}: ${what} was answered`);
                  return JSON.stringify(outcome) + textsOf((outcome as { error?: unknown }[])[0]?.error);
                },
                async (error) => textsOf(error) + (await replyOf(error)),
              );
              shown += JSON.stringify(instance.status());
            }
            instance.close();
            is(`${name}, ${form}, ${stage}: ${pieceIn(shown)}`, `${name}, ${form}, ${stage}: undefined`);
            redacted += shown.split("[redacted]").length - 1;
          }
        }
    } finally {
      await control("switches", { faults: [] });
    }
    // Where nothing is echoed, nothing is tested.
    is(redacted > 100, true);
  },

  "echo shows no secret in the doctor's findings and report": async ({ url, doctor, control }) => {
    let redacted = 0;
    try {
      for (const form of FORMS) {
        await control("switches", { faults: [{ kind: { echo: { status: 401, form } } }] });
        for (const name of ["client credentials", "password", "refresh token", "API key", "Basic", "token"]) {
          const auth = WAYS[name] as Parameters<typeof doctor.examine>[0]["auth"];
          const administrator = { username: "u", password };
          const examination = doctor.examine({ url, auth, administrator, table: "incident" });
          let shown = "";
          for await (const finding of examination) shown += JSON.stringify(finding);
          shown += JSON.stringify(await examination.report());
          is(`${name}, ${form}: ${pieceIn(shown)}`, `${name}, ${form}: undefined`);
          redacted += shown.split("[redacted]").length - 1;
        }
      }
    } finally {
      await control("switches", { faults: [] });
    }
    is(redacted > 0, true);
  },

  "failing reply is unchanged unless it repeats a secret": async ({ url, sysparm, thrown }) => {
    const replied = async (reply: () => Response) => {
      const options = { url, auth: WAYS.token as Sysparm.Auth, pace: { attempts: 1 }, fetch: async () => reply() };
      return (await thrown(async () => (await sysparm.connect(options)).request("/api/x"))).response as Response;
    };
    const headers = { "content-type": "text/plain", "content-length": "12", "x-mark": "here" };
    const plain = new Response("{}", { status: 500, headers });
    is(await replied(() => plain), plain);
    const said = `it was ${encodeURIComponent(token)}${" ".repeat(40_000)}${token}`;
    const hidden = await replied(() => new Response(said, { status: 500, statusText: token, headers }));
    is(`${hidden.status} ${hidden.statusText} ${hidden.headers.get("x-mark")}`, "500 [redacted] here");
    is(hidden.headers.get("content-length"), null);
    is(await hidden.text(), `it was [redacted]${" ".repeat(40_000)}[redacted]`);
    const header = await replied(() => new Response(null, { status: 403, headers: { "x-said": `Bearer ${token}` } }));
    is(`${header.status} ${header.headers.get("x-said")} ${await header.text()}`, "403 Bearer [redacted] ");
  },

  "cause is handed on as it is, or without the secrets in it": async ({ url, sysparm, thrown }) => {
    const instance = (cause: unknown) =>
      sysparm.connect({
        url,
        auth: WAYS.token as Sysparm.Auth,
        fetch: () => Promise.reject(cause),
        pace: { attempts: 1 },
      });
    const failing = async (cause: unknown) =>
      (await thrown(async () => (await instance(cause)).table("incident").list())).cause as Error & { code?: string };
    const plain = new TypeError("no route", { cause: new Error("deeper") });
    is(await failing(plain), plain);
    const nested = Object.assign(
      new TypeError("fetch failed", { cause: Object.assign(new Error(`to ${token}`), { code: "E1" }) }),
      {
        request: { headers: new Headers({ authorization: `Bearer ${token}` }) },
      },
    );
    const hidden = await failing(nested);
    is(`${hidden.name} ${hidden.message} ${hidden instanceof TypeError}`, "TypeError fetch failed true");
    is(`${(hidden.cause as Error).message} ${(hidden.cause as { code?: string }).code}`, "to [redacted] E1");
    is(pieceIn(textsOf(hidden)), undefined);
    is(Object.keys(hidden).includes("request"), false);
    is(await failing(`refused ${encodeURIComponent(token)}`), "refused [redacted]");
    const circle: { self?: unknown; url: string } = { url: `https://a/?access_token=${token}` };
    circle.self = circle;
    is(pieceIn(textsOf(await failing(circle))), undefined);
  },
};
