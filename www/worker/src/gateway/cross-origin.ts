/**
 * CORS (Fetch Standard, "HTTP extensions"). Without credentials mode: a caller's key is in a header that the page sets, so no cookies are
 * needed.
 *
 * What is answered before a caller of a registered tenant is known, preflights included, is the same for every origin and for every name: the
 * list of a tenant's origins must not show that the tenant exists. Its list holds from then on: a call from another origin is refused.
 */

import { READABLE_IN_BROWSERS, SENDABLE_FROM_BROWSERS } from "./passing-headers.ts";
import { originRefused, WRITES } from "./refusals.ts";

const PERMISSION = {
  "access-control-allow-headers": SENDABLE_FROM_BROWSERS.join(", "),
  "access-control-max-age": "600",
};
const READABLE = READABLE_IN_BROWSERS.join(", ");

/** The pages that may read a reply: those of these origins, of every origin, or null where the reply says that itself. */
export type Readers = ReadonlySet<string> | "every page" | null;

/** The methods of a registered tenant's callers. */
const ALL_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", ...WRITES]);

/** Whether an OPTIONS request is a browser's question for permission. */
export function isPreflight(headers: Headers): boolean {
  return headers.has("access-control-request-method");
}

/** Answers a preflight of the plain bindings' tenant, whose existence is no secret. */
export function preflightReply(
  origin: string | null,
  origins: ReadonlySet<string>,
  methods: ReadonlySet<string>,
): Response {
  if (origin === null || !origins.has(origin)) return originRefused();
  return permission(origin, methods);
}

/** Answers a preflight for a name that may be a tenant's. Nothing is looked up: a permission alone reads and changes nothing. */
export function preflightForAnyName(): Response {
  return permission("*", ALL_METHODS);
}

function permission(origin: string, methods: ReadonlySet<string>): Response {
  const headers = {
    ...PERMISSION,
    "access-control-allow-methods": [...methods].join(", "),
    "access-control-allow-origin": origin,
  };
  return new Response(null, { status: 204, headers });
}

/** Whether a page of this origin may call. A call without an origin comes from no page, or reads from a page of the worker's own origin. */
export function mayCall(origin: string | null, origins: ReadonlySet<string>, url: string): boolean {
  return origin === null || origins.has(origin) || url.startsWith(`${origin}/`);
}

/** Lets pages read a reply. */
export function markForOrigin(shown: Headers, readers: Readers, origin: string | null): void {
  // A shared cache must not serve a reply that no page may read to a page of an allowed origin, nor the reverse.
  shown.append("vary", "Origin");
  if (readers === null || origin === null) return;
  if (readers !== "every page" && !readers.has(origin)) return;
  shown.set("access-control-allow-origin", readers === "every page" ? "*" : origin);
  shown.set("access-control-expose-headers", READABLE);
}
