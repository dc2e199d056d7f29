/**
 * The request targets that may pass: `/api/...` of the tenant's instance, in a form that every server and proxy on the way
 * reads as the same path. A target that passes is sent byte for byte; rewriting is what attacks on proxies rely on.
 */

import { LONGEST_TARGET } from "../policy/policy.ts";

/** The decision: the path and query string to send, or why they may not pass. */
export type Passage =
  | { readonly passes: true; readonly target: string }
  | { readonly passes: false; readonly status: 403 | 414; readonly why: string };

const PREFIX = "/api/now/";

/** A scripted API: `/api/<scope>/...` with the scope of an application ("Scripted REST APIs", ServiceNow documentation). */
const SCRIPTED = /^\/api\/(?!now\/)[a-z0-9_]{1,40}\//;

/**
 * Checks a target, which is the path and query string as the runtime reports them. workerd reports those of the request line unchanged, with
 * dot segments, and normalises them only in `fetch`, so the check must come before. `scripted`: whether scripted APIs pass as well.
 */
export function judge(target: string, scripted = false): Passage {
  if (target.length > LONGEST_TARGET) {
    return { passes: false, status: 414, why: `an address may be ${LONGEST_TARGET} characters long` };
  }
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  const why = objectionToPath(path, scripted) ?? objectionToQuery(query);
  return why === undefined ? { passes: true, target } : { passes: false, status: 403, why };
}

function objectionToPath(path: string, scripted: boolean): string | undefined {
  // Almost every path. The segments decide in the same way.
  if (HARMLESS_PATH.test(path)) return undefined;
  if (!path.startsWith(PREFIX) && !(scripted && SCRIPTED.test(path))) {
    return scripted ? "only /api/now/... and /api/<scope>/... pass" : `only ${PREFIX}... passes`;
  }
  for (const segment of path.slice("/api/".length).split("/")) {
    if (segment === "") return "an empty path segment does not pass";
    if (FIRST_HOSTILE.test(segment)) return "a path segment that begins with a dot or a blank does not pass";
    if (!PLAIN_SEGMENT.test(segment)) return "the path holds a character that must be percent-encoded";
    // Without an escape it is ASCII that every decoder leaves as it is.
    if (!segment.includes("%")) continue;
    if (HOSTILE_ESCAPE.test(segment)) return "the path holds an encoded character that can change its meaning";
    const text = decoded(segment);
    if (text === undefined) return "the path holds bytes that are not valid UTF-8";
    if (HOSTILE_ONCE_FOLDED.test(foldedOf(text))) return "the path holds a character that some servers read as another";
  }
  return undefined;
}

/** A path of the platform's APIs without an escape, and without a dot at the beginning of a segment. */
const HARMLESS_PATH = /^\/api\/now(?:\/[A-Za-z0-9_-][A-Za-z0-9_\-.]*)+$/;

/** Dot segments, and segments that become one when spaces are trimmed (`..%20`). No ServiceNow path has such a segment. */
const FIRST_HOSTILE = /^(?:\.|%20)/;

/** RFC 3986 `pchar` without `;`: servlet containers cut a path parameter off (`/..;/` becomes `/../`). */
const PLAIN_SEGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[0-9A-Fa-f]{2})+$/;

/** Control characters, `%`, `.`, `/`, `;`, `?`, `#`, `\`, DEL: each changes its meaning when it is decoded too early. */
const HOSTILE_ESCAPE = /%(?:[01][0-9a-f]|23|25|2e|2f|3b|3f|5c|7f)/i;

/**
 * Separators, dots and spaces after compatibility folding: U+FF0F and U+2100 fold to a slash, U+2025 to two dots. The characters
 * listed here fold to themselves, but best-fit tables of 8-bit character sets map them to a slash, a backslash or a dot. Some
 * parsers drop invisible characters, which changes the path.
 */
const HOSTILE_ONCE_FOLDED = /[./\\;?#%\s\p{Cc}\p{Cf}\p{DI}\u{2044}\u{2215}\u{2216}\u{29f5}\u{29f8}\u{29f9}\u{3002}]/u;

/** The non-ASCII characters of a segment after compatibility folding (Unicode Standard Annex 15, NFKC). */
function foldedOf(text: string): string {
  return text.replace(/[\0-\x7f]/g, "").normalize("NFKC");
}

/** `undefined` for overlong forms (`%c0%ae`), surrogates and truncated sequences: lenient decoders read some of them as dots. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/**
 * A query string cannot change the path, so only characters that would be truncated or refused on the way are rejected: all but
 * visible ASCII, `#` and the backslash. One byte is still changed: the URL Standard writes `'` in a query as `%27`.
 */
function objectionToQuery(query: string): string | undefined {
  return /^[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(query)
    ? undefined
    : "the query string holds a character that must be percent-encoded";
}
