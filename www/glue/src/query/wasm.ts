/** The WebAssembly of encoded queries. Entries instantiate it on import where the platform can. A browser has to fetch it first. */
import * as generated from "../../query-wasm/dist/query.js";
import { BROKEN, trapped, WasmModule } from "../shared/wasm-module.js";
import { QueryError } from "./error.js";

export const queries = new WasmModule<typeof generated>(
  "sysparm/query",
  generated.default,
  (cause) => new QueryError(BROKEN, trapped("sysparm/query", "the next query begins anew"), { cause }),
);

export const load: typeof import("sysparm/query").load = (source) => queries.load(source);
