/** Browsers. Bundlers that follow `new URL(..., import.meta.url)` copy the WebAssembly; of the others the embedded copy is loaded. */
import { doctors, load } from "./wasm.js";

doctors.arriveBy(
  () => new URL("./doctor.wasm", import.meta.url),
  () => import("./doctor-embedded.js"),
);

export { examine } from "./doctor.js";
export { load };
