/** A request that is to be decided, and what of it must be known before. */

import { type Address, readAddress } from "./address.ts";
import { type CompiledPolicy, rulesFor } from "./compile.ts";
import { forbidden, quoted, type Refusal } from "./refusal.ts";

/** The headers of a request. `Headers` is one. */
export interface HeaderFields {
  get(name: string): string | null;
}

/** A request as the gateway received it. Its path has passed the gateway's rule about paths. */
export interface AskedRequest {
  readonly method: string;
  /** Path and query string, as sent. */
  readonly target: string;
  readonly headers?: HeaderFields | undefined;
  /** The whole body, where `needsBody` is true. */
  readonly body?: Uint8Array | undefined;
}

/** Longest body that is read to be examined; the gateway refuses a longer one with 413. */
export const LONGEST_EXAMINED_BODY = 1_048_576;

/** The instance's own proxies refuse addresses from about this length on, so that more could not pass anyway. */
export const LONGEST_TARGET = 16_384;

/** HEAD is a GET whose reply has no body: it needs the same rights, because its headers count rows. */
export function effectiveMethod(method: string): string {
  return method === "HEAD" ? "GET" : method;
}

/** `X-HTTP-Method-Override` replaces the method of a request on the instance ("REST API" of the product documentation); the others elsewhere. */
export const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"] as const;

/** The refusal of a write that names a second method. The gateway passes none of these headers on, and reads are not worth the look. */
export function overridden(method: string, headers: HeaderFields | undefined): Refusal | undefined {
  if (method === "GET" || headers === undefined) return undefined;
  const name = METHOD_OVERRIDES.find((one) => headers.get(one) !== null);
  return (
    name &&
    forbidden(
      "policy.header",
      `Header ${quoted(name)} is not supported. Send the request with the method that is meant.`,
    )
  );
}

const STRUCTURED = /^(?:application\/(?:json|xml)|text\/xml)(?:\s*;\s*charset="?[\w-]+"?)?$/i;

/** The refusal of a body of another kind: servers take parameters from forms, and they would count with those of the address. */
export function refuseContentType(headers: HeaderFields | undefined): Refusal | undefined {
  if (STRUCTURED.test(headers?.get("content-type")?.trim() ?? "")) return undefined;
  return forbidden("policy.header", "Content-Type must be application/json or application/xml.");
}

/** The refusal of a form where the API takes none. */
export function refuseForm(headers: HeaderFields | undefined): Refusal | undefined {
  if (!/form/i.test(headers?.get("content-type") ?? "")) return undefined;
  return forbidden(
    "policy.header",
    "The API takes no form: servers take parameters from forms. Send another Content-Type.",
  );
}

/** Whether the body must be read whole before a decision: the policy restricts what may be written, or it is a batch. */
export function needsBody(policy: CompiledPolicy, method: string, target: string): boolean {
  if (method === "GET" || method === "HEAD" || method === "DELETE") return false;
  // The requests in a batch are counted.
  const counts = policy.requestsPerMinute !== undefined;
  if (policy.unrestricted !== undefined && !(counts && method === "POST")) return false;
  const address = readAddress(target);
  if (address.api === "batch") return policy.batch || policy.unrestricted !== undefined;
  const writable = writableBy(policy, address);
  return writable !== undefined && !writable.all;
}

function writableBy(policy: CompiledPolicy, { api, rest }: Address) {
  const table = rest[0] ?? "";
  if (api === "table") return rulesFor(policy, table)?.writable;
  return api === "import" ? policy.importSets.get(table)?.writable : undefined;
}
