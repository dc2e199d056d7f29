/** How long and how many schemas are kept in memory. */

export const HOUR = 3_600_000;

/** Schemas kept for one instance; the least recently used one is dropped first. */
export const MOST_KEPT = 200;

/** After the clock was set back, later times count as too old. */
export function isYoung(readAt: number, now: number, maxAgeMs: number): boolean {
  return readAt <= now && now - readAt < maxAgeMs;
}
