/** Recognises a call whose reply the browser withheld from the page, and says which permission it lacked. Pure. */
import type { Failure } from "../failure/failure";
import type { Environment, SavedRequest } from "../workspace/model";

export interface Blocked {
  /** True if the instance is known to have answered. Otherwise the browser is the likeliest cause. */
  certain: boolean;
  /** CORS rules do not cover the token endpoint. */
  what: "api" | "token";
}

/** Null for a failure that most likely has another cause. */
export function blockedBy({ diagnosis }: Failure): Blocked | null {
  const first = diagnosis?.causes[0]?.code ?? "";
  const certain = diagnosis?.code === "cors.refused";
  if (!certain && !first.startsWith("cors.")) return null;
  return { certain, what: first === "cors.token-endpoint" ? "token" : "api" };
}

/** Environments that go through a worker and have the kind of the blocked one: which instance is behind a worker is not known. */
export function workersLike(blocked: Environment, all: readonly Environment[]): Environment[] {
  return all.filter(({ id, kind, route }) => id !== blocked.id && route.way === "worker" && kind === blocked.kind);
}

/**
 * The fields of the rule (System Web Services > REST > CORS Rules) that lets a page send a request and read its reply.
 * Source: documentation page "Define a CORS rule".
 */
export function corsRule(
  { method, address, headers }: SavedRequest,
  pageOrigin: string,
): [field: string, value: string][] {
  const own = headers.filter(({ on, name }) => on && name.trim() !== "").map(({ name }) => name.trim());
  const sent = new Map(["Authorization", "Content-Type", "Accept", ...own].map((name) => [name.toLowerCase(), name]));
  return [
    ["REST API", apiOf(address)],
    ["Domain", pageOrigin],
    ["HTTP methods", method],
    ["Access-Control-Allow-Headers", [...sent.values()].join(", ")],
    ["Access-Control-Expose-Headers", EXPOSED],
  ];
}

/** The property, because the rules do not cover the token endpoint. Source: documentation page "Allow CORS Origins for OAuth Endpoints". */
export function tokenProperty(pageOrigin: string): [field: string, value: string][] {
  return [
    ["Name", "glide.oauth.cors.allowed.origin"],
    ["Type", "string"],
    ["Value", pageOrigin],
  ];
}

function apiOf(address: string): string {
  const path = address.replace(/^https?:\/\/[^/]*/i, "").replace(/\?.*/s, "");
  const [, space = "", api = ""] = /^\/api\/([^/]+)\/(?:v\d+\/)?([^/]+)/.exec(path) ?? [];
  return (space === "now" && APIS.get(api)) || `the one of ${path || "the request"}`;
}

const APIS = new Map([
  ["table", "Table API"],
  ["stats", "Aggregate API"],
  ["attachment", "Attachment API"],
  ["import", "Import Set API"],
  ["batch", "Batch API"],
  ["cmdb", "CMDB Instance API"],
]);
const EXPOSED =
  "X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule, X-Transaction-ID";
