/** What a query throws. It states its name: the one it would have by itself dies when a bundler shortens it. */
import type { Problem } from "sysparm/query";

export class QueryError extends Error {
  static override readonly name: string = "QueryError";
  override readonly name: string = "QueryError";
  readonly kind = "request";
  declare readonly position?: number;
  declare readonly expected?: string;
  declare readonly nearest?: string;
  declare readonly proposal?: string;
  declare readonly problems?: Problem[];

  constructor(
    readonly code: string,
    message: string,
    details: Pick<QueryError, "position" | "expected" | "nearest" | "proposal" | "problems"> = {},
  ) {
    super(message);
    Object.assign(this, details);
  }
}

/** Runs what throws its errors as JSON text. */
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
