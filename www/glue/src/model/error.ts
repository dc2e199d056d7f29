/** The error of `sysparm/model`. */
import type { KnownErrorCode } from "sysparm";
import type { ModelProblem } from "sysparm/model";
import { RequestError, refusal } from "../errors/index.js";

export class ModelError extends RequestError {
  static override readonly name: string = "ModelError";
  declare readonly kind: "request";

  constructor(
    code: KnownErrorCode,
    message: string,
    readonly problems: readonly ModelProblem[] = [],
  ) {
    super(message, refusal(code));
  }
}

/** Of several problems; the message names the first ones. */
export function refusedBy(code: KnownErrorCode, what: string, problems: readonly ModelProblem[]): ModelError {
  const words = problems.slice(0, 3).map(({ message }) => message);
  const more = problems.length > 3 ? ` And ${problems.length - 3} more: see problems.` : "";
  return new ModelError(code, `${what} ${words.join(" ")}${more}`, problems);
}

/** Options and arguments have one code here. */
export function refusedOption(_: string, message: string): ModelError {
  return new ModelError("model.options", message);
}
