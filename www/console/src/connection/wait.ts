/** Explains why calls wait, from the instance's events. Shown while a read is paused. */
import type { SysparmEvent } from "sysparm";

export interface Wait {
  until: number;
  why: string;
}

/** The wait after an event. */
export function waitAfter(event: SysparmEvent, before: Wait | null): Wait | null {
  switch (event.type) {
    case "rate.limited":
      return { until: event.until, why: "An hourly rate limit of the instance is used up, or nearly" };
    case "breaker.opened":
      return { until: event.until, why: `Requests are paused. ${event.message}` };
    case "breaker.closed":
      return null;
    default:
      return before;
  }
}

/** "An hourly rate limit ... Reading continues at 12:40:05, in 20 minutes." Null when it is over. */
export function waitWords(wait: Wait | null, now: number): string | null {
  if (!wait || wait.until <= now) return null;
  const seconds = Math.ceil((wait.until - now) / 1000);
  const minutes = Math.ceil(seconds / 60);
  const length = seconds < 100 ? `${seconds} s` : `${minutes} minutes`;
  const why = wait.why.replace(/\.$/, "");
  return `${why}. Reading continues at ${new Date(wait.until).toLocaleTimeString("en-GB")}, in ${length}; press Cancel to stop.`;
}
