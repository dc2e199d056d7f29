/** What the package promises of `classify()`; these run with the cases of the package. */
import type { Classified, Observed } from "sysparm";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";

const GRANT = { grant_type: "client_credentials", client_id: "practice-client", client_secret: "practice-secret" };
const INCIDENTS = "/api/now/table/incident";

/** Sends requests with this platform's own fetch and records the exchanges in the form that `classify()` takes. */
class RecordingClient {
  readonly observed: Observed[] = [];
  readonly #url: string;
  #token = "";

  constructor(url: string) {
    this.#url = url;
  }

  async send(path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
    const at = Date.now();
    const reply = await fetch(this.#url + path, { ...init, redirect: "manual", credentials: "omit" });
    const body = await reply.text();
    const { status, headers } = reply;
    this.observed.push({
      status,
      headers,
      body,
      request: { ...init, url: this.#url + path },
      at,
      durationMs: Date.now() - at,
    });
    return body;
  }

  async signIn(form: Record<string, string> = GRANT): Promise<void> {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = await this.send("/oauth_token.do", { method: "POST", headers, body: `${new URLSearchParams(form)}` });
    this.#token = JSON.parse(body).access_token;
  }

  call(path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}): Promise<string> {
    const all = { authorization: `Bearer ${this.#token}`, "content-type": "application/json", ...headers };
    return this.send(path, { method, headers: all, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }
}

type Act = (client: RecordingClient) => Promise<unknown>;

/** Symptoms of the practice instance: what is done, and the first cause of what is seen last. */
const SYMPTOMS: [scenario: string, act: Act, code: string, cause: string][] = [
  ["client-credentials-off", (client) => client.signIn().catch(() => undefined), "token.refused", "oauth.grant-off"],
  [
    "token-of-guest",
    async (client) => [await client.signIn(), await client.call(INCIDENTS)],
    "token.not-accepted",
    "oauth.token-of-guest",
  ],
  [
    "api-scope-missing",
    async (client) => [await client.signIn(), await client.call(INCIDENTS)],
    "scope.missing",
    "scope.not-attached",
  ],
  [
    "rest-api-role-missing",
    async (client) => [await client.signIn(), await client.call(INCIDENTS)],
    "acl.api",
    "role.rest-api-access",
  ],
  [
    "query-field-not-readable",
    async (client) => [await client.signIn(), await client.call(`${INCIDENTS}?sysparm_query=close_notesISNOTEMPTY`)],
    "query.field-not-readable",
    "acl.query",
  ],
  [
    "business-rule-aborts",
    async (client) => [await client.signIn(), await client.call(INCIDENTS, "POST", {})],
    "record.rule-refused",
    "record.business-rule",
  ],
  [
    "table-unknown",
    async (client) => [await client.signIn(), await client.call("/api/now/table/u_not_installed")],
    "table.unknown",
    "table.misspelt",
  ],
  [
    "all-rows-hidden",
    async (client) => [await client.signIn(), await client.call(`${INCIDENTS}?sysparm_limit=10`)],
    "rows.hidden-by-acl",
    "acl.row-hidden",
  ],
  [
    "unknown-field-ignored",
    async (client) => [
      await client.signIn(),
      await client.call(`${INCIDENTS}?sysparm_query=no_such_field%3D1&sysparm_limit=1`),
    ],
    "query.condition-dropped",
    "query.field-misspelt",
  ],
  [
    "time-zone-differs",
    async (client) => [
      await client.signIn(),
      await client.call(`${INCIDENTS}?sysparm_display_value=all&sysparm_limit=1`),
    ],
    "values.display",
    "values.time-zone",
  ],
  [
    "json-cut-by-quota",
    async (client) => [await client.signIn(), await client.call(INCIDENTS)],
    "quota.cancelled",
    "quota.query-too-heavy",
  ],
  [
    "role-missing",
    async (client) => [await client.signIn(), await client.call(INCIDENTS)],
    "acl.refused",
    "acl.role-missing",
  ],
];

async function classified(world: World, client: RecordingClient): Promise<Classified> {
  const reply = client.observed.at(-1) as Observed;
  return world.sysparm.classify(reply, { earlier: client.observed.slice(0, -1) });
}

export const CLASSIFY_CASES: Record<string, Case> = {
  "replies in context get the right cause and show no secret": whereNoRowIsHidden(async (world) => {
    const wrong: string[] = [];
    try {
      for (const [name, act, code, cause] of SYMPTOMS) {
        await world.control("scenario", { name });
        const client = new RecordingClient(world.url);
        await act(client);
        const found = await classified(world, client);
        const first = found.causes[0];
        if (found.code !== code || first?.code !== cause) wrong.push(`${name}: ${found.code} ${first?.code}`);
        if (!first?.fix[0] || !first.title || /[{}]/.test(JSON.stringify(first.fix))) wrong.push(`${name}: no words`);
        if (/practice-secret|Bearer [^[]/.test(JSON.stringify(found))) wrong.push(`${name}: a secret is shown`);
      }
    } finally {
      await world.control("reset", {});
    }
    is(wrong.join("; "), "");
  }),

  "reply without fault has nothing against it": whereNoRowIsHidden(async (world) => {
    const client = new RecordingClient(world.url);
    await client.signIn();
    await client.call(`${INCIDENTS}?sysparm_limit=2`);
    const found = await classified(world, client);
    is(`${found.code} ${found.kind} ${found.causes.length}`, "reply.in-order unknown 0");
    is(found.evidence.join(), `GET ${INCIDENTS} answered 200`);
  }),

  "reply that repeats secrets is classified without them": async ({ sysparm }) => {
    const echo = JSON.stringify({
      error: { message: "bad client hush-hush", detail: "Bearer very-secret; glide=cookie-one" },
    });
    const found = await sysparm.classify({
      status: 401,
      headers: { "content-type": "application/json" },
      body: echo,
      request: {
        url: "https://x.example/api/now/table/incident?x-sn-apikey=key-one",
        headers: new Headers({ authorization: "Bearer very-secret", cookie: "glide=cookie-one" }),
        body: "client_secret=hush-hush",
      },
    });
    is(found.evidence.join(" ").includes("bad client [redacted]"), true);
    is(/hush-hush|very-secret|cookie-one|key-one/.test(JSON.stringify(found)), false);
  },

  "missing reply is explained by what page or program knows": async ({ sysparm }) => {
    const first = async (transport: Observed["transport"], method = "GET") => {
      const found = await sysparm.classify({ transport, request: { url: INCIDENTS, method } } as Observed);
      return `${found.code} ${found.retry.when} ${found.causes[0]?.code}`;
    };
    is(await first("unreachable"), "network.unreachable backoff network.down");
    is(await first("unreadable"), "cors.refused never cors.api");
    is(await first("silent"), "network.unreachable backoff network.down");
    is(await first("mixed-content"), "network.mixed-content never network.mixed-content");
    is(await first("timed-out"), "network.timeout backoff instance.slow");
    is(await first("timed-out", "POST"), "write.unknown-outcome look-first write.answer-lost");
  },

  "fixes use the menu terms of the release": async ({ sysparm }) => {
    const body = '{"error_description":"access_denied","error":"server_error"}';
    const form = "grant_type=client_credentials&client_id=x&client_secret=secret-one";
    const request = { method: "POST", url: "/oauth_token.do", body: form };
    const fixIn = async (release?: string) => {
      const { causes } = await sysparm.classify({ status: 401, body, request }, release ? { release } : {});
      return causes.flatMap(({ fix }) => fix).join(" ");
    };
    const [any, zurich, yokohama, old] = [
      await fixIn(),
      await fixIn("Zurich"),
      await fixIn("yokohama"),
      await fixIn("vancouver"),
    ];
    is(any.includes("System OAuth > Application Registry (from Zurich: Machine Identity Console"), true);
    is(any.includes("Before Zurich: If the field"), true);
    is(zurich.includes("Application Registry") || zurich.includes("Form Design"), false);
    is(zurich.includes("Under Machine Identity Console > Inbound integrations open"), true);
    is(yokohama.includes("Machine Identity") || !yokohama.includes("form menu > Configure > Form Design"), false);
    is(old.includes("glide.oauth.inbound.client.credential"), false);
  },

  "classify() diagnoses any input or throws a RequestError": async ({ sysparm }) => {
    let seed = 6;
    const below = (most: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % most;
    };
    const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
    const texts = ["", "{", '{"result":[', "<html>", "GET", "\u0000\ud800", "a".repeat(3000), INCIDENTS, "?&=%zz", "1"];
    const any = (depth: number): unknown => {
      const kind = below(depth > 0 ? 9 : 6);
      if (kind < 3) return one(texts);
      if (kind < 5) return one([0, -1, 200, 401, 403.5, 1e300, Number.NaN, undefined, null, true, 10n, 429, 503]);
      if (kind === 5)
        return one([new Date(0), () => 1, Symbol("x"), new Map(), new Headers({ a: "b" }), new Response("x")]);
      if (kind === 6) return Array.from({ length: below(4) }, () => any(depth - 1));
      const names = ["status", "headers", "body", "request", "transport", "method", "url", "at", "durationMs", "x"];
      return Object.fromEntries(Array.from({ length: below(6) }, () => [one(names), any(depth - 1)]));
    };
    const reply = () => ({
      status: one([200, 202, 400, 401, 403, 404, 429, 500, 503, any(1)]),
      body: one([...texts, any(1)]),
      request: one([undefined, { url: INCIDENTS, method: one(["GET", "POST", "x"]) }, any(2)]),
      headers: one([undefined, { "x-total-count": "60" }, any(2)]),
    });
    let diagnosed = 0;
    for (let round = 0; round < 1500; round += 1) {
      const given = below(3) ? reply() : any(3);
      const context = below(4) ? undefined : { earlier: [reply(), any(2)] };
      try {
        const found = await sysparm.classify(given as Observed, context as { earlier: Observed[] } | undefined);
        const sum = found.causes.reduce((all, { likelihood }) => all + likelihood, 0);
        if (!found.code || !found.title || !found.retry.when || !(sum < 1.001)) throw new Error(JSON.stringify(found));
        diagnosed += 1;
      } catch (thrown) {
        if (!(thrown instanceof sysparm.RequestError && /^Invalid .+\. Pass /.test(thrown.message))) throw thrown;
      }
    }
    is(diagnosed > 200 && diagnosed < 1500, true);
  },
};
