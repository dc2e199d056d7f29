/** A second lock behind the guard's question: a view that forgot to ask sends no write to a read-only environment. */

const READS = ["GET", "HEAD", "OPTIONS"];
/** Where the package obtains and revokes tokens. */
const TOKEN_PATHS = ["/oauth_token.do", "/oauth_revoke_token.do"];
const BATCH_PATH = /^\/api\/now\/(?:v\d+\/)?batch$/;

/**
 * Headers that replace the method of a request. ServiceNow documents the first ("REST API reference"), other servers take the others. With one
 * of them a GET can delete, and whatever looks at the method alone, as the guard and the lists of writes do, takes it for a read.
 */
export const METHOD_OVERRIDES: readonly string[] = ["x-http-method-override", "x-http-method", "x-method-override"];

/** A request that the console stopped. Nothing of it left the page. */
export class NotSent extends Error {
  override readonly name = "NotSent";
}

/**
 * `lockedName` is asked at each write: the name of the environment while it is read-only, null otherwise. Requests for tokens pass, and so do
 * Batch calls that hold nothing but reads: the package sends a long query in one, and the search for a record asks many tables in one.
 * Throws `NotSent` at once, not by its promise: the package takes a rejected promise for a write that may have been sent.
 */
export function guardedFetch(send: typeof fetch, lockedName: () => string | null): typeof fetch {
  return (input, init) => {
    const method = (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase();
    const { pathname } = new URL(input instanceof Request ? input.url : String(input));
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const override = METHOD_OVERRIDES.find((one) => headers.has(one));
    if (override !== undefined) {
      throw new NotSent(
        `${method} ${pathname} was not sent: its header ${override} gives it another method. Remove it.`,
      );
    }
    const isForToken = TOKEN_PATHS.includes(pathname);
    const isRead = READS.includes(method) || (method === "POST" && BATCH_PATH.test(pathname) && holdsReads(init?.body));
    const name = isRead || isForToken ? null : lockedName();
    if (name === null) return send(input, init);
    throw new NotSent(`${name} is read-only, so ${method} ${pathname} was not sent. Unlock ${name} first.`);
  };
}

/** A body with a member twice is no read: which of the two the instance takes is not known. JSON.stringify gives such a text back otherwise. */
function holdsReads(body: unknown): boolean {
  if (typeof body !== "string") return false;
  try {
    const batch = JSON.parse(body) as { rest_requests?: { method?: unknown; headers?: unknown }[] };
    const { rest_requests: inner } = batch;
    if (JSON.stringify(batch) !== body || !Array.isArray(inner)) return false;
    return inner.every(({ method, headers }) => method === "GET" && !hasOverride(headers));
  } catch {
    return false;
  }
}

function hasOverride(headers: unknown): boolean {
  const text = JSON.stringify(headers ?? []).toLowerCase();
  return METHOD_OVERRIDES.some((name) => text.includes(name));
}
