/**
 * What needs WebCrypto: a sign-in with a person, signatures for assertions, and names of stored tokens. A file of its own in the package,
 * loaded with the first of them.
 */

export { returned, signIn } from "./sign-in.js";
export { keptUnderHash } from "./stored-names.js";

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
