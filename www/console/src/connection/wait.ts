/** What keeps calls waiting, from what the instance tells of itself: said while a read stands still because of it. */
import type { SysparmEvent } from "sysparm";

export interface Wait {
  until: number;
  why: string;
}

/** The wait that holds after an event. */
export function waitAfter(event: SysparmEvent, before: Wait | null): Wait | null {
  switch (event.type) {
    case "rate.limited":
      return { until: event.until, why: "An hourly limit of the instance is used up, or nearly" };
    case "breaker.opened":
      return { until: event.until, why: `The instance is left alone for a while. ${event.message}` };
    case "breaker.closed":
      return null;
    default:
      return before;
  }
}

/** "An hourly limit ... Pages go on at 12:40:05, in 20 minutes." Null when it is over. */
export function waitWords(wait: Wait | null, now: number): string | null {
  if (!wait || wait.until <= now) return null;
  const seconds = Math.ceil((wait.until - now) / 1000);
  const minutes = Math.ceil(seconds / 60);
  const length = seconds < 100 ? `${seconds} s` : `${minutes} minutes`;
  const why = wait.why.replace(/\.$/, "");
  return `${why}. Pages go on at ${new Date(wait.until).toLocaleTimeString("en-GB")}, in ${length}; Cancel ends the wait.`;
}
