/**
 * The WebAssembly of encoded queries. Where the platform can, an entry instantiates it while it is imported, and queries work at
 * once; a browser has to fetch it first.
 */
import initialise, { initSync } from "../query-wasm/dist/query.js";
import { Once } from "./once.js";

export const queries = new Once("sysparm/query", initialise, initSync);

export const load: typeof import("sysparm/query").load = (source) => queries.load(source);
