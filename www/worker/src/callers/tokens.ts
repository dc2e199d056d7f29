/**
 * Callers with a token (JWT, RFC 7519) of an issuer that the tenant trusts. Loaded with the first of them: jose is not part of the worker's
 * start. The signature is checked first and everything else after it, so nothing is said about a token that anyone can write.
 */

import type { JWTPayload } from "jose";
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { JWTClaimValidationFailed, JWTExpired } from "jose/errors";
import { createLocalJWKSet } from "jose/jwks/local";
import { decodeJwt } from "jose/jwt/decode";
import { jwtVerify } from "jose/jwt/verify";
import { KeySets } from "./key-sets.ts";
import type { CallerCode } from "./refusal.ts";
import {
  hasClaims,
  SIGNATURE_ALGORITHMS,
  type SignatureAlgorithm,
  type TokenRecord,
  type TokenRule,
  USUAL_TOLERANCE_SECONDS,
} from "./token-rules.ts";

/** A token that is right. */
export interface VerifiedToken<Caller> {
  readonly caller: Caller;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The key sets of this isolate. */
const isolateKeySets = new KeySets();

/** The order in which a token is checked: of several callers' reasons, the last one says most. */
const ORDER: readonly CallerCode[] = [
  "caller.signature",
  "caller.jwks",
  "caller.audience",
  "caller.expired",
  "caller.algorithm",
  "caller.unknown",
];

/**
 * Finds the first caller whose rule a token fulfils. Only the issuer that the token names is asked for its keys: a made-up token makes no
 * request, and takes no longer than at an address without such callers.
 */
export async function verifyToken<Caller>(
  token: string,
  rules: readonly TokenRule<Caller>[],
  now: number,
  keySets = isolateKeySets,
): Promise<VerifiedToken<Caller> | CallerCode> {
  const { issuer, keyId } = claimedBy(token);
  const unsigned = new Set<string>();
  let reason: CallerCode = "caller.signature";
  for (const rule of rules) {
    if (rule.issuer !== issuer) continue;
    // One signature is tried for each key set, and not one for each caller.
    if (unsigned.has(rule.jwksUrl)) continue;
    const outcome = await verifyFor(rule, token, now, await keySets.find(rule.jwksUrl, keyId));
    if (typeof outcome !== "string") return outcome;
    if (outcome === "caller.signature" || outcome === "caller.jwks") unsigned.add(rule.jwksUrl);
    if (ORDER.indexOf(outcome) > ORDER.indexOf(reason)) reason = outcome;
  }
  return reason;
}

/** What a token says of itself before it is verified: only to choose what it is compared with. */
function claimedBy(token: string): { readonly issuer: unknown; readonly keyId: string | undefined } {
  try {
    return { issuer: decodeJwt(token).iss, keyId: decodeProtectedHeader(token).kid };
  } catch {
    return { issuer: undefined, keyId: undefined };
  }
}

async function verifyFor<Caller>(
  rule: TokenRule<Caller>,
  token: string,
  now: number,
  keys: Awaited<ReturnType<KeySets["find"]>>,
): Promise<VerifiedToken<Caller> | CallerCode> {
  if (keys === undefined) return "caller.jwks";
  try {
    // A set of its own for each token: it holds promises, which belong to one request.
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys] }), {
      // Another algorithm than the rule's is refused below, and only a token that is signed by the issuer learns that.
      algorithms: [...SIGNATURE_ALGORITHMS],
      issuer: rule.issuer,
      audience: typeof rule.audience === "string" ? rule.audience : [...rule.audience],
      clockTolerance: rule.clockToleranceSeconds ?? USUAL_TOLERANCE_SECONDS,
      currentDate: new Date(now),
      requiredClaims: ["exp"],
      ...(rule.longestAgeSeconds === undefined ? {} : { maxTokenAge: rule.longestAgeSeconds }),
    });
    if (!rule.algorithms.includes(protectedHeader.alg as SignatureAlgorithm)) return "caller.algorithm";
    if (!hasClaims(payload, rule.claims) || payload.exp === undefined) return "caller.unknown";
    return { caller: rule.caller, expiresAt: lastSecond(payload, payload.exp, rule) * 1000 };
  } catch (error) {
    return reasonOf(error);
  }
}

/** A token that is remembered is not verified again, so it is remembered no longer than the rule accepts it. */
function lastSecond({ iat }: JWTPayload, exp: number, { longestAgeSeconds }: TokenRecord): number {
  return longestAgeSeconds === undefined || iat === undefined ? exp : Math.min(exp, iat + longestAgeSeconds);
}

/** jose checks claims after the signature. Whatever else it throws is about the signature or the form. */
function reasonOf(error: unknown): CallerCode {
  if (error instanceof JWTExpired) return "caller.expired";
  if (!(error instanceof JWTClaimValidationFailed) || error.claim === "iss") return "caller.signature";
  return error.claim === "aud" ? "caller.audience" : "caller.expired";
}
