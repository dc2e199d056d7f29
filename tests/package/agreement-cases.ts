/** What the package throws is what `classify()` says of the same exchanges; these run with the cases of the package. */
import type { Auth, Diagnosis, Observed } from "sysparm";
import { type Case, is, type World } from "./cases.js";

type Answer = [status: number, body?: string, headers?: Record<string, string>];

const DENIED = '{"error_description":"access_denied","error":"server_error"}';
const NOBODY = '{"error":{"message":"User is not authenticated","detail":"Required to provide Auth information"}}';
const CLIENT = { clientId: "c", clientSecret: "client-secret" };
const CREDENTIALS: Auth = { grant: "client_credentials", ...CLIENT };
const ROWS: Answer = [200, '{"result":[]}', { "x-total-count": "0" }];
const says = (message: string) => `{"error":{"message":"${message}","detail":null},"status":"failure"}`;
const token = (seconds: number, refresh?: string): Answer => [
  200,
  JSON.stringify({ access_token: `t${seconds}`, token_type: "Bearer", expires_in: seconds, refresh_token: refresh }),
];

/** Who signs in, the replies in their order, and the code and the first cause that both ways name. */
const EXCHANGES: [auth: Auth, answers: Answer[], code: string, cause: string][] = [
  [CREDENTIALS, [[401, DENIED]], "token.refused", "oauth.grant-off"],
  [CREDENTIALS, [[200, '{"error":"invalid_client"}']], "token.refused", "oauth.client-credentials-wrong"],
  [CREDENTIALS, [[500, '{"error":"unauthorized_client"}']], "token.unsupported-grant", "oauth.grant-off"],
  [CREDENTIALS, [[400, '{"error":"temporarily_unavailable"}']], "token.unavailable", "oauth.endpoint-down"],
  [
    { grant: "password", ...CLIENT, username: "u", password: "user-password" },
    [[401, DENIED]],
    "token.refused",
    "oauth.user-password-wrong",
  ],
  [
    { grant: "refresh_token", ...CLIENT, refreshToken: "refresh-one" },
    [[200, '{"error":"invalid_grant"}']],
    "token.refused",
    "oauth.refresh-token-expired",
  ],
  [{ username: "u", password: "user-password" }, [[401, NOBODY]], "basic.not-accepted", "basic.restricted"],
  [{ apiKey: "api-key-one" }, [[401, NOBODY]], "key.not-accepted", "key.without-policy"],
  [{ apiKey: "api-key-one", in: "query" }, [[401, NOBODY]], "key.not-accepted", "key.without-policy"],
  [{ token: "supplied-token" }, [[401, NOBODY]], "token.not-accepted", "token.expired"],
  [{ certificate: true }, [[401, NOBODY]], "authentication.refused", "credentials.not-sent"],
  [CREDENTIALS, [token(1800), [401, NOBODY], token(1700), [401, NOBODY]], "token.not-accepted", "oauth.token-of-guest"],
  [
    CREDENTIALS,
    [token(1800), [301, "", { location: "https://other.example/x" }]],
    "instance.redirected",
    "instance.wrong-address",
  ],
  [
    CREDENTIALS,
    [token(1800), [302, "", { location: "/logout_success.do" }]],
    "instance.redirected",
    "instance.session-over",
  ],
  [
    CREDENTIALS,
    [token(1800), ROWS, [403, says("Missing required api access scope")]],
    "scope.missing",
    "scope.not-attached",
  ],
  [CREDENTIALS, [token(1800), [403, says("Failed API level ACL Validation")]], "acl.api", "role.rest-api-access"],
  [CREDENTIALS, [token(1800), [409, says("The record is locked")]], "record.locked", "record.lock-held"],
  [CREDENTIALS, [token(1800), [423, ""]], "record.locked", "record.lock-held"],
  [CREDENTIALS, [token(1800), [425, ""]], "request.too-early", "request.early-data"],
  [CREDENTIALS, [token(1800), [501, ""]], "request.not-implemented", "request.method-unknown"],
  [CREDENTIALS, [token(1800), [400, says("Ungültige Tabelle incident")]], "table.unknown", "table.misspelt"],
  [CREDENTIALS, [token(1800), [404, '{"detail":"Not Found"}']], "path.unknown", "instance.wrong-host"],
  [CREDENTIALS, [token(1800), [503, "", { "retry-after": "0" }]], "instance.unavailable", "instance.restart"],
  [CREDENTIALS, [token(1800), [429, "", { "retry-after": "120" }]], "capacity.queue-full", "capacity.api-int"],
];

function compared({ code, kind, title, retry, causes }: Diagnosis): string {
  const ranked = causes.map((cause) => `${cause.code} ${cause.likelihood} ${cause.title}`);
  return JSON.stringify([code, kind, title, retry, ranked]);
}

async function disagreement(
  { sysparm }: World,
  [auth, answers, code, cause]: (typeof EXCHANGES)[number],
): Promise<string> {
  const observed: Observed[] = [];
  const left = [...answers];
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    const [status, body = "", headers = {}] = left.shift() ?? [418, "{}"];
    const isBare = body === "" && status >= 300 && status < 400;
    const request = {
      method: init.method ?? "GET",
      url: String(url),
      headers: new Headers(init.headers),
      body: String(init.body ?? ""),
    };
    observed.push({ status, body, headers, request, at: Date.now(), durationMs: 0 });
    return new Response(isBare ? null : body, { status, headers: { "content-type": "application/json", ...headers } });
  };
  const instance = await sysparm.connect({ url: "https://x.example", auth, pace: { attempts: 1 }, fetch });
  try {
    let thrown: unknown;
    while (left.length > 0 && !thrown) {
      await instance
        .table("incident")
        .list({ limit: 1 })
        .catch((reason: unknown) => {
          thrown = reason;
        });
    }
    if (!(thrown instanceof sysparm.SysparmError)) return `${code}: ${thrown} was thrown`;
    const shown = instance.status().lastDiagnosis;
    const said = await sysparm.classify(observed.at(-1) as Observed, { earlier: observed.slice(0, -1) });
    const ways = [said, shown, thrown.diagnosis].map((one) => (one ? compared(one) : "none"));
    if (new Set(ways).size > 1) return `${code}: ${ways.join(" and ")}`;
    if (said.code !== code || said.causes[0]?.code !== cause) return `${code} ${cause}: ${ways[0]}`;
    return thrown.message.startsWith(`${said.title} (`) ? "" : `${code}: ${thrown.message}`;
  } finally {
    instance.close();
  }
}

export const AGREEMENT_CASES: Record<string, Case> = {
  "errors and status agree with classify()": async (world) => {
    const wrong: string[] = [];
    for (const exchange of EXCHANGES) wrong.push(await disagreement(world, exchange));
    is(wrong.filter((one) => one !== "").join("\n"), "");
  },

  "deletion answered 204 is done, whatever its content type": async ({ sysparm }) => {
    for (const type of ["text/html; charset=utf-8", "application/json", "text/plain"]) {
      const fetch = async () => new Response(null, { status: 204, headers: { "content-type": type } });
      const instance = await sysparm.connect({ url: "https://x.example", auth: { token: "t" }, fetch });
      await instance.table("incident").delete("0".repeat(32));
      instance.close();
    }
  },

  "long history is classified in less than 50 ms": async ({ sysparm }) => {
    const rows = (from: number) =>
      Array.from({ length: 1000 }, (_, at) => ({ sys_id: `${from + at}`, text: "x".repeat(200) }));
    const url = "https://x.example/api/now/table/incident?sysparm_limit=1000";
    const request = { url, headers: { authorization: "Bearer t" } };
    const texts = Array.from({ length: 64 }, (_, page) => JSON.stringify({ result: rows(1000 * page) }));
    const earlier = Array.from({ length: 5000 }, (_, at) => ({
      status: 200,
      body: texts[at % 64] ?? "",
      request,
      at: 1e12 + at,
    }));
    const reply = { status: 403, body: says("User Not Authorized"), request, at: 2e12 };
    const times: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const before = Date.now();
      is((await sysparm.classify(reply, { earlier })).code, "acl.refused");
      times.push(Date.now() - before);
    }
    is(Math.min(...times) < 50 || times.join(), true);
  },
};
