/** What writing values throws, and how one value is refused. It states its name: a bundler would shorten it. */
import type { ValueProblem } from "sysparm/values";

export class ValueError extends Error {
  static override readonly name: string = "ValueError";
  override readonly name: string = "ValueError";
  readonly kind = "request";

  constructor(
    readonly code: string,
    message: string,
    readonly problems: readonly ValueProblem[] = [],
  ) {
    super(message);
  }
}

/** One value that is not what its field holds. Never leaves this package: it becomes a problem with the field's name. */
export class Refused {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {}
}

export function refuse(code: string, reason: string): never {
  throw new Refused(`value.${code}`, reason);
}

/** Options and arguments have one code here. */
export function refused(_: string, message: string): ValueError {
  return new ValueError("value.options", message);
}
