/** Turns whatever was thrown into what a person can read. Loses nothing that the diagnosis says. */
import { type Diagnosis, SysparmError, UnknownOutcomeError } from "sysparm";
import { LOOK_FIRST, repeatWords } from "./words";

export interface Failure {
  message: string;
  /** Absent for what is not of sysparm: then the console itself is at fault. */
  diagnosis?: Diagnosis;
  status?: number;
  /** What to do about repeating it, in words. */
  repeat: string;
}

export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof SysparmError)) {
    const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return { message, repeat: "This was not expected; it is a fault of the console. Reload the page and try again." };
  }
  const failure: Failure = {
    message: thrown.message,
    diagnosis: thrown.diagnosis,
    repeat: thrown instanceof UnknownOutcomeError ? LOOK_FIRST : repeatWords(thrown.diagnosis.retry),
  };
  if (thrown.resumesAt !== undefined) {
    failure.repeat += ` Not before ${new Date(thrown.resumesAt).toLocaleTimeString("en-GB")} by this clock.`;
  }
  if (thrown.status !== undefined) failure.status = thrown.status;
  return failure;
}
