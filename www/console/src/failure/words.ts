/** What to do about repeating a call, and how likely a cause is, in words. */
import type { Cause, Diagnosis } from "sysparm";

export function repeatWords(retry: Diagnosis["retry"]): string {
  switch (retry.when) {
    case "never":
      return "Sending the same again will not help; something has to be changed first.";
    case "after-renewal":
      return "Send it again: it goes out with a new token.";
    case "after":
      return retry.afterMs === undefined ? "Try again later." : `Try again in ${secondsWords(retry.afterMs)}.`;
    case "backoff":
      return "This may pass by itself; try again in a little while.";
    case "look-first":
      return LOOK_FIRST;
  }
}

/** `0.62` becomes "62 %". A likelihood of nought is not worth saying. */
export function likelihoodWords(cause: Cause): string {
  const percent = Math.round(cause.likelihood * 100);
  return percent > 0 ? `${percent} %` : "";
}

function secondsWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

export const LOOK_FIRST =
  "The request was sent and its outcome is unknown: it may have happened. Look before repeating it: read the record, " +
  "or the table's newest rows, and send again only if the change is not there.";
