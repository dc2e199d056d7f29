/** What reading a schema throws of its own. It states its name: the one it would have by itself dies when a bundler shortens it. */
export class SchemaError extends Error {
  static override readonly name: string = "SchemaError";
  override readonly name: string = "SchemaError";
  readonly kind = "request";

  constructor(
    readonly code: "schema.unreadable" | "schema.options",
    message: string,
  ) {
    super(message);
  }
}
