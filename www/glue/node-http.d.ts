/**
 * Node only: a fetch over `node:http` and `node:https`, for `connect({ fetch })`, where requests go through a proxy, show a client
 * certificate or trust an authority of their own; and for long readings, which take less of the processor this way.
 */

/** What is used of an `Agent` of `node:http` or `node:https`; proxy agents are such. */
export interface HttpAgent {
  readonly maxSockets: number;
  /** Closes the connections that the agent keeps. */
  destroy(): void;
}

/** Options of `httpFetch()`. */
export interface HttpFetchOptions {
  /**
   * What connects: an `Agent` of `node:https`, or of `node:http` where the instance's address is one of http. Give it
   * `keepAlive: true`, or each request connects anew. Absent: Node's own, which keeps connections.
   */
  agent?: HttpAgent | undefined;
}

/**
 * A `fetch` that sends through `agent`.
 *
 * Undoes gzip and Brotli. Follows no redirect: asked with `redirect: "manual"`, as sysparm asks, the reply is handed over; otherwise it
 * rejects. Headers of the connection and cookies are refused by a TypeError before anything is sent. Rejects with a TypeError, whose `cause` is Node's own error, when no reply comes, and with the signal's reason when aborted.
 *
 * @throws TypeError where `agent` is none
 */
export function httpFetch(options?: HttpFetchOptions): typeof fetch;
