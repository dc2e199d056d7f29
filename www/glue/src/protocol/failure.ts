/** A failure as it crosses from the core to TypeScript. */
import type { Diagnosis } from "sysparm";

/** A failure as the core gives it. */
export interface Failure {
  message: string;
  diagnosis: Diagnosis;
  status?: number;
  resumesAt?: number;
  unknownOutcome: boolean;
  /** The request for a token failed; nothing of the call itself was sent. */
  ofToken?: boolean;
}
