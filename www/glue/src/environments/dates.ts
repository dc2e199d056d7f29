/** Times as records hold them: in UTC, "2026-03-01 12:00:00". */

/** Milliseconds since 1970; null for an empty text, and for one that is no time. */
export function timeOf(stored: string | undefined): number | null {
  if (!stored || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(stored)) return null;
  const time = Date.parse(`${stored.replace(" ", "T")}Z`);
  return Number.isNaN(time) ? null : time;
}
