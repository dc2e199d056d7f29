/** Checks the headers that a caller gives, for every `fetch`. */

/**
 * Headers of the connection, and headers that hide what a request does: the list of the Fetch standard ("forbidden request-header").
 * Browsers drop them silently. In Node a caller's own Content-Length ends a body early, and the rest of it is read as another request.
 * Those that only describe the request are allowed: Accept-Charset, Accept-Encoding, Date, DNT, Origin, Referer, Via.
 */
const REFUSED =
  /^(access-control-request-.*|connection|content-length|cookie2?|expect|host|http2-settings|keep-alive|set-cookie|te|trailer|transfer-encoding|upgrade|x-(http-)?method(-override)?|(proxy|sec)-.*)$/;

/** What is wrong with the first header that a caller may not set, and what to do instead. */
export function refusedHeader(headers: Headers): string | undefined {
  for (const name of headers.keys()) {
    if (!REFUSED.test(name)) continue;
    if (name.startsWith("x-"))
      return `Unsupported header \`${name}\`: it hides what the request does. Pass the method itself.`;
    if (/cookie/.test(name))
      return `Unsupported header \`${name}\`: requests of one session block each other. Remove it.`;
    return `Unsupported header \`${name}\`: fetch sets it for the connection. Remove it.`;
  }
  return undefined;
}

/** Names of headers and parameters that suggest a credential. */
export const SECRET_NAME = /auth|key|pass|secret|session|token/i;

/** The values of headers whose names suggest a credential. */
export function credentialsOf(headers: Headers): string[] {
  return Array.from(headers).flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : []));
}
