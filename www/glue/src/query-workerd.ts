/** Workers forbid compiling bytes: the WebAssembly is imported, already compiled. */
import module from "./query.wasm";
import { instantiateNow } from "./query-wasm.js";

instantiateNow(module);

export { Query, QueryError } from "./query.js";
export { load } from "./query-wasm.js";
export { deleteWhere, updateWhere } from "./query-write.js";
