/**
 * Which API of the instance a target names. The path has passed the gateway's rule about paths already; here only plain letters pass for the
 * APIs whose tables a policy names, so that no decoder can read another table.
 */

/** An API with rules of its own, or another one, which a policy names by its path. */
export type Api = "table" | "stats" | "attachment" | "import" | "batch" | "graphql" | "other";

/** What a target's path names. */
export interface Address {
  readonly api: Api;
  /** The path without the query string. */
  readonly path: string;
  /** What is behind the question mark; empty without one. */
  readonly query: string;
  /** The segments behind the API's name: a table, a record. */
  readonly rest: readonly string[];
}

/** RFC 3986 unreserved characters and slashes. */
const PLAIN = /^\/[A-Za-z0-9_.~/-]*$/;

const VERSION = /^v\d{1,4}$/;

const NOW = "/api/now/";

const APIS: ReadonlyMap<string, Api> = new Map(
  (["table", "stats", "attachment", "import", "batch", "graphql"] as const).map((api) => [api, api]),
);

/** Reads a path and query string. */
export function readAddress(target: string): Address {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  // No empty segment, and none that begins with a dot.
  const plain = PLAIN.test(path) && !path.includes("//") && !path.includes("/.") && !path.endsWith("/");
  if (plain && path.startsWith(NOW)) {
    const segments = path.slice(NOW.length).split("/");
    const first = segments[0] ?? "";
    const versioned = VERSION.test(first);
    const api = APIS.get(versioned ? (segments[1] ?? "") : first);
    if (api !== undefined) return { api, path, query, rest: segments.slice(versioned ? 2 : 1) };
  }
  return { api: "other", path, query, rest: [] };
}
