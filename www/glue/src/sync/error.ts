/** What a sync throws of its own. It states its name: the one it would have by itself dies when a bundler shortens it. */
export class SyncError extends Error {
  static override readonly name: string = "SyncError";
  override readonly name: string = "SyncError";
  readonly kind = "request";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Runs what throws text, a code and a message, and throws it as an error. */
export function refusing<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (typeof thrown !== "string") throw thrown;
    const [code = "", message] = thrown.split("\n");
    throw new SyncError(code, message ?? "");
  }
}
