/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly is a file next to this one. */
import { classifiers } from "./wasm.js";

classifiers.arriveBy(() => new URL("./classify.wasm", import.meta.url));

export { classify } from "./classify.js";
export * from "./explain.js";
