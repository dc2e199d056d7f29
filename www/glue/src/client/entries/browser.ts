/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly is a file next to this one. */
import { core } from "../wasm.js";

core.arriveBy(async () => new URL("./sysparm.wasm", import.meta.url));

export * from "./index.js";

/** Loaded by its first call: within the client it would be two fifths of the bytes. */
export const classify: typeof import("sysparm").classify = async (...given) =>
  (await import("../../classify/browser.js")).classify(...given);
