/** The error of `sysparm/query`. */
import type { KnownErrorCode } from "sysparm";
import type { Problem } from "sysparm/query";
import { RequestError, refusal } from "../errors/index.js";

interface QueryErrorDetails {
  position?: number;
  expected?: string;
  nearest?: string;
  proposal?: string;
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

/** Calls a function that throws errors as JSON text. */
export function throwing<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (typeof thrown !== "string") throw thrown;
    const { code, message, ...details } = JSON.parse(thrown);
    const { position, expected, nearest } = details;
    const meant = nearest === undefined ? "" : `; nearest is ${nearest}`;
    throw new QueryError(code, message ?? `At ${position}: expected ${expected}${meant}`, details);
  }
}
