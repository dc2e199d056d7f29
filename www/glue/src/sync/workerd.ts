/** Workers cannot compile WebAssembly from bytes; they import it compiled. */
import module from "./sync.wasm";
import { load, syncs } from "./wasm.js";

syncs.arriveBy(() => module);

export { reconcile } from "./reconcile.js";
export { SyncError, sync } from "./sync.js";
export { load };
