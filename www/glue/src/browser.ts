/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly lies beside this file. */
import { core } from "./wasm.js";

core.arriveBy(async () => new URL("./sysparm.wasm", import.meta.url));

export * from "./index.js";
