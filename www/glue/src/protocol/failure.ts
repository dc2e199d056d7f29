/** A failure as it crosses from the core to TypeScript. */
import type { Diagnosis } from "sysparm";

/** What has a diagnosis and a message, before or after it is explained. */
export interface Unexplained {
  message: string;
  diagnosis: Diagnosis;
  /** The exchange as the core has printed it for the explanation. It holds secrets and is never passed on. */
  exchange?: string;
}

/** A failure as the core gives it. */
export interface Failure extends Unexplained {
  status?: number;
  resumesAt?: number;
  unknownOutcome: boolean;
  /** The request for a token failed; nothing of the call itself was sent. */
  ofToken?: boolean;
}
