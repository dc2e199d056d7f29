/**
 * Whether a browser's network sends the requests. It streams no body over HTTP/1.1, or none at all, and says nothing of what it has
 * sent; and Chromium sends a request again, a POST too, when a connection that it reuses breaks before the answer begins.
 */
export function isInPage(): boolean {
  const { process, Deno, navigator } = globalThis as {
    process?: { versions?: { node?: string } };
    Deno?: unknown;
    navigator?: { userAgent?: string };
  };
  const isElsewhere =
    process?.versions?.node !== undefined || Deno !== undefined || navigator?.userAgent === "Cloudflare-Workers";
  return !isElsewhere;
}

/**
 * Whether Node's own network sends the requests. By the letter of the Fetch standard ("HTTP-network-or-cache fetch") it clones a request
 * before it sends it, unless redirects are errors: of a body that is a stream or a Blob, the clone holds every byte until the end.
 */
export function isInNode(): boolean {
  const { process, Deno, navigator } = globalThis as {
    process?: { versions?: { node?: string; bun?: string } };
    Deno?: unknown;
    navigator?: { userAgent?: string };
  };
  const { node, bun } = process?.versions ?? {};
  // Workers of Cloudflare may have a process too, and know no such redirect mode.
  return node !== undefined && bun === undefined && Deno === undefined && navigator?.userAgent !== "Cloudflare-Workers";
}
