/** The broker's answers as data. */

import type { Auth, Diagnosis } from "sysparm";
import type { CredentialAnswer, CredentialHeader } from "./rpc.ts";

/** The answer of `SharedTokens` without a token. */
interface NoToken {
  readonly failure: { readonly message: string; readonly diagnosis?: Diagnosis };
  readonly isPaused: boolean;
  readonly until: number | null;
}

/** The header of a credential that needs no token. It is used until the tenant changes. */
export function headerOf(auth: Auth): CredentialHeader {
  const never = { expiresAt: null, usableUntil: null, askAgainAt: null, reportFrom: null };
  if ("apiKey" in auth) return { name: "x-sn-apikey", value: auth.apiKey, ...never };
  if (!("username" in auth) || "grant" in auth) throw new TypeError("no credential of a header");
  // RFC 7617: the user name has no colon, and both are UTF-8.
  const bytes = new TextEncoder().encode(`${auth.username}:${auth.password}`);
  const value = `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
  return { name: "authorization", value, ...never };
}

/** Why there is no token, and when another attempt may be made. */
export function failureAnswer(answer: NoToken, now: number): CredentialAnswer {
  const { failure, isPaused, until } = answer;
  const known = failure.diagnosis ?? (isPaused ? PAUSED : UNKNOWN);
  const retry: Diagnosis["retry"] = until === null ? known.retry : { when: "after", afterMs: Math.max(0, until - now) };
  return { failure: { message: failure.message, diagnosis: { ...known, retry } } };
}

const PAUSED: Diagnosis = {
  code: "tenant.paused",
  kind: "capacity",
  retry: { when: "never" },
  causes: [],
  evidence: [],
};
const UNKNOWN: Diagnosis = {
  code: "token.none",
  kind: "unknown",
  retry: { when: "backoff" },
  causes: [],
  evidence: [],
};

/** Errors whose message names a binding or a tenant, and no secret. */
const SAFE = ["CredentialError", "SealingError", "ConfigurationError", "KeyError"];

/** A broker that cannot work. */
export function unavailable(error: unknown): CredentialAnswer {
  const name = error instanceof Error ? error.name : typeof error;
  const words = error instanceof Error && SAFE.includes(name) ? error.message : `It failed with ${name}.`;
  const diagnosis: Diagnosis = {
    code: "broker.unavailable",
    kind: "request",
    retry: { when: "backoff" },
    causes: [],
    evidence: [],
  };
  return { failure: { message: `The worker's token broker cannot answer. ${words}`, diagnosis } };
}
