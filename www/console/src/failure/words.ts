/** Describes whether and how to repeat a call, and how likely a cause is. */
import type { Cause, Diagnosis } from "sysparm";

export function repeatWords(retry: Diagnosis["retry"]): string {
  switch (retry.when) {
    case "never":
      return "Sending the same request again will not help. Fix the cause first.";
    case "after-renewal":
      return "Send it again: it will use a new token.";
    case "after":
      return retry.afterMs === undefined ? "Try again later." : `Try again in ${secondsWords(retry.afterMs)}.`;
    case "backoff":
      return "This may be temporary. Try again later.";
    case "look-first":
      return LOOK_FIRST;
  }
}

/** `0.62` becomes "62 %". A likelihood of zero is not shown. */
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
  "The request was sent, but its outcome is unknown. Before you repeat it, read the record, " +
  "or the table's newest rows. Send again only if the change is not there.";

export const SIGN_IN_AGAIN =
  "Sign in again, and choose Allow on the instance's page. If you did, the user may lack a role, or a policy of the " +
  "instance refuses this client: its administrator sees why in the system log.";

export const CONNECT_AGAIN =
  "Connect the environment, then try again. Look first whether a write was made: it may have been under way.";
