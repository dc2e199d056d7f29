/** The address of a tenant's instance, by the rules of the package: an origin with https, or http on loopback. */

/** What is wrong with it, or undefined. Continues a sentence that begins with the option's name. */
export function objectionToUrl(value: unknown): string | undefined {
  const url = typeof value === "string" ? parsedUrl(value.trim()) : undefined;
  if (!url) return "must be the instance's URL, like https://dev12345.service-now.com";
  if (url.username || url.password) return "must not hold a user name or a password";
  if (url.pathname !== "/" || url.search || url.hash) return "must be a URL without a path";
  if (url.protocol !== "https:" && !isLoopback(url.hostname))
    return "must begin with https:// (http:// is accepted for loopback only)";
  return undefined;
}

/** Whether a browser sends this text as the header `Origin` of a page. */
export function isWebOrigin(value: unknown): value is string {
  return typeof value === "string" && value !== "null" && parsedUrl(value)?.origin === value;
}

/** The hosts for which the package accepts plain http. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parsedUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url : undefined;
  } catch {
    return undefined;
  }
}
