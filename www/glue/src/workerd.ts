/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./sysparm.wasm";
import { core } from "./wasm.js";

core.arriveBy(async () => module);

export * from "./index.js";
