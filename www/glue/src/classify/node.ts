/** Node, Deno and Bun. */
import { compiled } from "../shared/embedded.js";
import { classifiers } from "./wasm.js";

classifiers.arriveBy(() => compiled(import("./classify-embedded.js")));

export { classify } from "./classify.js";
export * from "./explain.js";
