/**
 * Which headers pass. Both directions are lists of what may pass: a header that nobody thought of stays out.
 */

/**
 * From the caller to the instance. Never `Cookie` (a session would make calls wait for one another) and never the
 * caller's `Authorization` or `x-api-key`: the instance sees the tenant's token only.
 */
const TO_INSTANCE = ["accept", "accept-encoding", "accept-language", "content-type", "x-no-response-body"] as const;

/**
 * From the instance to the caller. Not among them: `Set-Cookie`, `X-Is-Logged-In`, `X-UserToken-Response` and other
 * marks of the instance's session, `WWW-Authenticate`, and the hop-by-hop headers of RFC 9110 section 7.6.1.
 */
const TO_CALLER = [
  "allow",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "date",
  "etag",
  "expires",
  "last-modified",
  "link",
  "pragma",
  "retry-after",
  "server-timing",
  "vary",
  "x-attachment-metadata",
  "x-content-type-options",
  "x-ratelimit-limit",
  "x-ratelimit-reset",
  "x-ratelimit-rule",
  "x-total-count",
  "x-transaction-id",
] as const;

/** What code in a browser may read, beyond what CORS always shows (Fetch Standard, "CORS-safelisted response-header name"). */
export const READABLE_IN_BROWSERS = [
  "Content-Disposition",
  "Content-Encoding",
  "Date",
  "Link",
  "Retry-After",
  "Server-Timing",
  "X-Attachment-Metadata",
  "X-RateLimit-Limit",
  "X-RateLimit-Reset",
  "X-RateLimit-Rule",
  "X-Total-Count",
  "X-Transaction-ID",
] as const;

/** What code in a browser may send: what passes, and the two ways to present a key. */
export const SENDABLE_FROM_BROWSERS = [
  "Accept",
  "Accept-Language",
  "Authorization",
  "Content-Type",
  "X-API-Key",
  "X-No-Response-Body",
] as const;

/** The caller's headers that pass. */
export function headersForInstance(from: Headers): Headers {
  return only(TO_INSTANCE, from);
}

/** The instance's headers that pass. */
export function headersForCaller(from: Headers): Headers {
  return only(TO_CALLER, from);
}

function only(names: readonly string[], from: Headers): Headers {
  const passing = new Headers();
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) passing.set(name, value);
  }
  return passing;
}
