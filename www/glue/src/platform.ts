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
