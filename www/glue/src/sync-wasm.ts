/** The WebAssembly of syncs, instantiated when the first sync begins. */
import initialise, { Comparison, initSync, SyncRun } from "../sync-wasm/dist/sync.js";
import { Once } from "./once.js";

export { Comparison, SyncRun };

export const syncs = new Once("sysparm/sync", initialise, initSync);

export const load: typeof import("sysparm/sync").load = (source) => syncs.load(source);
