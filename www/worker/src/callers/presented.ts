/** What a call presents of its caller: a key of the worker's, or a token of an issuer that a tenant trusts. */

/** Longest accepted key: bounds the cost of hashing. */
export const LONGEST_KEY = 512;

/** Longest accepted token. Cloudflare accepts 128 KB of headers; tokens with many groups have about 6 KB. */
export const LONGEST_TOKEN = 8_192;

/** The text in `x-api-key`, else in `Authorization: Bearer`. */
export function presentedBy(headers: Headers): string | undefined {
  const key = headers.get("x-api-key");
  if (key !== null) return key === "" ? undefined : key;
  const authorization = headers.get("authorization");
  return authorization === null ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

/** Whether a text has the form of a signed JWT (RFC 7515, section 3.1): its header is JSON, and `{"` is `eyJ` in base64url. */
export function looksLikeToken(presented: string): boolean {
  return presented.startsWith("eyJ") && presented.length <= LONGEST_TOKEN && THREE_PARTS.test(presented);
}

const THREE_PARTS = /^[\w-]+\.[\w-]+\.[\w-]*$/;
