/** The error of `sysparm/query`. */
import type { KnownErrorCode } from "sysparm";
import type { Problem } from "sysparm/query";
import { RequestError, refusal } from "../errors/index.js";
import { type ThrownMembers, throwingText } from "../protocol/thrown-text.js";

interface QueryErrorDetails extends Omit<ThrownMembers, "diagnosis"> {
  problems?: Problem[];
  cause?: unknown;
}

export class QueryError extends RequestError {
  static override readonly name: string = "QueryError";
  declare readonly kind: "request";
  declare readonly position?: number;
  declare readonly expected?: string;
  declare readonly nearest?: string;
  declare readonly proposal?: string;
  declare readonly problems?: Problem[];

  constructor(code: KnownErrorCode, message: string, { cause, ...details }: QueryErrorDetails = {}) {
    super(message, refusal(code), cause === undefined ? {} : { cause });
    Object.assign(this, details);
  }
}

/** Runs a call of the core, and throws its text as an error. */
export function throwing<T>(run: () => T): T {
  return throwingText(run, (...thrown) => new QueryError(...thrown));
}
