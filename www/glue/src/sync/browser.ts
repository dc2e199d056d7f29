/** Browsers. Bundlers that follow `new URL(..., import.meta.url)` copy the WebAssembly; of the others the embedded copy is loaded. */
import { load, syncs } from "./wasm.js";

syncs.arriveBy(
  () => new URL("./sync.wasm", import.meta.url),
  () => import("./sync-embedded.js"),
);

export { reconcile } from "./reconcile.js";
export { SyncError, sync } from "./sync.js";
export { load };
