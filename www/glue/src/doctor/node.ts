/** Node, Deno and Bun. */
import { compiled } from "../shared/embedded.js";
import { doctors, load } from "./wasm.js";

doctors.arriveBy(() => compiled(import("./doctor-embedded.js")));

export { examine } from "./doctor.js";
export { load };
