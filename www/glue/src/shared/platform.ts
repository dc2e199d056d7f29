/** Tells platforms apart by whose network stack sends requests, because they treat bodies differently and cannot be asked. */

/**
 * A browser streams no request body over HTTP/1.1, or none at all, and does not report how much it has sent. Chromium sends a request
 * again, also a POST, when a reused connection breaks before the answer begins.
 */
export const isInPage = () => network() === "page";

/**
 * Node follows the Fetch standard ("HTTP-network-or-cache fetch") literally and clones a request before sending it, unless redirects are
 * errors. The clone of a stream or a Blob keeps every byte in memory until the end.
 */
export const isInNode = () => network() === "node";

/** In workerd a timer or promise of one incoming request cannot be awaited in another, which may begin after the first has ended. */
export const isInWorkerd = () => globalThis.navigator?.userAgent === WORKERD;

const WORKERD = "Cloudflare-Workers";

function network(): "page" | "node" | "other" {
  const { Deno, navigator } = globalThis as { Deno?: unknown; navigator?: { userAgent?: string } };
  // Cloudflare Workers may have a `process`, too, and do not know that redirect mode.
  if (Deno || navigator?.userAgent === WORKERD) return "other";
  // Read after them: the first use of `process` in a worker makes workerd load its module, which takes 4 ms of processor time.
  const { process } = globalThis as { process?: { versions?: { node?: string; bun?: string } } };
  const { node, bun } = process?.versions ?? {};
  if (!node) return "page";
  return bun ? "other" : "node";
}
