/** The WebAssembly of syncs, instantiated when the first sync begins. */
import initialise, { initSync, SyncRun } from "../sync-wasm/dist/sync.js";
import { Once } from "./once.js";

export { SyncRun };

export const syncs = new Once("sysparm/sync", initialise, initSync);

export const load: typeof import("sysparm/sync").load = (source) => syncs.load(source);
