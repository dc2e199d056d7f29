/** Node, Deno and Bun read the WebAssembly from the disk. */
import { readFile } from "node:fs/promises";
import { arriveBy } from "./doctor-wasm.js";

arriveBy(async () => new WebAssembly.Module(await readFile(new URL("./doctor.wasm", import.meta.url))));

export { examine } from "./doctor.js";
export { load } from "./doctor-wasm.js";
