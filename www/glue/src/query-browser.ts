/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly lies beside this file. */
import { arriveBy } from "./query-wasm.js";

arriveBy(() => new URL("./query.wasm", import.meta.url));

export { Query, QueryError } from "./query.js";
export { load } from "./query-wasm.js";
export { deleteWhere, updateWhere } from "./query-write.js";
