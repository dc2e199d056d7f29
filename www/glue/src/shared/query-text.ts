/**
 * Text that cannot be a query of any table: an address, percent-encoded text, text without an operator. The instance passes over it and
 * answers with the whole table, so it is not sent. `sysparm/query` knows the rest; this is what every call can afford.
 */

import { checkArgument, QUERY, type Refuse } from "../protocol/check-options.js";

const ADDRESS = /^[\s^]*(?:https?:|[/?&]|\w+\.do\b|sysparm_)|^[^?]*&sysparm_/i;
/** Without `%40`, which the platform's own queries contain. */
const ENCODED = /%(?:2[\da-f]|3[a-f]|5[bde])/i;
const OPERATOR = /[\w,]\s*[=<>*%!]|[a-z\d_][A-Z]{2}|^[\s^]*(?:(?:ORDER|GROUP)BY|EQ|$)/;

/** The text of a query that is an option or an argument. */
export function encodedQuery(query: unknown, refuse: Refuse): string {
  if (query === undefined) return "";
  // "[object Object]", or a list's empty text, would be dropped by the instance, and the whole table would come.
  checkArgument("query", query, QUERY, refuse);
  if (typeof query !== "string") return (query as { encoded(): string }).encoded();
  const objection = objectionTo(query);
  if (objection) throw refuse("query.unread", objection);
  return query;
}

/** What is wrong with a text that is given for a query; undefined where it may be one. */
function objectionTo(query: string): string | undefined {
  if (!ADDRESS.test(query) && !ENCODED.test(query)) {
    return OPERATOR.test(query) ? undefined : `${query} is no encoded query: it has no operator, such as = or LIKE`;
  }
  return `${query} is an address or percent-encoded, and no encoded query; decoded it is ${meant(query)}`;
}

/** The innermost query of an address, decoded as often as it is encoded. */
function meant(query: string): string {
  let text = query;
  for (let depth = 0; depth < 4; depth += 1) {
    const [, value = text] = /\bsysparm_query=([^&#]*)/.exec(text) ?? [];
    text = value;
    if (!ENCODED.test(text)) break;
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
  }
  return text;
}
