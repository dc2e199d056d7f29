/** Node, Deno and Bun read the WebAssembly from the disk, once, while this is imported. */
import { readFileSync } from "node:fs";
import { instantiateNow } from "./query-wasm.js";

instantiateNow(new WebAssembly.Module(readFileSync(new URL("./query.wasm", import.meta.url))));

export { Query, QueryError } from "./query.js";
export { load } from "./query-wasm.js";
export { deleteWhere, updateWhere } from "./query-write.js";
