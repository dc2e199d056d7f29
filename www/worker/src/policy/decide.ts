/**
 * Whether a request passes a policy. A pure function: it sends nothing and reads no clock. It changes nothing of a request except that it adds
 * sysparm_fields and sysparm_limit where the policy restricts them and the request has none.
 */

import { readAddress } from "./address.ts";
import { countBatch, decideBatch } from "./batch-rules.ts";
import type { CompiledPolicy } from "./compile.ts";
import { decideAttachment, decideGraphql, decideImport, decidePath } from "./other-rules.ts";
import { forbidden, quoted, type Refusal, someOf } from "./refusal.ts";
import { type AskedRequest, effectiveMethod, LONGEST_TARGET, overridden } from "./request.ts";
import { decideAggregate, decideTable, noSuchPath, type Outcome } from "./table-rules.ts";

/** A request that passes. */
export interface Allowed {
  readonly allowed: true;
  /** What to send: the target as it came, perhaps with parameters added. */
  readonly target: string;
  /** Longest reply in bytes. */
  readonly maxBytes?: number | undefined;
  /** How many requests it counts as, for the requests per minute: those in a batch. 1 unless given. */
  readonly requests?: number;
}

/** The decision about a request. */
export type Decision = Allowed | Refusal;

/** Decides a request. */
export function decide(policy: CompiledPolicy, asked: AskedRequest): Decision {
  const method = effectiveMethod(asked.method);
  const refusal = overridden(method, asked.headers);
  if (refusal) return refusal;
  if (policy.unrestricted !== undefined) return decideUnrestricted(policy, policy.unrestricted, method, asked);
  const address = readAddress(asked.target);
  if (address.api === "batch") {
    const batch = decideBatch(policy, address, method, asked, (item) => decide(policy, item));
    if ("code" in batch) return batch;
    return { allowed: true, target: asked.target, maxBytes: batch.maxBytes, requests: batch.requests };
  }
  const outcome = decideSingle(policy, address, method, asked);
  if ("code" in outcome) return outcome;
  const target = outcome.added === "" ? asked.target : withAdded(asked.target, outcome.added);
  // Added parameters must not exceed it either.
  if (target.length <= LONGEST_TARGET) return { allowed: true, target, maxBytes: outcome.maxBytes };
  const why = `With the parameters that the policy adds, the address is longer than ${LONGEST_TARGET} characters.`;
  return {
    allowed: false,
    status: 414,
    code: "policy.too-long",
    why,
    fix: "Give fewer parameters, or sysparm_fields.",
  };
}

const ALL_METHODS = 5;

function decideUnrestricted(
  policy: CompiledPolicy,
  methods: ReadonlySet<string>,
  method: string,
  asked: AskedRequest,
): Decision {
  const { target } = asked;
  if (!methods.has(method)) {
    return forbidden("policy.method", `Method ${quoted(method)} is not allowed. Allowed: ${someOf(methods)}.`);
  }
  const allowed: Allowed = { allowed: true, target, maxBytes: policy.maxBytes };
  if (method !== "POST" || !namesBatch(target)) return allowed;
  if (methods.size < ALL_METHODS) {
    return forbidden(
      "policy.batch",
      "The Batch API is not allowed: requests in a batch may have any method. Send single requests.",
    );
  }
  if (policy.requestsPerMinute === undefined) return allowed;
  const address = readAddress(target);
  if (address.api !== "batch") return noSuchPath(address);
  const requests = countBatch(policy, asked);
  return typeof requests === "number" ? { ...allowed, requests } : requests;
}

/** Whether any server could take a path for the Batch API's. */
function namesBatch(target: string): boolean {
  try {
    return /\/batch(?:\/|$)/i.test(decodeURIComponent(target.split("?", 1)[0] ?? ""));
  } catch {
    return true;
  }
}

function decideSingle(
  policy: CompiledPolicy,
  address: ReturnType<typeof readAddress>,
  method: string,
  asked: AskedRequest,
): Outcome {
  switch (address.api) {
    case "table":
      return decideTable(policy, address, method, asked);
    case "stats":
      return decideAggregate(policy, address, method);
    case "attachment":
      return decideAttachment(policy, address, method, asked);
    case "import":
      return decideImport(policy, address, method, asked);
    case "graphql":
      return decideGraphql(policy, address, method);
    case "other":
      return decidePath(policy, address, method);
    case "batch":
      return noSuchPath(address);
  }
}

function withAdded(target: string, added: string): string {
  const mark = target.indexOf("?");
  if (mark < 0) return `${target}?${added}`;
  return mark === target.length - 1 || target.endsWith("&") ? target + added : `${target}&${added}`;
}
