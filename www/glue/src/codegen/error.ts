/** The error of `sysparm/codegen`. */
import { RequestError, refusal } from "../errors/index.js";

export class CodegenError extends RequestError {
  static override readonly name: string = "CodegenError";
  declare readonly code: "codegen.options";
  declare readonly kind: "request";

  constructor(message: string) {
    super(message, refusal("codegen.options"));
  }
}
