/** Imports a private key for signing assertions: PKCS #8 in PEM, as `openssl genpkey` writes it, or a JSON Web Key. */

const EC_CURVES = ["P-256", "P-384", "P-521"] as const;
const RSA: RsaHashedImportParams = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** A key that cannot be read out again. @throws Error for a text that is no such key */
export async function signingKey(text: string): Promise<CryptoKey> {
  const given = text.trim();
  if (given.startsWith("{")) return importJwk(given);
  const pem = /^-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----$/.exec(given);
  if (!pem?.[1]) {
    throw new Error(
      /BEGIN (RSA|EC) PRIVATE KEY/.test(given)
        ? "The private key is in an older form of PEM. Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem"
        : "The private key is not PKCS #8 in PEM (BEGIN PRIVATE KEY) or a JSON Web Key. Paste the whole text of one.",
    );
  }
  const bytes = Uint8Array.from(atob(pem[1].replace(/\s/g, "")), (character) => character.charCodeAt(0));
  for (const algorithm of [RSA, ...EC_CURVES.map((namedCurve) => ({ name: "ECDSA", namedCurve }))]) {
    try {
      return await crypto.subtle.importKey("pkcs8", bytes, algorithm, false, ["sign"]);
    } catch {
      // It is of another algorithm.
    }
  }
  throw new Error("The private key is neither RSA nor on the curves P-256, P-384 and P-521. Use a key of those.");
}

async function importJwk(text: string): Promise<CryptoKey> {
  try {
    const jwk = JSON.parse(text) as JsonWebKey;
    const algorithm = jwk.kty === "EC" ? { name: "ECDSA", namedCurve: jwk.crv ?? "P-256" } : RSA;
    return await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
  } catch {
    throw new Error("The JSON Web Key is not a private RSA or EC key. Paste one with its private members.");
  }
}
