/** The callers of one tenant: by key first, else by token. */

import { timeOf } from "./expiry.ts";
import { CallerKeys, type KnownKey, sha256Of } from "./keys.ts";
import { LastUse } from "./last-use.ts";
import { looksLikeToken, presentedBy } from "./presented.ts";
import type { CallerRecord } from "./record.ts";
import { type CallerRefusal, callerRefusal } from "./refusal.ts";
import { RememberedTokens } from "./remembered-tokens.ts";
import type { TokenRule } from "./token-rules.ts";

/** Who calls, and what it may do. */
export interface Caller<Policy> {
  readonly name: string;
  readonly policy: Policy;
}

/** Knows a tenant's callers by what they present. */
export class Callers<Policy> {
  readonly #keys: CallerKeys<Caller<Policy>>;
  readonly #rules: readonly TokenRule<Caller<Policy>>[];
  readonly #tokens = new RememberedTokens<Caller<Policy>>();
  readonly #lastUse = new LastUse<Caller<Policy>>();

  /** @throws TypeError for a caller whose policy is missing */
  constructor(records: readonly CallerRecord[], policies: Readonly<Record<string, Policy>>) {
    const keys: KnownKey<Caller<Policy>>[] = [];
    const rules: TokenRule<Caller<Policy>>[] = [];
    for (const record of records) {
      const caller = callerOf(record, policies);
      if ("jwt" in record) rules.push({ ...record.jwt, caller });
      else keys.push(knownKey(record.key, caller));
    }
    this.#keys = new CallerKeys(keys);
    this.#rules = rules;
  }

  /** The caller, if its key or token was accepted lately. Without a promise: almost every call is one of these. */
  remembered(headers: Headers, now: number): Caller<Policy> | undefined {
    const presented = presentedBy(headers);
    if (presented === undefined) return undefined;
    return this.#keys.remembered(presented, now) ?? this.#tokens.callerOf(presented, now);
  }

  /** The caller, or why none is accepted. */
  async identify(headers: Headers, now: number): Promise<Caller<Policy> | CallerRefusal> {
    const presented = presentedBy(headers);
    if (presented === undefined) return callerRefusal("caller.missing");
    const caller = await this.#keys.callerOf(presented, now);
    if (caller === "expired") return callerRefusal("caller.expired");
    if (caller) return caller;
    if (!looksLikeToken(presented)) return callerRefusal("caller.unknown");
    // As a tenant answers whose issuers have not signed the token.
    if (this.#rules.length === 0) return callerRefusal("caller.signature");
    const { verifyToken } = await import("./tokens.ts");
    const verified = await verifyToken(presented, this.#rules, now);
    if (typeof verified === "string") return callerRefusal(verified);
    this.#tokens.remember(presented, verified.caller, verified.expiresAt, now);
    return verified.caller;
  }

  /** Whether the registry is to be informed of this use of a caller: once an hour. */
  isUseDue(caller: Caller<Policy>, now: number): boolean {
    return this.#lastUse.isDue(caller, now);
  }
}

/** What an address without a tenant answers. The same as a tenant for which the call presents nothing that it knows. */
export const NO_CALLERS = new Callers<never>([], {});

function callerOf<Policy>({ name, policy }: CallerRecord, policies: Readonly<Record<string, Policy>>): Caller<Policy> {
  const found = Object.hasOwn(policies, policy) ? policies[policy] : undefined;
  if (found === undefined) throw new TypeError("A caller's policy is missing. Pass every policy that a caller names.");
  return { name, policy: found };
}

function knownKey<Policy>(
  { sha256, expiresAt }: { readonly sha256: string; readonly expiresAt?: string | undefined },
  caller: Caller<Policy>,
): KnownKey<Caller<Policy>> {
  // A time that cannot be read is in the past: `now >= NaN` would be false for ever.
  return {
    caller,
    sha256: sha256Of(sha256),
    ...(expiresAt !== undefined && { expiresAt: timeOf(expiresAt) ?? 0 }),
  };
}
