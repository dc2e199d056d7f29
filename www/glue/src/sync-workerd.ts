/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./sync.wasm";
import { arriveBy } from "./sync-wasm.js";

arriveBy(() => module);

export { SyncError, sync } from "./sync.js";
export { load } from "./sync-wasm.js";
