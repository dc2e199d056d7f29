import type { Diagnosis } from "sysparm";

/** A diagnosis with a message, before or after its explanation. */
export interface Unexplained {
  message: string;
  diagnosis: Diagnosis;
  /** The exchange as the core printed it for the explanation. It contains secrets and is never passed on. */
  exchange?: string;
}

/** A failure as the core returns it. */
export interface Failure extends Unexplained {
  status?: number;
  resumesAt?: number;
  unknownOutcome: boolean;
  /** The token request failed; nothing of the call itself was sent. */
  ofToken?: boolean;
}
