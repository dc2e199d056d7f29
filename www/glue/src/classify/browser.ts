/** Browsers. Bundlers that follow `new URL(..., import.meta.url)` copy the WebAssembly; of the others the embedded copy is loaded. */
import { classifiers } from "./wasm.js";

classifiers.arriveBy(
  () => new URL("./classify.wasm", import.meta.url),
  () => import("./classify-embedded.js"),
);

export { classify } from "./classify.js";
export * from "./explain.js";
