/** Node, Deno and Bun read the WebAssembly from the disk. */
import { readFile } from "node:fs/promises";
import { load, syncs } from "./wasm.js";

syncs.arriveBy(async () => new WebAssembly.Module(await readFile(new URL("./sync.wasm", import.meta.url))));

export { reconcile } from "./reconcile.js";
export { SyncError, sync } from "./sync.js";
export { load };
