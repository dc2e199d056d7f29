/** Errors of a WebAssembly that throws a code and a message as one text, with a line break between them. */

import type { KnownErrorCode } from "sysparm";

/** Runs what may throw such a text, and throws it as an error. */
export function throwingText<T>(run: () => T, toError: (code: KnownErrorCode, message: string) => Error): T {
  try {
    return run();
  } catch (thrown) {
    if (typeof thrown !== "string") throw thrown;
    const [code = "", ...lines] = thrown.split("\n");
    throw toError(code as KnownErrorCode, lines.join("\n"));
  }
}
