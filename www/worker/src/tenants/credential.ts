/**
 * A tenant's credentials between the registry, which stores them sealed, and the broker, which alone opens them: the text that is sealed, what
 * it is bound to, and the options of `connect()` that it becomes.
 */

import type { Auth, SigningKey } from "sysparm";
import type { TenantAuth } from "./auth-schema.ts";

/** What a sealed credential is bound to: that of one tenant does not open as another's. */
export function credentialContext(tenant: string): string {
  return `credential of tenant ${tenant}`;
}

/** The credentials as the text that is sealed. */
export function credentialText(auth: TenantAuth): string {
  return JSON.stringify(auth);
}

/** The reverse, for text that the registry has sealed. */
export function credentialOf(text: string): TenantAuth {
  return JSON.parse(text);
}

type JwtBearerAuth = Extract<TenantAuth, { grant: "jwt_bearer" }>;

/** The option `auth` of `connect()`. @throws KeyError if a JWT bearer grant's key does not fit its algorithm */
export async function connectAuth(auth: TenantAuth): Promise<Auth> {
  if (!("grant" in auth) || auth.grant !== "jwt_bearer") return auth;
  return { ...auth, key: await signingKey(auth) };
}

/** A key that cannot be imported. Without the engine's message, which may quote it. */
export class KeyError extends Error {
  override readonly name = "KeyError";

  constructor() {
    super(
      "Invalid option `auth.key`. Pass the PKCS #8 private key of this `auth.algorithm` as PEM text (`openssl pkcs8 -topk8 -nocrypt`), or the shared secret of an HS algorithm.",
    );
  }
}

/** Not extractable: nobody can read it out of the broker's memory. */
async function signingKey({ algorithm, key }: JwtBearerAuth): Promise<SigningKey> {
  const hash = `SHA-${algorithm.slice(2)}`;
  try {
    if (algorithm.startsWith("HS")) {
      const secret = new TextEncoder().encode(key);
      return await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash }, false, ["sign"]);
    }
    const bytes = bytesOfPem(key);
    return await (algorithm.startsWith("RS")
      ? crypto.subtle.importKey("pkcs8", bytes, { name: "RSASSA-PKCS1-v1_5", hash }, false, ["sign"])
      : crypto.subtle.importKey("pkcs8", bytes, { name: "ECDSA", namedCurve: CURVES[algorithm] ?? "" }, false, [
          "sign",
        ]));
  } catch {
    throw new KeyError();
  }
}

/** RFC 7518 section 3.4. */
const CURVES: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

/** RFC 7468 section 10. @throws for another form, such as PKCS #1 or an encrypted key */
function bytesOfPem(text: string): Uint8Array<ArrayBuffer> {
  const base64 = /^\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----\s*$/.exec(text)?.[1];
  if (base64 === undefined) throw new TypeError("no PKCS #8 key");
  return Uint8Array.from(atob(base64.replace(/\s/g, "")), (character) => character.charCodeAt(0));
}
