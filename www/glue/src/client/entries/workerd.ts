/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */

import { core } from "../wasm.js";
import module from "./sysparm.wasm";

core.arriveBy(async () => module);

export * from "./index.js";

// A file of its own, loaded when it is called: within the client it would be two fifths of it.
export const classify: typeof import("sysparm").classify = async (...told) =>
  (await import("../../classify/workerd.js")).classify(...told);
