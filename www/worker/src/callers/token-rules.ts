/** What a caller with tokens must fulfil, and the claims that decide between callers of one issuer. Pure. */

/**
 * The algorithms that a caller may be configured with: those with a public and a private key (RFC 7518, section 3.1; RFC 9864 for Ed25519).
 * With HMAC anyone who can verify a token can also write one, and `none` is no signature.
 */
export const SIGNATURE_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

/** One of them. */
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** One claim: its exact value, or a member that its list must have. */
export type ClaimRule = string | number | boolean | { readonly contains: string };

/** A caller's tokens, as an operator writes them. */
export interface TokenRecord {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  readonly jwksUrl: string;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly claims?: Readonly<Record<string, ClaimRule>> | undefined;
  readonly clockToleranceSeconds?: number | undefined;
  readonly longestAgeSeconds?: number | undefined;
}

/** Clocks of servers differ by seconds. */
export const USUAL_TOLERANCE_SECONDS = 30;
/** A longer tolerance would accept tokens long after they expired. */
export const LONGEST_TOLERANCE_SECONDS = 120;

/** How many addresses of key sets one tenant may have. Bounds the signatures that are tried for one token. */
export const MOST_KEY_SETS = 8;

/** A caller and its rule. */
export interface TokenRule<Caller> extends TokenRecord {
  readonly caller: Caller;
}

/** Whether a token's claims are those of a caller. */
export function hasClaims(claims: Readonly<Record<string, unknown>>, rules: TokenRecord["claims"]): boolean {
  return Object.entries(rules ?? {}).every(([name, rule]) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof rule === "object" ? membersOf(value).includes(rule.contains) : value === rule;
  });
}

/** A list of texts, or text with spaces between the members, as `scope` has them (RFC 8693, section 4.2). */
function membersOf(value: unknown): readonly unknown[] {
  if (typeof value === "string") return value.split(" ");
  return Array.isArray(value) ? value : [];
}
