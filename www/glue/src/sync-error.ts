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
