/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly lies beside this file. */
import { core } from "../wasm.js";

core.arriveBy(async () => new URL("./sysparm.wasm", import.meta.url));

export * from "./index.js";

// A file of its own, loaded when it is called: within the client it would be two fifths of it.
export const classify: typeof import("sysparm").classify = async (...told) =>
  (await import("../../classify/browser.js")).classify(...told);
