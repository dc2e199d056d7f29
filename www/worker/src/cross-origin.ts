/**
 * CORS for the configured origins. Without credentials mode: a caller's key is in a header that the page sets, so no cookies
 * are needed.
 */

import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Bindings } from "./bindings.ts";
import type { Tenant } from "./configuration.ts";
import { envelope } from "./envelope.ts";
import { READABLE_IN_BROWSERS, SENDABLE_FROM_BROWSERS } from "./passing-headers.ts";

/** Answers preflights and marks replies that a page of an allowed origin may read. */
export function crossOrigin(tenant: Tenant): MiddlewareHandler<{ Bindings: Bindings }> {
  const allow = cors({
    origin: [...tenant.allowedOrigins],
    allowMethods: ["GET", "HEAD"],
    allowHeaders: [...SENDABLE_FROM_BROWSERS],
    exposeHeaders: [...READABLE_IN_BROWSERS],
    maxAge: 600,
  });
  return async (context, next) => {
    const request = context.req.raw;
    const origin = request.headers.get("origin");
    const isPreflight = request.method === "OPTIONS" && request.headers.has("access-control-request-method");
    if (origin !== null && tenant.allowedOrigins.has(origin) && (isPreflight || request.method !== "OPTIONS")) {
      return allow(context, next);
    }
    if (isPreflight) {
      return envelope(
        403,
        "Origin refused",
        "The sysparm worker does not serve this origin. Its operator can add it to ALLOWED_ORIGINS.",
      );
    }
    await next();
    // A shared cache must not serve this reply, which no page may read, to a page of an allowed origin, nor the reverse.
    context.res.headers.append("vary", "Origin");
    return;
  };
}
