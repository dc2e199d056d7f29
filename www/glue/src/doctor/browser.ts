/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly is a file next to this one. */
import { doctors, load } from "./wasm.js";

doctors.arriveBy(() => new URL("./doctor.wasm", import.meta.url));

export { examine } from "./doctor.js";
export { load };
