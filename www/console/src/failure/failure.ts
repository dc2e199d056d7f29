/** Turns any thrown value into a failure for display, with the whole diagnosis. */
import { type Diagnosis, SysparmError, UnknownOutcomeError } from "sysparm";
import { CONNECT_AGAIN, LOOK_FIRST, repeatWords, SIGN_IN_AGAIN } from "./words";

export interface Failure {
  message: string;
  /** Absent if the error is not from sysparm. Then it is a bug in the console. */
  diagnosis?: Diagnosis;
  status?: number;
  /** Whether and how to repeat the call. */
  repeat: string;
}

export function failureOf(thrown: unknown): Failure {
  const stopped = stoppedBy(thrown);
  if (stopped) return { message: stopped.message, repeat: "Nothing was sent. Send again when this is changed." };
  if (!(thrown instanceof SysparmError)) {
    const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return { message, repeat: "This is a bug in the console. Reload the page and try again." };
  }
  const failure: Failure = {
    message: thrown.message,
    diagnosis: thrown.diagnosis,
    repeat: thrown instanceof UnknownOutcomeError ? LOOK_FIRST : repeatWords(thrown.diagnosis.retry),
  };
  if (thrown.code === "sign-in.refused") failure.repeat = SIGN_IN_AGAIN;
  // The package's words are for the author of a program.
  if (thrown.code === "instance.closed") {
    failure.message = "The connection was closed meanwhile, here or in another tab.";
    failure.repeat = CONNECT_AGAIN;
  }
  if (thrown.resumesAt !== undefined) {
    failure.repeat += ` Not before ${new Date(thrown.resumesAt).toLocaleTimeString("en-GB")} by this clock.`;
  }
  if (thrown.status !== undefined) failure.status = thrown.status;
  return failure;
}

/** What the console stopped it with, which the package hands on as a cause. */
export function stoppedBy(thrown: unknown): Error | null {
  let cause = thrown;
  for (let depth = 0; depth < MOST_CAUSES && cause instanceof Error; depth += 1) {
    if (cause.name === "NotSent") return cause;
    cause = cause.cause;
  }
  return null;
}

const MOST_CAUSES = 5;
