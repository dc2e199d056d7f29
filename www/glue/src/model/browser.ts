/** Browsers. Bundlers that follow `new URL(..., import.meta.url)` copy the WebAssembly; of the others the embedded copy is loaded. */
import { load, models } from "./wasm.js";

models.arriveBy(
  () => new URL("./model.wasm", import.meta.url),
  () => import("./model-embedded.js"),
);

export { ModelError } from "./error.js";
export { load };
