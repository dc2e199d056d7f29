/**
 * CORS for the configured origins (Fetch Standard, "HTTP extensions"). Without credentials mode: a caller's key is in a header that the page
 * sets, so no cookies are needed.
 */

import { READABLE_IN_BROWSERS, SENDABLE_FROM_BROWSERS } from "./passing-headers.ts";
import { originRefused } from "./refusals.ts";

const PERMISSION = {
  "access-control-allow-headers": SENDABLE_FROM_BROWSERS.join(", "),
  "access-control-max-age": "600",
  vary: "Origin",
};
const READABLE = READABLE_IN_BROWSERS.join(", ");

/** Whether a browser asks for permission. */
export function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}

/** Answers a preflight. `methods` are those that some caller may use: a preflight does not say who calls. */
export function preflightReply(request: Request, origins: ReadonlySet<string>, methods: ReadonlySet<string>): Response {
  const origin = request.headers.get("origin");
  if (origin === null || !origins.has(origin)) return originRefused();
  const headers = {
    ...PERMISSION,
    "access-control-allow-methods": [...methods].join(", "),
    "access-control-allow-origin": origin,
  };
  return new Response(null, { status: 204, headers });
}

/** Lets a page of an allowed origin read a reply. */
export function markForOrigin(reply: Response, request: Request, allowed: ReadonlySet<string>): void {
  // A shared cache must not serve a reply that no page may read to a page of an allowed origin, nor the reverse.
  reply.headers.append("vary", "Origin");
  if (allowed.size === 0) return;
  const origin = request.headers.get("origin");
  if (origin === null || !allowed.has(origin) || request.method === "OPTIONS") return;
  reply.headers.set("access-control-allow-origin", origin);
  reply.headers.set("access-control-expose-headers", READABLE);
}
