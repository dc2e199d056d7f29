/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./classify.wasm";
import { classifiers } from "./wasm.js";

classifiers.arriveBy(async () => module);

export { classify } from "./classify.js";
export * from "./explain.js";
