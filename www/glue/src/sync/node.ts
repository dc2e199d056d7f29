/** Node, Deno and Bun. */
import { compiled } from "../shared/embedded.js";
import { load, syncs } from "./wasm.js";

syncs.arriveBy(() => compiled(import("./sync-embedded.js")));

export { reconcile } from "./reconcile.js";
export { SyncError, sync } from "./sync.js";
export { load };
