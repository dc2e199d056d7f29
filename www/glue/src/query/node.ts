/** Node, Deno and Bun decode the WebAssembly while this is imported: queries work at once. */
import { decoded } from "../shared/embedded.js";
import { text } from "./query-embedded.js";
import { load, queries } from "./wasm.js";

queries.instantiate(new WebAssembly.Module(decoded(text)));

export { Query, QueryError } from "./query.js";
export { deleteWhere, updateWhere } from "./write-where.js";
export { load };
