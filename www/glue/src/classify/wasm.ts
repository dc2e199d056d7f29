/** The WebAssembly of diagnoses, instantiated when the first reply is classified. */
import * as generated from "../../classify-wasm/dist/classify.js";
import { Once } from "../shared/wasm-module.js";

export const classifiers = new Once<typeof generated>("sysparm's classify()", generated.default);
