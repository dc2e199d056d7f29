/**
 * Requests per minute of one caller: a token bucket, as a pure function of its state and the time. Every isolate counts for itself, so that a
 * caller whose requests reach several isolates gets that many times the number; a count for all isolates would cost each request a call to
 * a Durable Object.
 */

/** What is left, and when it was so. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** Whether requests may pass now. */
export interface RateOutcome {
  readonly bucket: Bucket;
  /** 0 when they may pass, else after how many milliseconds they may. */
  readonly waitMs: number;
}

/**
 * Takes requests out of a bucket that holds a minute's worth and fills up evenly. A caller that is new begins with a full one. More requests at
 * once than a minute's worth never pass: a policy refuses such a batch before.
 */
export function takeFrom(bucket: Bucket | undefined, perMinute: number, now: number, requests = 1): RateOutcome {
  const perMs = perMinute / 60_000;
  // A clock that runs backwards fills nothing.
  const passed = bucket === undefined ? 0 : Math.max(0, now - bucket.at);
  const left = bucket === undefined ? perMinute : Math.min(perMinute, bucket.left + passed * perMs);
  // Fractions of floating point must not make a caller wait once more at the moment that it was given.
  const missing = requests - left;
  if (missing > 1e-9) return { bucket: { left, at: now }, waitMs: Math.ceil(missing / perMs) };
  return { bucket: { left: Math.max(0, left - requests), at: now }, waitMs: 0 };
}
