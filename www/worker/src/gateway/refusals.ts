/**
 * What the worker itself refuses, with a stable code, the cause and what to do. Nothing of it has reached the instance, unless the words say
 * so. A value of the request is never repeated.
 */

import { LONGEST_EXAMINED_BODY, type Refusal } from "../policy/policy.ts";
import { envelope } from "./envelope.ts";
import { LONGEST_BODY_BYTES, LONGEST_READING_MS } from "./request-body.ts";

/** The codes of the worker's own refusals. Those of a policy and of a caller's key have codes of their own. */
export type GatewayCode =
  | "gateway.address"
  | "gateway.address-too-long"
  | "gateway.body-cut"
  | "gateway.body-slow"
  | "gateway.body-too-long"
  | "gateway.body-too-long-for-policy"
  | "gateway.broker"
  | "gateway.busy"
  | "gateway.failed"
  | "gateway.header"
  | "gateway.method"
  | "gateway.not-configured"
  | "gateway.origin"
  | "gateway.outcome-unknown"
  | "gateway.rate"
  | "gateway.registry"
  | "gateway.reply-too-long"
  | "gateway.send-again"
  | "gateway.tenant-changed"
  | "gateway.tenant-paused";

/** A refusal, before it is a reply. */
export interface OwnRefusal {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  /** What is wrong, without a full stop. */
  readonly why: string;
  readonly fix: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What is refused; the call unless given. */
  readonly what?: string;
}

/** Words the refusal. */
export function refused({ status, message, code, why, fix, headers, what = "call" }: OwnRefusal): Response {
  const detail = `The sysparm worker, not the instance, refused this ${what}: ${why}. Code: ${code}. ${fix.join(" ")}`;
  return envelope(status, message, detail.trimEnd(), headers, { code, causes: [{ code, title: why, fix }] });
}

export function addressRefusal(status: 403 | 414, why: string): OwnRefusal {
  const isTooLong = status === 414;
  const code: GatewayCode = isTooLong ? "gateway.address-too-long" : "gateway.address";
  const fix = isTooLong
    ? [
        "Shorten sysparm_query or sysparm_fields, or split the reading in several.",
        "A Batch call sends its addresses in the body.",
      ]
    : ["Send the path of a REST API as ServiceNow documents it, each segment percent-encoded once."];
  return { status, message: "Address refused", code, why, fix, what: "address" };
}

/** What the caller's policy does not allow. Only the operator can allow more; what cannot be read, the caller writes otherwise. */
export function policyRefusal({ status, code, why, fix: other }: Refusal): OwnRefusal {
  const text = why.endsWith(".") ? why.slice(0, -1) : why;
  const fix = [other ?? "Ask the operator of the worker what the caller's policy allows."];
  return { status, message: "Refused by policy", code, why: text, fix };
}

/** The methods of ServiceNow's REST APIs that change something. */
export const WRITES: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** `methods`: those that pass; HEAD passes with GET, and readings always do if writes are named alone. */
export function methodRefusal(methods: ReadonlySet<string>): OwnRefusal {
  const all = ["GET", "HEAD", ...[...methods].filter((method) => method !== "GET")];
  const why = `it passes ${all.join(" and ")} only`;
  const fix = ["Use one of these methods, or ask the operator of the worker for a policy that allows others."];
  const code: GatewayCode = "gateway.method";
  const headers = { allow: all.join(", ") };
  return { status: 405, message: "Method not allowed", code, why, fix, headers };
}

export function headerRefusal(name: string): OwnRefusal {
  const why = `the header ${name} does not pass, and the write would be another one without it`;
  const fix = [
    name === "content-encoding"
      ? "Send the body uncompressed."
      : "Leave the header out, and send the method that is meant.",
  ];
  const code: GatewayCode = "gateway.header";
  return { status: 400, message: "Header refused", code, why, fix };
}

const SIZES = {
  "too-long": {
    code: "gateway.body-too-long",
    why: `a body may have ${LONGEST_BODY_BYTES / 1e6} MB, which is the limit of Cloudflare`,
    fix: "Send the file or the import in several parts.",
  },
  "too-long-to-see": {
    code: "gateway.body-too-long-for-policy",
    why: `the policy of the caller looks into this body, and that body may have ${LONGEST_EXAMINED_BODY / 2 ** 20} MiB`,
    fix: "Send fewer records at once.",
  },
} as const satisfies Record<string, { code: GatewayCode; why: string; fix: string }>;

export function lengthRefusal(problem: keyof typeof SIZES): OwnRefusal {
  const { code, why, fix } = SIZES[problem];
  return { status: 413, message: "Body too long", code, why, fix: [fix] };
}

export function bodyCut(): Response {
  const why = "its body ended before the announced length";
  const code: GatewayCode = "gateway.body-cut";
  return refused({ status: 400, message: "Body incomplete", code, why, fix: ["Send the request again."] });
}

export function bodySlow(): Response {
  const why = `its body did not arrive within ${LONGEST_READING_MS / 1000} seconds`;
  const code: GatewayCode = "gateway.body-slow";
  const fix = ["Send the request again, with fewer records or by a faster connection."];
  return refused({ status: 408, message: "Body too slow", code, why, fix });
}

/** The isolate holds as many bodies as its memory allows. */
export function busy(): Response {
  const why = "the worker holds as many bodies as its memory allows";
  const code: GatewayCode = "gateway.busy";
  const headers = { "retry-after": "1" };
  return refused({ status: 503, message: "Worker busy", code, why, fix: ["Send it again in a second."], headers });
}

/** The caller's own limit of requests, not one of the instance. */
export function rateRefused(retryAfterSeconds: number): Response {
  const why = "the caller has sent as many requests in this minute as its policy allows";
  const fix = [
    "Wait as long as Retry-After says.",
    "The instance has not limited anything: the policy of the worker has.",
  ];
  const code: GatewayCode = "gateway.rate";
  const headers = { "retry-after": String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return refused({ status: 429, message: "Too many requests", code, why, fix, headers });
}

/** A stream is read once. The platform's APIs look at the credential before the request, so it can be sent again. */
export function sendAgain(): Response {
  const code: GatewayCode = "gateway.send-again";
  const why =
    "the instance refused the worker's credential before it processed the request, and the worker has another one now";
  const detail = `The sysparm worker could not send this body twice: ${why}. Code: ${code}. Send the same request again.`;
  const cause = { code, title: why, fix: ["Send the same request again. Nothing of it has happened."] };
  return envelope(503, "Send the request again", detail, { "retry-after": "1" }, { code, causes: [cause] });
}

/** A scripted API answered 401 to a write. */
export function outcomeUnknown(): Response {
  const code: GatewayCode = "gateway.outcome-unknown";
  const why = "the instance answered 401 to this write, and a scripted API may do so after it has changed something";
  const fix = ["Look for what the write would have changed before you send it again."];
  const detail = `The sysparm worker does not know whether this write has happened: ${why}. Code: ${code}. ${fix[0]}`;
  return envelope(502, "Outcome unknown", detail, {}, { code, causes: [{ code, title: why, fix }] });
}

/** The reply is not handed over, whatever was asked for has happened. */
export function replyTooLong(most: number, isWrite: boolean): Response {
  const code: GatewayCode = "gateway.reply-too-long";
  const why = `the instance's reply is longer than the ${most} bytes that the caller's policy allows`;
  const fix = isWrite
    ? [
        "The instance has processed the request: read the record instead of sending it again.",
        "X-no-response-body asks for no reply body.",
      ]
    : ["Ask for fewer rows (sysparm_limit) or fields (sysparm_fields)."];
  const detail = `The sysparm worker holds this reply back: ${why}. Code: ${code}. ${fix.join(" ")}`;
  // After a write, a status of the caller's fault would say that nothing has happened.
  return envelope(isWrite ? 502 : 403, "Reply too long", detail, {}, { code, causes: [{ code, title: why, fix }] });
}

/** `problems` name the bindings and never their values. */
export function notConfigured(problems: string): Response {
  const code: GatewayCode = "gateway.not-configured";
  const detail = `The sysparm worker's bindings are invalid. ${problems}`;
  const cause = { code, title: "the worker's bindings are invalid", fix: [problems] };
  return envelope(500, "Worker not configured", detail, {}, { code, causes: [cause] });
}

export function originRefused(): Response {
  const code: GatewayCode = "gateway.origin";
  const why = "a page of this origin may not call";
  const fix = ["The operator of the worker can add the origin to ALLOWED_ORIGINS, or to the tenant's allowed origins."];
  return refused({ status: 403, message: "Origin refused", code, why, fix });
}

/** The isolate does not know the tenant yet, and the registry does not answer. */
export function registryUnavailable(): Response {
  const code: GatewayCode = "gateway.registry";
  const why = "the registry of tenants does not answer";
  const fix = ["Send it again in a few seconds."];
  return refused({ status: 503, message: "Registry unavailable", code, why, fix, headers: { "retry-after": "5" } });
}

/** Before anything is sent, or after the instance has refused the former token. */
export function brokerUnavailable(): Response {
  const code: GatewayCode = "gateway.broker";
  const why = "the broker of the tenant's credential does not answer, so nothing was sent with it";
  const fix = ["Send it again in a second."];
  return refused({ status: 503, message: "Broker unavailable", code, why, fix, headers: { "retry-after": "1" } });
}

/** The isolate has known the tenant as it was before. It has asked the registry again where that needs no body. */
export function tenantChanged(): Response {
  const code: GatewayCode = "gateway.tenant-changed";
  const why = "the tenant's credential has been changed meanwhile, so nothing was sent with it";
  const fix = ["Send it again in a second."];
  return refused({ status: 503, message: "Tenant changed", code, why, fix, headers: { "retry-after": "1" } });
}

export function tenantPaused(): Response {
  const code: GatewayCode = "gateway.tenant-paused";
  const why = "the tenant is paused";
  const fix = ["Ask the operator of the worker to make it active again."];
  return refused({ status: 503, message: "Tenant paused", code, why, fix });
}

/** The reply for an unexpected error. Its message may hold a secret, so the reply has its name only. */
export function unknownFailure(failure: unknown): Response {
  const code: GatewayCode = "gateway.failed";
  const name = failure instanceof Error ? failure.name : typeof failure;
  const detail = `The sysparm worker failed with an error that it does not know (${name}).`;
  const fix = [
    "Report it to the operator of the worker, with the x-request-id of this reply. A write may have happened.",
  ];
  const cause = { code, title: `the worker failed with ${name}`, fix };
  return envelope(500, "Worker failed", detail, {}, { code, causes: [cause] });
}
