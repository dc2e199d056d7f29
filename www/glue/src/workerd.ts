/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./sysparm.wasm";
import { arriveBy } from "./wasm.js";

arriveBy(async () => module);

export * from "./index.js";
