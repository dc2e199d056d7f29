/** What a policy makes of a sample request, in words. For people who write policies; requests do not load it. */

import { type Address, readAddress } from "../policy/address.ts";
import { type CompiledPolicy, rulesFor } from "../policy/compile.ts";
import { decide } from "../policy/decide.ts";
import {
  type Documented,
  OF_AGGREGATE,
  OF_ATTACHMENTS,
  OF_IMPORT,
  OF_TABLE,
  readParameters,
} from "../policy/parameters.ts";
import { someOf } from "../policy/refusal.ts";
import { effectiveMethod, needsBody } from "../policy/request.ts";
import { isReading, objectionTo } from "./examine.ts";
import { lengthRefusal, type OwnRefusal } from "./refusals.ts";
import { lengthOf, objectionToLength } from "./request-body.ts";

/** A request that somebody might send. */
export interface SampleRequest {
  readonly method: string;
  /** Path and query string. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** What the request would get and why. */
export interface Explanation {
  readonly allowed: boolean;
  /** The status of the gateway's refusal. */
  readonly status?: number;
  readonly code?: string;
  readonly why: string;
  /** What the instance would receive. */
  readonly sent?: { readonly method: string; readonly target: string };
  /** Parameters that the policy adds. */
  readonly added?: string;
  readonly maxBytes?: number;
  /** What the request was understood to ask for. */
  readonly asks: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Whether the gateway would read the whole body before the decision. */
  readonly readsBody: boolean;
}

/** Decides a sample request and says why. */
export function explainDecision(policy: CompiledPolicy, sample: SampleRequest): Explanation {
  const { method, target } = sample;
  const readsBody = needsBody(policy, method, target);
  const headers = new Headers({ ...sample.headers });
  const refusal = (objection: OwnRefusal, asks: Explanation["asks"]): Explanation => {
    const { status, code, why } = objection;
    return { allowed: false, status, code, why: `${why}.`, asks, readsBody };
  };
  // A tenant of the registry: for the plain bindings there is no policy to test.
  const objection = objectionTo({ method, target, headers }, policy, true);
  if (objection) return refusal(objection, {});
  const body = sample.body === undefined || isReading(method) ? undefined : new TextEncoder().encode(sample.body);
  const tooLong = body && objectionToLength(lengthOf(headers) ?? body.byteLength, readsBody);
  const address = readAddress(target);
  const asks = asksOf(address);
  if (tooLong) return refusal(lengthRefusal(tooLong), asks);
  const decision = decide(policy, { method, target, headers, body });
  if (!decision.allowed) {
    const { status, code, why, fix } = decision;
    return { allowed: false, status, code, why: fix === undefined ? why : `${why} ${fix}`, asks, readsBody };
  }
  const added = decision.target.slice(target.length).replace(/^[?&]/, "");
  return {
    allowed: true,
    why: reasonOf(policy, address, effectiveMethod(method)) + (added === "" ? "" : ` The policy adds ${added}.`),
    sent: { method, target: decision.target },
    ...(added !== "" && { added }),
    ...(decision.maxBytes !== undefined && { maxBytes: decision.maxBytes }),
    asks,
    readsBody,
  };
}

const PARAMETERS: Partial<Record<Address["api"], Documented>> = {
  table: OF_TABLE,
  stats: OF_AGGREGATE,
  attachment: OF_ATTACHMENTS,
  import: OF_IMPORT,
};

function asksOf(address: Address): Explanation["asks"] {
  const [name, record] = address.rest;
  const api = PARAMETERS[address.api];
  const asks = api && readParameters(address.query, api);
  const place = {
    api: address.api === "other" ? "path" : address.api,
    ...(address.api === "other" && { path: address.path }),
  };
  if (asks === undefined || asks.problem) return place;
  return {
    ...place,
    ...(name !== undefined && address.api !== "attachment" && { table: name }),
    ...(record !== undefined && { record }),
    fields: asks.values ?? "all",
    conditions: [...new Set([...asks.compared, ...(asks.pairs ?? [])])],
    ...(asks.limit !== undefined && { rows: asks.limit }),
    ...(asks.view !== undefined && { view: asks.view }),
    ...(asks.displayValues && { displayValues: true }),
    ...(asks.textSearch && { textSearch: true }),
  };
}

function reasonOf(policy: CompiledPolicy, address: Address, method: string): string {
  if (policy.unrestricted !== undefined) return `Option unrestricted allows ${method} for every path.`;
  const name = address.rest[0] ?? "";
  const rules = rulesFor(policy, name);
  switch (address.api) {
    case "table":
      return `Table ${name} allows ${someOf(rules?.methods ?? [])}, and every field and condition of the request is allowed.`;
    case "stats":
      return `Table ${name} allows the Aggregate API, and every field and condition of the request is allowed.`;
    case "import":
      return `Staging table ${name} allows ${method}.`;
    case "attachment":
      return policy.attachments.has(method)
        ? "Attachments of all tables are allowed."
        : "The request names a table whose attachments are allowed.";
    case "batch":
      return "The Batch API is allowed, and so is every request in the batch.";
    case "graphql":
      return "The GraphQL API is allowed.";
    case "other":
      return "The policy names this path.";
  }
}
