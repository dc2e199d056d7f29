/** The WebAssembly of syncs, loaded by the first sync. */
import * as generated from "../../sync-wasm/dist/sync.js";
import { BROKEN, trapped, WasmModule } from "../shared/wasm-module.js";
import { SyncError } from "./error.js";

export type Comparison = InstanceType<typeof generated.Comparison>;
export type SyncRun = InstanceType<typeof generated.SyncRun>;

export const syncs = new WasmModule<typeof generated>(
  "sysparm/sync",
  generated.default,
  (cause) => new SyncError(BROKEN, trapped("sysparm/sync", "another run goes on from the last checkpoint"), { cause }),
);

export const load: typeof import("sysparm/sync").load = (source) => syncs.load(source);
