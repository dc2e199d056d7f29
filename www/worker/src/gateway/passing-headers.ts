/**
 * The headers that pass. Both directions are allow lists, so that an unforeseen header does not pass.
 */

/**
 * From the caller to the instance. Never `Cookie` (calls of one session are processed one at a time) and never the
 * caller's `Authorization` or `x-api-key`: the instance sees the tenant's token only.
 */
const TO_INSTANCE = ["accept", "accept-encoding", "accept-language", "content-type", "x-no-response-body"] as const;

/**
 * From the instance to the caller. Left out: `Set-Cookie`, `X-Is-Logged-In`, `X-UserToken-Response` and other headers of the
 * instance's session, `WWW-Authenticate`, and the hop-by-hop headers of RFC 9110 section 7.6.1.
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

/** Headers that code in a browser may read in addition to those that CORS always exposes (Fetch Standard, "CORS-safelisted response-header name"). */
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

/** Headers that code in a browser may send: those that pass, and the two that can hold a key. */
export const SENDABLE_FROM_BROWSERS = [
  "Accept",
  "Accept-Language",
  "Authorization",
  "Content-Type",
  "X-API-Key",
  "X-No-Response-Body",
] as const;

/** The caller's headers that pass. Without a wish for a form it is JSON, as the package asks for. */
export function headersForInstance(from: Headers): Record<string, string> {
  const passing: Record<string, string> = {};
  for (const name of TO_INSTANCE) {
    const value = from.get(name);
    if (value !== null) passing[name] = value;
  }
  passing.accept ??= "application/json";
  return passing;
}

const PASSING: ReadonlySet<string> = new Set(TO_CALLER);

/** Removes the instance's headers that do not pass. */
export function onlyForCaller(headers: Headers): void {
  for (const name of [...headers.keys()]) if (!PASSING.has(name)) headers.delete(name);
}
