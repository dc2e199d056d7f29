/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */

import { core } from "../wasm.js";
import module from "./sysparm.wasm";

core.arriveBy(async () => module);

export * from "./index.js";

/** Loaded by its first call: within the client it would be two fifths of the bytes. */
export const classify: typeof import("sysparm").classify = async (...given) =>
  (await import("../../classify/workerd.js")).classify(...given);
