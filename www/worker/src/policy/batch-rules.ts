/** Decisions about the Batch API ("Batch API" of the product documentation): every request in a batch is decided like one that comes alone. */

import type { Address } from "./address.ts";
import type { CompiledPolicy } from "./compile.ts";
import { isObject, readJson } from "./json-body.ts";
import { OF_NOTHING, readParameters } from "./parameters.ts";
import { forbidden, quoted, type Refusal, unreadable } from "./refusal.ts";
import type { AskedRequest } from "./request.ts";
import { noSuchPath } from "./table-rules.ts";

/** How one request of a batch is decided. `target` is what it had to be. */
export type DecideItem = (
  asked: AskedRequest,
) => Refusal | { readonly target: string; readonly maxBytes?: number | undefined };

/** A batch that passes: how many requests it holds, and the longest reply. */
export interface AllowedBatch {
  readonly requests: number;
  readonly maxBytes: number | undefined;
}

/** Requests of one batch, as many as the package puts into one at most. */
export const MOST_ITEMS = 1000;

const MEMBERS = new Set(["batch_request_id", "rest_requests"]);
const ITEM_MEMBERS = new Set(["id", "method", "url", "headers", "body", "exclude_response_headers"]);

/** Headers that change neither the method, nor who is asking, nor how the body is read. */
const HEADERS = new Set(["accept", "accept-language", "content-type", "x-no-response-body"]);

const HEADER_FORM = "Send a list of objects with the texts `name` and `value`.";

/** Visible ASCII and blanks: a line break would begin another header (RFC 9110, section 5.5). */
const HEADER_VALUE = /^[\x20-\x7e]*$/;

/** Plain paths only: the gateway's rule about paths has seen the address of the batch alone. */
const URL_OF_ITEM = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+(?:\?[\x21\x22\x24-\x5b\x5d-\x7e]*)?$/;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Decides a batch. Its reply may be as long as that of the request in it that may have the shortest. */
export function decideBatch(
  policy: CompiledPolicy,
  address: Address,
  method: string,
  asked: AskedRequest,
  decideItem: DecideItem,
): Refusal | AllowedBatch {
  if (!policy.batch) return forbidden("policy.batch", "The Batch API is not allowed. Send single requests.");
  if (method !== "POST" || address.rest.length > 0) return noSuchPath(address);
  const { problem } = readParameters(address.query, OF_NOTHING);
  if (problem) return problem;
  const items = readItems(asked);
  if (!Array.isArray(items)) return items;
  const refusal = refuseCount(items, policy.requestsPerMinute);
  if (refusal) return refusal;
  let maxBytes = policy.maxBytes;
  for (const [index, item] of items.entries()) {
    const outcome = checkItem(item, decideItem);
    if ("code" in outcome) return { ...outcome, why: `Request ${index + 1} of the batch: ${outcome.why}` };
    if (outcome.maxBytes !== undefined) maxBytes = Math.min(maxBytes ?? outcome.maxBytes, outcome.maxBytes);
  }
  return { requests: countOf(items), maxBytes };
}

/** An empty batch is a request, too. */
function countOf(items: readonly unknown[]): number {
  return Math.max(1, items.length);
}

/** The refusal of a batch that no waiting would let pass. */
function refuseCount({ length }: readonly unknown[], perMinute = MOST_ITEMS): Refusal | undefined {
  const most = Math.min(MOST_ITEMS, perMinute);
  const why = `The batch holds ${length} requests. Send at most ${most}${most < MOST_ITEMS ? ", as many as the policy allows per minute" : ""}.`;
  return length > most ? forbidden("policy.batch", why) : undefined;
}

/** A batch of a caller with all methods: its requests are counted, and not decided. */
export function countBatch(policy: CompiledPolicy, asked: AskedRequest): Refusal | number {
  const items = readItems(asked);
  return Array.isArray(items) ? (refuseCount(items, policy.requestsPerMinute) ?? countOf(items)) : items;
}

function readItems({ body, headers }: AskedRequest): unknown[] | Refusal {
  const json = readJson(body, headers?.get("content-type"));
  if ("problem" in json) return json.problem;
  const batch = json.value;
  if (isObject(batch) && Array.isArray(batch.rest_requests) && unknownMember(batch, MEMBERS) === undefined)
    return batch.rest_requests;
  return unreadable(
    "policy.body",
    "The body is no batch.",
    "Send an object with `batch_request_id` and the list `rest_requests`, and nothing else.",
  );
}

function unknownMember(value: Record<string, unknown>, known: ReadonlySet<string>): string | undefined {
  return Object.keys(value).find((name) => !known.has(name));
}

function checkItem(item: unknown, decideItem: DecideItem): ReturnType<DecideItem> {
  if (!isObject(item))
    return unreadable("policy.body", "It is no object.", "Send an object with `id`, `method` and `url`.");
  const unknown = unknownMember(item, ITEM_MEMBERS);
  if (unknown !== undefined) {
    return unreadable(
      "policy.body",
      `Unknown member ${quoted(unknown)}.`,
      `Supported members: ${[...ITEM_MEMBERS].join(", ")}.`,
    );
  }
  const { method, url } = item;
  if (typeof method !== "string" || typeof url !== "string" || !URL_OF_ITEM.test(url)) {
    return unreadable(
      "policy.path",
      "`method` or `url` is no text, or the URL no plain path.",
      "Send both as texts, and as `url` a path without escapes that begins with /api/.",
    );
  }
  if (url.startsWith("/api/now/") && /^\/api\/now\/(?:v\d+\/)?batch(?:\/|\?|$)/.test(url)) {
    return forbidden("policy.batch", "A batch inside a batch is not allowed.");
  }
  const headers = readHeaders(item.headers);
  if (!(headers instanceof Map)) return headers;
  const body = readItemBody(item.body);
  if (body !== undefined && !(body instanceof Uint8Array)) return body;
  if (body !== undefined && (method === "GET" || method === "DELETE"))
    return unreadable("policy.body", `A ${method} has no body.`, "Leave it out.");
  const decision = decideItem({ method, target: url, headers: { get: (name) => headers.get(name) ?? null }, body });
  if ("code" in decision || decision.target === url) return decision;
  return forbidden(
    "policy.batch",
    `Nothing is added to requests in a batch. Add ${decision.target.slice(url.length + 1)} to its url.`,
  );
}

function readHeaders(list: unknown): Map<string, string> | Refusal {
  const headers = new Map<string, string>();
  if (list === undefined || list === null) return headers;
  if (!Array.isArray(list)) return unreadable("policy.header", "`headers` is no list.", HEADER_FORM);
  for (const header of list as unknown[]) {
    const { name, value } = isObject(header) ? header : {};
    if (typeof name !== "string" || typeof value !== "string" || Object.keys(header as object).length !== 2) {
      return unreadable("policy.header", "A header is no object of two texts.", HEADER_FORM);
    }
    const lower = name.toLowerCase();
    if (!HEADERS.has(lower))
      return forbidden(
        "policy.header",
        `Header ${quoted(name)} is not supported. Supported: ${[...HEADERS].join(", ")}.`,
      );
    if (!HEADER_VALUE.test(value))
      return unreadable(
        "policy.header",
        `The value of header ${quoted(name)} holds a character that is not visible ASCII.`,
        "Leave it out.",
      );
    if (headers.has(lower))
      return unreadable("policy.header", `Header ${quoted(name)} is given twice.`, "Give it once.");
    headers.set(lower, value);
  }
  return headers;
}

function readItemBody(body: unknown): Uint8Array | undefined | Refusal {
  if (body === undefined || body === null || body === "") return undefined;
  if (typeof body !== "string" || !BASE64.test(body))
    return unreadable("policy.body", "`body` is no base64.", "Encode it with padding (RFC 4648, section 4).");
  return Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
}
