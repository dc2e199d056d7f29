/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./doctor.wasm";
import { arriveBy } from "./doctor-wasm.js";

arriveBy(() => module);

export { examine } from "./doctor.js";
export { load } from "./doctor-wasm.js";
