/** Generates hostile requests, as the bytes that are sent. */

import fc from "fast-check";
import { ANSWER_KINDS, type AnswerKind } from "./recording-instance.ts";

/** What the generator plants in requests. */
export interface Planted {
  /** Keys that open one tenant each. */
  readonly keys: { readonly alpha: string; readonly beta: string; readonly plain: string };
  /** Tokens that open none. */
  readonly badTokens: readonly string[];
  /** Tokens that open one tenant each. */
  readonly goodTokens: { readonly alpha: string; readonly beta: string };
  /** A server that no request may reach. */
  readonly elsewhere: string;
  /** `127.0.0.1:PORT` of an instance. */
  readonly instanceHost: string;
}

/** A request, and how the instances answer meanwhile. */
export interface HostileRequest {
  readonly text: string;
  readonly answer: AnswerKind;
}

/** No policy of the suite allows these words anywhere. */
export const FORBIDDEN_WORDS = [
  "u_secret",
  "sys_user",
  "javascript",
  "rlquery",
  "oauth",
  "x_scope",
  "u_hidden",
] as const;

const METHODS = [
  "GET",
  "GET",
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PROPFIND",
  "get",
  "G@T",
];

const PATHS = [
  "/api/now/table/incident",
  "/api/now/v2/table/incident",
  "/api/now/table/incident/a1b2",
  "/api/now/table/sys_user",
  "/api/now/table/incident/../sys_user",
  "/api/now/table/sys_user/../incident",
  "/api/now/table/incident/%2e%2e/sys_user",
  "/api/now/table/incident%2f..%2fsys_user",
  "/api/now/table/incident;x=/..;/sys_user",
  "/api/now/table//sys_user",
  "/api/now/table/INCIDENT",
  "/api/now/table/incident%00",
  "/api/now/table/%69ncident",
  "/api/now/stats/incident",
  "/api/now/stats/sys_user",
  "/api/now/attachment",
  "/api/now/attachment/a1b2/file",
  "/api/now/attachment/file",
  "/api/now/import/u_hidden",
  "/api/now/batch",
  "/api/now/v1/batch",
  "/api/now/graphql",
  "/api/x_scope/own/api",
  "/api/now/../../oauth_token.do",
  "/api/now/..\\..\\oauth_token.do",
  "/oauth_token.do",
  "/login.do",
  "/",
  "/health",
  "/admin/tenants",
  "/admin/tenants/alpha",
  "/admin/policies/test",
];

const QUERIES = [
  "",
  "?sysparm_limit=5",
  "?sysparm_limit=100000",
  "?sysparm_fields=number",
  "?sysparm_fields=number,u_secret",
  "?sysparm_fields=number%2Cu_secret",
  "?sysparm_fields=number%252Cu_secret",
  "?sysparm_fields=number&sysparm_fields=u_secret",
  "?SYSPARM_FIELDS=u_secret",
  "?sysparm_fields=caller_id.u_secret",
  "?sysparm_query=u_secretSTARTSWITHa",
  "?sysparm_query=number%3D1%5EORu_secret%3D2",
  "?sysparm_query=ORDERBYu_secret",
  "?sysparm_query=number=javascript:gs.getUser()",
  "?sysparm_query=number=1^RLQUERYsys_user.u_secret,>0^ENDRLQUERY",
  "?sysparm_query=123TEXTQUERY321=u_secret",
  "?sysparm_view=u_hidden",
  "?sysparm_display_value=all",
  "?sysparm_group_by=u_secret&sysparm_count=true",
  "?x-api-key=KEY",
  "?;sysparm_fields=u_secret",
  "?sysparm_fields=number;u_secret",
  "?sysparm_query=%",
  `?sysparm_query=${"number=1^OR".repeat(1_700)}number=2`,
];

const GOOD_WRITE = '{"short_description":"x"}';
const GOOD_BATCH = batch({ method: "GET", url: "/api/now/table/incident?sysparm_fields=number&sysparm_limit=1" });

const BODIES = [
  "",
  GOOD_WRITE,
  GOOD_BATCH,
  '{"u_secret":"x"}',
  '{"short_description":"x","u_secret":"x"}',
  '{"short_description":"x","short_description":"u_secret"}',
  '{"u_\\u0073ecret":"x"}',
  "<request><u_secret>x</u_secret></request>",
  "not json",
  batch({ method: "GET", url: "/api/now/table/sys_user?sysparm_fields=number&sysparm_limit=1" }),
  batch({ method: "GET", url: "/api/now/table/incident?sysparm_fields=u_secret&sysparm_limit=1" }),
  batch({ method: "DELETE", url: "/api/now/table/incident/a1b2" }),
  batch({ method: "POST", url: "/api/now/table/incident", body: btoa('{"u_secret":"x"}') }),
  batch({ method: "GET", url: "https://evil.example/api/now/table/incident" }),
  batch({ method: "GET", url: "//evil.example/api/now/table/incident" }),
  batch({ method: "GET", url: "/api/now/table/incident/../sys_user" }),
  batch({
    method: "GET",
    url: "/api/now/table/incident",
    headers: [{ name: "X-HTTP-Method-Override", value: "DELETE" }],
  }),
  batch({
    method: "POST",
    url: "/api/now/batch",
    body: btoa(batch({ method: "GET", url: "/api/now/table/sys_user" })),
  }),
];

function batch(...requests: object[]): string {
  const items = requests.map((request, index) => ({ id: String(index), headers: [], ...request }));
  return JSON.stringify({ batch_request_id: "1", rest_requests: items });
}

/** Headers that must neither pass nor change where a request goes. */
const headersOf = ({ elsewhere, keys }: Planted): readonly string[] => [
  `Host: ${new URL(elsewhere).host}`,
  "Host: evil.example",
  `X-Forwarded-Host: ${new URL(elsewhere).host}`,
  `Forwarded: host=${new URL(elsewhere).host}`,
  "X-Original-URL: /oauth_token.do",
  "X-Rewrite-URL: /api/now/table/sys_user",
  "X-HTTP-Method-Override: DELETE",
  "X-HTTP-Method: DELETE",
  "X-Method-Override: PATCH",
  `Cookie: glide_user=x; key=${keys.alpha}`,
  "X-UserToken: x",
  "x-sn-apikey: x",
  "Authorization: Basic YWRtaW46YWRtaW4=",
  "Connection: x-api-key, authorization",
  "Upgrade: websocket",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: identity, chunked",
  "Content-Length: 4",
  "Content-Encoding: gzip",
  "Content-Type: application/json",
  "Content-Type: application/xml",
  "Content-Type: application/x-www-form-urlencoded",
  "Expect: 100-continue",
  "Range: bytes=0-0",
  "Accept: application/xml",
  "Accept: x\r\nX-Injected: y",
  "Accept-Language: de\n X-Folded: y",
  "X-Bad Name: x",
  ": no name",
  `X-Long: ${"l".repeat(20_000)}`,
];

const hostileText = fc.string({
  unit: fc.constantFrom(..."%2e2f/\\;?#@:.&=^\u0000\u00ff aZ0-_<>|\"'{}"),
  maxLength: 12,
});

/** The parts of a request. */
interface Parts {
  readonly method: string;
  /** What is written before the path. */
  readonly before: string;
  readonly tenant: string;
  readonly path: string;
  readonly query: string;
  /** A text that is inserted somewhere in the target. */
  readonly noise: readonly [number, string] | null;
  readonly credential: readonly string[];
  readonly headers: readonly string[];
  readonly body: string;
  readonly length: string;
}

const ORDINARY = { before: "", noise: null, headers: [], length: "right" } as const;
const GOOD_QUERIES = ["", "?sysparm_limit=5", "?sysparm_fields=number", "?sysparm_query=number%3D1&sysparm_limit=1"];
const RECORDS = "/api/now/table/incident";

/** Requests that pass. */
function ordinary({ keys, goodTokens }: Planted): readonly Parts[] {
  const bearer = (value: string) => [`Authorization: Bearer ${value}`];
  const read = { ...ORDINARY, method: "GET", path: RECORDS, body: "" };
  const write = { ...ORDINARY, tenant: "/beta", query: "", credential: bearer(keys.beta) };
  const reads = GOOD_QUERIES.flatMap((query) => [
    { ...read, query, tenant: "/alpha", credential: bearer(keys.alpha) },
    { ...read, query, tenant: "/alpha", credential: bearer(goodTokens.alpha) },
    { ...read, query, tenant: "/beta", credential: [`x-api-key: ${keys.beta}`] },
    { ...read, query, tenant: "", credential: bearer(keys.plain) },
  ]);
  return [
    ...reads,
    { ...write, method: "POST", path: RECORDS, body: GOOD_WRITE },
    { ...write, method: "POST", path: "/api/now/batch", body: GOOD_BATCH },
  ];
}

/** What replaces a part of an ordinary request. */
function hostileParts(planted: Planted): { readonly [Name in keyof Omit<Parts, "noise">]: readonly Parts[Name][] } {
  const { badTokens, elsewhere, instanceHost } = planted;
  const good = [...Object.values(planted.keys), ...Object.values(planted.goodTokens)];
  const host = new URL(elsewhere).host;
  const twice = good.flatMap((one) => ["x", planted.keys.beta].map((other) => [one, other] as const));
  return {
    method: METHODS,
    before: [elsewhere, `http://${instanceHost}`, `http://x:y@${host}`, "http://evil.example", "https:", "ftp://x"],
    tenant: tenants(host, instanceHost),
    path: PATHS,
    query: QUERIES.map((query) => query.replace("KEY", planted.keys.alpha)),
    credential: [
      [],
      ...[...good, ...badTokens].map((value) => [`Authorization: Bearer ${value}`]),
      ...twice.map(([one, other]) => [`Authorization: Bearer ${one}`, `x-api-key: ${other}`]),
    ],
    headers: headersOf(planted).map((header) => [header]),
    body: BODIES,
    length: ["chunked", "none", "short", "twice"],
  };
}

function tenants(host: string, instanceHost: string): readonly string[] {
  return [
    "",
    "/alpha",
    "/beta",
    "/gamma",
    "/ALPHA",
    "/%61lpha",
    "/alpha%2f",
    "/alpha/",
    "/alpha;",
    "/alpha/../beta",
    "/beta/%2e%2e/alpha",
    "/alpha@beta",
    `/${host}`,
    `/${instanceHost}`,
    `/http://${host}`,
    `//${host}`,
    "/evil.example",
    "/evil.example:80",
    `/${"a".repeat(64)}`,
    "/-alpha",
    "/constructor",
    "/__proto__",
    "/api",
    "/admin",
    "/health",
  ];
}

/** Ordinary requests, and those that differ from one of the chosen ordinary ones in a single part. */
export function singleChanges(planted: Planted): readonly string[] {
  const all = ordinary(planted);
  const chosen = [all[0], all[1], all.at(-2)].filter((parts) => parts !== undefined);
  const parts = hostileParts(planted);
  const changes = Object.entries(parts).flatMap(([name, values]) => values.map((value) => ({ [name]: value })));
  return [...all, ...chosen.flatMap((parts) => changes.map((change) => ({ ...parts, ...change })))].map((parts) =>
    written(parts, planted),
  );
}

/** Ordinary requests with one to three hostile parts, because those come furthest. */
export function hostileRequests(planted: Planted): fc.Arbitrary<HostileRequest> {
  const { credential, headers, ...others } = hostileParts(planted);
  const simple = Object.entries(others).map(
    ([name, values]) => [name, fc.constantFrom(...(values as string[]))] as const,
  );
  const parts: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    ...Object.fromEntries(simple),
    noise: fc.tuple(fc.nat(200), hostileText),
    credential: fc.oneof(
      fc.constantFrom(...credential),
      fc.tuple(fc.constantFrom(...credential), hostileText).map(([lines, text]) => lines.map((line) => line + text)),
    ),
    headers: fc.array(fc.constantFrom(...headers.flat()), { minLength: 1, maxLength: 3 }),
  };
  const changes = fc
    .subarray(Object.keys(parts), { minLength: 1, maxLength: 3 })
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, parts[name] ?? fc.constant("")]))));
  return fc
    .tuple(fc.constantFrom(...ordinary(planted)), changes, fc.constantFrom(...ANSWER_KINDS))
    .map(([parts, changes, answer]) => ({ text: written({ ...parts, ...changes }, planted), answer }));
}

function written(parts: Parts, { keys }: Planted): string {
  const { method, before, tenant, path, query, noise, credential, headers, body, length } = parts;
  const plain = before + tenant + path + query;
  const at = noise ? noise[0] % (plain.length + 1) : 0;
  const target = noise ? plain.slice(0, at) + noise[1] + plain.slice(at) : plain;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    "Connection: close",
    ...framing(body, length),
    ...credential,
    ...headers,
  ];
  if (!headers.some((line) => line.startsWith("Host:"))) lines.push("Host: worker.example");
  if (body !== "" && !headers.some((line) => line.startsWith("Content-Type:")))
    lines.push("Content-Type: application/json");
  return `${lines.join("\r\n")}\r\n\r\n${content(body, length, keys.beta)}`;
}

/** Two framings that servers may read differently are what smuggling relies on (RFC 9112, section 6.3). */
function framing(body: string, length: string): string[] {
  if (length === "chunked") return ["Transfer-Encoding: chunked"];
  if (length === "none" || body === "") return [];
  if (length === "short") return [`Content-Length: ${Math.floor(body.length / 2)}`];
  if (length === "twice") return [`Content-Length: ${body.length}`, "Transfer-Encoding: chunked"];
  return [`Content-Length: ${body.length}`];
}

function content(body: string, length: string, key: string): string {
  if (length !== "chunked" && length !== "twice") return body;
  const smuggled = `GET /beta/api/now/table/sys_user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const chunk = body === "" ? "" : `${body.length.toString(16)}\r\n${body}\r\n`;
  return `${chunk}0\r\n\r\n${length === "twice" ? smuggled : ""}`;
}
