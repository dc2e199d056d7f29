/** A code without a name, as from files of two versions. The core's own words for it are in `src/protocol/table.rs`. */
import type { KnownErrorCode } from "sysparm";

export const UNKNOWN_CODE = "protocol.unknown-code" satisfies KnownErrorCode;

/** What to do about files of two versions. */
export const OF_ONE_VERSION = "deploy the JavaScript and the WebAssembly of one sysparm version";

/** For the last arm of a `switch` over codes of the core: the compiler refuses it where a code has no arm. */
export function unknownCode(table: string, code: never): string {
  return `Unknown code ${code} of ${table}: ${OF_ONE_VERSION}`;
}
