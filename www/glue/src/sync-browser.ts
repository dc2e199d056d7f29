/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly lies beside this file. */
import { arriveBy } from "./sync-wasm.js";

arriveBy(() => new URL("./sync.wasm", import.meta.url));

export { SyncError, sync } from "./sync.js";
export { load } from "./sync-wasm.js";
