/** When a token is used, renewed and reported as used. All times are proportionate for tokens that live less than six minutes. */

/** The times of one token, in milliseconds since 1970. */
export interface TokenTimes {
  /** When it was asked for: its lifetime counts from then. */
  readonly obtainedAt: number;
  /** Null where nobody knows: then it is used until it is refused. */
  readonly expiresAt: number | null;
  /** Whether the instance had handed out the same token before, with the same end. Another request would return it again. */
  readonly isSame: boolean;
}

/** With this lifetime and above, the times below count as they are. */
const WHOLE_LIFETIME_MS = 360_000;

/** Not used for less: a request may wait before it is checked. */
const UNUSED_MS = 30_000;
/** From then on another one is asked for, which nobody waits for while this one is usable. */
const ASK_AGAIN_MS = 60_000;
/** An alarm renews at a random time between this and `ASK_AGAIN_MS`, so that tenants do not renew at once. */
const EARLIEST_MS = 180_000;
/** Only what uses the token from then on keeps it renewed. */
const REPORT_MS = 300_000;
const REPORT_SLACK_MS = 10_000;
/** A token that is about to expire is used for this long, so that no request of a caller becomes a request for a token. */
const LEAST_USE_MS = 1_000;

/** How much of the times above a token has. */
function share({ obtainedAt, expiresAt }: TokenTimes): number {
  if (expiresAt === null) return 1;
  return Math.min(1, Math.max(0, expiresAt - obtainedAt) / WHOLE_LIFETIME_MS);
}

function before(times: TokenTimes, ms: number): number {
  return times.expiresAt === null ? Number.POSITIVE_INFINITY : times.expiresAt - ms * share(times);
}

/** Until when it is presented. */
export function usableUntil(times: TokenTimes): number {
  if (times.isSame && times.expiresAt !== null) return Math.max(times.expiresAt, times.obtainedAt + LEAST_USE_MS);
  return Math.max(before(times, UNUSED_MS), times.obtainedAt + LEAST_USE_MS);
}

/** From when on another one is asked for. */
export function askAgainAt(times: TokenTimes): number {
  const usable = usableUntil(times);
  return times.isSame
    ? usable
    : Math.min(usable, Math.max(before(times, ASK_AGAIN_MS), times.obtainedAt + LEAST_USE_MS));
}

/** Whether a use counts: clocks of machines differ by less than the slack. */
export function isReportDue(times: TokenTimes, now: number): boolean {
  return now >= reportFrom(times) - REPORT_SLACK_MS * share(times);
}

/** From when on a use is reported. */
export function reportFrom(times: TokenTimes): number {
  return times.isSame ? Number.POSITIVE_INFINITY : before(times, REPORT_MS);
}

/** When the alarm of a token in use is due; undefined where an early renewal brings nothing. @param random 0 to 1 */
export function alarmTime(times: TokenTimes, now: number, random: number): number | undefined {
  if (times.isSame || times.expiresAt === null || now >= usableUntil(times)) return undefined;
  const from = Math.max(now, before(times, EARLIEST_MS));
  return from + Math.max(0, before(times, ASK_AGAIN_MS) - from) * random;
}

/** Whether an alarm belongs to an earlier token. */
export function isBeforeAlarms(times: TokenTimes, now: number): boolean {
  return now < before(times, EARLIEST_MS);
}

/** A clock that was set back must not make a token live longer. */
export function shifted(times: TokenTimes, now: number): TokenTimes {
  const ahead = times.obtainedAt - now;
  if (ahead <= 0) return times;
  return { ...times, obtainedAt: now, expiresAt: times.expiresAt === null ? null : times.expiresAt - ahead };
}
