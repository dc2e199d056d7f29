/** The error of `sysparm/sync`. */
import type { KnownErrorCode } from "sysparm";
import { RequestError, refusal } from "../errors/index.js";
import { throwingText } from "../protocol/thrown-text.js";

export class SyncError extends RequestError {
  static override readonly name: string = "SyncError";
  declare readonly kind: "request";

  constructor(code: KnownErrorCode, message: string, details?: { cause: unknown }) {
    super(message, refusal(code), details);
  }
}

/** Runs a call of the core, and throws its text as an error. */
export function refusing<T>(run: () => T): T {
  return throwingText(run, (code, message) => new SyncError(code, message));
}
