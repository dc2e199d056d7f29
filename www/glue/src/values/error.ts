/** The error of `sysparm/values`, and the refusal of one value. */
import type { KnownErrorCode } from "sysparm";
import type { ValueProblem } from "sysparm/values";
import { RequestError, refusal } from "../errors/index.js";

export class ValueError extends RequestError {
  static override readonly name: string = "ValueError";
  declare readonly kind: "request";

  constructor(
    code: KnownErrorCode,
    message: string,
    readonly problems: readonly ValueProblem[] = [],
  ) {
    super(message, refusal(code));
  }
}

/** One value that is not what its field holds. Never leaves this package: it becomes a problem with the field's name. */
export class Refused {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {}
}

/** Refuses one value. @throws Refused */
export function refuseValue(code: string, reason: string): never {
  throw new Refused(`value.${code}`, reason);
}

/** Options and arguments have one code here. */
export function refused(_: string, message: string): ValueError {
  return new ValueError("value.options", message);
}
