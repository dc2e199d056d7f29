/** The id that each reply shows in `x-request-id`: the caller's own, so that both sides name a request alike, else a new one. */

/** Short, and safe in a log line, a shell and a page. */
const SAFE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function requestId(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && SAFE.test(given) ? given : crypto.randomUUID();
}
