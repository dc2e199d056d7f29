/** Workers cannot compile WebAssembly from bytes; they import it compiled. */
import module from "./query.wasm";
import { load, queries } from "./wasm.js";

queries.instantiate(module);

export { Query, QueryError } from "./query.js";
export { deleteWhere, updateWhere } from "./write-where.js";
export { load };
