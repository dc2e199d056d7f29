/** Everything that needs WebCrypto: sign-in of a person, signatures of assertions, names of stored tokens. Loaded with the first of them. */

import { base64url } from "./sign-in.js";

export { handled, signIn } from "./sign-in.js";
export { storeUnderHash } from "./stored-names.js";

/** A key's algorithm in JOSE's names, such as `RS256` (RFC 7518 section 3.1); undefined for a key that cannot sign. */
export function algorithmOf(key: CryptoKey): string | undefined {
  type Named = Partial<KeyAlgorithm> & { hash?: KeyAlgorithm; namedCurve?: string };
  const { name = "", hash, namedCurve } = (key?.algorithm ?? {}) as Named;
  const family = { "RSASSA-PKCS1-v1_5": "RS", "RSA-PSS": "PS", ECDSA: "ES", HMAC: "HS" }[name];
  const bits = namedCurve === "P-521" ? "512" : (namedCurve ?? hash?.name)?.slice(-3);
  return family && bits && key.usages?.includes("sign") ? family + bits : undefined;
}

/** Signs with the key's algorithm, in base64url. ECDSA returns both halves in a row, as JOSE requires (RFC 7518 section 3.4). */
export async function signature(key: CryptoKey, text: string): Promise<string> {
  const bits = algorithmOf(key)?.slice(2);
  const algorithm = { name: key.algorithm.name, hash: `SHA-${bits}`, saltLength: Number(bits) / 8 };
  return base64url(new Uint8Array(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text))));
}
