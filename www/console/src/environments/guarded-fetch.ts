/** A second lock behind the guard's question: a view that forgot to ask sends no write to a read-only environment. */

const READS = ["GET", "HEAD", "OPTIONS"];
/** Where the package obtains and revokes tokens. */
const TOKEN_PATHS = ["/oauth_token.do", "/oauth_revoke_token.do"];

/** `lockedName` is asked at each write: the name of the environment while it is read-only, null otherwise. Requests for tokens pass. */
export function guardedFetch(send: typeof fetch, lockedName: () => string | null): typeof fetch {
  return (input, init) => {
    const method = (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase();
    const { pathname } = new URL(input instanceof Request ? input.url : String(input));
    const isForToken = TOKEN_PATHS.includes(pathname);
    const name = READS.includes(method) || isForToken ? null : lockedName();
    if (name === null) return send(input, init);
    return Promise.reject(
      new Error(`${name} is read-only, so ${method} ${pathname} was not sent. Unlock ${name} first.`),
    );
  };
}
