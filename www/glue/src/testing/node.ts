/** Node, Deno and Bun. */
import { compiled } from "../shared/embedded.js";
import { load, simulations } from "./wasm.js";

simulations.arriveBy(() => compiled(import("./testing-embedded.js")));

export { practiceInstance } from "./practice-instance.js";
export { load };
