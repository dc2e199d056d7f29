/** Workers cannot compile WebAssembly from bytes; they import it compiled. */
import module from "./testing.wasm";
import { load, simulations } from "./wasm.js";

simulations.arriveBy(() => module);

export { practiceInstance } from "./practice-instance.js";
export { load };
