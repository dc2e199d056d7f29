/** Refusals of a policy: a stable code, and what to do in words. */

/** The codes of refusals. They are stable. */
export type RefusalCode =
  | "policy.aggregate"
  | "policy.attachment"
  | "policy.batch"
  | "policy.body"
  | "policy.condition"
  | "policy.display-value"
  | "policy.field"
  | "policy.graphql"
  | "policy.header"
  | "policy.import"
  | "policy.method"
  | "policy.parameter"
  | "policy.path"
  | "policy.query"
  | "policy.rows"
  | "policy.script"
  | "policy.table"
  | "policy.text-search"
  | "policy.too-long"
  | "policy.view"
  | "policy.write";

/** Why a request does not pass. */
export interface Refusal {
  readonly allowed: false;
  /** 400: the request cannot be understood with certainty. 403: it is not allowed. 414: the address becomes too long. */
  readonly status: 400 | 403 | 414;
  readonly code: RefusalCode;
  /** What is wrong, as a sentence. That of a 403 says what is allowed, too. */
  readonly why: string;
  /** What to write instead, as a sentence. A request that is not allowed has none: that is for the operator to change. */
  readonly fix?: string;
}

/** A request that the policy does not allow. */
export function forbidden(code: RefusalCode, why: string): Refusal {
  return { allowed: false, status: 403, code, why };
}

/** A request that servers could read differently, or that cannot be read at all. */
export function unreadable(code: RefusalCode, why: string, fix: string): Refusal {
  return { allowed: false, status: 400, code, why, fix };
}

/** A part of the request as a refusal quotes it: short, and without control characters. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  return `\`${short.replace(/[^\x20-\x5f\x61-\x7e]/g, "?")}\``;
}

/** The first names of a set, for a refusal. */
export function someOf(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return "none";
  return all.length > 20 ? `${all.slice(0, 20).join(", ")} and ${all.length - 20} more` : all.join(", ");
}
