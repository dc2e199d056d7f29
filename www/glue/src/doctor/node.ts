/** Node, Deno and Bun read the WebAssembly from the disk. */
import { readFile } from "node:fs/promises";
import { doctors, load } from "./wasm.js";

doctors.arriveBy(async () => new WebAssembly.Module(await readFile(new URL("./doctor.wasm", import.meta.url))));

export { examine } from "./doctor.js";
export { load };
