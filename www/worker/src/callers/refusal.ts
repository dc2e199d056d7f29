/**
 * Why a caller is not accepted. What is said before a key or a signature was found right depends on what the call presents and on nothing else:
 * it shows neither which tenants exist nor which keys and issuers they know.
 */

/** The reason continues the sentence "refused this call: ". */
const REASONS = {
  "caller.missing": {
    why: "it presents no key and no token",
    fix: "Send a key that the worker knows, as Authorization: Bearer <key> or x-api-key: <key>.",
  },
  "caller.unknown": {
    why: "its key, or what its token claims, belongs to no caller of this address",
    fix: "Send a key that the worker knows, as Authorization: Bearer <key> or x-api-key: <key>.",
  },
  "caller.expired": {
    why: "its key or token has expired, is not valid yet, or does not say until when it is valid",
    fix: "Get a new key or token, and compare the clocks of the caller and of the token's issuer.",
  },
  "caller.audience": {
    why: "its token is meant for another audience (aud)",
    fix: "Ask the issuer for a token with the audience that the worker's operator has configured.",
  },
  "caller.algorithm": {
    why: "its token is signed with an algorithm (alg) that its caller may not use",
    fix: "Let the issuer sign with an algorithm that the worker's operator has configured.",
  },
  "caller.signature": {
    why: "its token names no issuer (iss) that this address trusts, or is not signed by it",
    fix: "Send a token of such an issuer unchanged. Its iss must be the configured issuer letter by letter, and its key id (kid) one of the issuer's key set.",
  },
  "caller.jwks": {
    why: "the worker cannot get the keys of the token's issuer",
    fix: "Send it again in a minute. The operator can open the configured jwksUrl: it must answer with a key set (RFC 7517).",
  },
} as const;

/** The stable names of the reasons. */
export type CallerCode = keyof typeof REASONS;

/** A call without an accepted caller, in the form of the worker's other refusals. */
export interface CallerRefusal {
  readonly status: 401;
  readonly message: string;
  readonly code: CallerCode;
  readonly why: string;
  readonly fix: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The refusal with its words. */
export function callerRefusal(code: CallerCode): CallerRefusal {
  const { why, fix } = REASONS[code];
  // RFC 6750, section 3.1: a request without credentials gets no error code.
  const challenge = code === "caller.missing" ? "Bearer" : `Bearer error="invalid_token", error_description="${why}"`;
  return {
    status: 401,
    message: "User Not Authenticated",
    code,
    why,
    fix: [fix],
    headers: { "www-authenticate": challenge },
  };
}
