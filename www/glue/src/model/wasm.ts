/** The WebAssembly that compiles maps. */
import * as generated from "../../model-wasm/dist/model.js";
import { WasmModule } from "../shared/wasm-module.js";
import { modelOf } from "./model.js";

export const models = new WasmModule<typeof generated>("sysparm/model", generated.default);

const model = modelOf((table, map) => models.glue.compilePlan(table, map));

export const load: typeof import("sysparm/model").load = async (source) => {
  await models.load(source);
  return model;
};
