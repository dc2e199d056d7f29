/** Workers cannot compile WebAssembly from bytes; they import it compiled. */
import module from "./classify.wasm";
import { classifiers } from "./wasm.js";

classifiers.arriveBy(async () => module);

export { classify } from "./classify.js";
export * from "./explain.js";
