/**
 * Which addresses may pass: `/api/now/...` of the tenant's instance, spelled so plainly that every server and proxy on
 * the way reads the same path. What passes is sent byte for byte; nothing is rewritten, because rewriting is what attackers
 * of proxies count on.
 */

/** The answer: the path and query string to send, or why they may not pass. */
export type Passage =
  | { readonly passes: true; readonly target: string }
  | { readonly passes: false; readonly status: 403 | 414; readonly why: string };

/** The instance's own proxies refuse addresses from about this length on, so that more could not pass anyway. */
export const LONGEST_TARGET = 16_384;

const PREFIX = "/api/now/";

/**
 * Judges an address as the runtime reports it. workerd hands over the request line's path and query string unchanged,
 * dot segments and all, and normalises them only when `fetch` is called: so the judgement must come before.
 */
export function judge(url: string): Passage {
  const target = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  if (target.length > LONGEST_TARGET) {
    return { passes: false, status: 414, why: `an address may be ${LONGEST_TARGET} characters long` };
  }
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  const why = objectionToPath(path) ?? objectionToQuery(query);
  return why === undefined ? { passes: true, target } : { passes: false, status: 403, why };
}

function objectionToPath(path: string): string | undefined {
  if (!path.startsWith(PREFIX)) return `only ${PREFIX}... passes`;
  for (const segment of path.slice(PREFIX.length).split("/")) {
    if (segment === "") return "an empty path segment does not pass";
    if (FIRST_HOSTILE.test(segment)) return "a path segment that begins with a dot or a blank does not pass";
    if (!PLAIN_SEGMENT.test(segment)) return "the path holds a character that must be percent-encoded";
    if (HOSTILE_ESCAPE.test(segment)) return "the path holds an encoded character that can change its meaning";
    const text = decoded(segment);
    if (text === undefined) return "the path holds bytes that are not valid UTF-8";
    if (HOSTILE_ONCE_FOLDED.test(foldedOf(text))) return "the path holds a character that some servers read as another";
  }
  return undefined;
}

/** Dot segments, and what becomes one where blanks are cut off (`..%20`). Nothing in ServiceNow's paths begins so. */
const FIRST_HOSTILE = /^(?:\.|%20)/;

/** RFC 3986 `pchar` without `;`: servlet containers cut a path parameter off (`/..;/` becomes `/../`). */
const PLAIN_SEGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[0-9A-Fa-f]{2})+$/;

/** Control characters, `%`, `.`, `/`, `;`, `?`, `#`, `\`, DEL: each means something else once it is decoded too early. */
const HOSTILE_ESCAPE = /%(?:[01][0-9a-f]|23|25|2e|2f|3b|3f|5c|7f)/i;

/**
 * Separators, dots and blanks that compatibility folding makes: of U+FF0F and U+2100 a slash, of U+2025 two dots. The letters
 * named here fold to themselves, but tables for 8-bit character sets write them as a slash, a backslash or a dot. Letters that
 * nobody sees are left out by some readers, and what remains then reads otherwise.
 */
const HOSTILE_ONCE_FOLDED = /[./\\;?#%\s\p{Cc}\p{Cf}\p{DI}\u{2044}\u{2215}\u{2216}\u{29f5}\u{29f8}\u{29f9}\u{3002}]/u;

/** The letters of a segment that are not ASCII, as compatibility folding writes them (Unicode Standard Annex 15, NFKC). */
function foldedOf(text: string): string {
  return text.replace(/[\0-\x7f]/g, "").normalize("NFKC");
}

/** Overlong forms (`%c0%ae`), surrogates and cut sequences are no text: a lenient reader makes dots of some of them. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/**
 * A query string cannot leave the path, so only what would be cut or refused on the way is kept out: everything that is
 * not visible ASCII, `#` and the backslash. One byte is still changed: the URL Standard writes `'` in a query as `%27`.
 */
function objectionToQuery(query: string): string | undefined {
  return /^[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(query)
    ? undefined
    : "the query string holds a character that must be percent-encoded";
}
