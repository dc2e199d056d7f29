/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./sysparm.wasm";
import { core } from "./wasm.js";

core.arriveBy(async () => module);

export * from "./index.js";

// A file of its own, loaded when it is called: with it the client would be a third larger.
export const classify: typeof import("sysparm").classify = async (...told) =>
  (await import("./classify-workerd.js")).classify(...told);
