/** Whose network sends the requests: what it does with a body differs, and nothing else tells. */

/**
 * A browser's network streams no body over HTTP/1.1, or none at all, and says nothing of what it has sent; and Chromium sends a request
 * again, a POST too, when a connection that it reuses breaks before the answer begins.
 */
export const isInPage = () => network() === "page";

/**
 * Node's own: by the letter of the Fetch standard ("HTTP-network-or-cache fetch") it clones a request before it sends it, unless
 * redirects are errors: of a body that is a stream or a Blob, the clone holds every byte until the end.
 */
export const isInNode = () => network() === "node";

function network(): "page" | "node" | "other" {
  const { process, Deno, navigator } = globalThis as {
    process?: { versions?: { node?: string; bun?: string } };
    Deno?: unknown;
    navigator?: { userAgent?: string };
  };
  // Workers of Cloudflare may have a process too, and know no such redirect mode.
  if (Deno || navigator?.userAgent === "Cloudflare-Workers") return "other";
  const { node, bun } = process?.versions ?? {};
  if (!node) return "page";
  return bun ? "other" : "node";
}
