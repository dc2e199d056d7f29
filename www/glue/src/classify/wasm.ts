/** The WebAssembly of diagnoses, instantiated when the first reply is classified. */
import * as generated from "../../classify-wasm/dist/classify.js";
import { WasmModule } from "../shared/wasm-module.js";

export const classifiers = new WasmModule<typeof generated>("sysparm's classify()", generated.default);
