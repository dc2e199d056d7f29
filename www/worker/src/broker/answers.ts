/** The broker's answers as data. */

import type { Auth, Diagnosis } from "sysparm";
import type { TokenAnswer } from "sysparm/durable-object";
import type { CredentialAnswer, CredentialHeader, FailureReport } from "./rpc.ts";

type NoToken = Extract<TokenAnswer, { readonly failure: unknown }>;

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

/** The instance has refused a password or an API key. Null: it is not sent again before a person acts. */
export function refusedAnswer(afterMs: number | null): { readonly failure: FailureReport } {
  const refused = "The instance refused the tenant's password or API key";
  const message =
    afterMs === null
      ? `${refused} three times, so it is not sent again: five wrong passwords lock the user.`
      : `${refused}, so it is not sent again at once.`;
  const cause = causeOf("credential.refused", "the instance does not accept the tenant's password or API key", [
    "Check that the user is active and not locked out, or that the API key is active and has not expired.",
    "PUT /admin/tenants/{id} with `auth` stores another one, and POST /admin/tenants/{id}/resume sends this one again.",
  ]);
  const retry = afterMs === null ? ({ when: "never" } as const) : ({ when: "after", afterMs } as const);
  const diagnosis: Diagnosis = { code: "credential.refused", kind: "authentication", retry, ...cause };
  return { failure: { message, diagnosis } };
}

function causeOf(code: string, title: string, fix: readonly string[]): Pick<Diagnosis, "causes" | "evidence"> {
  return { causes: [{ code, title, fix: [...fix], likelihood: 1, tellApart: "", source: "" }], evidence: [] };
}

const PAUSED: Diagnosis = {
  code: "tenant.paused",
  kind: "capacity",
  retry: { when: "never" },
  ...causeOf("tenant.paused", "an operator has paused the tenant", [
    "Ask the operator of the worker to make it active again: POST /admin/tenants/{id}/resume.",
  ]),
};
const UNKNOWN: Diagnosis = {
  code: "token.none",
  kind: "unknown",
  retry: { when: "backoff" },
  ...causeOf("token.none", "the broker obtained no token", [
    "Send it again later. If it stays, ask the operator of the worker what GET /admin/tenants/{id} says.",
  ]),
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
    ...causeOf("broker.unavailable", "the broker of the tenant's credential cannot work", [
      "Ask the operator of the worker to check the bindings and the credentials that this reply names.",
    ]),
  };
  return { failure: { message: `The worker's token broker cannot answer. ${words}`, diagnosis } };
}
