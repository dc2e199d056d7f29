/**
 * CORS for the configured origins (Fetch Standard, "HTTP extensions"). Without credentials mode: a caller's key is in a header that the page
 * sets, so no cookies are needed.
 */

import { READABLE_IN_BROWSERS, SENDABLE_FROM_BROWSERS } from "./passing-headers.ts";
import { originRefused } from "./refusals.ts";

const PERMISSION = {
  "access-control-allow-headers": SENDABLE_FROM_BROWSERS.join(", "),
  "access-control-max-age": "600",
};
const READABLE = READABLE_IN_BROWSERS.join(", ");

/** Whether an OPTIONS request is a browser's question for permission. */
export function isPreflight(headers: Headers): boolean {
  return headers.has("access-control-request-method");
}

/** Answers a preflight. `methods` are those that some caller may use: a preflight does not say who calls. */
export function preflightReply(asked: Headers, origins: ReadonlySet<string>, methods: ReadonlySet<string>): Response {
  const origin = asked.get("origin");
  if (origin === null || !origins.has(origin)) return originRefused();
  const headers = {
    ...PERMISSION,
    "access-control-allow-methods": [...methods].join(", "),
    "access-control-allow-origin": origin,
  };
  return new Response(null, { status: 204, headers });
}

/** Lets a page of an allowed origin read a reply. `allowed` is null where the reply says that itself, or to no page. */
export function markForOrigin(shown: Headers, allowed: ReadonlySet<string> | null, asked: Headers): void {
  // A shared cache must not serve a reply that no page may read to a page of an allowed origin, nor the reverse.
  shown.append("vary", "Origin");
  if (allowed === null || allowed.size === 0) return;
  const origin = asked.get("origin");
  if (origin === null || !allowed.has(origin)) return;
  shown.set("access-control-allow-origin", origin);
  shown.set("access-control-expose-headers", READABLE);
}
