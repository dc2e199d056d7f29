/** Node, Deno and Bun. */
import { compiled } from "../shared/embedded.js";
import { load, models } from "./wasm.js";

models.arriveBy(() => compiled(import("./model-embedded.js")));

export { ModelError } from "./error.js";
export { load };
