/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly is a file next to this one. */
import { load, syncs } from "./wasm.js";

syncs.arriveBy(() => new URL("./sync.wasm", import.meta.url));

export { reconcile } from "./reconcile.js";
export { SyncError, sync } from "./sync.js";
export { load };
