/** Workers cannot compile WebAssembly from bytes; they import it compiled. */
import module from "./model.wasm";
import { load, models } from "./wasm.js";

models.instantiate(module);

export { ModelError } from "./error.js";
export { load };
