/** Browsers. Bundlers that follow `new URL(..., import.meta.url)` copy the WebAssembly; of the others the embedded copy is loaded. */
import { load, queries } from "./wasm.js";

queries.arriveBy(
  () => new URL("./query.wasm", import.meta.url),
  () => import("./query-embedded.js"),
);

export { Query, QueryError } from "./query.js";
export { deleteWhere, updateWhere } from "./write-where.js";
export { load };
