/** The error of `sysparm/schema`. */
import { RequestError, refusal } from "../errors/index.js";

export class SchemaError extends RequestError {
  static override readonly name: string = "SchemaError";
  declare readonly code: "schema.unreadable" | "schema.options";
  declare readonly kind: "request";

  constructor(code: SchemaError["code"], message: string) {
    super(message, refusal(code));
  }
}
