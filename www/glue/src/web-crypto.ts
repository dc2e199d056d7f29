/**
 * What needs WebCrypto: a sign-in with a person (PKCE and state), and signatures for assertions. A file of its own in the
 * package, loaded by who signs in so; chance is an argument.
 */
import type { AuthorizationCode } from "sysparm";

/** The page of an instance on which a person signs in and consents. */
const AUTHORIZATION_PATH = "/oauth_auth.do";

/** A sign-in that has begun: where the person is sent, and what its return will be known by. */
export interface SignIn {
  url: string;
  state: string;
  verifier: string;
}

/** `chance` is 64 random bytes: half for the verifier (RFC 7636 section 4.1), half for the state. */
export async function beginSignIn(origin: string, auth: AuthorizationCode, chance: Uint8Array): Promise<SignIn> {
  const verifier = base64url(chance.subarray(0, 32));
  // "Should have no special characters" (documentation page "Enforce OAuth state parameter validation").
  const state = Array.from(chance.subarray(32), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: auth.clientId,
    redirect_uri: auth.redirectUri,
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
    ...(auth.scope && { scope: auth.scope }),
  });
  return { url: `${origin}${AUTHORIZATION_PATH}?${parameters}`, state, verifier };
}

/** `RS256`, `ES384`, `HS512`, ...: a key's algorithm as JOSE names it (RFC 7518 section 3.1); undefined for one that signs nothing, or is none. */
export function algorithmOf(key: CryptoKey): string | undefined {
  type Named = Partial<KeyAlgorithm> & { hash?: KeyAlgorithm; namedCurve?: string };
  const { name = "", hash, namedCurve } = (key?.algorithm ?? {}) as Named;
  const family = { "RSASSA-PKCS1-v1_5": "RS", "RSA-PSS": "PS", ECDSA: "ES", HMAC: "HS" }[name];
  const bits = namedCurve === "P-521" ? "512" : (namedCurve ?? hash?.name)?.slice(-3);
  return family && bits && key.usages?.includes("sign") ? family + bits : undefined;
}

/** Signs as the key's algorithm says. ECDSA gives both halves in a row, which is what JOSE wants (RFC 7518 section 3.4). */
export async function signature(key: CryptoKey, text: string): Promise<Uint8Array> {
  const bits = algorithmOf(key)?.slice(2);
  const algorithm = { name: key.algorithm.name, hash: `SHA-${bits}`, saltLength: Number(bits) / 8 };
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}
