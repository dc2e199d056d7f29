/**
 * The headers that pass. Both directions are allow lists, so that an unforeseen header does not pass.
 */

import { METHOD_OVERRIDES } from "../policy/policy.ts";
import { isTraceParent, isTraceState } from "./trace-context.ts";

/**
 * From the caller to the instance. Never `Cookie` (calls of one session are processed one at a time) and never the
 * caller's `Authorization` or `x-api-key`: the instance sees the tenant's credential only. `traceparent` and `tracestate` pass if they are well
 * formed. `Content-Length` is the runtime's own, from the body that it sends.
 */
const TO_INSTANCE = ["accept", "accept-encoding", "accept-language", "content-type", "x-no-response-body"] as const;

/** Of a write only: what a Batch call may answer at most. */
const TO_INSTANCE_WITH_BODY = ["x-batchrequest-max-output-size"] as const;

const ALL_TO_INSTANCE = [...TO_INSTANCE, ...TO_INSTANCE_WITH_BODY] as const;

/**
 * Headers that change what a request does. A reading without them is the reading that its address names, so they are left out of it. A write
 * without them would be another one than was asked for, so it is refused. `X-HTTP-Method-Override` works on an instance (ServiceNow
 * documentation, "REST API reference"); conditions and compressed bodies are in no documentation of its REST APIs.
 */
const CHANGING_A_WRITE = [
  "content-encoding",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  ...METHOD_OVERRIDES,
] as const;

/**
 * From the instance to the caller. `Location` is that of a created record: redirects do not pass. Left out: `Set-Cookie`, `X-Is-Logged-In`,
 * `X-UserToken-Response` and other headers of the instance's session, `WWW-Authenticate`, and the hop-by-hop headers of RFC 9110 section 7.6.1.
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
  "location",
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
  "Location",
  "Retry-After",
  "Server-Timing",
  "X-Attachment-Metadata",
  "X-RateLimit-Limit",
  "X-RateLimit-Reset",
  "X-RateLimit-Rule",
  "X-Request-ID",
  "X-Total-Count",
  "X-Transaction-ID",
] as const;

/** Headers that code in a browser may send: those that pass, the two that can hold a key, and the request's id. */
export const SENDABLE_FROM_BROWSERS = [
  "Accept",
  "Accept-Language",
  "Authorization",
  "Content-Type",
  "Traceparent",
  "Tracestate",
  "X-API-Key",
  "X-No-Response-Body",
  "X-Request-ID",
] as const;

/** The caller's headers that pass. Without a wish for a form it is JSON, as the package asks for. */
export function headersForInstance(from: Headers, isWrite = false): Record<string, string> {
  const passing: Record<string, string> = {};
  for (const name of isWrite ? ALL_TO_INSTANCE : TO_INSTANCE) {
    const value = from.get(name);
    if (value !== null) passing[name] = value;
  }
  passing.accept ??= "application/json";
  const parent = from.get("traceparent");
  if (parent !== null && isTraceParent(parent)) {
    passing.traceparent = parent;
    const state = from.get("tracestate");
    if (state !== null && isTraceState(state)) passing.tracestate = state;
  }
  return passing;
}

/** The first header of a write that would have to pass for the write to be what its caller meant. */
export function changingHeader(from: Headers): string | undefined {
  return CHANGING_A_WRITE.find((name) => from.has(name) && from.get(name)?.trim().toLowerCase() !== "identity");
}

/**
 * The instance's reply with the headers that may pass; the body streams. Each is looked up by its name: workerd copies headers in half the time that
 * it takes to list those of a reply and to remove some.
 */
export function passed(reply: Response): Response {
  const { status, statusText, headers: from } = reply;
  const passing = new Response(reply.body, { status, statusText });
  const { headers } = passing;
  for (let index = 0; index < TO_CALLER.length; index += 1) {
    const name = TO_CALLER[index] as string;
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return passing;
}
