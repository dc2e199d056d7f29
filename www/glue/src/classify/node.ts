/** Node, Deno and Bun read the WebAssembly from the disk: their fetch takes no file: addresses. */
import { readFile } from "node:fs/promises";
import { classifiers } from "./wasm.js";

classifiers.arriveBy(async () => WebAssembly.compile(await readFile(new URL("./classify.wasm", import.meta.url))));

export { classify } from "./classify.js";
export * from "./explain.js";
