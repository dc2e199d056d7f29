/** The error of `sysparm/openapi`. */
import { RequestError, refusal } from "../errors/index.js";

export class OpenApiError extends RequestError {
  static override readonly name: string = "OpenApiError";
  declare readonly code: "openapi.options" | "openapi.document" | "openapi.too-large";
  declare readonly kind: "request";

  constructor(code: OpenApiError["code"], message: string) {
    super(message, refusal(code));
  }
}

/** One code for options and arguments. */
export function misused(_: string, message: string): OpenApiError {
  return new OpenApiError("openapi.options", message);
}
