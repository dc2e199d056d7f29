/** The headers that a caller gives, checked in one place for every fetch. */

/**
 * What belongs to the connection, or hides what a request does: the list of the Fetch standard ("forbidden request-header"). Browsers leave
 * these out without a word; over a socket of Node's a length of the caller's own ends a body early, and the rest of it is read as another
 * request. Not refused are those of the list that only describe the request: Accept-Charset, Accept-Encoding, Date, DNT, Origin, Referer, Via.
 */
const REFUSED =
  /^(access-control-request-.*|connection|content-length|cookie2?|expect|host|http2-settings|keep-alive|set-cookie|te|trailer|transfer-encoding|upgrade|x-(http-)?method(-override)?|(proxy|sec)-.*)$/;

/** The first header that no caller sets, and what to do instead. */
export function refusedHeader(headers: Headers): string | undefined {
  for (const name of headers.keys()) {
    if (!REFUSED.test(name)) continue;
    if (name.startsWith("x-")) return `${name} would hide what the request does: give the method itself`;
    if (/cookie/.test(name)) return `${name} is never sent, because sessions of cookies block each other: leave it out`;
    return `${name} belongs to the connection, and the fetch sets it: leave it out`;
  }
  return undefined;
}

/** The values that show who is asking, by the names of their headers. */
export function credentialsOf(headers: Headers): string[] {
  return Array.from(headers).flatMap(([name, value]) =>
    /auth|key|pass|secret|session|token/.test(name) ? [value] : [],
  );
}
