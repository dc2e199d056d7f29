/** Keeps a connection from writing: whatever is no read is not sent. */

/** What was to be sent through a read-only connection. Nothing of it left this machine. */
export class ReadOnlyError extends Error {}

/**
 * A fetch that sends reads, preflights, requests for tokens and Batch calls that hold nothing but reads: a query that is too long for an address is
 * sent in one. `refused` hears of anything else. It throws at once, and not by its promise: the client takes a rejected promise for
 * a write that may have arrived.
 */
export function readOnlyFetch(send: typeof fetch, refused: (error: ReadOnlyError) => void): typeof fetch {
  return (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const method = (init?.method ?? request?.method ?? "GET").toUpperCase();
    const { pathname } = new URL(request?.url ?? String(input));
    const headers = new Headers(init?.headers ?? request?.headers);
    const hasOtherMethod = METHOD_OVERRIDES.some((name) => headers.has(name));
    const isRead = SAFE_METHODS.includes(method) || (method === "POST" && isReadByPost(pathname, init?.body));
    if (isRead && !hasOtherMethod) return send(input, init);
    const error = new ReadOnlyError(
      `${method} ${pathname} was not sent: the connection is read-only. Use a profile that may write: sysparm profile add <name> --write.`,
    );
    refused(error);
    throw error;
  };
}

/** Of the safe methods of RFC 9110, 9.2.1 those that the package sends: `sysparm doctor --origin` asks by OPTIONS as browsers do. */
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];
/** Where a token is requested. */
const TOKEN_PATH = "/oauth_token.do";
/** ServiceNow documents the first ("REST API reference"), other servers take the others: a GET with one of them can delete. */
const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"];

function isReadByPost(path: string, body: unknown): boolean {
  if (path === TOKEN_PATH) return true;
  if (!/^\/api\/now\/(v\d+\/)?batch$/.test(path) || typeof body !== "string") return false;
  try {
    const { rest_requests: inner } = JSON.parse(body) as { rest_requests?: { method?: unknown; headers?: unknown }[] };
    return Array.isArray(inner) && inner.every((one) => one.method === "GET" && !overrides(one.headers));
  } catch {
    return false;
  }
}

function overrides(headers: unknown): boolean {
  const text = JSON.stringify(headers ?? []).toLowerCase();
  return METHOD_OVERRIDES.some((name) => text.includes(name));
}
