/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./doctor.wasm";
import { doctors, load } from "./wasm.js";

doctors.arriveBy(() => module);

export { examine } from "./doctor.js";
export { load };
