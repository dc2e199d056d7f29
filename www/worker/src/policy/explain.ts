/** What a policy makes of a sample request, in words. For people who write policies; requests do not load it. */

import { judge } from "../gateway/path-rule.ts";
import { type Address, readAddress } from "./address.ts";
import { type CompiledPolicy, rulesFor } from "./compile.ts";
import { decide } from "./decide.ts";
import { type Documented, OF_AGGREGATE, OF_ATTACHMENTS, OF_IMPORT, OF_TABLE, readParameters } from "./parameters.ts";
import { someOf } from "./refusal.ts";
import { effectiveMethod, needsBody } from "./request.ts";

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
  const passage = judge(target, true);
  if (!passage.passes)
    return {
      allowed: false,
      status: passage.status,
      code: "address",
      why: `Address refused: ${passage.why}.`,
      asks: {},
      readsBody,
    };
  const headers = new Headers({ ...sample.headers });
  const body = sample.body === undefined ? undefined : new TextEncoder().encode(sample.body);
  const decision = decide(policy, { method, target, headers, body });
  const address = readAddress(target);
  const asks = asksOf(address);
  if (!decision.allowed)
    return { allowed: false, status: decision.status, code: decision.code, why: decision.why, asks, readsBody };
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
