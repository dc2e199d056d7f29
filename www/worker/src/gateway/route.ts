/**
 * What a URL asks the worker for. Works on the text that the runtime reports, because a URL object would normalise dot segments, and costs
 * more than everything else here together. `path-rule.ts` checks the target itself.
 */

/** The worker's own pages, its administration, or an instance: of a tenant, or of the plain bindings if `tenant` is absent. */
export type Route =
  | { readonly kind: "about" | "admin"; readonly target: string }
  | { readonly kind: "instance"; readonly tenant: string | undefined; readonly target: string };

/** First path segments that are no tenant's name. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(["admin", "api", "health"]);

/** Same as the longest label of a host name (RFC 1035, section 2.3.4). */
const LONGEST_NAME = 63;

/** Reads the URL of a request. `target` is what follows the tenant's name, unchanged. */
export function routeOf(url: string): Route {
  const target = url.slice(startOfTarget(url));
  const end = endOfFirstSegment(target);
  const first = target.slice(1, end);
  if (first === "api") return { kind: "instance", tenant: undefined, target };
  if (first === "admin") return { kind: "admin", target };
  const isLast = target.charCodeAt(end) !== SLASH;
  if (isLast && isOpen(target, end, first)) return { kind: "about", target };
  // Anything else that is no tenant's path is refused as a path of the plain bindings' instance.
  if (isLast || !isTenantName(first)) return { kind: "instance", tenant: undefined, target };
  return { kind: "instance", tenant: first, target: target.slice(end) };
}

/** `[a-z0-9][a-z0-9-]{0,62}`, and no reserved name. Without dots, so that no host name is one. */
export function isTenantName(name: string): boolean {
  if (name.length === 0 || name.length > LONGEST_NAME || RESERVED_NAMES.has(name)) return false;
  for (let index = 0; index < name.length; index += 1) {
    const letter = name.charCodeAt(index);
    const isLetterOrDigit = (letter >= 0x61 && letter <= 0x7a) || (letter >= 0x30 && letter <= 0x39);
    if (!isLetterOrDigit && (letter !== HYPHEN || index === 0)) return false;
  }
  return true;
}

/** The front page and /health, with any query. */
function isOpen(target: string, end: number, first: string): boolean {
  const hasPath = target.charCodeAt(0) === SLASH && (first === "" || first === "health");
  return hasPath && (end === target.length || target.charCodeAt(end) === QUESTION);
}

const HYPHEN = 0x2d;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;

/** The index after scheme and host: of a slash, as a rule. */
function startOfTarget(url: string): number {
  const scheme = url.indexOf("://");
  let index = scheme < 0 ? 0 : scheme + 3;
  while (index < url.length && !endsSegment(url.charCodeAt(index))) index += 1;
  return index;
}

function endOfFirstSegment(target: string): number {
  let index = 1;
  while (index < target.length && !endsSegment(target.charCodeAt(index))) index += 1;
  return index;
}

function endsSegment(letter: number): boolean {
  return letter === SLASH || letter === QUESTION || letter === HASH;
}
