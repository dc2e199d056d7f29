/** Browsers, and bundlers that follow `new URL(..., import.meta.url)`: the WebAssembly is a file next to this one. */
import { explainBy } from "../explain.js";
import { core } from "../wasm.js";

core.arriveBy(async () => new URL("./sysparm.wasm", import.meta.url));

export * from "./index.js";

/** Loaded with the first failure, or by its first call. */
const classifier = () => import("../../classify/browser.js");
explainBy(classifier);

export const classify: typeof import("sysparm").classify = async (...given) => (await classifier()).classify(...given);
