/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly is a file next to this one. */
import { load, queries } from "./wasm.js";

queries.arriveBy(() => new URL("./query.wasm", import.meta.url));

export { Query, QueryError } from "./query.js";
export { deleteWhere, updateWhere } from "./write-where.js";
export { load };
