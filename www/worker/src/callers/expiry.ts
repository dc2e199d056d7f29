/** Until when a key is accepted: one rule for the registry's tenants and for CALLER_KEYS. */

/** ISO 8601 with a time zone, as RFC 3339 has it; seconds may be absent. Without a zone it would be another time in each place. */
export const ZONED_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970. Undefined for other text, and for a day that its month does not have, which `Date.parse` moves to the next one. */
export function timeOf(text: string): number | undefined {
  if (!ZONED_TIME.test(text)) return undefined;
  const time = Date.parse(text);
  const day = text.slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(time) || Number.isNaN(midnight)) return undefined;
  return new Date(midnight).toISOString().startsWith(day) ? time : undefined;
}

/** How the value has to be, after "Pass" or "must be". */
export const TIME_FORM = "an ISO 8601 time with a time zone, like 2027-01-31T00:00:00Z";
