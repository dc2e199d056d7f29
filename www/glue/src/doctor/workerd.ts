/** Workers cannot compile WebAssembly from bytes; they import it compiled. */
import module from "./doctor.wasm";
import { doctors, load } from "./wasm.js";

doctors.arriveBy(() => module);

export { examine } from "./doctor.js";
export { load };
