/** A second lock behind the guard's question: a view that forgot to ask sends no write to a read-only environment. */

const READS = ["GET", "HEAD", "OPTIONS"];
/** Where the package obtains and revokes tokens. */
const TOKEN_PATHS = ["/oauth_token.do", "/oauth_revoke_token.do"];

/** `locked` is asked at each write. Requests for tokens pass. */
export function guardedFetch(send: typeof fetch, locked: () => boolean): typeof fetch {
  return (input, init) => {
    const method = (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase();
    const { pathname } = new URL(input instanceof Request ? input.url : String(input));
    const isForToken = TOKEN_PATHS.includes(pathname);
    if (READS.includes(method) || isForToken || !locked()) return send(input, init);
    return Promise.reject(new Error("The environment is read-only. Unlock it first. Nothing was sent."));
  };
}
