/** Node, Deno and Bun read the WebAssembly from the disk, once, while this is imported. */
import { readFileSync } from "node:fs";
import { load, queries } from "./wasm.js";

queries.instantiate(new WebAssembly.Module(readFileSync(new URL("./query.wasm", import.meta.url))));

export { Query, QueryError } from "./query.js";
export { deleteWhere, updateWhere } from "./write-where.js";
export { load };
