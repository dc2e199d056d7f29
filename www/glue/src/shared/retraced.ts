import { SysparmError } from "../errors/index.js";

/** An error that arose where no caller awaits it, with the stack of this moment. Other values are the caller's own and stay as they are. */
export function retraced(thrown: unknown): unknown {
  if (thrown instanceof SysparmError) Error.captureStackTrace?.(thrown, retraced);
  return thrown;
}
