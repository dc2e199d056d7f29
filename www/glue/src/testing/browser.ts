/** Browsers. Bundlers that follow `new URL(..., import.meta.url)` copy the WebAssembly; of the others the embedded copy is loaded. */
import { load, simulations } from "./wasm.js";

simulations.arriveBy(
  () => new URL("./testing.wasm", import.meta.url),
  () => import("./testing-embedded.js"),
);

export { practiceInstance } from "./practice-instance.js";
export { load };
