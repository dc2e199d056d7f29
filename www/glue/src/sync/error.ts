/** The error of `sysparm/sync`. */
import { RequestError, refusal } from "../errors/index.js";

export class SyncError extends RequestError {
  static override readonly name: string = "SyncError";
  declare readonly kind: "request";

  constructor(code: string, message: string, details?: { cause: unknown }) {
    super(message, refusal(code), details);
  }
}

/** Runs what throws text, a code and a message, and throws it as an error. */
export function refusing<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (typeof thrown !== "string") throw thrown;
    const [code = "", message] = thrown.split("\n");
    throw new SyncError(code, message ?? "");
  }
}
