/** Errors of every WebAssembly: each is one JSON text with a code, a message, and the members that only some errors have. */

import type { Diagnosis, KnownErrorCode } from "sysparm";
import { OF_ONE_VERSION, UNKNOWN_CODE } from "./unknown-code.js";

/** What some errors have besides a code and a message. */
export interface ThrownMembers {
  /** Of the client. */
  diagnosis?: Diagnosis;
  /** Of a query: where it stops being one, and what was expected there. */
  position?: number;
  expected?: string;
  nearest?: string;
  /** Of a text that only contains a query. */
  proposal?: string;
}

type Thrown = [code: KnownErrorCode, message: string, members: ThrownMembers];
type ToError = (...thrown: Thrown) => Error;

/** Reads such a text; `undefined` for anything else. */
export function readThrown(thrown: unknown): Thrown | undefined {
  if (typeof thrown !== "string") return undefined;
  try {
    const { code, message, ...members } = JSON.parse(thrown);
    return typeof code === "string" && typeof message === "string"
      ? [code as KnownErrorCode, message, members]
      : undefined;
  } catch {
    return undefined;
  }
}

/** A thrown text as an error, whatever its form; anything else as it is. */
export function thrownError(thrown: unknown, toError: ToError): unknown {
  if (typeof thrown !== "string") return thrown;
  const unreadable = `Unreadable error of the WebAssembly: ${thrown.slice(0, 200)}; ${OF_ONE_VERSION}`;
  return toError(...(readThrown(thrown) ?? [UNKNOWN_CODE, unreadable, {}]));
}

/** Runs what may throw such a text, and throws it as an error. */
export function throwingText<T>(run: () => T, toError: ToError): T {
  try {
    return run();
  } catch (thrown) {
    throw thrownError(thrown, toError);
  }
}
